"""A tenant's registries: the country, and what a test has changed in it."""

import pytest

from mocks.core.records import Change, RecordError, Records
from world.country import World

WORLD = World(1, organizations=1000, people=1000)
CHANGE_US = 77
NOBODYS_PERSON = {
    "inn": "770000000000",
    "snils": "00000000000",
    "phone": "+79000000000",
    "passport": {"series": "0000", "number": "000000"},
}


def records() -> Records:
    return Records(WORLD)


def test_without_changes_records_are_those_of_the_country() -> None:
    of = records()
    first = WORLD.organization(0)
    assert of.organization(0) == first
    assert of.organization_by_inn(first.inn) == first
    assert of.organization_by_ogrn(first.ogrn) == first
    person = WORLD.person(3)
    assert of.person_by_snils(person.snils) == person
    assert of.person_by_inn(person.inn) == person
    assert of.person_by_phone(person.phone) == person
    assert of.person_by_passport(person.passport.series, person.passport.number) == person


def test_a_change_is_seen_under_every_number_and_told_to_listeners() -> None:
    of = records()
    told: list[Change] = []
    of.on_change.append(told.append)
    before = of.organization(5)
    after = of.change_organization(
        5,
        {"standing": "liquidated", "closed": "2026-03-01", "address": {"house": "д. 1"}},
        CHANGE_US,
    )
    assert str(after.closed) == "2026-03-01"
    assert after.address.house == "д. 1"
    assert after.address.street == before.address.street
    assert of.organization_by_inn(before.inn) == of.organization_by_ogrn(before.ogrn) == after
    (change,) = told
    assert (change.at_us, change.before, change.after) == (CHANGE_US, before, after)
    assert change.fields == ("standing", "closed", "address")


def test_a_change_that_changes_nothing_is_told_to_nobody() -> None:
    of = records()
    told: list[Change] = []
    of.on_change.append(told.append)
    of.change_organization(5, {"inn": of.organization(5).inn}, CHANGE_US)
    assert told == []


def test_a_changed_number_leads_to_its_owner_and_the_old_one_to_nobody() -> None:
    of = records()
    old = of.person(7)
    passport = {"series": "4500", "number": "000001"}
    of.change_person(7, {"phone": "+79000000000", "passport": passport})
    new = of.person_by_phone("+79000000000")
    assert new is not None
    assert new.index == 7
    assert of.person_by_passport("4500", "000001") == new
    assert of.person_by_phone(old.phone) is None
    assert of.person_by_passport(old.passport.series, old.passport.number) is None
    assert of.person_by_inn(old.inn) == new


def test_an_identity_follows_the_changes_of_its_person() -> None:
    of = records()
    assert of.identity(7) == WORLD.person(7).identity
    changed = of.change_person(7, {"name": {"last": "Новый"}})
    assert of.identity(7) == changed.identity
    assert of.identity(7).name.last == "Новый"


def test_a_number_changed_twice_leads_nowhere_from_what_it_was_in_between() -> None:
    of = records()
    of.change_organization(7, {"inn": "7707083893"}, 0)
    of.change_organization(7, {"inn": "7736050003"}, 0)
    assert of.organization_by_inn("7707083893") is None
    found = of.organization_by_inn("7736050003")
    assert found is not None
    assert found.index == 7


def test_a_restricted_passport_is_still_found_by_its_number() -> None:
    of = records()
    passport = of.person(7).passport
    of.change_person(7, {"passport": {"restriction": "lost"}})
    found = of.person_by_passport(passport.series, passport.number)
    assert found is not None
    assert found.passport.restriction == "lost"


def test_an_added_organization_is_found_and_has_an_index_below_zero() -> None:
    of = records()
    added = of.add_organization(0, {"inn": "7707083893", "ogrn": "1027700132195"})
    assert (added.index, of.organization(-1)) == (-1, added)
    assert of.organization_by_inn("7707083893") == added
    assert of.add_organization(0, {"inn": "7736050003", "ogrn": "1027700070518"}).index == -2


def test_an_index_that_was_taken_back_is_given_to_nobody_else() -> None:
    of = records()
    numbers = {"inn": "7707083893", "ogrn": "1027700132195"}
    of.add_organization(0, numbers)
    person = of.add_person(0, NOBODYS_PERSON).index
    of.restore()
    assert of.known_organization(-1) is None
    assert of.add_organization(0, numbers).index == -2
    assert of.add_person(0, NOBODYS_PERSON).index == person - 1 == -2


def test_an_added_organization_needs_numbers_of_nobody() -> None:
    of = records()
    taken = of.organization(3)
    with pytest.raises(RecordError, match="needs numbers that nobody has"):
        of.add_organization(0, {"inn": taken.inn, "ogrn": "1027700132195"})
    with pytest.raises(RecordError, match="needs numbers that nobody has"):
        of.add_person(0, {"inn": "500100732259"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stending": "liquidated"}, "stending: no such field; expected one of index, kind"),
        ({"address": {"hous": "1"}}, "address.hous: no such field"),
        ({"standing": "closed"}, "standing: Input should be 'active'"),
        ({"closed": "yesterday"}, "closed: Input should be a valid date"),
        ({"index": 9}, "index: cannot be changed"),
        ({"head": {"person": 1000}}, "head.person: there is no person 1000"),
        (
            {"founders": [{"person": -1, "share_kopecks": 1}]},
            "founders.0.person: there is no person -1",
        ),
    ],
)
def test_a_wrong_change_names_the_field_and_changes_nothing(
    changes: dict[str, object], said: str
) -> None:
    of = records()
    with pytest.raises(RecordError, match=said):
        of.change_organization(5, changes, 0)
    assert of.organization(5) == WORLD.organization(5)
    assert list(of.changed()) == []


def test_an_index_outside_the_country_is_an_error() -> None:
    for index in (1000, -1):
        with pytest.raises(IndexError):
            records().organization(index)


def test_restoring_forgets_every_change() -> None:
    of = records()
    of.change_organization(5, {"phone": "+74950000000"}, 0)
    of.change_person(5, {"phone": "+79000000000"})
    of.restore()
    assert of.organization(5) == WORLD.organization(5)
    assert of.person_by_phone("+79000000000") == WORLD.person_by_phone("+79000000000")
    assert list(of.changed()) == []


@pytest.mark.parametrize("number", ["inn", "ogrn"])
def test_an_organization_cannot_take_the_number_of_another(number: str) -> None:
    of = records()
    taken = getattr(of.organization(7), number)
    with pytest.raises(RecordError, match=f"{number}: it is the number of 7"):
        of.change_organization(5, {number: taken}, CHANGE_US)
    assert of.organization(5) == WORLD.organization(5)
    of.change_organization(5, {number: getattr(of.organization(5), number)}, CHANGE_US)


def test_a_person_cannot_take_the_number_of_another() -> None:
    of = records()
    other = of.person(7)
    passport = {"series": other.passport.series, "number": other.passport.number}
    taken = {"inn": other.inn, "snils": other.snils, "phone": other.phone, "passport": passport}
    for number, value in taken.items():
        with pytest.raises(RecordError, match=f"{number}: it is the number of 7"):
            of.change_person(5, {number: value})
    assert of.person_by_inn(other.inn) == other


def test_a_number_that_was_given_up_may_be_taken() -> None:
    of = records()
    phone = of.person(7).phone
    of.change_person(7, {"phone": "+70000000007"})
    assert of.person_by_phone(phone) is None
    of.change_person(5, {"phone": phone})
    holder = of.person_by_phone(phone)
    assert holder is not None
    assert holder.index == 5
