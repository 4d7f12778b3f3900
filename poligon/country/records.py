"""Records of the country as a reader sees them: rows of label and value, or plain data for JSON."""

import dataclasses
import datetime as dt
from typing import Any

import rulebook
from poligon.texts import text
from reports.formatting import number
from rulebook import Language
from world.activities import ACTIVITIES
from world.country import World
from world.records import Branch, Employment, Founder, Organization, Person

__all__ = ["organization_rows", "person_rows", "plain"]

Row = tuple[str, str]


def plain(record: Organization | Person | Employment) -> dict[str, Any]:
    """The record as JSON knows it: names of fields as keys, dates as ISO 8601."""
    fields: dict[str, Any] = _plain(dataclasses.asdict(record))
    return fields


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case dt.date():
            return value.isoformat()
    return value


# --- organizations --------------------------------------------------------------------------------


def organization_rows(world: World, organization: Organization, lang: Language) -> list[Row]:
    """The organization with names of its people."""
    tier = next(t for t in rulebook.load().tiers.values() if t.id == organization.tier)
    closed = "" if organization.closed is None else _day(organization.closed, lang)
    rows = [
        ("index", str(organization.index)),
        ("kind", text(f"world_kind_{organization.kind}", lang)),
        ("tier", tier.name.in_language(lang)),
        ("standing", text(f"world_standing_{organization.standing}", lang, closed=closed)),
        ("full_name", organization.full_name),
        ("short_name", organization.short_name),
        ("inn", organization.inn),
        ("ogrn" if organization.kind == "legal" else "ogrnip", organization.ogrn),
    ]
    if organization.kpp is not None:
        rows.append(("kpp", organization.kpp))
    rows += [
        ("registered", _day(organization.registered, lang)),
        ("address", str(organization.address)),
        ("head", _head(world, organization, lang)),
    ]
    if organization.capital_kopecks is not None:
        rows.append(("capital", _money(organization.capital_kopecks, lang)))
    rows += [("founder", _founder(world, founder, lang)) for founder in organization.founders]
    rows += [("branch", _branch(branch, lang)) for branch in organization.branches]
    rows += [("okved", f"{code} {ACTIVITIES[code]}") for code in organization.okved]
    account = dataclasses.asdict(organization.account)
    rows += [
        ("account", text("world_account_value", lang, **account)),
        ("phone", organization.phone),
        ("email", organization.email),
        ("employees", str(len(world.employees_of(organization.index)))),
    ]
    return _labelled(rows, lang)


def _head(world: World, organization: Organization, lang: Language) -> str:
    head = organization.head
    return text(
        "world_head_value",
        lang,
        name=world.person(head.person).name,
        position=head.position.lower(),
        since=_day(head.since, lang),
        person=head.person,
    )


def _founder(world: World, founder: Founder, lang: Language) -> str:
    return text(
        "world_founder_value",
        lang,
        name=world.person(founder.person).name,
        share=_money(founder.share_kopecks, lang),
        person=founder.person,
    )


def _branch(branch: Branch, lang: Language) -> str:
    words = {"name": branch.name, "kpp": branch.kpp, "address": branch.address}
    return text("world_branch_value", lang, **words)


# --- people ---------------------------------------------------------------------------------------


def person_rows(world: World, person: Person, lang: Language) -> list[Row]:
    """The person with the organizations they head and work for."""
    born = text(
        "world_birth_value", lang, date=_day(person.birth_date, lang), place=person.birth_place
    )
    rows = [
        ("index", str(person.index)),
        ("name", str(person.name)),
        ("gender", text(f"world_gender_{person.gender}", lang)),
        ("birth", born),
        ("inn", person.inn),
        ("snils", person.snils),
        ("passport", _passport(person, lang)),
    ]
    if person.passport.restriction is not None:
        restriction = text(f"world_restriction_{person.passport.restriction}", lang)
        rows.append(("restriction", restriction))
    rows += [
        ("address", str(person.address)),
        ("phone", person.phone),
        ("email", person.email),
    ]
    for organization in world.organizations_headed_by(person.index):
        words = {"name": organization.short_name, "index": organization.index}
        rows.append(("heads", text("world_heads_value", lang, **words)))
    employment = world.employer_of(person.index)
    if employment is not None:
        rows.append(("works", _works(world, employment, lang)))
    return _labelled(rows, lang)


def _passport(person: Person, lang: Language) -> str:
    passport = person.passport
    return text(
        "world_passport_value",
        lang,
        series=passport.series,
        number=passport.number,
        issued=_day(passport.issued, lang),
        issued_by=passport.issued_by,
        department=passport.department,
    )


def _works(world: World, employment: Employment, lang: Language) -> str:
    return text(
        "world_works_value",
        lang,
        name=world.organization(employment.organization).short_name,
        index=employment.organization,
        position=employment.position.lower(),
        department=employment.department.lower(),
        since=_day(employment.since, lang),
    )


# --- words ----------------------------------------------------------------------------------------


def _labelled(rows: list[Row], lang: Language) -> list[Row]:
    return [(text(f"world_{key}", lang), value) for key, value in rows]


def _day(day: dt.date, lang: Language) -> str:
    return f"{day:%d.%m.%Y}" if lang == "ru" else day.isoformat()


def _money(kopecks: int, lang: Language) -> str:
    return text("world_money", lang, roubles=number(kopecks / 100, lang, 2 if kopecks % 100 else 0))
