"""What one worker of a load test does: whose case is next, who is prepared for it, how it goes."""

import logging
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import ceil
from typing import Final, Literal

import rulebook
from loadtests.applicants import (
    Applicant,
    Applicants,
    TraitsOf,
    plain_traits,
    traits_of_model,
    world_of,
)
from loadtests.arrivals import arrivals_of, share_of
from loadtests.case import (
    PREPARATION,
    Case,
    CaseAbandoned,
    CaseFailed,
    CaseRefused,
)
from loadtests.forks import fork_problems
from loadtests.graph_walk import GraphWalk, stations_not_asked
from loadtests.journeys import WALKED, Journey, journey_of
from loadtests.plan import OPEN, ClosedShape, LoadPlan
from loadtests.record import Record, Recorded, Unrecorded
from loadtests.samples import JourneyEnd, Note, Outcome, Readiness, Sample, SampleWriter
from loadtests.subject import Subject, Visitor
from loadtests.target import Target, TargetError, Timing
from loadtests.wire import Wire
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from scenarios.problems import ScenarioError
from sim.model.graph import CheckNode, ChooseNode
from sim.model.keys import entity_stream, replication_key
from sim.model.model import Model, compile_model
from world.dates import WORLD_DATE
from world.draws import combine
from world.microseconds import MINUTE_US

__all__ = ["PASSWORD", "Due", "Place", "Work", "to_prepare"]

_log: Final = logging.getLogger(__name__)

PASSWORD: Final = "Zx7!mkpRvb2#"
"""Everybody's first password: good by the strict policy too."""

_REGISTRIES: Final = "registries"
_MOST_PREPARED: Final = 2_000  # of one worker: the others are prepared as they come
_READY_BEFORE: Final = ("soak", "stress")  # shapes
_SPARE: Final = 100  # of a journey whose people may come again
_BUSY_US: Final = MINUTE_US  # of the wall: for how long somebody may be busy with one case

_FAILURE: Final = "case"
"""The operation of a failure that no request has shown: the portal's data were not what a journey
needs, or the stand did not do what it should."""

Ending = Literal["completed", "refused", "failed", "abandoned"]


@dataclass(frozen=True, slots=True)
class Place:
    """Which of the `workers` this is, and where in the country the people of the run begin."""

    worker: int = 0
    workers: int = 1
    people_from: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A case that is due `at_us`: number and journey by the scenario's name for it (that of the
    module for closed users), and how it is walked; None: through the model's graph."""

    at_us: int
    name: str
    number: int
    journey: Journey | None


def to_prepare(due: Sequence[Due], most: int = _MOST_PREPARED, spare: int = _SPARE) -> list[Due]:
    """For which cases people are made ready before the start: for each whose people come once; for
    journeys whose people may come again the first `spare` (who fails doesn't come again), and as
    many as come in the busiest minute of the wall. No more than `most`, those who come first."""
    found: list[Due] = []
    lately: dict[str, deque[int]] = defaultdict(deque)
    ready: dict[str, int] = defaultdict(int)
    for each in due:
        journey = each.journey
        if journey is None:
            continue
        if journey.is_reusable:
            together = lately[journey.name]
            together.append(each.at_us)
            while together[0] <= each.at_us - _BUSY_US:
                together.popleft()
            if len(together) <= ready[journey.name] >= spare:
                continue
            ready[journey.name] += 1
        if len(found) < most:
            found.append(each)
    return found


