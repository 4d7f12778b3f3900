"""Who stands behind the cases of a load test."""

import datetime as dt

import pytest

from loadtests.applicants import (
    Applicants,
    NobodyLeft,
    Traits,
    plain_traits,
    traits_of_model,
    world_of,
)
from loadtests.plan import JOURNEYS
from rulebook import load
from rulebook.kinds import Kind
from sim.model.keys import entity_stream, replication_key
from sim.model.model import compile_model
from tests.loadtests.scenarios_of_load import scenario
from world.country import World
from world.draws import combine

BOOK = load()
DAY = dt.date(2026, 4, 20)


def applicants(
    *defects: str, world: World | None = None, mend: float = 1.0, first: int = 0
) -> Applicants:
    def traits(journey: str, number: int, kind: Kind | None) -> Traits:
        return Traits(combine(JOURNEYS.index(journey), number), kind or "legal", defects)

    country = World(1) if world is None else world
    policy = BOOK.policy()
    return Applicants(country, BOOK, policy, DAY, traits=traits, mend=mend, first=first)


def test_no_two_cases_share_a_person_an_organization_or_an_address() -> None:
    found = [applicants().behind(name, n) for name in JOURNEYS for n in range(20)]
    assert len({each.good.subject.organization.index for each in found}) == len(found)
    assert len({each.address for each in found}) == len(found)
    people = [
        {each.person.index, each.colleague.index, each.good.subject.organization.head.person}
        for each in found
    ]
    assert sum(map(len, people)) == len(set().union(*people))


@pytest.mark.parametrize("kind", ["legal", "sole_proprietor"])
def test_registries_let_everybody_pass(kind: Kind) -> None:
    cast = applicants()
    for number in range(10):
        found = cast.behind("binding", number, kind)
        organization = cast.world.organization(found.good.subject.organization.index)
        assert (organization.kind, organization.standing) == (kind, "active")
        head = cast.world.person(organization.head.person)
        assert head.passport.restriction is found.person.passport.restriction is None
        assert found.good.certificate.algorithm == "ecc"
        assert (head.index == found.person.index) is (kind == "sole_proprietor")


def test_people_begin_where_the_run_says() -> None:
    first, shifted = applicants(), applicants(first=len(JOURNEYS))
    assert first.behind("account", 1).person == shifted.behind("account", 0).person
    assert first.behind("account", 0).person != shifted.behind("account", 0).person


def test_a_country_that_has_been_used_up_gives_the_next_people_of_a_block() -> None:
    cast = applicants(world=World(1, organizations=640, people=640))
    found = [cast.behind("account", number) for number in range(8)]  # 80 places in ten blocks
    assert len({each.good.subject.organization.index for each in found}) == 8


def test_a_country_without_anybody_left_is_told() -> None:
    cast = applicants(world=World(1, organizations=64, people=64))
    with pytest.raises(NobodyLeft, match="no applicant of the kind legal left"):
        cast.behind("account", 100)


def test_mistakes_are_made_and_mended_one_by_one() -> None:
    cast = applicants("inn_typo", "phone_without_code", "account_unconfirmed")
    wrong = cast.showing(cast.behind("binding", 0), ["ID-01", "ID-09"])
    assert wrong.defects == ("inn_typo", "phone_without_code")
    assert wrong.filing.form.inn != wrong.good.form.inn
    better = cast.mended(wrong, {"inn_typo"}, 1)
    assert better.defects == ("phone_without_code",)
    assert better.filing.form.inn == wrong.good.form.inn
    assert better.filing.form.head_phone == wrong.filing.form.head_phone
    assert cast.mended(better, {"phone_without_code"}, 2).filing == wrong.good


def test_a_mistake_that_was_not_named_stays() -> None:
    cast = applicants("inn_typo", "phone_without_code")
    wrong = cast.behind("binding", 0)
    assert cast.mended(wrong, (), 1) == wrong


def test_mending_succeeds_as_often_as_the_scenario_says() -> None:
    cast = applicants("inn_typo", mend=0.75)
    wrong = [cast.behind("binding", number) for number in range(40)]
    mended = [not cast.mended(each, {"inn_typo"}, 1).defects for each in wrong]
    assert 20 <= sum(mended) < 40
    again = [not cast.mended(each, {"inn_typo"}, 1).defects for each in wrong]
    assert again == mended


def test_kind_and_mistakes_are_the_models_own() -> None:
    complete = scenario()
    model = compile_model(complete)
    traits = traits_of_model(model, complete, 2)
    stream = entity_stream(replication_key(model.seed, 2), "registration")
    names = list(complete.book.defects)
    for number in range(100):
        found = traits("registration", number, None)
        expected = model.applicants.traits(stream, number)
        mask = model.applicants.defects_of(found.entity, expected.kind)
        assert (found.entity, found.kind) == (combine(stream, number), expected.kind)
        assert found.defects == tuple(n for bit, n in enumerate(names) if mask >> bit & 1)
    shares = [len(traits("registration", number, None).defects) for number in range(400)]
    assert 350 < sum(shares) < 450  # two mistakes, each of every second applicant


def test_without_a_scenario_nobody_makes_mistakes() -> None:
    traits = plain_traits(World(1).population, 0)
    found = [traits("account", number, None) for number in range(200)]
    assert {each.defects for each in found} == {()}
    assert {each.kind for each in found} == {"legal", "sole_proprietor"}
    assert traits("account", 0, "legal").kind == "legal"


def test_the_country_is_that_of_a_server_of_the_scenario() -> None:
    assert world_of(scenario(), 7).organizations == 3_000_000
    assert world_of(None, 7).organization(5) == World(7).organization(5)
