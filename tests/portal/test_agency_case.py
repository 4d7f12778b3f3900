"""A case that an agency has is asked for, followed, told of, looked at again until it is over."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

import pytest

from portal.agency_case import AgencyCase, Course
from portal.ports.store import Store
from portal.ports.unavailable import Unavailable
from portal.state_table import StateTable, WrongState
from portal.store.unit import Unit
from portal.tasks import Task
from portal.use_case import TASKS, Actor, Context
from tests.portal.wiring import Stand, journal, portal_with

_STATES: Final[StateTable[Any]] = StateTable(
    name="visa",
    titles={"asked": "Запрошена", "in_work": "В работе", "given": "Выдана"},
    first="asked",
    transitions={
        ("asked", "in_work"): "in_work",
        ("asked", "given"): "given",
        ("in_work", "given"): "given",
    },
)


@dataclass(frozen=True, kw_only=True)
class Visa(AgencyCase):
    KIND: ClassVar[str] = "visa"

    state: str = "asked"
    text: str = ""

    @property
    def is_over(self) -> bool:
        return self.state == "given"


@dataclass(frozen=True)
class VisaView:
    state: str
    text: str = ""


@dataclass
class Embassy:
    """Says what it is `saying`, nothing while that is None; whether the paper `has_come`."""

    saying: VisaView | None = None
    has_come: bool = True
    looks: list[str] = field(default_factory=list)

    def ask(self, context: Context, case: Visa) -> VisaView:
        self.looks.append(f"{context.now:%H:%M}")
        if self.saying is None:
            raise Unavailable("embassy", "silent")
        return self.saying

    def take(self, context: Context, case: Visa, told: VisaView) -> Visa:
        if case.state == "given" and not self.has_come:
            raise Unavailable("embassy", "no paper yet")
        return replace(case, text=told.text)


def tell(context: Context, case: Visa) -> None:
    context.note("visa", case.id, case.state)


@dataclass
class Consulate:
    """A portal in which one visa is asked for."""

    stand: Stand
    embassy: Embassy
    course: Course[Visa, VisaView]

    def does(self, work: Callable[[Context], object]) -> None:
        unit = Unit(self.stand.store)
        now = self.stand.clock.now()
        work(Context(portal=self.stand.portal, unit=unit, actor=Actor(), now=now))
        unit.commit()

    def begins(self) -> None:
        self.does(lambda context: self.course.begun(context, Visa(id="v")))

    def looks_again(self, minutes: int) -> None:
        self.stand.after(minutes=minutes)

    @property
    def kept(self) -> tuple[str, str]:
        found = Unit(self.stand.store).get(Visa, "v")
        assert found is not None
        return found.state, found.text

    @property
    def told(self) -> list[str]:
        return [result for _, result in journal(self.stand, "v")]

    @property
    def planned(self) -> list[str]:
        found = Unit(self.stand.store).get(Task, "watch_visa/v")
        return [] if found is None else [f"{found.due:%H:%M}"]


@pytest.fixture(name="consulate")
def _consulate(store: Store, monkeypatch: pytest.MonkeyPatch) -> Consulate:
    embassy = Embassy()
    course = Course(
        kind=Visa,
        states=_STATES,
        ask=embassy.ask,
        take=embassy.take,
        tell=tell,
        watch="watch_visa",
        pause=dt.timedelta(minutes=10),
    )
    monkeypatch.setattr("portal.portal.TASKS", {**TASKS, "watch_visa": course.watched})
    return Consulate(portal_with(store=store), embassy, course)


def test_a_case_is_told_of_once_a_state_and_looked_at_until_it_is_over(
    consulate: Consulate,
) -> None:
    consulate.embassy.saying = VisaView("in_work", "№ 1")
    consulate.begins()
    assert (consulate.kept, consulate.planned) == (("in_work", "№ 1"), ["10:10"])
    consulate.embassy.saying = VisaView("in_work", "№ 1, осталась подпись")
    consulate.looks_again(10)
    assert (consulate.kept[1], consulate.told) == ("№ 1, осталась подпись", ["in_work"])
    consulate.embassy.saying = VisaView("given", "№ 1")
    consulate.looks_again(10)
    consulate.looks_again(60)
    assert consulate.told == ["in_work", "given"]
    assert (consulate.planned, consulate.embassy.looks) == ([], ["10:00", "10:10", "10:20"])


def test_a_silent_agency_is_asked_again_after_the_pause(consulate: Consulate) -> None:
    consulate.begins()
    assert (consulate.kept, consulate.told) == (("asked", ""), [])
    assert consulate.planned == ["10:10"]
    consulate.embassy.saying = VisaView("given", "№ 1")
    consulate.looks_again(9)
    assert consulate.kept == ("asked", "")
    consulate.looks_again(1)
    assert (consulate.kept, consulate.told) == (("given", "№ 1"), ["given"])


def test_a_state_whose_paper_cannot_be_had_is_not_reached_yet(consulate: Consulate) -> None:
    consulate.embassy.saying, consulate.embassy.has_come = VisaView("given", "№ 1"), False
    consulate.begins()
    assert (consulate.kept, consulate.told) == (("asked", ""), [])
    consulate.embassy.has_come = True
    consulate.looks_again(10)
    assert (consulate.kept, consulate.told) == (("given", "№ 1"), ["given"])


def test_a_state_that_cannot_follow_is_no_state_of_the_case(consulate: Consulate) -> None:
    consulate.embassy.saying = VisaView("lost")
    with pytest.raises(WrongState, match=r"^lost in state asked$"):
        consulate.begins()
    assert Unit(consulate.stand.store).get(Visa, "v") is None


def test_a_case_that_is_over_is_asked_about_no_more(consulate: Consulate) -> None:
    over = Visa(id="v", state="given")
    consulate.does(lambda context: consulate.course.awaited(context, over))
    consulate.looks_again(10)
    assert (consulate.embassy.looks, consulate.planned) == ([], [])