class Work:
    """The cases of one worker at `plan`'s target; the files of `writer` are its own."""

    def __init__(self, plan: LoadPlan, place: Place, began: Timing, writer: SampleWriter) -> None:
        self.plan = plan
        self.target = Target(plan.portal, plan.mocks, plan.administration)
        self._place = place
        self._writer = writer
        self._timing = began
        self._record: Record = Unrecorded(writer)
        self._scenario = None if plan.scenario is None else load(plan.scenario, [*plan.overrides])
        scenario = self._scenario
        self.model = None if scenario is None else compile_model(scenario, plan.scale, plan.seed)
        key = replication_key(plan.seed, plan.replication)
        journeys = () if self.model is None else self.model.graph.journeys
        self._streams = {each.name: entity_stream(key, each.name) for each in journeys}
        self._conditional = _conditional(self.model)
        self.world = world_of(scenario, plan.seed)
        self._applicants = Applicants(
            self.world,
            rulebook.load() if scenario is None else scenario.book,
            rulebook.load().policy() if scenario is None else scenario.policy,
            max(began.began.date(), WORLD_DATE),
            traits=self._traits_of(scenario),
            mend=1.0 if scenario is None else scenario.scenario.population.mend,
            first=place.people_from,
        )
        self._free: dict[str, deque[Subject]] = {name: deque() for name in WALKED}
        self._numbers: Mapping[str, Iterator[int]] = {
            name: count(place.worker, place.workers) for name in WALKED
        }
        self._spent: set[tuple[str, int]] = set()  # could not be prepared, nor can be once more
        self._asks: Applicant | None = None
        self.unready = 0
        """Cases of arrivals for which nobody was ready when they came."""
        for name in plan.mix:
            if self._lacks_stand(name):
                writer.note(Note(name, "no-inbox"))
        self._run_key = f"{plan.seed}/{plan.replication}/{place.people_from}"

    # --- what is due

    def arrivals(self) -> list[Due]:
        """This worker's cases of open arrivals, in order; what is left out is noted. ScenarioError
        for a fork on the way of a case that would be walked through the graph."""
        model, plan = self.model, self.plan
        if model is None or self._scenario is None or plan.scenario is None:
            return []
        if self.target.mocks is not None and plan.mix.get(_REGISTRIES, 0.0) > 0:
            forks = fork_problems(self._scenario, model, plan.scenario, plan.overrides)
            if forks:
                raise ScenarioError(forks)
        whole = arrivals_of(model, plan.replication, plan.speed, plan.horizon_s)
        found: list[Due] = []
        left_out: dict[str, Note] = {}
        for each in share_of(whole, self._place.worker, self._place.workers):
            walked = self._walked(each.journey, each.number)
            if isinstance(walked, Note):
                left_out[each.journey] = walked
            elif self._is_wanted(walked):
                found.append(Due(each.at_us, each.journey, each.number, walked))
        for note in left_out.values():
            self._writer.note(note)
        for due in found:
            if due.journey is None:
                self._asker(due)  # the first one of a country takes long
                break
        return found

    def closed(self, name: str) -> Due:
        """The next case of a closed user who walks this journey, due now."""
        at_us = self._timing.now_us()
        return Due(at_us, name, next(self._numbers[name]), WALKED[name])

    # --- before the run

    def users_before(self, shape: ClosedShape) -> list[Due]:
        """For which of this worker's closed users somebody is made ready before the start: in a
        `stress`, whose limit is that of the walked operations alone, and in a `soak`, which is of
        so many who are there, for each one of a journey whose people may come again. In other
        shapes people are prepared as their users come."""
        if shape.kind not in _READY_BEFORE:
            return []
        mix = {name: share for name, share in self.plan.mix.items() if self._is_walked(name)}
        of_worker, whole = shape.users / self._place.workers, sum(mix.values())
        return [
            self.closed(name)
            for name, share in mix.items()
            if WALKED[name].is_reusable
            for _ in range(ceil(of_worker * share / whole))
        ]

    def prepare(self, due: Due, wire: Wire) -> Subject | None:
        """Whom a case is about, ready for it; None if the portal did not do what it should."""
        subject = self._subject(due)
        if due.journey is None:
            return subject
        case = self._case(due, subject, wire, due.at_us)
        case.prepares = True
        if isinstance(self._record, Recorded):
            case.record = Recorded(self._writer, PREPARATION)
        try:
            due.journey.prepare(case)
        except CaseAbandoned:
            raise
        except Exception as error:
            _tell(f"preparing {due.name} {due.number}", error)
            self._spent.add((due.name, due.number))
            return None
        return subject

    def keep(self, name: str, subject: Subject) -> None:
        """Somebody is free for another case of the journey `name`."""
        self._free[name].append(subject)

    def begin(self, timing: Timing) -> None:
        """From now on everything is recorded."""
        self._timing = timing
        self._record = Recorded(self._writer)

    # --- the run

    def walk(self, due: Due, wire: Wire, subject: Subject | None = None) -> Ending:
        """One case to its end. Without a `subject` that was prepared for it, whoever is free; if
        nobody is, somebody is prepared now, whose requests are load too, and not of this case. What
        an arrival waits for that is in its time and in its first latency, as any wait; the case of
        a closed user begins once there is somebody. Whatever ends a case unexpectedly is a failure,
        which has a sample."""
        at_us, rejected = due.at_us, list[str]()
        witness = None
        ending: Ending = "abandoned"
        person: Readiness = "none" if subject is None else "ready"
        try:
            if subject is None:
                subject, at_us, person = self._taken(due, wire)
            case = self._case(due, subject, wire, at_us)
            case.rejected = rejected
            if isinstance(self._record, Recorded):
                case.record = witness = _Witness(self._writer)
            self._go(due, case)
            ending = "completed"
        except CaseRefused:
            ending = "refused"
        except CaseAbandoned:
            pass
        except Exception as error:
            ending = "failed"
            _tell(f"{due.name} {due.number}", error)
            if witness is None or not witness.has_seen_why:
                self._tell_failed(due, error)
        finally:
            ended_us = self._timing.now_us()
            self._record.end(
                JourneyEnd(
                    due.name, due.number, at_us, ended_us, ending, person, " ".join(rejected)
                )
            )
        is_shed = witness is not None and witness.latest == "shed"
        if subject is not None and (ending == "completed" or (ending == "failed" and is_shed)):
            self._return(due.journey, subject)
        return ending

    # --- inside

    def _taken(self, due: Due, wire: Wire) -> tuple[Subject, int, Readiness]:
        """Who takes the case, when it begins, and whether they were there when it came."""
        journey = due.journey
        if journey is not None and journey.is_reusable and self._free[journey.name]:
            return self._free[journey.name].popleft(), due.at_us, "ready"
        is_spent = (due.name, due.number) in self._spent
        subject = None if is_spent else self.prepare(due, wire)
        if subject is None:
            raise CaseFailed("nobody could be prepared")
        if journey is None or journey.name == "account":  # there was nothing to prepare
            return subject, due.at_us, "ready"
        if self.plan.arrivals != OPEN:
            return subject, self._timing.now_us(), "ready"
        self.unready += 1
        return subject, due.at_us, "late"

    def _tell_failed(self, due: Due, error: Exception) -> None:
        """The sample of a failure that no request has shown."""
        now_us = self._timing.now_us()
        is_told = isinstance(error, CaseFailed | TargetError)
        self._record.sample(
            Sample(
                intended_us=now_us,
                sent_us=now_us,
                ended_us=now_us,
                journey=due.name,
                entity=due.number,
                operation=_FAILURE,
                status=0,
                outcome="failed",
                detail=str(error) if is_told else f"{type(error).__name__}: {error}",
            )
        )

    def _return(self, journey: Journey | None, subject: Subject) -> None:
        if journey is not None and journey.is_reusable:
            self.keep(journey.name, subject)

    def _go(self, due: Due, case: Case) -> None:
        if due.journey is not None:
            due.journey.walk(case)
            return
        assert self.model is not None
        entity = case.subject.applicant.entity
        traits, defects = None, 0
        if due.name in self._conditional:
            traits = self.model.applicants.traits(self._streams[due.name], due.number)
            defects = self.model.applicants.defects_of(entity, traits.kind)
        GraphWalk(
            model=self.model,
            journey=due.name,
            entity=entity,
            traits=traits,
            defects=defects,
            ogrn=case.subject.applicant.good.form.ogrn,
        ).walk(case)

    def _case(self, due: Due, subject: Subject, wire: Wire, at_us: int) -> Case:
        return Case(
            journey=due.name,
            number=due.number,
            subject=subject,
            target=self.target,
            wire=wire,
            timing=self._timing,
            applicants=self._applicants,
            record=self._record,
            run_key=self._run_key,
            due_us=at_us,
            draw_of=self._draws_of(due),
        )

    def _subject(self, due: Due) -> Subject:
        if due.journey is None:
            return self._asker(due)
        module = due.journey.name
        applicant = self._applicants.behind(module, due.number, due.journey.kind, due.name)
        if module == "account":  # of the mistakes in a filing, the head makes those about a person
            head = applicant.good.subject.organization.head.person
            applicant = replace(applicant, person=self._applicants.world.person(head))
        return Subject(
            applicant=applicant,
            visitor=Visitor(applicant.person, applicant.address, PASSWORD),
            colleague=Visitor(applicant.colleague, applicant.address, PASSWORD),
        )

    def _asker(self, due: Due) -> Subject:
        """Somebody who asks registries: all of them about one organization, the draws are apart."""
        if self._asks is None:
            self._asks = self._applicants.behind(_REGISTRIES, 0, "legal", due.name)
        applicant = replace(self._asks, entity=combine(self._streams[due.name], due.number))
        visitor = Visitor(applicant.person, applicant.address, PASSWORD)
        return Subject(applicant=applicant, visitor=visitor, colleague=visitor)

    def _traits_of(self, scenario: CompleteScenario | None) -> TraitsOf:
        if scenario is None or self.model is None:
            return plain_traits(world_of(None, self.plan.seed).population, self.plan.replication)
        return traits_of_model(self.model, scenario, self.plan.replication)

    def _walked(self, name: str, number: int) -> Journey | Note | None:
        """How a case of the scenario is walked: by a module, through the graph, or not at all."""
        assert self._scenario is not None
        assert self.model is not None
        entry = self._scenario.scenario.journeys.get(name)
        if entry is not None and entry != "builtin":
            if self.plan.mocks is None or stations_not_asked(self.model, name):
                return Note(name, "no-module")
            return None
        kind = self.model.applicants.traits(self._streams[name], number).kind
        found = journey_of(name, kind)
        if found is None:
            return Note(name, "no-module")
        if found.needs_stand and not self.target.is_stand:
            return Note(name, "no-inbox")
        return found

    def _lacks_stand(self, name: str) -> bool:
        is_asked_for = name in WALKED and self.plan.mix[name] > 0
        return is_asked_for and WALKED[name].needs_stand and not self.target.is_stand

    def _is_walked(self, name: str) -> bool:
        is_asked_for = name in WALKED and self.plan.mix[name] > 0
        return is_asked_for and not self._lacks_stand(name)

    def _is_wanted(self, journey: Journey | None) -> bool:
        name = _REGISTRIES if journey is None else journey.name
        return self.plan.mix.get(name, 0.0) > 0

    def _draws_of(self, due: Due) -> "_Draws | None":
        if self.model is None or due.journey is None:
            return None
        stream = self._streams.get(due.name)
        if stream is None:
            return None
        return _Draws(self.model, due.name, combine(stream, due.number))


