"""A case whose requests get answers that are written beforehand; no portal, and pauses take no
time."""

import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence

from loadtests.answers import Reply, Verdict
from loadtests.applicants import Applicants, Traits
from loadtests.case import Case
from loadtests.record import Recorded
from loadtests.samples import SampleWriter
from loadtests.subject import Subject, Visitor
from loadtests.target import Target, Timing
from loadtests.wire import Judge
from rulebook import load
from rulebook.kinds import Kind
from world.country import World

__all__ = ["CannedWire", "QuickCase", "case_at", "told"]

_FAR_US = 2**62
_AT = dt.datetime(2026, 4, 20, 10, tzinfo=dt.UTC)
_BOOK = load()
_WORLD = World(1)


class CannedWire:
    """Answers in turn; then whoever asks is killed. `headers` are those of the requests."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self._replies = iter(replies)
        self.headers: list[Mapping[str, str]] = []

    def send(
        self,
        method: str,
        url: str,
        *,
        name: str,
        headers: Mapping[str, str],
        body: bytes | None,
        judge: Judge,
        timeout_s: float | None = None,
    ) -> Verdict:
        self.headers.append(headers)
        reply = next(self._replies, None)
        if reply is None:
            raise KeyboardInterrupt
        return judge(reply)

    def fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        raise AssertionError(f"{method} {url}")


class QuickCase(Case):
    """A case that does not wait."""

    def pause(self, model_s: float) -> None:
        self.due_us = self.timing.now_us()


def told(state: str, **data: object) -> Reply:
    """An answer of the portal that something was done."""
    return Reply(status=200, body=json.dumps({"state": state, "data": data}).encode())


def case_at(
    writer: SampleWriter,
    replies: Sequence[Reply],
    *,
    began_us: int | None = None,
    end_us: int = _FAR_US,
) -> QuickCase:
    """Case 7 of `application`; the run began at `began_us` of the epoch (now), ends at `end_us`."""

    def traits(journey: str, number: int, kind: Kind | None) -> Traits:
        return Traits(1, "sole_proprietor", ())

    cast = Applicants(_WORLD, _BOOK, _BOOK.policy(), _AT.date(), traits=traits)
    applicant = cast.behind("application", 7)
    visitor = Visitor(applicant.person, applicant.address, "password")
    epoch_us = time.time_ns() // 1000 if began_us is None else began_us
    return QuickCase(
        journey="application",
        number=7,
        subject=Subject(applicant, visitor, visitor),
        target=Target("http://127.0.0.1:1/main/portal", None, None),
        wire=CannedWire(replies),
        timing=Timing(epoch_us, _AT, 1.0, end_us),
        applicants=cast,
        record=Recorded(writer),
        run_key="run",
        due_us=0,
    )
