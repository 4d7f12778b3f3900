"""The journal in the security settings, its report, and what is told of a journal that somebody has
changed by hand."""

import base64
import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.audit.report import TITLES
from portal.ports.store import JournalEntry, Store
from portal.store.journal_chain import FIRST, broken_at, digest_of
from portal.store.memory import MemoryStore
from portal.store.sql_store import SqlStore
from portal.use_case import Actor, Outcome
from tests.portal.applicants import open_account
from tests.portal.cabinets import OTHER_LEGAL, Cabinet, encoded
from tests.portal.filings import COUNTRY
from tests.portal.wiring import Stand, broken, portal_with

STAFF = Actor(operator="Ольга")


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="cabinet")
def _cabinet(stand: Stand) -> Cabinet:
    return Cabinet(stand)


def log(cabinet: Cabinet, actor: Actor, **asked: Any) -> Outcome:
    return cabinet.stand.read("audit_log", actor, organization=cabinet.id, **asked)


def acts(outcome: Outcome) -> list[str]:
    return [each["action"] for each in outcome.data["items"]]


def choose_tier(cabinet: Cabinet, actor: Actor, tier: str = "medium") -> None:
    outcome = cabinet.stand.act("choose_tier", actor, organization=cabinet.id, tier=tier)
    assert outcome.refusal is None


# --- who sees what


def test_a_line_tells_when_from_where_who_what_and_with_what_result(
    stand: Stand, cabinet: Cabinet
) -> None:
    head = cabinet.member()
    facts = cabinet.certificate()
    cabinet.active(head, facts)
    latest = log(cabinet, head).data["items"][0]
    assert {name: said for name, said in latest.items() if name != "details"} == {
        "id": 2,
        "at": "2026-02-02T10:00:00+03:00",
        "ip": "127.0.0.1",
        "account": head.account,
        "name": "Иванов Иван Иванович",
        "operator": None,
        "task": None,
        "action": "trial_signature",
        "result": "active",
        "signatures": [
            {"kind": "qualified", "serial": facts.serial, "fingerprint": facts.fingerprint}
        ],
    }
    assert list(latest["details"]) == ["certificate"]


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        *[("head", True), ("admin", True), ("tech", True)],
        *[("mgr", False), ("acc", False), ("oper", False), ("rep", False), ("emp", False)],
    ],
)
def test_the_journal_is_for_those_who_have_the_right(
    cabinet: Cabinet, role: str, sees: bool
) -> None:
    actor = cabinet.member(role)
    for view in ("audit_log", "audit_report"):
        shown = cabinet.stand.read(view, actor, organization=cabinet.id)
        expected = (None, []) if sees else ("forbidden", ["AUD-02 organization"])
        assert (shown.refusal, broken(shown)) == expected


def test_that_a_stranger_has_looked_is_seen_by_the_organizations_own(
    stand: Stand, cabinet: Cabinet
) -> None:
    stranger = open_account(stand, COUNTRY.person(9))
    assert log(cabinet, stranger).refusal == "absent"
    seen = log(cabinet, cabinet.member("admin")).data["items"]
    told = [(each["account"], each["name"], each["action"], each["result"]) for each in seen]
    assert told == [(stranger.account, None, "audit_log", "another's")]


def test_of_another_organization_nothing_is_told(stand: Stand, cabinet: Cabinet) -> None:
    other = Cabinet(stand, numbers=dict(OTHER_LEGAL))
    choose_tier(other, other.member())
    head = cabinet.member()
    choose_tier(cabinet, head)
    assert acts(log(cabinet, head)) == ["choose_tier"]


def test_what_was_about_the_number_before_the_organization_was_here_is_told_too(
    stand: Stand, cabinet: Cabinet
) -> None:
    head = cabinet.member()
    numbers = {"inn": cabinet.numbers["inn"], "ogrn": cabinet.numbers["ogrn"]}
    choose_tier(cabinet, head)
    stand.act("ask_authority_code", head, **numbers)
    choose_tier(cabinet, head, "large")
    assert acts(log(cabinet, head)) == ["choose_tier", "ask_authority_code", "choose_tier"]


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ({}, [3, 2, 1]),
        ({"action": "choose_tier"}, [3, 1]),
        ({"action": "unknown"}, []),
        ({"who": "account 500100732259"}, [3, 1]),
        ({"who": "Ольга"}, [2]),
        ({"since": "2026-02-03"}, [3, 2]),
        ({"until": "2026-02-03"}, [2, 1]),
        ({"since": "2026-02-03", "until": "2026-02-03"}, [2]),
        ({"since": "2026-02-05"}, []),
        ({"who": "Ольга", "until": "2026-02-02"}, []),
    ],
)
def test_lines_are_looked_for_by_act_person_and_days(
    stand: Stand, cabinet: Cabinet, asked: dict[str, str], lines: list[int]
) -> None:
    head = cabinet.member()
    choose_tier(cabinet, head)
    stand.after(days=1)
    staff: dict[str, Any] = {"organization": cabinet.id, "fields": ["inn"]}
    assert stand.act("report_mistaken_binding", STAFF, **staff).state == "mistaken"
    stand.after(days=1)
    choose_tier(cabinet, head)
    assert [each["id"] for each in log(cabinet, head, **asked).data["items"]] == lines


