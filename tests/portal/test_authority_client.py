"""The portal's client of certification authorities, against the country's."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mocks import running
from mocks.in_process import RunningCountry
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.adapters.given_clock import GivenClock
from portal.adapters.seeded_entropy import SeededEntropy
from portal.ports.authority import (
    AuthorityOrder,
    CertificationAuthority,
    NotIdentified,
    OrderDocument,
    OrderRefused,
)
from portal.ports.ports import Ports
from portal.ports.unavailable import Unavailable
from portal.registries.wiring import ports_at, virtual
from portal.store.memory import MemoryStore
from world.file_formats import file_content

CHARTER = OrderDocument(
    kind="charter", file_name="Устав.pdf", content=file_content("pdf", ["Устав"])
)


@pytest.fixture(name="country")
def _country() -> Iterator[RunningCountry]:
    with running(seed=1) as country:
        yield country


@pytest.fixture(name="ports")
def _ports(country: RunningCountry) -> Ports:
    tenant = country.tenant("main")
    clock = GivenClock(country.core.calendar, lambda: tenant.clock.now)
    return ports_at(
        tenant.url,
        clock=clock,
        entropy=SeededEntropy("test"),
        passwords=Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1),
        store=MemoryStore(),
        conditions=virtual(clock),
    )


@pytest.fixture(name="authority")
def _authority(ports: Ports) -> CertificationAuthority:
    return ports.authority


def order_of(country: RunningCountry) -> AuthorityOrder:
    """A good application of the first active legal entity, whose head signs."""
    world = country.world
    index = next(
        i
        for i in range(world.organizations)
        if world.organization(i).kind == "legal"
        and world.organization(i).standing == "active"
        and world.person(world.organization(i).head.person).passport.restriction is None
    )
    organization = world.organization(index)
    head = world.person(organization.head.person)
    return AuthorityOrder(
        inn=organization.inn,
        ogrn=organization.ogrn,
        authority="north",
        algorithm="ecc",
        delivery="file",
        head_name=str(head.name),
        head_snils=head.snils,
        representative=head.snils,
        code_word="ромашка",
        csr=None,
        renews=None,
        documents=[CHARTER],
    )


def passport_of(country: RunningCountry, snils: str) -> tuple[str, str]:
    world = country.world
    index = next(i for i in range(world.people) if world.person(i).snils == snils)
    passport = world.person(index).passport
    return passport.series, passport.number


def test_an_application_goes_its_whole_way_and_gives_a_certificate_of_the_organization(
    country: RunningCountry, ports: Ports, authority: CertificationAuthority
) -> None:
    order = order_of(country)
    series, number = passport_of(country, order.representative)
    first = authority.submit("portal-1", order)
    assert authority.submit("portal-1", order).number == first.number
    country.tenant("main").clock.advance(dt.timedelta(days=3))
    story = [
        first.state,
        authority.view(first.number).state,
        authority.pay(first.number, "pay-1", first.price_kopecks).state,
        authority.pay(first.number, "pay-1", first.price_kopecks).state,
        authority.identify(first.number, series, number).state,
        authority.identify(first.number, series, number).state,
    ]
    assert story == [
        "checking",
        "payment",
        "identification",
        "identification",
        "issued",
        "issued",
    ]
    facts = ports.signatures.certificate(authority.receive(first.number))
    assert (facts.legal_inn, facts.ogrn, facts.snils) == (
        order.inn,
        order.ogrn,
        order.representative,
    )
    assert ports.signatures.status(facts, country.tenant("main").clock.now) == "good"


def test_missing_documents_are_named_and_brought(
    country: RunningCountry, authority: CertificationAuthority
) -> None:
    told = authority.submit("portal-2", replace(order_of(country), documents=[]))
    brought = authority.supplement(told.number, "more-1", [CHARTER])
    assert (told.state, list(told.missing), brought.state) == ("documents", ["charter"], "checking")


def test_what_the_authority_does_not_take_is_named_by_its_field(
    country: RunningCountry, authority: CertificationAuthority
) -> None:
    with pytest.raises(OrderRefused) as caught:
        authority.submit("portal-3", replace(order_of(country), delivery="token"))
    assert caught.value.field == "csr"


def test_another_head_is_a_reason_and_another_passport_identifies_nobody(
    country: RunningCountry, authority: CertificationAuthority
) -> None:
    good = order_of(country)
    wrong = authority.submit("portal-4", replace(good, head_name="Иванов Иван Иванович"))
    right = authority.submit("portal-5", good)
    country.tenant("main").clock.advance(dt.timedelta(days=3))
    told = authority.view(wrong.number)
    assert (told.state, list(told.reasons)) == ("refused", ["head_mismatch"])
    authority.pay(right.number, "pay-1", right.price_kopecks)
    with pytest.raises(NotIdentified):
        authority.identify(right.number, "0000", "000000")


def test_an_authority_that_is_down_is_unavailable(
    country: RunningCountry, authority: CertificationAuthority
) -> None:
    country.tenant("main").faults.add({"id": "down", "service": "ca", "kind": "reset"})
    with pytest.raises(Unavailable):
        authority.submit("portal-6", order_of(country))
