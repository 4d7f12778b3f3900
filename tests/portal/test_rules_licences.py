"""Chapter APP: what an application for a licence has to have."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules.licences import LicenceClaim, licence_is_applied_for
from rulebook import Text
from tests.portal.findings import found

GOOD = LicenceClaim(kind="опасные вещества", activity="49.41", is_signed=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"is_signed": None}, []),
        ({"kind": "охота"}, [("kind", "такого вида нет")]),
        ({"activity": " "}, [("activity", "не заполнено")]),
        (
            {"missing": [Text("Устав", "Charter"), Text("Проект", "Project")]},
            [("documents", "Устав"), ("documents", "Проект")],
        ),
        ({"is_signed": False}, [("signature", "нет подписи")]),
    ],
)
def test_kind_form_documents_and_signature_are_wanted(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(licence_is_applied_for, replace(GOOD, **changes)) == expected
