"""Letters that are on their way or have gone, whose tasks are kept until they are forgotten.

A letter's task is committed with what the letter tells of, so a crash may repeat the letter, and
never loses it. A transaction to delete its task would cost a letter that goes at once half as
much again; so tasks of letters that have gone are deleted several at a time.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from portal.ports.store import Conflict, Store
from portal.store.unit import Unit
from portal.tasks import Task

__all__ = ["SentLetters"]

_MOST: Final = 64  # tasks of letters that have gone: a crash sends so many again


class SentLetters:
    """Those of one portal over `store`. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()
        self._sent: dict[str, Task] = {}

    def __contains__(self, task: object) -> bool:
        """Whether nobody has to do a task: its letter is being sent, or has gone."""
        if not isinstance(task, Task):
            return False
        with self._lock:
            gone = self._sent.get(task.id)
            is_gone = gone is not None and gone.version == task.version
            return is_gone or task.id in self._in_hand

    def __len__(self) -> int:
        """How many there are, or were a moment ago."""
        with self._lock:
            return len(self._in_hand) + len(self._sent)

    @contextmanager
    def in_hand(self, planned: Iterable[Task]) -> Iterator[None]:
        """Whoever commits these tasks sends their letters now."""
        ids = {task.id for task in planned}
        with self._lock:
            self._in_hand |= ids
        try:
            yield
        finally:
            with self._lock:
                self._in_hand -= ids

    def add(self, task: Task) -> None:
        """The letter of `task`, which is committed as it is here, has gone."""
        with self._lock:
            self._in_hand.discard(task.id)
            self._sent[task.id] = replace(task, version=task.version + 1)
            are_many = len(self._sent) >= _MOST
        if are_many:
            self.forget()

    def forget(self) -> None:
        """Delete the tasks of all that have gone; those that somebody has changed meanwhile stay as
        they are."""
        with self._lock:
            gone = {id_: task for id_, task in self._sent.items() if id_ not in self._in_hand}
        if not gone:
            return
        with self.in_hand(gone.values()):
            self._delete([*gone.values()])
        with self._lock:
            for id_, task in gone.items():
                if self._sent.get(id_) is task:
                    del self._sent[id_]

    def _delete(self, tasks: Sequence[Task]) -> None:
        unit = Unit(self._store)
        for task in tasks:
            unit.delete(task)
        try:
            unit.commit()
        except Conflict:
            if len(tasks) > 1:
                for task in tasks:
                    self._delete([task])
