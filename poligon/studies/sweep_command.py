"""`poligon sweep`: words into options, the call, its outcome as a table."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from poligon.exits import ExitCode, Work
from poligon.options import Options, read_options
from poligon.studies.progress import StudyProgress
from poligon.studies.sweep import Swept, sweep
from poligon.telling import short
from poligon.terminal import Terminal, wide
from poligon.texts import text
from reports.study_texts import words
from reports.summary import as_json
from reports.sweep import cell, columns
from rulebook import Language
from scenarios.completion import CompleteScenario

__all__ = ["register"]

_COLOURS = {True: "green", False: "red", None: ""}


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    def option(name: str, metavar: str, key: str = "") -> Any:
        key = key or f"help_{name.strip('-').replace('-', '_')}"
        return typer.Option(name, metavar=metavar, help=text(key, lang), show_default=False)

    @app.command("sweep", help=text("help_sweep", lang))
    def command(
        scenario: Annotated[
            str, typer.Argument(metavar="SCENARIO", help=text("help_scenario", lang))
        ],
        vary: Annotated[list[str] | None, option("--vary", "KEY=4,8,16|KEY=1..10[:2]")] = None,
        metric: Annotated[list[str] | None, option("--metric", "METRIC")] = None,
        replications: Annotated[str | None, option("--replications", "N")] = None,
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
        return partial(_sweep, Path(scenario), vary or (), metric or (), options, as_json_, lang)


def _sweep(
    path: Path,
    vary: Sequence[str],
    metrics: Sequence[str],
    options: Options,
    as_json_: bool,
    lang: Language,
) -> int:
    def listening(scenario: CompleteScenario) -> StudyProgress:
        title = words("sweep_title", lang, name=scenario.scenario.name)
        return StudyProgress(Terminal(stderr=True), title, scenario.calendar, lang)

    swept = sweep(path, vary, options, metrics, listening)
    if as_json_:
        sys.stdout.write(as_json(swept.data))
    _tell(swept, metrics, wide(Terminal(stderr=as_json_)), lang)
    return ExitCode.DONE


def _tell(swept: Swept, metrics: Sequence[str], console: Console, lang: Language) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    done = swept.sweep
    say(text("report", lang, path=short(swept.report)))
    if done.scale != 1.0:
        scale = f"{done.scale:g}"
        say(text("scaled", lang, scale=scale.replace(".", ",") if lang == "ru" else scale))
    table = Table()
    for variation in done.variations:
        table.add_column(Styled(variation.key), justify="right")
    shown = columns(done, metrics, lang)
    for column in shown:
        title = f"{column.title}; {column.bound}" if column.bound else column.title
        table.add_column(Styled(title), justify="right")
    for point in done.points:
        cells = []
        for column in shown:
            value, between = cell(column, point, lang)
            told = f"{value} ({between})" if between else value
            cells.append(Styled(told, style=_COLOURS[column.passed(point)]))
        table.add_row(*map(Styled, point.values), *cells)
    console.print(table, highlight=False)
    points = len(done.points)
    say(words("sweep_note", lang, points=points, replications=done.replications))
