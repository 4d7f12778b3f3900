"""`poligon compare`: words into options, the call, its outcome in words."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text as Styled

from poligon.declarations import option
from poligon.exits import Work
from poligon.options import Options
from poligon.run_options import with_run_options
from poligon.studies.compare import Compared, Side, compare
from poligon.studies.progress import progress_titled
from poligon.studies.showing import add_figures, show
from poligon.telling import tell_written
from poligon.terminal import Terminal
from poligon.texts import text
from reports.studies.comparison import Row, main_rows, sentences
from reports.studies.texts import words
from rulebook import Language

__all__ = ["register"]

_COLOURS = {"lower": "blue", "higher": "red"}


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    @app.command("compare", help=text("help_compare", lang))
    @with_run_options(
        lang,
        without=("until_precision", "events", "sensitivity"),
        helps={
            "overrides": "help_set_both",
            "out": "help_out_study",
            "as_json": "help_json_study",
        },
    )
    def command(
        a: Annotated[str, typer.Argument(metavar="A", help=text("help_compare_a", lang))],
        b: Annotated[
            str | None, typer.Argument(metavar="[B]", help=text("help_compare_b", lang))
        ] = None,
        *,
        options: Options,
        as_json: bool,
        set_a: Annotated[list[str] | None, option("--set-a", "KEY=VALUE", lang)] = None,
        set_b: Annotated[list[str] | None, option("--set-b", "KEY=VALUE", lang)] = None,
    ) -> Work:
        sides = (Side(Path(a), tuple(set_a or ())), Side(Path(b or a), tuple(set_b or ())))
        return partial(_compare, sides, options, as_json, lang)


def _compare(sides: tuple[Side, Side], options: Options, as_json: bool, lang: Language) -> int:
    listening = progress_titled(lambda scenario: words("cmp_kind", lang), lang)
    compared = compare(*sides, options, listening)
    return show(compared.data, as_json, partial(_tell, compared, lang))


def _tell(compared: Compared, lang: Language, terminal: Terminal) -> None:
    comparison = compared.comparison
    tell_written({"report": compared.report}, comparison.scale, terminal, lang)
    for note in compared.notes:
        terminal.say(note)
    for sentence in sentences(comparison, lang):
        terminal.say(f"  • {sentence}")
    terminal.print(_table(main_rows(comparison, lang), lang), highlight=False)
    pairs = words("cmp_pairs", lang, pairs=comparison.pairs)
    terminal.say(words("cmp_note", lang, pairs=pairs))


def _table(rows: Sequence[Row], lang: Language) -> Table:
    table = Table()
    table.add_column(words("metric", lang))
    figures = [words(f"cmp_{key}", lang) for key in ("difference", "pairs_used", "saving")]
    add_figures(table, ["A", "B", figures[0], "95%", *figures[1:]])
    for row in rows:
        gap = Styled(row.gap, style=_COLOURS.get(row.verdict, ""))
        table.add_row(Styled(row.title), row.a, row.b, gap, row.between, row.pairs, row.saving)
    return table