def test_ones_own_account_has_a_journal_too(stand: Stand, cabinet: Cabinet) -> None:
    head, other = cabinet.member(), cabinet.member("admin", "500100732260")
    stand.act("disconnect_app", head)
    assert acts(stand.read("security_log", head)) == ["connect_app"]
    assert acts(stand.read("security_log", head, action="sign_in")) == []
    assert acts(stand.read("security_log", other)) == []
    assert stand.read("security_log").refusal == "unauthenticated"


# --- a line that is wrong


def test_a_wrong_line_is_explained_by_another(stand: Stand, cabinet: Cabinet) -> None:
    head = cabinet.member()
    choose_tier(cabinet, head)
    before = stand.store.journal()
    asked: dict[str, Any] = {"organization": cabinet.id, "number": 1}
    outcome = stand.act("explain_journal_line", head, **asked, text="Ошибся Олег")
    assert outcome.state == "explained"
    lines = stand.store.journal()
    assert (lines[:1], broken_at(lines)) == (before, None)
    latest = log(cabinet, head).data["items"][0]
    expected = {"number": 1, "wish": "explain", "text": "Ошибся Олег"}
    assert (latest["result"], latest["details"]) == ("explained", expected)


@pytest.mark.parametrize("wish", ["change", "remove"])
def test_a_line_is_neither_changed_nor_removed_and_that_somebody_wanted_it_is_kept(
    stand: Stand, cabinet: Cabinet, wish: str
) -> None:
    head = cabinet.member()
    choose_tier(cabinet, head)
    asked: dict[str, Any] = {
        "organization": cabinet.id,
        "number": 1,
        "wish": wish,
        "text": "Лишнее",
    }
    outcome = stand.act("explain_journal_line", head, **asked)
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["AUD-01 wish"])
    latest = log(cabinet, head).data["items"][0]
    assert latest["result"] == "refused"
    assert latest["details"] == {"rules": ["AUD-01"], "number": 1, "wish": wish}


def test_only_ones_own_lines_are_explained(stand: Stand, cabinet: Cabinet) -> None:
    other = Cabinet(stand, numbers=dict(OTHER_LEGAL))
    choose_tier(other, other.member(inn="500100732260"))
    head = cabinet.member()
    beyond = [(cabinet.id, number) for number in (2, 0, -1, 2**63, 10**30)]
    for organization, number in ((cabinet.id, 1), *beyond, (other.id, 1)):
        asked: dict[str, Any] = {"organization": organization, "number": number, "text": "Чужое"}
        assert stand.act("explain_journal_line", head, **asked).refusal == "absent"


# --- the report


def report(cabinet: Cabinet, actor: Actor, **asked: Any) -> bytes:
    shown = cabinet.stand.read("audit_report", actor, organization=cabinet.id, **asked)
    assert shown.data["media_type"] == "text/csv; charset=utf-8"
    assert shown.data["file_name"] == f"journal-{cabinet.numbers['ogrn']}.csv"
    return base64.b64decode(shown.data["content"])


def checked(cabinet: Cabinet, actor: Actor, content: bytes) -> Outcome:
    form = {"organization": cabinet.id, "content": encoded(content)}
    return cabinet.stand.act("check_audit_report", actor, **form)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.fixture(name="filled")
def _filled(stand: Stand, cabinet: Cabinet) -> Cabinet:
    """Lines 1, 3 and 4 are the cabinet's, line 2 is another's."""
    head = cabinet.member()
    other = Cabinet(stand, numbers=dict(OTHER_LEGAL))
    choose_tier(cabinet, head)
    choose_tier(other, other.member(inn="500100732260"))
    choose_tier(cabinet, head, "large")
    cabinet.bind(head, cabinet.certificate())
    return cabinet


