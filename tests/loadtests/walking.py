"""Journeys walked without Locust: over plain HTTP, and model time passes as soon as it is waited
for."""

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from loadtests.answers import Reply, Verdict
from loadtests.applicants import Applicants, Traits
from loadtests.case import Case
from loadtests.plan import JOURNEYS
from loadtests.record import Recorded
from loadtests.samples import SampleWriter
from loadtests.subject import Subject, Visitor
from loadtests.target import Target, Timing
from loadtests.wire import Judge
from loadtests.work import PASSWORD
from rulebook import load
from rulebook.kinds import Kind
from world.country import World
from world.draws import combine
from world.microseconds import SECOND_US

__all__ = ["BelatedCase", "HurriedTiming", "PlainWire", "SteppedCase", "case_of"]

_BOOK = load()
_FAR_US = 2**62


class PlainWire:
    """The wire over `requests`."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False

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
        return judge(self.fetch(method, url, headers, body))

    def fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        answer = self._session.request(method, url, headers=headers, data=body, timeout=60)
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(status=answer.status_code, headers=named, body=answer.content)


class SteppedTiming(Timing):
    """The portal's clock stands at `began`; everything fits that is shorter than `fitting_s`."""

    fitting_s = float("inf")

    def fits(self, model_s: float) -> bool:
        return model_s < self.fitting_s


class HurriedTiming(SteppedTiming):
    """A day does not fit."""

    fitting_s = 86_400.0


class SteppedCase(Case):
    """A case whose pauses move the clock."""

    kind_of_timing: type[SteppedTiming] = SteppedTiming

    def pause(self, model_s: float) -> None:
        by = {"by": f"{max(model_s, 0.001):.3f}s"}
        answer = requests.post(f"{self.target.administration}/clock/advance", json=by, timeout=60)
        assert answer.ok, answer.text
        now, _ = self.target.clock(self.wire)
        self.timing = _timing(now, self.kind_of_timing)
        self.due_us = self.timing.now_us()


class BelatedCase(SteppedCase):
    """A case that a slow portal keeps for `late_s` of model time, once: `before` a use case, or
    when it has been done."""

    late_s = 400.0
    late_at = ""
    before = False

    def act(self, use_case: str, form: Mapping[str, Any], **given: Any) -> Verdict:
        if use_case != self.late_at:
            return super().act(use_case, form, **given)
        self.late_at = ""
        if self.before:
            self._wait()
            return super().act(use_case, form, **given)
        verdict = super().act(use_case, form, **given)
        self._wait()
        return verdict

    def _wait(self) -> None:
        by = {"by": f"{self.late_s}s"}
        requests.post(f"{self.target.administration}/clock/advance", json=by, timeout=60)
        # A second of the wall is one of the model, so that what people wait for can be told.
        epoch_us = time.time_ns() // 1000 - round(self.late_s * SECOND_US)
        self.timing = SteppedTiming(epoch_us, self.timing.began, 1.0, _FAR_US)


def case_of(
    url: str,
    journey: str,
    number: int,
    kind: Kind,
    defects: tuple[str, ...],
    results: Path,
    kind_of_case: type[SteppedCase] = SteppedCase,
) -> SteppedCase:
    """A case at the stand of `url`, ready to be prepared."""
    wire = PlainWire()
    target = Target(f"{url}/main/portal", f"{url}/main", f"{url}/_admin/tenants/main")
    now, _ = target.clock(wire)

    def traits(journey: str, number: int, kind_: Kind | None) -> Traits:
        return Traits(combine(JOURNEYS.index(journey), number), kind, defects)

    world = World(target.seed(wire))
    cast = Applicants(world, _BOOK, _BOOK.policy(), now.date(), traits=traits)
    applicant = cast.behind(journey, number)
    person = applicant.person
    if journey == "account":
        person = world.person(applicant.good.subject.organization.head.person)
    return kind_of_case(
        journey=journey,
        number=number,
        subject=Subject(
            applicant,
            Visitor(person, applicant.address, PASSWORD),
            Visitor(applicant.colleague, applicant.address, PASSWORD),
        ),
        target=target,
        wire=wire,
        timing=_timing(now),
        applicants=cast,
        record=Recorded(SampleWriter(results, 0)),
        run_key=str(number),
        due_us=0,
        prepares=True,
    )


def _timing(now: dt.datetime, kind: type[SteppedTiming] = SteppedTiming) -> SteppedTiming:
    return kind(time.time_ns() // 1000, now, 1e-6, _FAR_US)
