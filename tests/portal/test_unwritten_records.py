"""A store that keeps records as they are gives what one gives that writes them."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from portal.ports.store import Conflict
from portal.store.unit import Unit
from portal.tasks import Task
from tests.portal.stores import opened

DUE = dt.datetime(2026, 3, 16, 12, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
TASK = Task(id="t", name="poll_agency", subject="o", due=DUE, details={"round": "1"})


def written_twice(kind: str) -> tuple[Task | None, list[Task], object]:
    """The record, those of its key, and its JSON, after it was put and changed."""
    with opened[kind]() as store:
        unit = Unit(store)
        unit.put(TASK)
        unit.commit()
        unit = Unit(store)
        known = unit.get(Task, "t")
        assert known is not None
        unit.put(replace(known, attempts=1))
        unit.commit()
        (document,) = store.up_to(Task.KIND, "due", "9", 9)
        unit = Unit(store)
        found = unit.get(Task, "t")
        return (
            found,
            unit.latest(Task, "due", above="", below="9"),
            json.loads(bytes(document.body)),
        )


def test_records_versions_and_bytes_are_those_of_a_store_that_writes() -> None:
    kept, listed, body = written_twice("unwritten")
    assert (kept, listed, body) == written_twice("memory") == written_twice("sqlite")
    assert kept is not None
    assert (kept.version, kept.attempts, kept.due) == (2, 1, DUE)


def test_record_that_was_put_stays_as_its_maker_has_it() -> None:
    with opened["unwritten"]() as store:
        unit = Unit(store)
        unit.put(TASK)
        unit.commit()
        assert TASK.version == 0
        late = Unit(store)
        late.put(TASK)
        with pytest.raises(Conflict):
            late.commit()
