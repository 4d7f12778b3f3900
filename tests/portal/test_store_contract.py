"""What the portal may expect of a store, whichever it is."""

import threading
from collections.abc import Mapping, Sequence

import pytest

from portal.ports.store import Change, Conflict, Document, JournalEntry, Store
from portal.store.journal_chain import FIRST, broken_at, digest_of


def change(
    document_id: str,
    version: int = 0,
    body: bytes | None = b"{}",
    *,
    kind: str = "note",
    keys: Mapping[str, str] | None = None,
    unique: Mapping[str, str] | None = None,
) -> Change:
    return Change(
        kind=kind,
        id=document_id,
        version=version,
        body=body,
        keys=keys or {},
        unique=unique or {},
    )


def ids(found: Sequence[Document]) -> list[str]:
    return [document.id for document in found]


def entry(subject: str, body: str = "{}") -> JournalEntry:
    return JournalEntry(subject=subject, body=body.encode())


# --- documents and their versions


def test_a_new_document_has_version_one_and_each_change_one_more(store: Store) -> None:
    assert store.get("note", "a") is None
    store.commit([change("a", 0, b"one")])
    assert store.get("note", "a") == Document("note", "a", 1, b"one")
    store.commit([change("a", 1, b"two")])
    assert store.get("note", "a") == Document("note", "a", 2, b"two")


def test_a_deleted_document_is_gone_and_may_come_anew(store: Store) -> None:
    store.commit([change("a", keys={"of": "x"}, unique={"number": "1"})])
    store.commit([change("a", 1, None)])
    assert store.get("note", "a") is None
    assert store.find("note", "of", "x") == store.find("note", "number", "1") == []
    store.commit([change("a", 0, b"again", unique={"number": "1"})])
    assert store.get("note", "a") == Document("note", "a", 1, b"again")


@pytest.mark.parametrize("version", [0, 2])
@pytest.mark.parametrize("body", [b"{}", None])
def test_another_version_than_the_latest_is_a_conflict(
    store: Store, version: int, body: bytes | None
) -> None:
    store.commit([change("a", 0, b"one")])
    with pytest.raises(Conflict, match="note a"):
        store.commit([change("a", version, body)])
    assert store.get("note", "a") == Document("note", "a", 1, b"one")


@pytest.mark.parametrize("body", [b"{}", None])
def test_changing_what_is_not_there_is_a_conflict(store: Store, body: bytes | None) -> None:
    with pytest.raises(Conflict, match="note a"):
        store.commit([change("a", 1, body)])
    assert store.get("note", "a") is None


def test_documents_of_two_kinds_share_nothing(store: Store) -> None:
    store.commit([change("a", keys={"of": "x"}, unique={"number": "1"})])
    store.commit([change("a", kind="task", keys={"of": "x"}, unique={"number": "1"})])
    assert store.find("note", "of", "x") == [Document("note", "a", 1, b"{}")]
    assert store.find("task", "number", "1") == [Document("task", "a", 1, b"{}")]


def test_bytes_and_words_of_any_script_come_back_as_they_were(store: Store) -> None:
    body = bytes(range(256))
    store.commit([change("заявка/№ 1'\"%", 0, body, keys={"почта": "я@пример.рф"})])
    assert store.find("note", "почта", "я@пример.рф") == [
        Document("note", "заявка/№ 1'\"%", 1, body)
    ]


# --- all or nothing


def test_a_commit_with_one_conflict_does_nothing_at_all(store: Store) -> None:
    store.commit([change("a", 0, b"one", keys={"of": "x"})])
    with pytest.raises(Conflict):
        store.commit(
            [change("a", 1, b"two", keys={"of": "y"}), change("b", 1), change("c")],
            [entry("a")],
        )
    assert store.get("note", "a") == Document("note", "a", 1, b"one")
    assert ids(store.find("note", "of", "x")) == ["a"]
    assert store.find("note", "of", "y") == []
    assert store.get("note", "c") is None
    assert store.journal() == []


def test_an_empty_commit_and_one_of_lines_alone_are_fine(store: Store) -> None:
    store.commit([])
    store.commit([], [entry("a"), entry("b")])
    assert [line.subject for line in store.journal()] == ["a", "b"]


# --- unique keys


