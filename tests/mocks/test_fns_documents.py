"""The tax service takes signed documents that the portal sends on."""

import base64
import hashlib
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.fns.service import service
from tests.mocks.agencies import active_legal
from tests.mocks.asking import ask, ask_json
from world.records import Organization

DOCUMENTS = "/fns/v1/documents"
CONTENT = "Пояснения".encode()
# A short container: SEQUENCE, identifier of signed data, empty content.
CONTAINER = bytes.fromhex("300d06092a864886f70d010702a000")


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def document(one: Organization, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": "doc-1",
        "kind": "tax",
        "inn": one.inn,
        "file_name": "пояснения.pdf",
        "content": base64.b64encode(CONTENT).decode(),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "signature": base64.b64encode(CONTAINER).decode(),
        **changes,
    }


def test_a_document_is_taken_once_and_its_receipt_shown(country: Country) -> None:
    one = active_legal(country)
    first, again = (ask(country, "POST", DOCUMENTS, document(one)) for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    receipt = ask_json(country, "GET", f"{DOCUMENTS}/doc-1/receipt?inn={one.inn}")
    assert (receipt["receipt"], receipt["kind"], receipt["status"]) == (
        "RCV-00000001",
        "tax",
        "accepted",
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "bid"}, 422),
        ({"sha256": "0" * 64}, 422),
        ({"signature": ""}, 422),
        ({"inn": "7707083894"}, 422),
    ],
)
def test_what_is_wrong_is_refused(country: Country, changes: dict[str, Any], status: int) -> None:
    one = active_legal(country)
    assert ask(country, "POST", DOCUMENTS, document(one, **changes)).status == status


def test_who_has_gone_sends_nothing(country: Country) -> None:
    one = active_legal(country)
    tenant = country.tenant()
    tenant.records.change_organization(one.index, {"standing": "liquidated"}, tenant.now_us)
    answer = ask(country, "POST", DOCUMENTS, document(one))
    assert answer.status == 403


def test_another_document_under_the_same_id_is_refused(country: Country) -> None:
    one = active_legal(country)
    ask(country, "POST", DOCUMENTS, document(one))
    other = base64.b64encode(b"other").decode()
    digest = hashlib.sha256(b"other").hexdigest()
    answer = ask(country, "POST", DOCUMENTS, document(one, content=other, sha256=digest))
    assert answer.status == 409
