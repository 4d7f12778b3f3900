"""Which instants and endings the cases of a worker have, whatever happens in them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtests.case import Case, CaseAbandoned, CaseFailed
from loadtests.journeys import Journey
from loadtests.plan import OPEN, ClosedShape, LoadPlan
from loadtests.samples import (
    OUTCOMES,
    JourneyEnd,
    Outcome,
    Sample,
    SampleWriter,
    read_journeys,
    read_samples,
)
from loadtests.target import TargetError, Timing
from loadtests.work import Due, Place, Work, to_prepare
from tests.loadtests.scenarios_of_load import SCENARIO

SECOND_US = 1_000_000


class Steps(Timing):
    """Each look at the clock is a second after the one before."""

    looks = 0

    def now_us(self) -> int:
        type(self).looks += 1
        return self.looks * SECOND_US


@pytest.fixture(name="timing")
def _timing() -> Timing:
    Steps.looks = 0
    return Steps(0, dt.datetime(2026, 4, 20, 10, tzinfo=dt.UTC), 1.0, 10**12)


def nothing(case: Case) -> None:
    """What takes no request."""


def journey(walk: Callable[[Case], None] = nothing, **changes: Any) -> Journey:
    fields = {"name": "sign_in", "of_builtin": "sign_in", "prepare": nothing, "is_reusable": True}
    return Journey(**{**fields, "walk": walk, **changes})


@pytest.fixture(name="work")
def _work(tmp_path: Path, timing: Timing) -> Callable[..., Work]:
    def made(arrivals: Any = OPEN, place: Place = Place(), **changes: Any) -> Work:  # noqa: B008
        scenario = tmp_path / "load.yaml"
        scenario.write_text(SCENARIO, encoding="utf-8")
        plan = LoadPlan(
            scenario=scenario,
            seed=7,
            portal="http://127.0.0.1:1",
            horizon_s=60.0,
            arrivals=arrivals,
            results=tmp_path,
            **{"mix": {"sign_in": 1.0}, **changes},
        )
        work = Work(plan, place, timing, SampleWriter(tmp_path, 0))
        work.begin(timing)
        return work

    return made


def walked(work: Work, due: Due) -> str:
    return work.walk(due, None)  # type: ignore[arg-type]


# --- when a case comes ----------------------------------------------------------------------------


def test_an_arrival_keeps_its_instant_when_nobody_is_ready_for_it(
    work: Callable[..., Work], tmp_path: Path
) -> None:
    came: list[int | None] = []
    opens, walk = work(), journey(lambda case: came.append(case.due_us))
    assert walked(opens, Due(500, "sign_in", 0, walk)) == "completed"
    assert opens.unready == 1
    assert walked(opens, Due(700, "sign_in", 1, walk)) == "completed"
    assert (came, opens.unready) == ([500, 700], 1)
    ends = [(end.intended_us, end.person) for end in read_journeys(tmp_path)]
    assert ends == [(500, "late"), (700, "ready")]


def test_the_case_of_a_closed_user_begins_once_there_is_somebody(
    work: Callable[..., Work], tmp_path: Path
) -> None:
    closed = work(ClosedShape(kind="soak", users=1))
    assert walked(closed, Due(500, "sign_in", 0, journey())) == "completed"
    assert closed.unready == 0
    assert read_journeys(tmp_path) == [
        JourneyEnd("sign_in", 0, 1 * SECOND_US, 2 * SECOND_US, "completed")
    ]


def due(at_s: float, number: int, is_reusable: bool = True) -> Due:
    name = "sign_in" if is_reusable else "binding"
    made = journey(name=name, is_reusable=is_reusable)
    return Due(round(at_s * SECOND_US), name, number, made)


def test_people_who_may_come_again_are_as_many_as_the_busiest_minute_needs() -> None:
    rare = [due(60.0 * n, n) for n in range(200)]
    assert to_prepare(rare, spare=1) == rare[:1]
    assert to_prepare(rare, spare=3) == rare[:3]
    dense = [due(59.999 * n, n) for n in range(200)]
    assert to_prepare(dense, spare=1) == dense[:2]
    rush = [*rare[:100], *(due(6_000.0 + n / 100, 100 + n) for n in range(150))]
    assert len(to_prepare(rush)) == 150


def test_people_who_come_once_are_prepared_each_up_to_the_limit() -> None:
    once = [due(float(n), n, is_reusable=False) for n in range(10)]
    assert to_prepare(once) == once
    assert to_prepare(once, most=3) == once[:3]
    assert to_prepare([Due(0, "own", 0, None)]) == []


MIX = {"sign_in": 1.0, "application": 2.0, "binding": 1.0, "status": 0.0}
STAND = {"mocks": "http://127.0.0.1:1/main", "administration": "http://127.0.0.1:1/_admin"}


@pytest.mark.parametrize(
    ("kind", "workers", "expected"),
    [
        ("stress", 1, {"sign_in": 10, "application": 20}),  # of binding nobody comes again
        ("stress", 3, {"sign_in": 4, "application": 7}),  # whichever worker gets the last ones
        ("soak", 1, {"sign_in": 10, "application": 20}),
        ("step", 1, {}),
    ],
)
def test_in_a_stress_or_soak_somebody_is_made_ready_for_each_user_whose_people_may_come_again(
    kind: Any, workers: int, expected: dict[str, int], work: Callable[..., Work]
) -> None:
    shape = ClosedShape(kind=kind, users=40)
    of_worker = work(shape, Place(0, workers), mix=MIX, **STAND)
    found = of_worker.users_before(shape)
    assert Counter(each.name for each in found) == expected
    assert len({(each.name, each.number) for each in found}) == len(found)


def test_nobody_is_made_ready_for_users_who_need_a_stand_that_is_not_there(
    work: Callable[..., Work],
) -> None:
    shape = ClosedShape(kind="stress", users=40)
    assert work(shape).users_before(shape) == []


# --- how a case ends ------------------------------------------------------------------------------


def raising(error: BaseException, *seen: Outcome) -> Callable[[Case], None]:
    """A step that ends so, after samples of these outcomes."""

    def step(case: Case) -> None:
        for outcome in seen:
            case.record.sample(Sample(0, 0, 0, case.journey, case.number, "POST x", 500, outcome))
        raise error

    return step


def told(folder: Path) -> list[tuple[str, str, str]]:
    return [
        (each["operation"].decode(), OUTCOMES[each["outcome"]], each["detail"].decode())
        for each in read_samples(folder)
    ]


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (KeyError("token"), "KeyError: 'token'"),
        (TargetError("GET /inboxes: 500"), "GET /inboxes: 500"),
        (CaseFailed("no way"), "no way"),
    ],
)
def test_a_case_that_fails_without_a_wrong_answer_leaves_a_failed_sample(
    error: Exception, detail: str, work: Callable[..., Work], tmp_path: Path
) -> None:
    due = Due(5, "sign_in", 3, journey(raising(error, "ok")))
    assert walked(work(), due) == "failed"
    assert [end.ending for end in read_journeys(tmp_path)] == ["failed"]
    assert told(tmp_path) == [("POST x", "ok", ""), ("case", "failed", detail)]


@pytest.mark.parametrize("outcome", ["failed", "shed"])
def test_a_case_whose_answers_show_why_it_fails_leaves_no_other_sample(
    outcome: Outcome, work: Callable[..., Work], tmp_path: Path
) -> None:
    due = Due(5, "sign_in", 3, journey(raising(CaseFailed("x"), outcome)))
    assert walked(work(), due) == "failed"
    assert told(tmp_path) == [("POST x", outcome, "")]


@pytest.mark.parametrize(
    ("seen", "is_free"), [(["failed", "shed"], True), (["shed", "failed"], False), ([], False)]
)
def test_who_was_shed_may_come_again_and_who_failed_may_not(
    seen: list[Outcome], is_free: bool, work: Callable[..., Work]
) -> None:
    opens = work()
    assert walked(opens, Due(0, "sign_in", 0, journey(raising(CaseFailed("x"), *seen)))) == "failed"
    walked(opens, Due(1, "sign_in", 1, journey()))
    assert opens.unready == (1 if is_free else 2)


@pytest.mark.parametrize("error", [KeyError("cabinet"), CaseFailed("x"), TargetError("x")])
def test_a_case_for_which_nobody_can_be_prepared_fails_with_a_sample_however_often_it_comes(
    error: Exception, work: Callable[..., Work], tmp_path: Path
) -> None:
    due = Due(5, "binding", 3, journey(name="binding", prepare=raising(error)))
    of_run = work()
    assert [walked(of_run, due), walked(of_run, due)] == ["failed", "failed"]
    assert told(tmp_path) == [("case", "failed", "nobody could be prepared")] * 2
    assert [end.person for end in read_journeys(tmp_path)] == ["none"] * 2


@pytest.mark.parametrize(("where", "person"), [("walk", "late"), ("prepare", "none")])
def test_a_case_that_the_end_of_the_run_cuts_off_has_not_failed(
    where: str, person: str, work: Callable[..., Work], tmp_path: Path
) -> None:
    due = Due(5, "sign_in", 3, journey(**{where: raising(CaseAbandoned())}))
    assert walked(work(), due) == "abandoned"
    assert told(tmp_path) == []
    assert [end.person for end in read_journeys(tmp_path)] == [person]


def test_a_case_whose_person_was_prepared_before_it_came_is_ready_however_it_ends(
    work: Callable[..., Work], tmp_path: Path
) -> None:
    of_run, due = work(), Due(5, "binding", 3, journey(raising(CaseFailed("x")), name="binding"))
    subject = of_run.prepare(due, None)  # type: ignore[arg-type]
    assert of_run.walk(due, None, subject) == "failed"  # type: ignore[arg-type]
    assert [end.person for end in read_journeys(tmp_path)] == ["ready"]
