"""`poligon rules`: the rule book as tables in the terminal, with what the specs have shown."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

import rulebook
from features.matrix import Traced, read
from poligon.declarations import flag, lang_option
from poligon.exits import ExitCode, Work
from poligon.folders import REPORTS
from poligon.options import read_options
from poligon.terminal import Terminal, wide
from poligon.texts import text
from rulebook import USES, Language, RuleBook

__all__ = ["register", "rule_tables", "use_matrix"]


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    @app.command("rules", help=text("help_rules", lang))
    def command(
        matrix: Annotated[bool, flag("--matrix", lang)] = False,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        read_options(lang=lang_)
        return partial(_print, matrix, lang)


def _print(matrix: bool, lang: Language) -> int:
    console = wide(Terminal())
    book = rulebook.load()
    tables = [use_matrix(book, lang, read(REPORTS, book))] if matrix else rule_tables(book, lang)
    for table in tables:
        console.print(table, highlight=False)
    counts = {"rules": len(book.rules), "chapters": len(book.chapters)}
    console.print(text("rules_total", lang, **counts), highlight=False)
    return ExitCode.DONE


def rule_tables(book: RuleBook, lang: Language) -> list[Table]:
    """A table per chapter: rules, what they demand, sources."""
    tables = []
    for chapter in book.chapters.values():
        title = f"{chapter.chapter} · {chapter.title.in_language(lang)}"
        table = Table(title=title, title_justify="left", expand=True)
        table.add_column(text("rule", lang), no_wrap=True)
        table.add_column(text("rule_text", lang), ratio=3)
        table.add_column(text("sources", lang), ratio=1)
        for rule in chapter.rules:
            table.add_row(rule.id, escape(rule.text(lang)), escape("; ".join(rule.sources)))
        tables.append(table)
    return tables


def use_matrix(book: RuleBook, lang: Language, traced: Mapping[str, Traced]) -> Table:
    """Rules by where each has to work: in the portal, in the model, in the specs and so on; then
    how many scenarios have shown each side of it, how they ended, how many gates it has in the
    model."""
    table = Table(expand=True)
    table.add_column(text("rule", lang), no_wrap=True)
    table.add_column(text("rule_text", lang), ratio=1)
    for use in USES:
        table.add_column(use, justify="center", no_wrap=True)
    for side in ("accepting", "refusing"):
        table.add_column(text(side, lang), justify="right", no_wrap=True)
    table.add_column(text("spec_result", lang), no_wrap=True)
    table.add_column(text("gates", lang), justify="right", no_wrap=True)
    for row in rulebook.matrix(book):
        found = traced[row.rule]
        table.add_row(
            row.rule,
            escape(row.text(lang)),
            *("●" if m else "" for m in row.marks()),
            *(str(found.shown(side) or "") for side in ("accepting", "refusing")),
            text(f"spec_{found.result}", lang) if found.result else "",
            str(len(found.gates) or ""),
        )
    return table