def test_a_unique_value_that_another_has_is_a_conflict(store: Store) -> None:
    store.commit([change("a", unique={"number": "1"})])
    with pytest.raises(Conflict):
        store.commit([change("b", unique={"number": "1"})])
    store.commit([change("b", unique={"number": "2"})])
    with pytest.raises(Conflict):
        store.commit([change("b", 1, unique={"number": "1"})])
    assert ids(store.find("note", "number", "1")) == ["a"]
    assert ids(store.find("note", "number", "2")) == ["b"]


def test_two_new_documents_of_one_commit_cannot_have_one_unique_value(store: Store) -> None:
    with pytest.raises(Conflict):
        store.commit([change("a", unique={"number": "1"}), change("b", unique={"number": "1"})])
    assert store.find("note", "number", "1") == []


def test_a_document_keeps_its_own_unique_value(store: Store) -> None:
    store.commit([change("a", unique={"number": "1"})])
    store.commit([change("a", 1, b"two", unique={"number": "1"})])
    assert store.find("note", "number", "1") == [Document("note", "a", 2, b"two")]


@pytest.mark.parametrize("first", ["giver", "taker"])
def test_a_unique_value_may_pass_to_another_within_one_commit(store: Store, first: str) -> None:
    store.commit([change("a", unique={"number": "1"})])
    gives, takes = change("a", 1, unique={"number": "2"}), change("b", unique={"number": "1"})
    store.commit([gives, takes] if first == "giver" else [takes, gives])
    assert ids(store.find("note", "number", "1")) == ["b"]
    assert ids(store.find("note", "number", "2")) == ["a"]


def test_a_deleted_document_gives_its_unique_value_up_within_the_commit(store: Store) -> None:
    store.commit([change("a", unique={"number": "1"})])
    store.commit([change("b", unique={"number": "1"}), change("a", 1, None)])
    assert ids(store.find("note", "number", "1")) == ["b"]


def test_two_documents_may_swap_their_unique_values(store: Store) -> None:
    store.commit([change("a", unique={"number": "1"}), change("b", unique={"number": "2"})])
    store.commit([change("a", 1, unique={"number": "2"}), change("b", 1, unique={"number": "1"})])
    assert ids(store.find("note", "number", "1")) == ["b"]


def test_a_holder_that_is_changed_and_keeps_its_value_is_still_in_the_way(store: Store) -> None:
    store.commit([change("a", unique={"number": "1"})])
    with pytest.raises(Conflict):
        store.commit([change("a", 1, unique={"number": "1"}), change("b", unique={"number": "1"})])


# --- finding


def test_documents_are_found_by_the_keys_they_have_now(store: Store) -> None:
    store.commit([change("a", keys={"of": "x", "state": "new"})])
    store.commit([change("a", 1, keys={"of": "y"})])
    assert store.find("note", "of", "x") == store.find("note", "state", "new") == []
    assert store.find("note", "of", "y") == [Document("note", "a", 2, b"{}")]


def test_found_documents_come_by_code_points_of_their_ids_page_by_page(store: Store) -> None:
    in_order = ["", "10", "9", "A", "Z", "_", "a", "Я", "ё", "𐍈"]
    store.commit([change(each, keys={"of": "x"}) for each in reversed(in_order)])
    store.commit([change("0", keys={"of": "w"}), change("1", keys={"of": "xx"})])
    assert ids(store.find("note", "of", "x")) == in_order
    assert ids(store.find("note", "of", "x", limit=4)) == ["", "10", "9", "A"]
    assert ids(store.find("note", "of", "x", after="A", limit=3)) == ["Z", "_", "a"]
    assert ids(store.find("note", "of", "x", after="B")) == ["Z", "_", "a", "Я", "ё", "𐍈"]
    assert store.find("note", "of", "x", after="𐍈") == []
    assert store.find("note", "of", "x", limit=0) == []


def test_what_is_not_above_a_value_comes_by_value_and_id_up_to_a_limit(store: Store) -> None:
    dues = {"b": "2", "a": "2", "e": "3", "c": "1", "d": "4"}
    store.commit([change(name, keys={"due": due}) for name, due in dues.items()])
    assert ids(store.up_to("note", "due", "3", 10)) == ["c", "a", "b", "e"]
    assert ids(store.up_to("note", "due", "2", 2)) == ["c", "a"]
    assert store.up_to("note", "due", "0", 10) == store.up_to("note", "due", "4", 0) == []


# --- the journal


