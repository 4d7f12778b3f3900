"""`poligon journal`: whether the journal of a portal's database is as it was written."""

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from poligon.declarations import lang_option, option
from poligon.exits import ExitCode, Work
from poligon.options import OptionError, OptionProblem, Words
from poligon.texts import LANGUAGES, text
from portal.ports.store import JournalLine
from portal.store.database import WrongUrl
from portal.store.journal_chain import broken_at
from portal.store.kept_journal import kept_lines
from rulebook import Language

__all__ = ["register"]


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    @app.command("journal", help=text("help_journal", lang))
    def command(
        database: Annotated[str | None, option("--db", "URL", lang, "help_kept_db")] = None,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        words = Words()
        words.choice("lang", lang_, LANGUAGES, None)
        if database is None:
            words.problems.append(OptionProblem("option_needed", "--db", ""))
        if words.problems or database is None:
            raise OptionError(words.problems)
        return partial(_check, database, lang)


def _check(database: str, lang: Language) -> int:
    """Say whether the chain is whole, or at which line it is not."""
    last: list[JournalLine] = []
    try:
        broken = broken_at(_noted(kept_lines(database), last))
    except WrongUrl as wrong:
        raise OptionError([_problem(wrong.reason.in_language(lang))]) from wrong
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error)
        raise OptionError([_problem(cause.partition("\n")[0])]) from error
    if broken is not None:
        sys.stdout.write(f"{text('journal_broken', lang, number=broken)}\n")
        return ExitCode.FAILED
    number, digest = (last[0].number, last[0].digest.hex()) if last else (0, "")
    sys.stdout.write(f"{text('journal_whole', lang, lines=number, digest=digest)}\n")
    return ExitCode.DONE


def _noted(lines: Iterable[JournalLine], last: list[JournalLine]) -> Iterator[JournalLine]:
    """The lines; `last` is the one that went by last."""
    for line in lines:
        last[:] = [line]
        yield line


def _problem(reason: str) -> OptionProblem:
    return OptionProblem("option_database", "--db", "", {"reason": reason})
