"""People who exist on a foreign portal, as the file of `--personas` names them.

Each is made after an organization of the country (`like`, its index), with what the file says in
place of what the country says. Whoever has been in a scenario is in no other one of the run.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, get_args

from features.driver import Unsupported
from features.personas import Persona, PersonaKind
from features.settings_file import SettingsFile
from world.country import World
from world.filings import Filing, Form, filing_of
from world.records import FullName, Organization, Person

__all__ = ["KnownPeople"]

_PERSON: Final = frozenset({"name", "birth_date", "inn", "snils", "phone", "email"})
_ORGANIZATION: Final = frozenset({"inn", "ogrn", "kpp", "full_name", "short_name"})
_OF_BOTH: Final = _ORGANIZATION - {"short_name"}
_FORM: Final = frozenset(each.name for each in fields(Form)) - _OF_BOTH - {"terms_accepted"}
_KINDS: Final = frozenset(get_args(PersonaKind)) - {"operator"}


class KnownPeople:
    """Those of a file; `share` of `shares` processes takes every so manieth of them. WrongFile
    (a ValueError) with file, line and key."""

    def __init__(self, path: Path, share: int = 0, shares: int = 1) -> None:
        self._path = path
        file = SettingsFile(path, {"personas"})
        listed = file.value.get("personas")
        if not isinstance(listed, list) or not listed:
            raise file.wrong(("personas",), "ожидался список людей")
        said = [_checked(file, number, each) for number, each in enumerate(listed)]
        self._free: dict[str, list[dict[str, Any]]] = {}
        for kind in _KINDS:
            self._free[kind] = [each for each in said if each["kind"] == kind][share::shares]

    def take(self, name: str, kind: PersonaKind, world: World, as_of: dt.date) -> Persona:
        """The next one of that kind under the `name` of a scenario; Unsupported (the scenario is
        skipped) if there are no more."""
        if not self._free[kind]:
            raise Unsupported("personas", f"в {self._path.name} больше нет людей вида {kind}")
        said = self._free[kind].pop(0)
        filing = filing_of(world, said["like"], as_of)
        own = said["person"]
        is_applicant = kind != "head"
        person = filing.subject.applicant
        if not is_applicant:
            person = world.person(filing.subject.organization.head.person)
        person = replace(person, **own)
        filing = _filed(filing, person if is_applicant else None, said)
        return Persona(name=name, kind=kind, person=person, filing=filing)


def _filed(filing: Filing, applicant: Person | None, said: Mapping[str, Any]) -> Filing:
    organization: Organization = replace(filing.subject.organization, **said["organization"])
    subject = replace(filing.subject, organization=organization)
    if applicant is not None:
        subject = replace(subject, applicant=applicant)
    both = {name: said["organization"][name] for name in _OF_BOTH & said["organization"].keys()}
    form = replace(filing.form, **both, **said["form"])
    return replace(filing, subject=subject, form=form)


def _checked(file: SettingsFile, number: int, value: object) -> dict[str, Any]:
    """One of the list, with texts turned into what records have."""
    key = ("personas", number)
    said = file.only(key, value, {"kind", "like", "person", "organization", "form"})
    kind = said.get("kind")
    if kind not in _KINDS:
        raise file.wrong((*key, "kind"), f"ожидалось одно из: {', '.join(sorted(_KINDS))}")
    found: dict[str, Any] = {
        "kind": kind,
        "like": file.count((*key, "like"), said.get("like", number)),
    }
    for part, names in (("person", _PERSON), ("organization", _ORGANIZATION), ("form", _FORM)):
        own = file.only((*key, part), said.get(part, {}), names)
        found[part] = {name: file.text((*key, part, name), text) for name, text in own.items()}
    person = found["person"]
    if "birth_date" in person:
        person["birth_date"] = _day(file, (*key, "person", "birth_date"), person["birth_date"])
    if "name" in person:
        person["name"] = _name(file, (*key, "person", "name"), person["name"])
    _fits(file, key, found)
    return found


def _fits(file: SettingsFile, key: Sequence[Any], found: Mapping[str, Any]) -> None:
    """The organization that they are made after is there, and of their kind."""
    world = World()
    place = (*key, "like")
    if found["like"] >= world.organizations:
        raise file.wrong(place, f"организаций в стране {world.organizations}")
    of_kind = world.population.kind(found["like"])
    wanted = "sole_proprietor" if found["kind"] == "sole_proprietor" else "legal"
    if found["kind"] != "person" and of_kind != wanted:
        raise file.wrong(place, f"организация {found['like']} страны — {of_kind}, нужна {wanted}")


def _day(file: SettingsFile, key: tuple[Any, ...], text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise file.wrong(key, f"ожидалась дата ГГГГ-ММ-ДД, получено {text!r}") from None


def _name(file: SettingsFile, key: tuple[Any, ...], text: str) -> FullName:
    words = text.split()
    if len(words) not in (2, 3):
        raise file.wrong(key, "ожидались фамилия, имя и, если есть, отчество")
    last, first, *rest = words
    return FullName(last=last, first=first, patronymic=rest[0] if rest else None)