def test_a_report_bears_the_digests_by_which_anybody_checks_it(
    stand: Stand, filled: Cabinet
) -> None:
    content = report(filled, filled.member())
    told = rows(content)
    assert tuple(told[0]) == TITLES
    assert [row["Номер"] for row in told] == ["1", "3", "4"]
    lines = stand.store.journal()
    for row, before in zip(told, (FIRST, lines[1].digest, lines[2].digest), strict=True):
        number, body = int(row["Номер"]), row["Запись"].encode()
        assert row["Хеш предыдущей"] == before.hex()
        assert row["Хеш"] == digest_of(before, number, row["О чём"], body).hex()
        said = json.loads(body)
        assert (row["Действие"], row["Результат"]) == (said["action"], said["result"])
        assert (row["Время"], row["Пользователь"]) == (said["at"], said["account"])
    assert json.loads(stand.store.journal(filled.id)[-1].body)["lines"] == 3


def test_a_report_that_was_kept_agrees_with_the_journal_for_ever(
    stand: Stand, filled: Cabinet
) -> None:
    head = filled.member()
    kept = [report(filled, head), report(filled, head, action="choose_tier")]
    stand.after(days=400)
    choose_tier(filled, head)
    assert [checked(filled, head, each).state for each in kept] == ["whole", "whole"]
    with_mark = b"\xef\xbb\xbf" + kept[0]  # as spreadsheets save it
    assert checked(filled, head, with_mark).state == "whole"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('""result"": ""large""', '""result"": ""small""', ["AUD-01 3"]),
        ("\r\n3,", "\r\n5,", ["AUD-01 5"]),
        ("Номер,", "№,", ["AUD-01 content"]),
        ("\r\n3,", "\r\n,", ["AUD-01 content"]),
        ("\r\n3,", "\r\n", ["AUD-01 content"]),
    ],
)
def test_a_report_that_was_changed_does_not(
    filled: Cabinet, old: str, new: str, expected: list[str]
) -> None:
    content = report(filled, filled.member()).decode()
    assert content.count(old) == 1
    outcome = checked(filled, filled.member(), content.replace(old, new).encode())
    assert (outcome.refusal, broken(outcome)) == ("wrong", expected)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00" * 10, b"", b'"open'])
def test_what_is_no_report_is_told_so(filled: Cabinet, content: bytes) -> None:
    assert broken(checked(filled, filled.member(), content)) == ["AUD-01 content"]


def test_a_report_of_another_journal_is_not_this_ones(stand: Stand, filled: Cabinet) -> None:
    elsewhere = Cabinet(portal_with())
    choose_tier(elsewhere, elsewhere.member(), "large")
    content = report(elsewhere, elsewhere.member())
    assert broken(checked(filled, filled.member(), content)) == ["AUD-01 1"]


def test_a_spreadsheet_computes_nothing_of_what_somebody_has_typed() -> None:
    stand = portal_with()
    cabinet = Cabinet(stand)
    operator = Actor(operator='=HYPERLINK("http://a.test")')
    staff: dict[str, Any] = {"organization": cabinet.id, "fields": ["inn"]}
    stand.act("report_mistaken_binding", operator, **staff)
    content = report(cabinet, cabinet.member())
    assert rows(content)[0]["Пользователь"] == '\'=HYPERLINK("http://a.test")'
    assert checked(cabinet, cabinet.member(), content).state == "whole"


# --- the whole journal


def test_a_whole_journal_tells_its_end(stand: Stand, filled: Cabinet) -> None:
    last = stand.store.journal()[-1]
    outcome = stand.read("check_journal", STAFF)
    expected = {"lines": 4, "digest": last.digest.hex()}
    assert (outcome.state, outcome.data) == ("whole", expected)
    choose_tier(filled, filled.member())
    noted = {"number": expected["lines"], "digest": expected["digest"]}
    assert stand.read("check_journal", STAFF, **noted).data["lines"] == 5


def test_only_the_staff_checks_all_of_it(filled: Cabinet) -> None:
    assert filled.stand.read("check_journal", filled.member()).refusal == "forbidden"


def test_a_journal_without_a_line_is_whole() -> None:
    outcome = portal_with().read("check_journal", STAFF)
    assert (outcome.state, outcome.data) == ("whole", {"lines": 0, "digest": ""})


def test_a_line_that_was_noted_has_to_be_there(stand: Stand, filled: Cabinet) -> None:
    digest = stand.store.journal()[3].digest.hex()
    for noted in ({"number": 5, "digest": digest}, {"number": 3, "digest": digest}):
        outcome = stand.read("check_journal", STAFF, **noted)
        assert broken(outcome) == [f"AUD-01 {noted['number']}"]


