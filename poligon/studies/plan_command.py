"""`poligon plan`: words into options, the call, its outcome in words."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text as Styled

from poligon.declarations import option, scenario_argument
from poligon.exits import Work
from poligon.options import OptionError, OptionProblem, Options
from poligon.run_options import with_run_options
from poligon.studies.plan import Planned, Wish, plan
from poligon.studies.progress import progress_titled
from poligon.studies.showing import add_figures, show
from poligon.telling import tell_written
from poligon.terminal import Terminal
from poligon.texts import text
from reports.studies.plan import alone_in_words, method, objective_cell, place, sentences
from reports.studies.texts import words
from rulebook import Language
from sim.experiments.intervals import CONFIDENCE
from sim.studies.plan import Plan

__all__ = ["register"]

_COLOURS = {"meets": "green", "fails": "red", "undecided": "yellow", "not_asked": "dim"}


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""
    values = option("--vary", "KEY=4,8,16|KEY=1..10[:2]", lang)

    @app.command("plan", help=text("help_plan", lang))
    @with_run_options(
        lang,
        without=("until_precision", "events", "sensitivity"),
        helps={
            "replications": "help_most_replications",
            "out": "help_out_study",
            "as_json": "help_json_study",
        },
    )
    def command(
        scenario: Annotated[str, scenario_argument(lang)],
        vary: Annotated[list[str] | None, values] = None,
        objective: Annotated[list[str] | None, option("--objective", "ID", lang)] = None,
        cost: Annotated[list[str] | None, option("--cost", "KEY=PRICE", lang)] = None,
        confidence: Annotated[str | None, option("--confidence", "0.95", lang)] = None,
        *,
        options: Options,
        as_json: bool,
    ) -> Work:
        wish = Wish(vary or (), objective or (), cost or (), _share(confidence))
        return partial(_plan, Path(scenario), wish, options, as_json, lang)


def _share(word: str | None) -> float:
    try:
        return CONFIDENCE if word is None else float(word)
    except ValueError:
        problem = OptionProblem("option_confidence", "--confidence", word)
        raise OptionError([problem]) from None


def _plan(path: Path, wish: Wish, options: Options, as_json: bool, lang: Language) -> int:
    listening = progress_titled(
        lambda scenario: words("plan_title", lang, name=scenario.scenario.name), lang
    )
    planned = plan(path, wish, options, listening)
    return show(planned.data, as_json, partial(_tell, planned, lang))


def _tell(planned: Planned, lang: Language, terminal: Terminal) -> None:
    done = planned.plan
    tell_written({"report": planned.report}, done.scale, terminal, lang)
    for sentence in sentences(done, lang):
        terminal.say(sentence)
    if done.alone:
        terminal.say(words("plan_alone", lang) + ":")
    for name in done.alone:
        terminal.say(f"  • {alone_in_words(done, name, lang)}")
    if len(done.frontier) > 1:
        terminal.say(words("plan_frontier", lang) + ":")
        for one in done.frontier:
            cost = words("plan_cost", lang)
            terminal.say(f"  • {place(done, one)}; {cost} {one.cost:g}")
    terminal.print(_table(done, lang), highlight=False)
    terminal.say(method(done, lang))


def _table(done: Plan, lang: Language) -> Table:
    table = Table(title=words("plan_judged", lang), title_justify="left")
    add_figures(table, [variation.key for variation in done.variations])
    table.add_column(words("plan_verdict", lang))
    add_figures(table, [*done.answer.objectives, words("replications", lang)])
    for one in done.judged:
        verdict = Styled(words(f"plan_{one.verdict}", lang), style=_COLOURS[one.verdict])
        by_id = {o.id: objective_cell(o, lang) for o in one.objectives}
        figures = [Styled(by_id[name].in_line) for name in done.answer.objectives]
        table.add_row(*map(Styled, one.values), verdict, *figures, str(one.replications))
    return table
