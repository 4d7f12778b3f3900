"""What a load test was told against a real database of the portal."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.conservation import conservation
from loadtests.samples import Acknowledged, Unanswered
from portal.ports.store import Change, JournalEntry
from portal.store.sql_store import SqlStore
from reports.load.checks import check_in_words


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[SqlStore]:
    with SqlStore(f"sqlite:///{tmp_path / 'portal.db'}") as store:
        yield store


def keep(store: SqlStore, kind: str, id_: str, ogrn: str | None = None) -> None:
    keys = {} if ogrn is None else {"ogrn": ogrn}
    store.commit([Change(kind=kind, id=id_, version=0, body=b"{}", keys=keys, unique={})])


def told(*kinds_and_ids: tuple[str, str]) -> list[Acknowledged]:
    return [Acknowledged(kind, id_, "j", n, n) for n, (kind, id_) in enumerate(kinds_and_ids)]


def passed(tmp_path: Path, acknowledged: list[Acknowledged], *unanswered: str) -> dict[str, bool]:
    lost = [Unanswered(kind, f"k{n}", "j", n, n) for n, kind in enumerate(unanswered)]
    found = conservation(tmp_path / "portal.db", acknowledged, lost)
    return {check.name: check.passed for check in found}


WHOLE = {"acknowledged": True, "once": True, "journal": True}


def test_everything_acknowledged_is_there_once(store: SqlStore, tmp_path: Path) -> None:
    keep(store, "account", "a")
    keep(store, "organization", "o", ogrn="1027700132195")
    assert passed(tmp_path, told(("account", "a"), ("organization", "o"))) == WHOLE


def test_lost_submission_is_named(store: SqlStore, tmp_path: Path) -> None:
    keep(store, "account", "a")
    found = conservation(tmp_path / "portal.db", told(("account", "a"), ("account", "b")), [])
    assert [(check.passed, check_in_words(check, "en")) for check in found] == [
        (False, "2 acknowledged, 1 missing: account b"),
        (
            True,
            "0 numbers with two documents; made without an acknowledgement: 0; submissions without "
            "an answer: 0",
        ),
        (True, "whole"),
    ]


def test_document_that_an_act_has_ended_since_is_known_by_the_line_of_that_act(
    store: SqlStore, tmp_path: Path
) -> None:
    note(store, "a", "forget_unactivated", "deleted")
    note(store, "o", "discard_application", "discarded", application="x")
    assert passed(tmp_path, told(("account", "a"), ("application", "x"))) == WHOLE


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("account", [("a", "sign_up", "new"), ("a", "activate_account", "active")]),
        ("account", [("o", "discard_application", "discarded")]),
        ("application", [("o", "draft_application", "draft")]),
        ("application", [("o", "discard_application", "refused")]),
        ("application", [("a", "forget_unactivated", "deleted")]),
        ("organization", [("a", "register_organization", "verifying")]),
    ],
)
def test_document_that_is_gone_is_missing_whatever_else_the_journal_says_of_it(
    kind: str, lines: list[tuple[str, str, str]], store: SqlStore, tmp_path: Path
) -> None:
    for subject, action, result in lines:
        note(store, subject, action, result, application="a")
    assert passed(tmp_path, told((kind, "a")), kind) == {**WHOLE, "acknowledged": False}


def test_submission_repeated_under_one_id_counts_once(store: SqlStore, tmp_path: Path) -> None:
    keep(store, "application", "x")
    assert passed(tmp_path, told(("application", "x"), ("application", "x"))) == WHOLE


def note(store: SqlStore, subject: str, action: str, result: str, **details: str) -> None:
    line = {"action": action, "result": result, **details}
    store.commit([], [JournalEntry(subject=subject, body=json.dumps(line).encode())])


@pytest.mark.parametrize("kind", ["account", "application", "binding"])
@pytest.mark.parametrize(
    ("unanswered", "is_once"),
    [([], False), (["{}"], True), (["document"], False)],
    ids=["none", "one of the kind", "one of another kind"],
)
def test_document_that_nobody_was_told_of_needs_a_lost_submission_of_its_kind(
    kind: str, unanswered: list[str], is_once: bool, store: SqlStore, tmp_path: Path
) -> None:
    keep(store, kind, "a")
    keep(store, kind, "b")
    lost = [each.format(kind) for each in unanswered]
    assert passed(tmp_path, told((kind, "a")), *lost) == {**WHOLE, "once": is_once}


def test_two_documents_of_one_number_are_a_doubled_submission(
    store: SqlStore, tmp_path: Path
) -> None:
    keep(store, "organization", "o", ogrn="1027700132195")
    keep(store, "organization", "p", ogrn="1027700132195")
    found = passed(tmp_path, told(("organization", "o"), ("organization", "p")), "organization")
    assert found == {**WHOLE, "once": False}


def test_employee_added_twice_of_one_submission_is_doubled_though_it_is_one_document(
    store: SqlStore, tmp_path: Path
) -> None:
    keep(store, "employee", "o/77")
    for _ in range(2):
        note(store, "o", "add_employee", "code_sent", employee="o/77")
    once, twice = ("employee", "o/77"), [("employee", "o/77")] * 2
    assert passed(tmp_path, told(once)) == {**WHOLE, "once": False}
    assert passed(tmp_path, told(*twice)) == WHOLE
    assert passed(tmp_path, told(once), "employee") == WHOLE


def test_file_uploaded_twice_of_one_submission_is_doubled(store: SqlStore, tmp_path: Path) -> None:
    for name in ("d", "e"):
        keep(store, "document", name)
        note(store, "a", "upload_document", "ready", document=name)
    assert passed(tmp_path, told(("document", "d"))) == {**WHOLE, "once": False}
    assert passed(tmp_path, told(("document", "d")), "document") == WHOLE


def test_file_seen_by_the_antivirus_later_one_it_has_blocked_and_an_act_are_not_doubled(
    store: SqlStore, tmp_path: Path
) -> None:
    for name in ("d", "infected", "act"):
        keep(store, "document", name)
    note(store, "a", "upload_document", "scanning", document="d")
    note(store, "a", "upload_document", "ready", document="d")
    note(store, "a", "upload_document", "blocked", document="infected")
    assert passed(tmp_path, told(("document", "d"))) == WHOLE


def test_registration_that_nobody_was_told_of_needs_one_that_was_lost(
    store: SqlStore, tmp_path: Path
) -> None:
    keep(store, "organization", "o", ogrn="1027700132195")
    note(store, "o", "register_organization", "verifying")
    note(store, "account", "register_organization", "refused")
    keep(store, "organization", "bound", ogrn="1027700132196")  # by a binding
    assert passed(tmp_path, []) == {**WHOLE, "once": False}
    assert passed(tmp_path, [], "organization") == WHOLE
