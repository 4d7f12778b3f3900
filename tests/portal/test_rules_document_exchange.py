"""Rules of chapter EDI on claims by hand."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules import document_exchange as rules
from portal.rules.document_exchange import (
    ArchivedPart,
    ExchangeSides,
    ForwardedDocument,
    OutgoingDocument,
)
from portal.rules.rule import Violation
from rulebook import load

POLICY = load().policy()
GOOD = OutgoingDocument(
    file_format="pdf",
    is_ready=True,
    is_whole=True,
    is_signed=True,
    signature_holds=True,
    recipient="theirs",
    sender="ours",
)


def places(violations: tuple[Violation, ...]) -> list[str]:
    return [f"{each.rule} {each.field}" for each in violations]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"file_format": "docx"}, []),
        ({"file_format": "xml"}, ["EDI-01 document"]),
        ({"file_format": None}, ["EDI-01 document"]),
        ({"is_ready": False}, ["EDI-01 document"]),
        ({"is_whole": False}, ["EDI-01 document"]),
        ({"is_signed": False, "signature_holds": False}, ["EDI-01 signature"]),
        ({"signature_holds": False}, ["EDI-01 signature"]),
        ({"recipient": ""}, ["EDI-01 counterparty"]),
        ({"recipient": "ours"}, ["EDI-01 counterparty"]),
        (
            {"file_format": "xml", "is_signed": False, "recipient": ""},
            ["EDI-01 document", "EDI-01 signature", "EDI-01 counterparty"],
        ),
    ],
)
def test_what_goes_to_a_counterparty_is_whole_and_signed(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert places(rules.ready_to_be_sent(replace(GOOD, **changes), POLICY)) == expected


@pytest.mark.parametrize(
    ("organization", "expected"),
    [("sender", []), ("recipient", []), ("stranger", ["EDI-02 exchange"])],
)
def test_a_document_is_for_its_sides(organization: str, expected: list[str]) -> None:
    claim = ExchangeSides(organization=organization, sides=("sender", "recipient"))
    assert places(rules.sides_alone(claim, POLICY)) == expected


def test_what_there_is_not_is_for_nobody() -> None:
    claim = ExchangeSides(organization="sender", sides=(), field="document")
    assert places(rules.sides_alone(claim, POLICY)) == ["EDI-02 document"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"kind": ""}, ["EDI-03 kind"]),
        ({"kind": "poem"}, ["EDI-03 kind"]),
        ({"is_signed": False}, ["EDI-03 signature"]),
        ({"refusal": "не аккредитован"}, ["EDI-03 document"]),
        ({"kind": "", "is_signed": False}, ["EDI-03 kind", "EDI-03 signature"]),
    ],
)
def test_a_signed_document_of_a_known_kind_goes_to_its_service(
    changes: dict[str, Any], expected: list[str]
) -> None:
    claim = replace(ForwardedDocument(kind="tax"), **changes)
    assert places(rules.forwarded_where_it_belongs(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("kept", "restored", "holds", "expected"),
    [
        ("a", "a", True, []),
        ("", "", True, ["EDI-04 document"]),
        ("a", "", True, ["EDI-04 document"]),
        ("a", "b", True, ["EDI-04 document"]),
        ("a", "a", False, ["EDI-04 document"]),
    ],
)
def test_the_archive_gives_back_what_it_got(
    kept: str, restored: str, holds: bool, expected: list[str]
) -> None:
    claim = ArchivedPart(kept=kept, restored=restored, signature_holds=holds)
    assert places(rules.from_the_archive_as_it_was(claim, POLICY)) == expected
