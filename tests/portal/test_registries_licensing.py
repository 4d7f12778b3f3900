"""Licensing authorities over the real mock."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from portal.ports.licensing import LicenceDocument, LicenceNotTaken, LicenceOrder
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports
from world.file_formats import file_content

KIND = "опасные вещества"


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("licensing") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def documents(codes: Sequence[str]) -> list[LicenceDocument]:
    content = file_content("pdf", ["Документ"])
    return [LicenceDocument(code=each, file_name=f"{each}.pdf", content=content) for each in codes]


def order(here: CountryPorts) -> LicenceOrder:
    of, head = here.organization(), here.head()
    return LicenceOrder(
        inn=of.inn,
        ogrn=of.ogrn,
        kind=KIND,
        head_name=str(head.name),
        activity=of.okved[0],
        valid_until=dt.date(2028, 12, 31),
        documents=documents(list(here.ports.licensing.lists()[KIND])),
    )


def test_a_whole_set_is_examined_and_granted(here: CountryPorts) -> None:
    told = here.ports.licensing.apply("l-1", order(here))
    assert told.state == "in_examination"
    assert here.ports.licensing.apply("l-1", order(here)) == told
    here.tenant.clock.advance("45wd")
    decided = here.ports.licensing.view(told.number)
    assert (decided.state, list(decided.reasons)) == ("granted", [])
    assert here.ports.licensing.document(decided.licence).startswith(b"%PDF")


def test_an_incomplete_set_is_completed_or_returned(here: CountryPorts) -> None:
    whole = order(here)
    told = here.ports.licensing.apply("l-1", replace(whole, documents=whole.documents[:1]))
    assert (told.state, len(told.missing)) == ("awaiting_documents", len(whole.documents) - 1)
    completed = here.ports.licensing.supplement(told.number, "s-1", whole.documents[1:])
    assert (completed.state, completed.missing) == ("in_examination", ())
    other = here.ports.licensing.apply("l-2", replace(whole, documents=()))
    here.tenant.clock.advance(dt.timedelta(days=31))
    assert here.ports.licensing.view(other.number).state == "returned"


def test_a_refusal_gives_its_reasons(here: CountryPorts) -> None:
    told = here.ports.licensing.apply("l-1", replace(order(here), head_name="Другой Иван"))
    here.tenant.clock.advance("45wd")
    decided = here.ports.licensing.view(told.number)
    assert (decided.state, len(decided.reasons)) == ("refused", 1)


def test_what_the_authority_does_not_take(here: CountryPorts) -> None:
    for wrong in ({"valid_until": None}, {"kind": "охота"}, {"activity": "много"}):
        with pytest.raises(LicenceNotTaken):
            here.ports.licensing.apply("l-1", replace(order(here), **wrong))


def test_a_silent_authority_has_not_answered(here: CountryPorts) -> None:
    asked = order(here)
    here.fails("licensing", "reset")
    with pytest.raises(Unavailable):
        here.ports.licensing.apply("l-1", asked)
