"""Procurement and ФНС take signed documents over the real mocks."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.ports.document_services import DocumentNotTaken, OfficialDocument
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports
from world.file_formats import file_content

# A short container: SEQUENCE, identifier of signed data, empty content.
CONTAINER = bytes.fromhex("300d06092a864886f70d010702a000")


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("procurement", "fns") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def document(here: CountryPorts, kind: str) -> OfficialDocument:
    return OfficialDocument(
        document_id="d-1",
        kind=kind,
        inn=here.organization().inn,
        notice="",
        file_name="Договор.pdf",
        content=file_content("pdf", ["Договор"]),
        signature=CONTAINER,
    )


@pytest.mark.parametrize("kind", ["registration", "contract", "complaint", "tax"])
def test_a_document_is_taken_once_by_the_service_of_its_kind(here: CountryPorts, kind: str) -> None:
    services = here.ports.document_services
    first, again = (services.take(document(here, kind)) for _ in range(2))
    assert first == again
    assert first.number == "RCV-00000001"
    service = "fns" if kind == "tax" else "procurement"
    assert len(here.tenant.journal.find(service=service)) == 2


def test_what_is_wrong_in_a_document_is_told(here: CountryPorts) -> None:
    services = here.ports.document_services
    with pytest.raises(DocumentNotTaken) as unsigned:
        services.take(replace(document(here, "tax"), signature=b"no container"))
    assert (unsigned.value.field, unsigned.value.why) == (
        "signature",
        "Подпись — не контейнер CMS SignedData в DER",
    )
    with pytest.raises(DocumentNotTaken) as bid:
        services.take(document(here, "bid"))
    assert bid.value.field == "inn"


def test_another_document_under_the_same_id_is_not_taken(here: CountryPorts) -> None:
    services = here.ports.document_services
    services.take(document(here, "contract"))
    with pytest.raises(DocumentNotTaken) as taken:
        services.take(replace(document(here, "contract"), content=b"%PDF-other"))
    assert taken.value.field == "document_id"


def test_a_silent_service_is_unavailable(here: CountryPorts) -> None:
    here.tenant.faults.add({"id": "down", "service": "procurement", "kind": "reset"})
    with pytest.raises(Unavailable):
        here.ports.document_services.take(document(here, "contract"))
