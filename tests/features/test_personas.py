"""People of the country in the specs."""

import datetime as dt

import pytest

import rulebook
from features.personas import Cast, NoSuchPersona, PersonaKind
from world.country import World

BOOK = rulebook.load()
WORLD = World(1)
DAY = dt.date(2026, 2, 2)


@pytest.fixture
def cast() -> Cast:
    return Cast(WORLD, DAY, BOOK, BOOK.policy())


def test_the_same_scenario_has_the_same_people(cast: Cast) -> None:
    again = Cast(WORLD, DAY, BOOK, BOOK.policy())
    assert cast.introduce("Анна", "representative") == again.introduce("Анна", "representative")


@pytest.mark.parametrize(
    ("kind", "applicant"),
    [("representative", "legal"), ("sole_proprietor", "sole_proprietor"), ("head", "legal")],
)
def test_each_kind_files_for_its_organization(
    cast: Cast, kind: PersonaKind, applicant: str
) -> None:
    persona = cast.introduce("Анна", kind)
    head = persona.organization.head.person
    assert persona.filing.kind == applicant
    assert (persona.person.index == head) is (kind != "representative")


def test_registries_find_everybody_in_order_and_no_two_share_an_organization(cast: Cast) -> None:
    people = [cast.introduce(f"№ {number}", "representative") for number in range(20)]
    organizations = [WORLD.organization(each.organization.index) for each in people]
    assert {each.standing for each in organizations} == {"active"}
    assert {WORLD.person(each.person.index).passport.restriction for each in people} == {None}
    assert len({each.index for each in organizations}) == 20
    assert "gost" not in {each.filing.certificate.algorithm for each in people}


def test_a_colleague_is_of_the_same_organization(cast: Cast) -> None:
    anna = cast.introduce("Анна", "representative")
    head = cast.colleague("Олег", "head", "Анна")
    assert head.organization == anna.organization
    assert head.person.index == anna.organization.head.person


def test_mistakes_add_up_in_the_filing(cast: Cast) -> None:
    good = cast.introduce("Анна", "representative")
    cast.mistake("Анна", "inn_typo")
    wrong = cast.mistake("Анна", "terms_not_accepted")
    assert wrong.filing.form.inn != good.filing.form.inn
    assert (wrong.filing.form.terms_accepted, wrong.defects) == (
        False,
        ("inn_typo", "terms_not_accepted"),
    )
    assert cast["Анна"] == wrong


def test_people_move_to_other_devices_and_regions(cast: Cast) -> None:
    home = cast.introduce("Анна", "representative")
    assert cast.move("Анна", device="телефон").device == "телефон"
    away = cast.move("Анна", region="54")
    assert (away.device, away.region, away.ip == home.ip) == ("телефон", "54", False)


def test_names_are_anybodys_once(cast: Cast) -> None:
    cast.introduce("Анна", "person")
    with pytest.raises(ValueError, match="«Анна» уже есть"):
        cast.introduce("Анна", "head")
    with pytest.raises(NoSuchPersona, match="«Олег» в сценарии не представлен; есть: Анна"):
        cast["Олег"]
    with pytest.raises(ValueError, match="нет такой ошибки заявителя"):
        cast.mistake("Анна", "no_such_mistake")


def test_filings_of_later_people_are_of_a_later_day(cast: Cast) -> None:
    cast.introduce("Анна", "person")
    cast.renew(DAY + dt.timedelta(days=30))
    later = cast.introduce("Олег", "person")
    assert (cast["Анна"].filing.as_of, later.filing.as_of) == (DAY, dt.date(2026, 3, 4))
