"""`poligon sweep`: words into options, the call, its outcome as a table."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text as Styled

from poligon.declarations import option, scenario_argument
from poligon.exits import Work
from poligon.options import Options
from poligon.run_options import with_run_options
from poligon.studies.progress import progress_titled
from poligon.studies.showing import add_figures, show
from poligon.studies.sweep import Swept, sweep
from poligon.telling import tell_written
from poligon.terminal import Terminal
from poligon.texts import text
from reports.studies.sweep import columns
from reports.studies.texts import words
from rulebook import Language
from sim.studies.sweep import Sweep

__all__ = ["register"]

_COLOURS = {True: "green", False: "red", None: ""}


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""
    values = option("--vary", "KEY=4,8,16|KEY=1..10[:2]", lang)

    @app.command("sweep", help=text("help_sweep", lang))
    @with_run_options(
        lang,
        without=("until_precision", "events", "sensitivity"),
        helps={"out": "help_out_study", "as_json": "help_json_study"},
    )
    def command(
        scenario: Annotated[str, scenario_argument(lang)],
        vary: Annotated[list[str] | None, values] = None,
        metric: Annotated[list[str] | None, option("--metric", "METRIC", lang)] = None,
        *,
        options: Options,
        as_json: bool,
    ) -> Work:
        return partial(_sweep, Path(scenario), vary or (), metric or (), options, as_json, lang)


def _sweep(
    path: Path,
    vary: Sequence[str],
    metrics: Sequence[str],
    options: Options,
    as_json: bool,
    lang: Language,
) -> int:
    listening = progress_titled(
        lambda scenario: words("sweep_title", lang, name=scenario.scenario.name), lang
    )
    swept = sweep(path, vary, options, metrics, listening)
    return show(swept.data, as_json, partial(_tell, swept, lang))


def _tell(swept: Swept, lang: Language, terminal: Terminal) -> None:
    done = swept.sweep
    tell_written({"report": swept.report}, done.scale, terminal, lang)
    terminal.print(_table(done, swept.metrics, lang), highlight=False)
    points = len(done.points)
    terminal.say(words("sweep_note", lang, points=points, replications=done.replications))


def _table(done: Sweep, metrics: Sequence[str], lang: Language) -> Table:
    table = Table()
    add_figures(table, [variation.key for variation in done.variations])
    shown = columns(done, metrics, lang)
    add_figures(table, [f"{c.title}; {c.bound}" if c.bound else c.title for c in shown])
    for point in done.points:
        cells = [
            Styled(column.cell(point, lang).in_line, _COLOURS[column.passed(point)])
            for column in shown
        ]
        table.add_row(*map(Styled, point.values), *cells)
    return table