class _Witness(Recorded):
    """The record of a case that knows whether a request has shown why it failed, and how the latest
    one was answered."""

    has_seen_why = False
    latest: Outcome | None = None

    def sample(self, sample: Sample) -> None:
        """As the protocol says."""
        self.has_seen_why = self.has_seen_why or sample.outcome in ("failed", "shed")
        self.latest = sample.outcome
        super().sample(sample)


def _tell(what: str, error: Exception) -> None:
    """Of what a journey does not expect, also where it comes from."""
    is_expected = isinstance(error, CaseFailed | CaseRefused | TargetError)
    _log.warning("%s: %s", what, error, exc_info=None if is_expected else error)


def _conditional(model: Model | None) -> frozenset[str]:
    """Journeys of the model in which a choice or a gate looks at the applicant."""
    if model is None:
        return frozenset()
    return frozenset(
        journey.name
        for journey in model.graph.journeys
        for node in model.graph.nodes[journey.first : journey.first + journey.size]
        if isinstance(node, CheckNode) or (isinstance(node, ChooseNode) and not node.by_probability)
    )


@dataclass(frozen=True, slots=True)
class _Draws:
    """The model's draws of the nodes of a case, by the names that they have in its journey."""

    model: Model
    journey: str
    entity: int

    def __call__(self, node: str, visit: int) -> str | None:
        start = next(each for each in self.model.graph.journeys if each.name == self.journey)
        nodes = self.model.graph.nodes[start.first : start.first + start.size]
        path = f"{self.journey}.{node}"
        found = next((each for each in nodes if each.path == path), None)
        return None if found is None else f"{self.entity}/{found.key}/{visit}"
