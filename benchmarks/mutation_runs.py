"""The runs of mutants: specs run once as they are, then each mutant runs those that touch it, in a
fork of this process."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Final, cast

import pytest
from _pytest.runner import runtestprotocol

from benchmarks.mutants import Mutant, touches_in
from features.collector import SPEC

__all__ = ["OVERDUE", "MutantRuns", "Verdict"]

OVERDUE: Final = "the time limit"
"""What has noticed a mutant that did not come to an end."""
_PATIENCE: Final = 5.0  # times what the same scenarios took without a mutant


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of a mutant: how many scenarios touch it, and which one noticed it (empty: none)."""

    mutant: Mutant
    touching: int
    noticed_by: str

    @property
    def noticed(self) -> bool:
        """Whether the specs notice the mutant."""
        return self.noticed_by != ""

    @property
    def is_overdue(self) -> bool:
        """Whether it was noticed by nothing but the time that it took."""
        return self.noticed_by == OVERDUE


@dataclass(frozen=True, slots=True)
class _Scenario:
    item: pytest.Item
    rule: str
    touched: frozenset[str]
    took_s: float


@dataclass(frozen=True, slots=True)
class _Running:
    mutant: Mutant
    touching: int
    process: ForkProcess
    deadline: float  # of time.monotonic


@dataclass(kw_only=True)
class MutantRuns:
    """A pytest plugin that takes the place of the run: `jobs` mutants at a time, each for at most
    `limit_s`, or five times as long as its scenarios take without it; `say` is told of each
    verdict. `failing` are scenarios that fail without a mutant: if there are any, none is run."""

    mutants: Sequence[Mutant]
    jobs: int
    limit_s: float
    say: Callable[[Verdict], None]
    verdicts: list[Verdict] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    scenarios: int = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run what was collected, as it is and with every mutant."""
        if session.testsfailed:  # what cannot be collected has been told
            return True
        specs = [item for item in session.items if item.get_closest_marker(SPEC) is not None]
        recorded = [self._recorded(item) for item in specs]
        self.scenarios = len(recorded)
        if not self.failing:
            for verdict in self._judged(recorded):
                self.say(verdict)
                self.verdicts.append(verdict)
        return True

    def _recorded(self, item: pytest.Item) -> _Scenario:
        began = time.monotonic()
        passed, touched = touches_in(lambda: _passes(item))
        took_s = time.monotonic() - began
        if not passed:
            self.failing.append(item.nodeid)
        marker = item.get_closest_marker(SPEC)
        return _Scenario(item, marker.args[0].rule if marker else "", touched, took_s)

    def _judged(self, scenarios: Sequence[_Scenario]) -> Iterator[Verdict]:
        running: dict[Connection, _Running] = {}
        waiting = list(reversed(self.mutants))
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop()
                touching = _touching(mutant, scenarios)
                if touching:
                    running |= [self._started(mutant, touching)]
                else:
                    yield Verdict(mutant, 0, "")
            yield from self._ended(running)

    def _started(
        self, mutant: Mutant, touching: Sequence[_Scenario]
    ) -> tuple[Connection, _Running]:
        context = multiprocessing.get_context("fork")
        answers, answer = context.Pipe(duplex=False)
        items = [each.item for each in touching]
        process = context.Process(target=_run, args=(mutant, items, answer), daemon=True)
        process.start()
        answer.close()
        # A survivor runs them all: on a busy machine it must not look like one that has no end.
        limit_s = max(self.limit_s, _PATIENCE * sum(each.took_s for each in touching))
        return answers, _Running(mutant, len(items), process, time.monotonic() + limit_s)

    def _ended(self, running: dict[Connection, _Running]) -> Iterator[Verdict]:
        """Verdicts of those that have ended or are overdue, once there are some; they run no
        more."""
        if not running:
            return
        first = min(each.deadline for each in running.values())
        ready = wait(list(running), max(0.0, first - time.monotonic()))
        for answers, each in list(running.items()):
            if answers in ready:
                noticed_by = _answer(answers, each)
            elif each.deadline <= time.monotonic():
                each.process.kill()
                noticed_by = OVERDUE
            else:
                continue
            each.process.join()
            answers.close()
            del running[answers]
            yield Verdict(each.mutant, each.touching, noticed_by)


def _touching(mutant: Mutant, scenarios: Sequence[_Scenario]) -> list[_Scenario]:
    """The scenarios that touch it; its own rule's first: the likeliest to notice it."""
    touching = [each for each in scenarios if mutant.key in each.touched]
    return sorted(touching, key=lambda each: each.rule != mutant.holder)


def _run(mutant: Mutant, items: Sequence[pytest.Item], answer: Connection) -> None:
    """In the fork: the first scenario that notices the mutant, empty if none does."""
    with mutant.at_work():
        answer.send(next((item.nodeid for item in items if not _passes(item)), ""))


def _answer(answers: Connection, of: _Running) -> str:
    try:
        return cast(str, answers.recv())
    except EOFError:
        of.process.join()
        reason = f"{of.mutant.name}: its process ended with {of.process.exitcode}"
        pytest.exit(reason, returncode=pytest.ExitCode.INTERNAL_ERROR)


def _passes(item: pytest.Item) -> bool:
    # After each scenario all is torn down but what belongs to the whole run: only so can the next
    # one be any other, also in a fork.
    kept = cast(pytest.Item, item.session)
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=kept))
