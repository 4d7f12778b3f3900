"""`poligon journal`: whether the journal of a portal's database is as it was written."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

__all__ = ["JournalState", "check_journal", "register"]


@dataclass(frozen=True)
class JournalState:
    """Whether a journal is whole: `broken_at` is the number of the first line that does not fit
    the one before, None if each does. `last_line` and `digest` (hex) are those of the last line
    that was read: 0 and empty if there is none, the end of a whole journal."""

    last_line: int
    digest: str
    broken_at: int | None


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
        return partial(_journal, database, lang)


def check_journal(url: str, lang: Language = "ru") -> JournalState:
    """Read the journal of the database at `url` from its first line on; OptionError, its reason in
    `lang`, if there is none."""
    last: list[JournalLine] = []
    try:
        broken = broken_at(_noted(kept_lines(url), last))
    except WrongUrl as wrong:
        raise OptionError([_problem(wrong.reason.in_language(lang))]) from wrong
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error)
        raise OptionError([_problem(cause.partition("\n")[0])]) from error
    number, digest = (last[0].number, last[0].digest.hex()) if last else (0, "")
    return JournalState(number, digest, broken)


def _journal(database: str, lang: Language) -> int:
    state = check_journal(database, lang)
    if state.broken_at is not None:
        sys.stdout.write(f"{text('journal_broken', lang, number=state.broken_at)}\n")
        return ExitCode.FAILED
    whole = text("journal_whole", lang, lines=state.last_line, digest=state.digest)
    sys.stdout.write(f"{whole}\n")
    return ExitCode.DONE


def _noted(lines: Iterable[JournalLine], last: list[JournalLine]) -> Iterator[JournalLine]:
    """The lines; `last` is the one that went by last."""
    for line in lines:
        last[:] = [line]
        yield line


def _problem(reason: str) -> OptionProblem:
    return OptionProblem("option_database", "--db", "", {"reason": reason})
