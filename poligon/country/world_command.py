"""`poligon world`: one organization or one person of the country."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final, TypeVar

import typer

from poligon import declarations
from poligon.country.records import organization_rows, person_rows, plain
from poligon.declarations import flag, lang_option
from poligon.exits import ExitCode, Work
from poligon.options import OptionError, OptionProblem, Words
from poligon.texts import LANGUAGES, text
from rulebook import Language
from world import identifiers
from world.country import DEFAULT_SEED, World
from world.records import Organization, Person

__all__ = ["Query", "find_organization", "find_person", "read_query", "register"]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Query:
    """Whom to show: the option `key` (`index`, `inn`, `ogrn`, `snils`) and its `value`, in the
    country `seed` of so many `organizations` (None: as many as a country has by default)."""

    key: str
    value: str
    seed: int = DEFAULT_SEED
    organizations: int | None = None

    def country(self) -> World:
        """The country asked about."""
        if self.organizations is None:
            return World(self.seed)
        return World(self.seed, organizations=self.organizations)


def register(app: typer.Typer, lang: Language) -> typer.Typer:
    """Add the command to `app` with its help in `lang`; its group, for more of them."""
    option = partial(declarations.option, lang=lang, of="world")
    group = typer.Typer(help=text("help_world", lang))
    app.add_typer(group, name="world")

    @group.command("organization", help=text("help_world_organization", lang))
    def organization(
        index: Annotated[str | None, option("--index", "I")] = None,
        inn: Annotated[str | None, option("--inn", "N")] = None,
        ogrn: Annotated[str | None, option("--ogrn", "N")] = None,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        organizations: Annotated[str | None, option("--organizations", "N")] = None,
        as_json: Annotated[bool, flag("--json", lang, of="world")] = False,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        keys = {"index": index, "inn": inn, "ogrn": ogrn}
        query = read_query(keys, seed=seed, organizations=organizations, lang=lang_)
        return partial(_show_organization, query, as_json, lang)

    @group.command("person", help=text("help_world_person", lang))
    def person(
        index: Annotated[str | None, option("--index", "I")] = None,
        inn: Annotated[str | None, option("--inn", "N")] = None,
        snils: Annotated[str | None, option("--snils", "N")] = None,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        organizations: Annotated[str | None, option("--organizations", "N")] = None,
        as_json: Annotated[bool, flag("--json", lang, of="world")] = False,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        keys = {"index": index, "inn": inn, "snils": snils}
        query = read_query(keys, seed=seed, organizations=organizations, lang=lang_)
        return partial(_show_person, query, as_json, lang)

    return group


# --- reading --------------------------------------------------------------------------------------


def read_query(
    keys: Mapping[str, str | None],
    *,
    seed: str | None = None,
    organizations: str | None = None,
    lang: str | None = None,
) -> Query:
    """The query of the words of a command line: exactly one of `keys` is given; OptionError with
    every wrong word."""
    words = Words()
    words.choice("lang", lang, LANGUAGES, "ru")
    read_seed = DEFAULT_SEED if seed is None else words.bounded("seed", seed)
    size = words.bounded("organizations", organizations)
    given = {key: value for key, value in keys.items() if value is not None}
    if len(given) != 1:
        names = ", ".join(f"--{key}" for key in keys)
        words.problems.append(OptionProblem("option_one_of", names, len(given)))
    if (index := given.get("index")) is not None:
        words.bounded("index", index)
    if words.problems or read_seed is None:
        raise OptionError(words.problems)
    [(key, value)] = given.items()
    return Query(key=key, value=value, seed=read_seed, organizations=size)


@dataclass(frozen=True)
class _Form:
    """A number of so many `digits`, the last `checks` of which `make` computes from the others."""

    digits: int
    checks: int
    make: Callable[[str], str]
    is_valid: Callable[[str], bool]


_LEGAL_INN: Final = _Form(10, 1, identifiers.legal_inn, identifiers.is_valid_legal_inn)
_PERSON_INN: Final = _Form(12, 2, identifiers.person_inn, identifiers.is_valid_person_inn)
_OGRN: Final = _Form(13, 1, identifiers.ogrn, identifiers.is_valid_ogrn)
_OGRNIP: Final = _Form(15, 1, identifiers.ogrnip, identifiers.is_valid_ogrnip)
_SNILS: Final = _Form(11, 2, identifiers.snils, identifiers.is_valid_snils)


def _problem(key: str, number: str, *forms: _Form) -> OptionProblem | None:
    """What is wrong with the form or the check digits of a number."""
    option = f"--{key}"
    fitting = [form for form in forms if form.digits == len(number)]
    if not fitting or not (number.isascii() and number.isdigit()):
        lengths = "/".join(str(form.digits) for form in forms)
        return OptionProblem("option_digits", option, number, {"digits": lengths})
    [form] = fitting
    right = form.make(number[: -form.checks])
    if form.is_valid(number) or right == number:
        return None
    checks = {"typed": number[-form.checks :], "expected": right[-form.checks :]}
    return OptionProblem("option_check_digits", option, number, checks)


# --- finding --------------------------------------------------------------------------------------


def find_organization(query: Query) -> Organization:
    """The organization asked for; OptionError if the number is wrong or nobody's."""
    world = query.country()
    if query.key == "index":
        return world.organization(_index(query, world.organizations))
    if query.key == "inn":
        forms = (_LEGAL_INN, _PERSON_INN)
        return _found(query, forms, world.organization_by_inn, world.organizations)
    return _found(query, (_OGRN, _OGRNIP), world.organization_by_ogrn, world.organizations)


def find_person(query: Query) -> Person:
    """The person asked for; OptionError if the number is wrong or nobody's."""
    world = query.country()
    if query.key == "index":
        return world.person(_index(query, world.people))
    if query.key == "inn":
        return _found(query, (_PERSON_INN,), world.person_by_inn, world.people)
    return _found(query, (_SNILS,), world.person_by_snils, world.people)


def _index(query: Query, size: int) -> int:
    index = int(query.value)
    if index >= size:
        bounds = {"low": 0, "high": size - 1}
        raise OptionError([OptionProblem("option_count", "--index", index, bounds)])
    return index


def _found(query: Query, forms: tuple[_Form, ...], find: Callable[[str], T | None], size: int) -> T:
    problem = _problem(query.key, query.value, *forms)
    if problem is None:
        record = find(query.value)
        if record is not None:
            return record
        country = {"seed": query.seed, "size": size}
        problem = OptionProblem("option_nobody", f"--{query.key}", query.value, country)
    raise OptionError([problem])


# --- showing --------------------------------------------------------------------------------------


def _show_organization(query: Query, as_json: bool, lang: Language) -> int:
    world, organization = query.country(), find_organization(query)
    if as_json:
        employees = world.employees_of(organization.index)
        return _show_json({**plain(organization), "employees": [plain(e) for e in employees]})
    return _show_rows(organization_rows(world, organization, lang))


def _show_person(query: Query, as_json: bool, lang: Language) -> int:
    world, person = query.country(), find_person(query)
    if as_json:
        employment = world.employer_of(person.index)
        heads = [o.index for o in world.organizations_headed_by(person.index)]
        employed = None if employment is None else plain(employment)
        return _show_json({**plain(person), "heads": heads, "employment": employed})
    return _show_rows(person_rows(world, person, lang))


def _show_json(record: Mapping[str, object]) -> int:
    sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    return ExitCode.DONE


def _show_rows(rows: Sequence[tuple[str, str]]) -> int:
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        sys.stdout.write(f"{label:{width}}  {value}\n")
    return ExitCode.DONE
