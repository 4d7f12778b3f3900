"""Whatever is done to a store, it answers like a plain dictionary."""

from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.ports.store import Change, Conflict, Document, JournalEntry, Store
from portal.store.journal_chain import broken_at
from tests.portal.stores import KINDS, opened

IDS = st.sampled_from(["a", "b", "c", "ё"])
VALUES = st.sampled_from(["1", "2", "3"])
KEYS = st.dictionaries(st.sampled_from(["of", "state"]), VALUES)
UNIQUE = st.dictionaries(st.just("number"), VALUES)


@dataclass
class Reference:
    """Documents with their changes, and what was written about whom."""

    kept: dict[str, tuple[int, Change]] = field(default_factory=dict)
    lines: list[tuple[str, bytes]] = field(default_factory=list)

    def commit(self, changes: list[Change], entries: list[JournalEntry]) -> bool:
        after = dict(self.kept)
        for change in changes:
            if after.get(change.id, (0, None))[0] != change.version:
                return False
            after.pop(change.id, None)
            if change.body is not None:
                after[change.id] = change.version + 1, change
        taken = [each for _, change in after.values() for each in change.unique.items()]
        if len(taken) != len(set(taken)):
            return False
        self.kept = after
        self.lines += [(entry.subject, entry.body) for entry in entries]
        return True

    def having(self, key: str) -> list[tuple[str, str]]:
        found = [
            (value, name)
            for name, (_, change) in self.kept.items()
            for its_key, value in {**change.keys, **change.unique}.items()
            if its_key == key
        ]
        return sorted(found)

    def between(self, key: str, above: str, below: str) -> list[str]:
        return [name for has, name in reversed(self.having(key)) if above < has < below]


def latest_in(store: Store, key: str, above: str, below: str, limit: int | None) -> list[str]:
    found = store.latest("note", key, above=above, below=below, limit=limit)
    return [each.id for each in found]


def machine(kind: str) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.open = ExitStack()
            self.store = self.open.enter_context(opened[kind]())
            self.reference = Reference()

        @rule(data=st.data(), names=st.lists(IDS, unique=True, max_size=3), says=st.binary())
        def commit(self, data: st.DataObject, names: list[str], says: bytes) -> None:
            changes = [self.drawn(data, name) for name in names]
            entries = [JournalEntry(subject=name, body=says) for name in names]
            try:
                self.store.commit(changes, entries)
                is_done = True
            except Conflict:
                is_done = False
            assert is_done == self.reference.commit(changes, entries)

        def drawn(self, data: st.DataObject, name: str) -> Change:
            latest = self.reference.kept.get(name, (0, None))[0]
            return Change(
                kind="note",
                id=name,
                version=data.draw(st.sampled_from([latest] * 5 + [latest + 1, 0])),
                body=data.draw(st.none() | st.binary(max_size=3)),
                keys=data.draw(KEYS),
                unique=data.draw(UNIQUE),
            )

        @rule(key=st.sampled_from(["of", "state", "number"]), value=VALUES, after=IDS | st.just(""))
        def find(self, key: str, value: str, after: str) -> None:
            names = [name for has, name in self.reference.having(key) if has == value]
            wanted = [name for name in names if name > after]
            for limit in (None, 1):
                found = self.store.find("note", key, value, after=after, limit=limit)
                assert [each.id for each in found] == wanted[:limit]

        @rule(
            key=st.sampled_from(["of", "state", "number"]),
            above=VALUES | st.just(""),
            value=VALUES,
            limit=st.integers(0, 4),
        )
        def in_order_of_values(self, key: str, above: str, value: str, limit: int) -> None:
            wanted = [name for has, name in self.reference.having(key) if has <= value]
            found = self.store.up_to("note", key, value, limit)
            assert [each.id for each in found] == wanted[:limit]
            between = self.reference.between(key, above, value)
            assert latest_in(self.store, key, above, value, limit) == between[:limit]
            assert latest_in(self.store, key, above, value, None) == between

        @invariant()
        def documents_are_those(self) -> None:
            for name in ["a", "b", "c", "ё"]:
                version, change = self.reference.kept.get(name, (0, None))
                body = b"" if change is None or change.body is None else change.body
                wanted = Document("note", name, version, body) if version else None
                assert self.store.get("note", name) == wanted

        @invariant()
        def the_journal_is_whole(self) -> None:
            lines = self.store.journal()
            assert [(line.subject, line.body) for line in lines] == self.reference.lines
            assert broken_at(lines) is None
            assert self.store.latest_lines() == lines[::-1]
            assert self.store.latest_lines(before=4, limit=2) == lines[:3][::-1][:2]
            assert self.store.latest_lines("a") == self.store.journal("a")[::-1]

        def teardown(self) -> None:
            self.open.close()

    return Life


@pytest.mark.parametrize("kind", [*KINDS, "unwritten"])
def test_a_store_answers_like_a_dictionary_whatever_is_done_to_it(kind: str) -> None:
    run_state_machine_as_test(
        machine(kind),
        settings=settings(
            max_examples=100 if kind == "memory" else 15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
