"""`poligon plan`: words into options, the call, its outcome in words."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from poligon.exits import ExitCode, Work
from poligon.options import OptionError, OptionProblem, Options, read_options
from poligon.studies.plan import Planned, Wish, plan
from poligon.studies.progress import StudyProgress
from poligon.telling import short
from poligon.terminal import Terminal, wide
from poligon.texts import text
from reports.plan import alone_in_words, figure_of, method, place, sentences
from reports.study_texts import words
from reports.summary import as_json
from rulebook import Language
from scenarios.completion import CompleteScenario

__all__ = ["register"]

_COLOURS = {"meets": "green", "fails": "red", "undecided": "yellow", "not_asked": "dim"}


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    def option(name: str, metavar: str, key: str = "") -> Any:
        key = key or f"help_{name.strip('-').replace('-', '_')}"
        return typer.Option(name, metavar=metavar, help=text(key, lang), show_default=False)

    @app.command("plan", help=text("help_plan", lang))
    def command(
        scenario: Annotated[
            str, typer.Argument(metavar="SCENARIO", help=text("help_scenario", lang))
        ],
        vary: Annotated[list[str] | None, option("--vary", "KEY=4,8,16|KEY=1..10[:2]")] = None,
        objective: Annotated[list[str] | None, option("--objective", "ID")] = None,
        cost: Annotated[list[str] | None, option("--cost", "KEY=PRICE")] = None,
        confidence: Annotated[str | None, option("--confidence", "0.95")] = None,
        replications: Annotated[
            str | None, option("--replications", "N", "help_most_replications")
        ] = None,
        jobs: Annotated[str | None, option("--jobs", "J")] = None,
        backend: Annotated[str | None, option("--backend", "local|dask")] = None,
        scheduler: Annotated[str | None, option("--scheduler", "ADDR")] = None,
        scale: Annotated[str | None, option("--scale", "F")] = None,
        engine: Annotated[str | None, option("--engine", "auto|simpy|compiled")] = None,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        overrides: Annotated[list[str] | None, option("--set", "KEY=VALUE")] = None,
        out: Annotated[str | None, option("--out", "DIR", "help_out_study")] = None,
        as_json_: Annotated[
            bool, typer.Option("--json", help=text("help_json_study", lang))
        ] = False,
        lang_: Annotated[str | None, option("--lang", "ru|en")] = None,
    ) -> Work:
        options = read_options(
            replications=replications,
            jobs=jobs,
            backend=backend,
            scheduler=scheduler,
            scale=scale,
            engine=engine,
            seed=seed,
            overrides=overrides or (),
            out=out,
            lang=lang_,
        )
        wish = Wish(vary or (), objective or (), cost or (), _share(confidence))
        return partial(_plan, Path(scenario), wish, options, as_json_, lang)


def _share(word: str | None) -> float:
    try:
        return 0.95 if word is None else float(word)
    except ValueError:
        problem = OptionProblem("option_confidence", "--confidence", word)
        raise OptionError([problem]) from None


def _plan(path: Path, wish: Wish, options: Options, as_json_: bool, lang: Language) -> int:
    def listening(scenario: CompleteScenario) -> StudyProgress:
        title = words("plan_title", lang, name=scenario.scenario.name)
        return StudyProgress(Terminal(stderr=True), title, scenario.calendar, lang)

    planned = plan(path, wish, options, listening)
    if as_json_:
        sys.stdout.write(as_json(planned.data))
    _tell(planned, wide(Terminal(stderr=as_json_)), lang)
    return ExitCode.DONE


def _tell(planned: Planned, console: Console, lang: Language) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    done = planned.plan
    say(text("report", lang, path=short(planned.report)))
    if done.scale != 1.0:
        scale = f"{done.scale:g}"
        say(text("scaled", lang, scale=scale.replace(".", ",") if lang == "ru" else scale))
    for sentence in sentences(done, lang):
        say(sentence)
    if done.alone:
        say(words("plan_alone", lang) + ":")
    for name in done.alone:
        say(f"  • {alone_in_words(done, name, lang)}")
    if len(done.frontier) > 1:
        say(words("plan_frontier", lang) + ":")
        for one in done.frontier:
            cost = words("plan_cost", lang)
            say(f"  • {place(done, one)}; {cost} {one.cost:g}")
    table = Table(title=words("plan_judged", lang), title_justify="left")
    for variation in done.variations:
        table.add_column(Styled(variation.key), justify="right")
    table.add_column(words("plan_verdict", lang))
    for name in done.answer.objectives:
        table.add_column(Styled(name), justify="right")
    table.add_column(words("replications", lang), justify="right")
    for one in done.judged:
        verdict = Styled(words(f"plan_{one.verdict}", lang), style=_COLOURS[one.verdict])
        by_id = {o.id: figure_of(o, lang) for o in one.objectives}
        told = [by_id[name] for name in done.answer.objectives]
        figures = [Styled(f"{v} ({between})" if between else v) for v, between in told]
        table.add_row(*map(Styled, one.values), verdict, *figures, str(one.replications))
    console.print(table, highlight=False)
    say(method(done, lang))
