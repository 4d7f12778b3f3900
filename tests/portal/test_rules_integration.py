"""Chapter INT: messages of СМЭВ, access through ЕСИА, receivers of webhooks, keys, agencies."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules import integration
from portal.rules.integration import (
    AgencyAnswer,
    EsiaAccess,
    KeyOrder,
    KeyUse,
    SmevMessage,
    WebhookReceiving,
)
from rulebook import Text
from tests.portal.findings import found

WHY = Text("почему", "why")


def fields(check: Any, claim: Any) -> list[str]:
    return [field for field, _ in found(check, claim)]


@pytest.mark.parametrize(
    ("readable", "signed", "expected"),
    [
        (True, True, []),
        (True, False, [("signature", "почему")]),
        (False, True, [("message", "почему")]),
        (False, False, [("message", "почему")]),
    ],
)
def test_a_message_is_taken_with_form_and_signature(
    readable: bool, signed: bool, expected: list[tuple[str, str | None]]
) -> None:
    claim = SmevMessage(readable=readable, signed=signed, why=WHY)
    assert found(integration.smev_message_is_taken, claim) == expected


@pytest.mark.parametrize(
    ("vouched", "gives", "expected"),
    [
        (True, True, []),
        (False, True, ["code"]),
        (False, False, ["code"]),
        (True, False, ["role"]),
    ],
)
def test_esia_vouches_for_person_and_organization(
    vouched: bool, gives: bool, expected: list[str]
) -> None:
    claim = EsiaAccess(vouched=vouched, gives_organization=gives)
    assert fields(integration.esia_checks_access, claim) == expected


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://erp.example.org/hooks?from=portal", True),
        ("https://erp.example.org:8443/", True),
        ("http://127.0.0.1:9000/hooks", True),
        ("http://127.8.8.8/", True),
        ("http://[::1]:9000/", True),
        ("http://localhost:9000/", True),
        ("http://erp.example.org/hooks", False),
        ("http://128.0.0.1/", False),
        ("https://128.0.0.1/", True),
        ("https://10.0.0.5/hooks", False),
        ("https://192.168.1.1/", False),
        ("https://169.254.169.254/latest", False),
        ("https://[fd00::1]/", False),
        ("https://0.0.0.0/", False),
        ("ftp://localhost/", False),
        ("http://localhost.example.org/", False),
        ("ftp://127.0.0.1/", False),
        ("https://user:word@erp.example.org/", False),
        ("https://erp.example.org/#part", False),
        ("https://", False),
        ("https://erp.example.org:0/", False),
        ("https://erp.example.org:99999/", False),
        ("https://erp.example.org/a b", False),
        ("https://[::1/", False),
        ("почта", False),
        ("", False),
        ("https://erp.example.org/" + "a" * (2000 - 24), True),
        ("https://erp.example.org/" + "a" * (2001 - 24), False),
    ],
)
def test_a_receiver_has_an_address_over_tls_or_on_the_stands_own_machine(
    url: str, good: bool
) -> None:
    expected = [] if good else ["url"]
    assert fields(integration.receiver_receives, WebhookReceiving(url=url)) == expected


def test_a_receiver_that_takes_nothing_is_named() -> None:
    claim = WebhookReceiving(url="https://erp.example.org/", takes=False, why=WHY)
    assert found(integration.receiver_receives, claim) == [("url", "почему")]


USE = KeyUse(in_force=True, rights={"view_payments"}, right="view_payments")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"in_force": False}, "ключ отозван или просрочен"),
        ({"issuer_blocked": True}, "запись, выпустившая ключ, заблокирована"),
        ({"right": None}, "это не делают ключом"),
        ({"right": "view_audit"}, "у ключа нет этого права"),
        ({"rights": ()}, "у ключа нет этого права"),
        ({"in_own_organization": False}, "у ключа нет этого права"),
    ],
)
def test_a_key_does_what_its_rights_allow_in_its_organization(
    changes: dict[str, Any], reason: str | None
) -> None:
    expected = [] if reason is None else [("key", reason)]
    assert found(integration.key_is_allowed, replace(USE, **changes)) == expected


ORDER = KeyOrder(
    title="1С",
    rights=("view_payments",),
    own_rights={"view_payments", "view_audit"},
    days=365,
    longest_days=365,
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"days": 1}, []),
        ({"days": 0}, ["days"]),
        ({"days": 366}, ["days"]),
        ({"title": " "}, ["title"]),
        ({"rights": ()}, ["rights"]),
        ({"rights": ("view_payments", "edit_organization")}, ["rights"]),
        ({"title": "", "rights": (), "days": -1}, ["title", "rights", "days"]),
    ],
)
def test_a_key_is_issued_for_a_while_with_rights_that_one_has(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert fields(integration.key_is_allowed, replace(ORDER, **changes)) == expected


@pytest.mark.parametrize(
    ("connected", "taken", "expected"),
    [
        (True, True, []),
        (False, True, [("agency", "сервис не подключён")]),
        (True, False, [("agency", "почему")]),
    ],
)
def test_an_agency_takes_what_a_connected_organization_asks(
    connected: bool, taken: bool, expected: list[tuple[str, str | None]]
) -> None:
    claim = AgencyAnswer(connected=connected, taken=taken, why=WHY)
    assert found(integration.agency_takes, claim) == expected
