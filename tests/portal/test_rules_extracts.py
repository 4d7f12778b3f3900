"""Chapter APP: what has to be there before a certificate or an extract is issued."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.extracts.kinds import EXTRACT_KINDS
from portal.rules import extracts
from portal.rules.extracts import ExtractRequest, ExtractRight
from tests.portal.findings import BOOK, found

TODAY = dt.date(2026, 2, 2)
GOOD = ExtractRequest(
    kind="выписка ЕГРЮЛ", fits=True, purpose="Для банка", wanted_by=TODAY, today=TODAY
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"kind": "выписка ЕГРП", "wants_object": True, "object": "74:22:0000001:283"}, []),
        ({"kind": "справка о погоде"}, [("kind", "такой справки нет")]),
        ({"fits": False}, [("kind", "не для такой организации")]),
        ({"purpose": " "}, [("purpose", "не указано")]),
        ({"wanted_by": None}, [("wanted_by", "не указано")]),
        ({"wanted_by": TODAY - dt.timedelta(days=1)}, [("wanted_by", "срок уже прошёл")]),
        ({"wants_object": True}, [("object", "не указано")]),
        ({"is_signed": False}, [("signature", "нет подписи")]),
        ({"is_complete": False}, [("organization", "сведения в реестре неполны")]),
    ],
)
def test_kind_purpose_term_signature_and_whole_data_are_wanted(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(extracts.extract_is_issued, replace(GOOD, **changes)) == expected


@pytest.mark.parametrize("role", sorted(BOOK.roles))
def test_who_may_ask_is_of_the_rule_book(role: str) -> None:
    claim = ExtractRight(rights=BOOK.rights_of(role))
    may = role in ("head", "admin", "mgr", "rep")
    assert found(extracts.extract_is_issued, claim) == (
        [] if may else [("organization", "нет права")]
    )


def test_every_kind_of_the_rule_book_is_known() -> None:
    assert set(EXTRACT_KINDS) == set(BOOK.policy({}).texts("APP-06.kinds"))
