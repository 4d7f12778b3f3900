"""The chain of the journal tells whatever was done to it, and where (AUD-01)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.ports.store import JournalEntry, JournalLine
from portal.store.journal_chain import broken_at
from portal.store.memory import MemoryStore

_ENTRIES = st.lists(
    st.builds(JournalEntry, subject=st.text(max_size=5), body=st.binary(max_size=5)),
    min_size=1,
    max_size=8,
)


def written(entries: list[JournalEntry]) -> list[JournalLine]:
    store = MemoryStore()
    for entry in entries:
        store.commit([], [entry])
    return store.journal()


@given(_ENTRIES)
def test_what_was_written_is_whole(entries: list[JournalEntry]) -> None:
    lines = written(entries)
    assert [line.number for line in lines] == list(range(1, len(entries) + 1))
    assert broken_at(lines) is None


@given(_ENTRIES, st.data())
def test_a_changed_line_is_found(entries: list[JournalEntry], data: st.DataObject) -> None:
    lines = written(entries)
    place = data.draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(line, body=line.body + b"!"),
                replace(line, subject=line.subject + "!"),
                replace(line, digest=bytes(32)),
                replace(line, number=line.number + 1),
            ]
        )
    )
    assert broken_at([*lines[:place], changed, *lines[place + 1 :]]) == place + 1


@given(_ENTRIES.filter(lambda entries: len(entries) > 1), st.data())
def test_a_line_that_is_left_out_is_missed(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    lines = written(entries)
    place = data.draw(st.integers(0, len(lines) - 2))
    assert broken_at([*lines[:place], *lines[place + 1 :]]) == place + 1


@given(_ENTRIES.filter(lambda entries: len(entries) > 1), st.data())
def test_lines_that_have_changed_places_are_found(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    lines = written(entries)
    place = data.draw(st.integers(0, len(lines) - 2))
    swapped = [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]
    assert broken_at(swapped) == place + 1


def test_a_subject_and_a_body_cannot_be_moved_into_one_another() -> None:
    lines = written([JournalEntry(subject="ab", body=b"c")])
    assert broken_at([replace(lines[0], subject="a", body=b"bc")]) == 1