def test_a_line_that_does_not_say_who_or_with_what_is_named() -> None:
    store = MemoryStore()
    store.commit([], [JournalEntry(subject="a", body=b'{"action": "b", "signatures": [{}]}')])
    fields = ["at", "ip", "result", "account"]
    fields += [f"signatures.0.{name}" for name in ("kind", "serial", "fingerprint")]
    outcome = portal_with(store=store).read("check_journal", STAFF)
    assert broken(outcome) == [f"AUD-01 1.{name}" for name in fields]


# --- a database that somebody has edited by hand


LARGE = b'"result": "large"'


def _body(connection: sqlite3.Connection, number: int) -> bytes:
    found = connection.execute("SELECT body FROM journal WHERE number = ?", (number,)).fetchone()
    return bytes(found[0])


def change_body(connection: sqlite3.Connection) -> None:
    body = _body(connection, 3).replace(LARGE, b'"result": "small"')
    connection.execute("UPDATE journal SET body = ? WHERE number = 3", (body,))


def spoil_body(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE journal SET body = ? WHERE number = 3", (b"\xff",))


def spoil_signatures(connection: sqlite3.Connection) -> None:
    connection.execute("""UPDATE journal SET body = '{"signatures": [1]}' WHERE number = 3""")


def change_and_hash(connection: sqlite3.Connection) -> None:
    """The line's own digest is made to fit; that of the next one gives it away."""
    before = connection.execute("SELECT digest FROM journal WHERE number = 2").fetchone()[0]
    subject = connection.execute("SELECT subject FROM journal WHERE number = 3").fetchone()[0]
    body = _body(connection, 3).replace(LARGE, b'"result": "small"')
    digest = digest_of(bytes(before), 3, subject, body)
    connection.execute("UPDATE journal SET body = ?, digest = ? WHERE number = 3", (body, digest))


def delete_line(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE number = 3")


def delete_and_renumber(connection: sqlite3.Connection) -> None:
    delete_line(connection)
    for number in (4, 5):
        connection.execute("UPDATE journal SET number = ? WHERE number = ?", (number - 1, number))


def delete_first(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE number = 1")


def move_to_another(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE journal SET subject = 'other' WHERE number = 3")


def by_hand(file: Path, tamper: Callable[[sqlite3.Connection], None]) -> None:
    connection = sqlite3.connect(file)
    with connection:
        tamper(connection)
    connection.close()


@pytest.mark.parametrize(
    ("tamper", "noticed", "of_report"),
    [
        (change_body, ["AUD-01 3"], ["AUD-01 3"]),
        (spoil_body, ["AUD-01 3"], ["AUD-01 3"]),
        (spoil_signatures, ["AUD-01 3"], ["AUD-01 3"]),
        (change_and_hash, ["AUD-01 4"], ["AUD-01 3"]),
        (delete_line, ["AUD-01 3"], ["AUD-01 3"]),
        (delete_and_renumber, ["AUD-01 3"], ["AUD-01 3", "AUD-01 4"]),
        (delete_first, ["AUD-01 1"], ["AUD-01 1"]),
        (move_to_another, ["AUD-01 3"], ["AUD-01 3"]),
    ],
)
def test_a_row_that_was_edited_by_hand_is_noticed_at_its_place(
    tmp_path: Path,
    tamper: Callable[[sqlite3.Connection], None],
    noticed: list[str],
    of_report: list[str],
) -> None:
    file = tmp_path / "portal.db"
    with SqlStore(f"sqlite:///{file}") as store:
        stand = portal_with(store=store)
        cabinet = Cabinet(stand)
        head = cabinet.member()
        for tier in ("medium", "small", "large", "medium"):
            choose_tier(cabinet, head, tier)
        kept = report(cabinet, head)
        assert stand.read("check_journal", STAFF).state == "whole"
        by_hand(file, tamper)
        assert broken(stand.read("check_journal", STAFF)) == noticed
        assert broken(checked(cabinet, head, kept)) == of_report
        assert log(cabinet, head).refusal is None
        assert stand.read("audit_report", head, organization=cabinet.id).refusal is None


def test_an_end_that_was_cut_off_is_noticed_by_whoever_has_noted_it(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    with SqlStore(f"sqlite:///{file}") as store:
        stand = portal_with(store=store)
        cabinet = Cabinet(stand)
        for tier in ("medium", "large"):
            choose_tier(cabinet, cabinet.member(), tier)
        whole = stand.read("check_journal", STAFF).data
        noted = {"number": whole["lines"], "digest": whole["digest"]}
        by_hand(file, delete_last)
        assert stand.read("check_journal", STAFF).data["lines"] == 1
        assert broken(stand.read("check_journal", STAFF, **noted)) == ["AUD-01 2"]


def delete_last(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE number = 2")
