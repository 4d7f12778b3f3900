"""`poligon world filing`: what an organization files, with mistakes if they are asked for: forms of
the portal in JSON, and documents."""

import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

import rulebook
from mocks.core.country import DEFAULT_START
from poligon import declarations
from poligon.country.records import plain
from poligon.country.world_command import Query, find_organization, read_query
from poligon.declarations import lang_option
from poligon.exits import ExitCode, Work
from poligon.folders import folder_problems, writing
from poligon.options import OptionError, OptionProblem, Words
from poligon.texts import text
from reports.writer import write_folder
from rulebook import Language
from world import defects, forms
from world.filings import Filing, filing_of

__all__ = ["FilingQuery", "read_filing_query", "register", "write_filing"]

_FIRST_DAY: Final = DEFAULT_START.date()  # on which the clock of `poligon serve` begins


@dataclass(frozen=True, kw_only=True)
class FilingQuery:
    """Whose filing, of which day, with which mistakes (ids of `defects`), into which folder."""

    organization: Query
    day: dt.date
    defects: tuple[str, ...]
    to: Path


def register(group: typer.Typer, lang: Language) -> None:
    """Add the command to `group` with its help in `lang`."""
    option = partial(declarations.option, lang=lang, of="world")

    @group.command("filing", help=text("help_world_filing", lang))
    def filing(
        index: Annotated[str | None, option("--index", "I")] = None,
        inn: Annotated[str | None, option("--inn", "N")] = None,
        ogrn: Annotated[str | None, option("--ogrn", "N")] = None,
        date: Annotated[str | None, option("--date", "DAY")] = None,
        defect: Annotated[list[str] | None, option("--defect", "ID")] = None,
        to: Annotated[str | None, option("--to", "DIR")] = None,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        organizations: Annotated[str | None, option("--organizations", "N")] = None,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        keys = {"index": index, "inn": inn, "ogrn": ogrn}
        whose = partial(read_query, keys, seed=seed, organizations=organizations, lang=lang_)
        return partial(_filing, read_filing_query(whose, date, defect or (), to))


def read_filing_query(
    whose: Callable[[], Query], day: str | None, mistakes: Sequence[str], to: str | None
) -> FilingQuery:
    """The query of the words of a command line; OptionError with every wrong one, those of `whose`
    among them."""
    words = Words()
    organization = None
    try:
        organization = whose()
    except OptionError as error:
        words.problems += error.problems
    known = list(rulebook.load().defects)
    for mistake in mistakes:
        words.choice("defect", mistake, known, None)
    folder = words.folder("to", to)
    if to is None:
        words.problems.append(OptionProblem("option_needed", "--to", ""))
    read_day = _day(words, day)
    if folder is not None:
        words.problems += folder_problems(folder, "--to")
    if words.problems or folder is None or organization is None:
        raise OptionError(words.problems)
    return FilingQuery(organization=organization, day=read_day, defects=tuple(mistakes), to=folder)


def _day(words: Words, word: str | None) -> dt.date:
    if word is None:
        return _FIRST_DAY
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        words.problems.append(OptionProblem("option_day", "--date", word))
        return _FIRST_DAY


# --- writing --------------------------------------------------------------------------------------


def write_filing(query: FilingQuery) -> list[Path]:
    """Write the files and name them; OptionError where the day or a mistake does not fit the
    organization, or nobody has its number; UnwritableError for a folder that takes no file."""
    filing = _found(query)
    applicant = filing.subject.applicant
    files = {
        "applicant.json": _json(plain(applicant)),
        "account.json": _json(forms.sign_up_form(applicant, "")),
        "identity.json": _json(forms.identity_form(applicant, "")),
        "passport.json": _json(forms.passport_scan(applicant)),
        "application.json": _json(forms.application_form(filing)),
    }
    for number, document in enumerate(filing.documents, 1):
        files[f"document-{number}.json"] = _json(forms.upload_form(document))
        files[document.file_name] = document.content
    with writing(query.to):
        write_folder(query.to, {name: partial(bytes, files[name]) for name in files})
    return [query.to / name for name in files]


def _filing(query: FilingQuery) -> int:
    for path in write_filing(query):
        sys.stdout.write(f"{path}\n")
    return ExitCode.DONE


def _found(query: FilingQuery) -> Filing:
    """The filing with the mistakes; OptionError where the day or a mistake does not fit it."""
    world, book = query.organization.country(), rulebook.load()
    index = find_organization(query.organization).index
    try:
        good = filing_of(world, index, query.day)
    except ValueError as error:
        raise _unfit("--date", query.day, error) from error
    wanted = [book.defects[each] for each in query.defects]
    try:
        return defects.apply_all(wanted, good, world=world, policy=book.policy(), key=index)
    except ValueError as error:
        raise _unfit("--defect", ", ".join(query.defects), error) from error


def _unfit(key: str, got: object, error: ValueError) -> OptionError:
    return OptionError([OptionProblem("option_unfit", key, got, {"reason": error})])


def _json(record: Mapping[str, object]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