def test_what_lies_between_two_values_comes_from_the_highest_on_up_to_a_limit(
    store: Store,
) -> None:
    for document_id, value in (("a", "x 1"), ("b", "x 3"), ("c", "x 2"), ("d", "x!"), ("e", "x 2")):
        store.commit([change(document_id, keys={"listed": value})])
    store.commit([change("f", kind="other", keys={"listed": "x 2"})])

    def latest(above: str, below: str, limit: int | None = None) -> list[str]:
        return ids(store.latest("note", "listed", above=above, below=below, limit=limit))

    assert latest("x ", "x!") == ["b", "e", "c", "a"]
    assert [latest("x ", "x!", limit) for limit in (0, 1, 3)] == [[], ["b"], ["b", "e", "c"]]
    assert latest("x ", "x 3") == ["e", "c", "a"]
    assert (latest("x 1", "x 3"), latest("x 3", "x 1"), latest("y", "z")) == (["e", "c"], [], [])


def test_lines_are_numbered_and_chained_from_the_first_on(store: Store) -> None:
    store.commit([change("a")], [entry("a", "1"), entry("b", "2")])
    store.commit([], [entry("a", "3")])
    lines = store.journal()
    assert [(line.number, line.subject, line.body) for line in lines] == [
        (1, "a", b"1"),
        (2, "b", b"2"),
        (3, "a", b"3"),
    ]
    first = digest_of(FIRST, 1, "a", b"1")
    assert [line.digest for line in lines[:2]] == [first, digest_of(first, 2, "b", b"2")]
    assert broken_at(lines) is None


def test_lines_are_read_by_subject_and_page_by_page(store: Store) -> None:
    store.commit([], [entry(subject) for subject in "abaab"])
    assert [line.number for line in store.journal("a")] == [1, 3, 4]
    assert [line.number for line in store.journal("a", after=1, limit=1)] == [3]
    assert [line.number for line in store.journal(after=2, limit=2)] == [3, 4]
    assert store.journal("c") == store.journal(after=5) == store.journal(limit=0) == []


def test_lines_are_read_from_the_latest_on_too(store: Store) -> None:
    store.commit([], [entry(subject) for subject in "abaab"])
    assert store.latest_lines() == store.journal()[::-1]
    assert [line.number for line in store.latest_lines("a")] == [4, 3, 1]
    assert [line.number for line in store.latest_lines("a", before=4, limit=1)] == [3]
    assert [line.number for line in store.latest_lines(before=4, limit=2)] == [3, 2]
    assert [line.number for line in store.latest_lines(before=2, limit=2)] == [1]
    assert [line.number for line in store.latest_lines(before=6, limit=9)] == [5, 4, 3, 2, 1]
    assert store.latest_lines("c") == store.latest_lines(limit=0) == []
    assert store.latest_lines(before=1) == store.latest_lines("a", before=1) == []


def test_numbers_that_no_line_can_have_are_above_or_below_all(store: Store) -> None:
    store.commit([], [entry("a"), entry("b")])
    for beyond in (2**63, 10**30):
        assert store.journal(after=beyond) == store.latest_lines(before=-beyond) == []
        assert [line.number for line in store.journal(after=-beyond)] == [1, 2]
        assert [line.number for line in store.latest_lines(before=beyond)] == [2, 1]


# --- together


def test_nobody_is_lost_and_no_number_left_out_when_many_commit_at_once(store: Store) -> None:
    writers, each = 8, 12
    conflicts: list[str] = []

    def write(writer: int) -> None:
        for turn in range(each):
            try:  # every writer wants the same numbers: one of them has each
                taken = change(f"{writer}/{turn}", unique={"number": str(turn)})
                store.commit([taken], [entry(f"writer {writer}", str(turn))])
            except Conflict:
                conflicts.append(f"{writer}/{turn}")

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = store.journal()
    assert len(conflicts) == (writers - 1) * each
    assert [line.number for line in lines] == list(range(1, each + 1))
    assert broken_at(lines) is None
    holders = [ids(store.find("note", "number", str(turn))) for turn in range(each)]
    assert sorted(holder for [holder] in holders) == sorted(
        f"{line.subject.removeprefix('writer ')}/{line.body.decode()}" for line in lines
    )


def test_of_many_who_change_one_version_one_is_first(store: Store) -> None:
    store.commit([change("a", 0, b"")])
    done: list[bytes] = []

    def append(body: bytes) -> None:
        try:
            store.commit([change("a", 1, body)])
        except Conflict:
            return
        done.append(body)

    threads = [threading.Thread(target=append, args=(b"%d" % number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("note", "a") == Document("note", "a", 2, done[0])
    assert len(done) == 1
