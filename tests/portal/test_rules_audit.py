"""Rules of chapter AUD: what a line says, that it stays, who sees it, which version comes back."""

from typing import Any

import pytest

from portal.rules import audit
from portal.rules.audit import Journal, Lookup
from portal.rules.rights import VIEW_AUDIT
from portal.rules.rule import RULES
from rulebook import Text
from tests.portal.findings import BOOK, found

LINE: dict[str, Any] = {
    "at": "2026-02-02T10:00:00+03:00",
    "ip": "10.0.0.1",
    "account": "a",
    "action": "edit_organization",
    "result": "edited",
}
QUALIFIED = {"kind": "qualified", "serial": "1f", "fingerprint": "ab" * 32}


def without(name: str) -> dict[str, Any]:
    return {key: said for key, said in LINE.items() if key != name}


def signed(**changes: Any) -> dict[str, Any]:
    return {**LINE, "signatures": [{**QUALIFIED, **changes}]}


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        {**LINE, "account": None},  # nobody was signed in
        {**without("account"), "operator": "Ольга"},
        {**without("account"), "task": "expire_head_request"},
        signed(),
        {**LINE, "signatures": [{"kind": "simple"}]},
    ],
)
def test_a_line_that_says_all_is_in_order(line: dict[str, Any]) -> None:
    assert found(audit.journal_stays, Journal(lines={7: line})) == []


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        *[(without(name), [name]) for name in LINE],
        ({**LINE, "ip": ""}, ["ip"]),
        (signed(kind=""), ["signatures.0.kind"]),
        (signed(serial=""), ["signatures.0.serial"]),
        (signed(fingerprint=""), ["signatures.0.fingerprint"]),
        (signed(kind="nonqualified", serial=""), ["signatures.0.serial"]),
        ({}, ["at", "ip", "action", "result", "account"]),
    ],
)
def test_what_a_line_does_not_say_is_named(line: dict[str, Any], fields: list[str]) -> None:
    claim = Journal(lines={3: LINE, 7: line})
    assert found(audit.journal_stays, claim) == [(f"7.{name}", "не записано") for name in fields]


def test_lines_that_are_not_as_they_were_written_are_named() -> None:
    reason = "запись изменена или удалена"
    assert found(audit.journal_stays, Journal(broken=[2, 5])) == [("2", reason), ("5", reason)]


def test_a_report_that_cannot_be_read_proves_nothing() -> None:
    claim = Journal(unreadable=Text("столбцы не те", "the columns are others"))
    assert found(audit.journal_stays, claim) == [("content", "столбцы не те")]


@pytest.mark.parametrize(
    ("claim", "fields"),
    [
        (Journal(wish="explain", text="Ошибся Олег"), []),
        (Journal(wish="explain", text=" "), [("text", "пояснение пусто")]),
        (Journal(wish="explain", text="x" * 4_000), []),
        (Journal(wish="explain", text="x" * 4_001), [("text", "пояснение длиннее 4000 знаков")]),
        (Journal(wish="change", text="Ошибся Олег"), [("wish", None)]),
        (Journal(wish="remove", text="Ошибся Олег"), [("wish", None)]),
    ],
)
def test_a_line_is_explained_and_neither_changed_nor_removed(
    claim: Journal, fields: list[tuple[str, str | None]]
) -> None:
    assert found(audit.journal_stays, claim) == fields


@pytest.mark.parametrize("role", [each.id for each in BOOK.roles.values()])
def test_roles_of_the_table_see_the_journal(role: str) -> None:
    rights = BOOK.rights_of(role)
    sees = role in ("head", "admin", "tech")
    expected = [] if sees else [("organization", "нет права просмотра журнала")]
    assert found(audit.seen_and_restored, Lookup(rights=rights)) == expected


@pytest.mark.parametrize(("wanted", "is_kept"), [(1, False), (2, True), (4, True), (5, False)])
def test_a_version_that_is_kept_comes_back(wanted: int, is_kept: bool) -> None:
    claim = Lookup(rights=[VIEW_AUDIT], wanted=wanted, kept=[2, 4])
    expected = [] if is_kept else [("earlier", "такой версии нет")]
    assert found(audit.seen_and_restored, claim) == expected


def test_without_the_right_versions_are_not_told_of() -> None:
    claim = Lookup(rights=["edit_organization"], wanted=2, kept=[2])
    assert found(audit.seen_and_restored, claim) == [
        ("organization", "нет права просмотра журнала")
    ]


def test_every_rule_of_the_chapter_is_written() -> None:
    chapter = {each.id for each in BOOK.rules.values() if each.chapter == "AUD"}
    assert {each for each in RULES if each.startswith("AUD-")} == chapter
