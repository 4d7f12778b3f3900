"""`poligon compare`: words into options, the call, its outcome in words."""

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
from poligon.studies.compare import Compared, Side, compare
from poligon.studies.progress import StudyProgress
from poligon.telling import short
from poligon.terminal import Terminal, wide
from poligon.texts import text
from reports.comparison import Row, main_rows, sentences
from reports.study_texts import words
from reports.summary import as_json
from rulebook import Language
from scenarios.completion import CompleteScenario

__all__ = ["register"]

_COLOURS = {"lower": "blue", "higher": "red"}


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    def option(name: str, metavar: str, key: str = "") -> Any:
        key = key or f"help_{name.strip('-').replace('-', '_')}"
        return typer.Option(name, metavar=metavar, help=text(key, lang), show_default=False)

    @app.command("compare", help=text("help_compare", lang))
    def command(
        a: Annotated[str, typer.Argument(metavar="A", help=text("help_compare_a", lang))],
        b: Annotated[
            str | None, typer.Argument(metavar="[B]", help=text("help_compare_b", lang))
        ] = None,
        replications: Annotated[str | None, option("--replications", "N")] = None,
        jobs: Annotated[str | None, option("--jobs", "J")] = None,
        backend: Annotated[str | None, option("--backend", "local|dask")] = None,
        scheduler: Annotated[str | None, option("--scheduler", "ADDR")] = None,
        scale: Annotated[str | None, option("--scale", "F")] = None,
        engine: Annotated[str | None, option("--engine", "auto|simpy|compiled")] = None,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        overrides: Annotated[
            list[str] | None, option("--set", "KEY=VALUE", "help_set_both")
        ] = None,
        set_a: Annotated[list[str] | None, option("--set-a", "KEY=VALUE")] = None,
        set_b: Annotated[list[str] | None, option("--set-b", "KEY=VALUE")] = None,
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
        sides = (Side(Path(a), tuple(set_a or ())), Side(Path(b or a), tuple(set_b or ())))
        return partial(_compare, sides, options, as_json_, lang)


def _compare(sides: tuple[Side, Side], options: Options, as_json_: bool, lang: Language) -> int:
    def listening(scenario: CompleteScenario) -> StudyProgress:
        title = words("cmp_kind", lang)
        return StudyProgress(Terminal(stderr=True), title, scenario.calendar, lang)

    compared = compare(*sides, options, listening)
    if as_json_:
        sys.stdout.write(as_json(compared.data))
    _tell(compared, wide(Terminal(stderr=as_json_)), lang)
    return ExitCode.DONE


def _tell(compared: Compared, console: Console, lang: Language) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    comparison = compared.comparison
    say(text("report", lang, path=short(compared.report)))
    if comparison.a.scale != 1.0:
        scale = f"{comparison.a.scale:g}"
        say(text("scaled", lang, scale=scale.replace(".", ",") if lang == "ru" else scale))
    for note in compared.notes:
        say(note)
    for sentence in sentences(comparison, lang):
        say(f"  • {sentence}")
    console.print(_table(main_rows(comparison, lang), lang), highlight=False)
    pairs = words("cmp_pairs", lang, pairs=comparison.pairs)
    say(words("cmp_note", lang, pairs=pairs))


def _table(rows: Sequence[Row], lang: Language) -> Table:
    table = Table()
    table.add_column(words("metric", lang))
    figures = [words(f"cmp_{key}", lang) for key in ("difference", "pairs_used", "saving")]
    for title in ("A", "B", figures[0], "95%", *figures[1:]):
        table.add_column(title, justify="right")
    for row in rows:
        gap = Styled(row.gap, style=_COLOURS.get(row.verdict, ""))
        table.add_row(Styled(row.title), row.a, row.b, gap, row.between, row.pairs, row.saving)
    return table
