"""Use cases, a view and tasks made up to see what the kernel does with any."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from portal.ports.messenger import Letter
from portal.ports.unavailable import OnItsWay, Unavailable
from portal.rules.rule import Violation
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import TASKS, Context, Outcome, UseCase, View, refused, secret


@dataclass(frozen=True, kw_only=True)
class Note(Entity):
    """A text under a name that no other note has."""

    KIND: ClassVar[str] = "note"

    name: str
    text: str = ""

    def unique(self) -> Mapping[str, str]:
        return {"name": self.name}


@dataclass(frozen=True, kw_only=True)
class Writing:
    name: str
    text: str = ""
    day: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Secret:
    word: str = secret()


@dataclass(frozen=True, kw_only=True)
class Nothing:
    pass


@dataclass
class Runs:
    """The acts, how often each was run, and how the work of this test fails."""

    names: list[str] = field(default_factory=list)
    down: bool = False
    waits: bool = False
    breaks: int = 0
    meanwhile: Callable[[], object] | None = None

    def write(self, context: Context, form: Writing) -> Outcome:
        self.names.append("write")
        found = context.unit.one(Note, "name", form.name)
        version = 0 if found is None else found.version
        context.unit.put(Note(id=form.name, version=version, name=form.name, text=form.text))
        context.note("write", form.name, "done")
        return Outcome(state="written", data={"name": form.name})

    def refuse(self, context: Context, form: Writing) -> Outcome:
        self.names.append("refuse")
        context.unit.put(Note(id=form.name, name=form.name))
        return refused([Violation("ID-01", "name")])

    def ask(self, context: Context, form: Nothing) -> Outcome:
        self.names.append("ask")
        return refused([], "later") if self.down else Outcome(state="asked")

    def whisper(self, context: Context, form: Secret) -> Outcome:
        self.names.append("whisper")
        return Outcome(state="whispered")

    def give(self, context: Context, form: Nothing) -> Outcome:
        self.names.append("give")
        return Outcome(state="given", data={"token": context.portal.ports.entropy.token("give")})

    def work(self, context: Context, planned: Task) -> None:
        self.names.append(f"work {planned.subject} {context.now:%H:%M:%S}")
        if self.down:
            raise Unavailable("fns", "503", retry_after_s=45)
        if self.waits:
            raise OnItsWay("fns", "message 1 is on its way", 30)
        if self.breaks:
            self.breaks -= 1
            raise ValueError("it is broken")
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        context.unit.put(Note(id=f"worked/{planned.subject}", name=f"worked/{planned.subject}"))


def _post(context: Context, form: Writing) -> Outcome:
    context.send(Letter(id=form.name, channel="email", to="a@b.test", text=form.text))
    return Outcome(state="posted")


def _post_secret(context: Context, form: Writing) -> Outcome:
    context.send_secret(
        Letter(id=form.name, channel="sms", to="+79000000000", text=form.text),
        Letter(id=form.name + "/email", channel="email", to="a@b.test", text=form.text),
    )
    return Outcome(state="posted")


def _plan(context: Context, form: Writing) -> Outcome:
    schedule(context.unit, "work", form.name, context.now + dt.timedelta(minutes=1))
    return Outcome(state="planned")


def _look(context: Context, asked: Writing) -> Outcome:
    context.note("look", asked.name, "shown")
    found = context.unit.get(Note, asked.name)
    return Outcome(state="shown", data={"text": found.text if found else None})


def install(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Let the kernel know the acts of this module, and no others, for one test."""
    runs = Runs()
    cases: list[UseCase[Any]] = [
        UseCase("write", Writing, runs.write, signed_in=False),
        UseCase("refuse", Writing, runs.refuse, signed_in=False),
        UseCase("ask", Nothing, runs.ask, signed_in=False),
        UseCase("whisper", Secret, runs.whisper, signed_in=False),
        UseCase("give", Nothing, runs.give, signed_in=False, remembered=False),
        UseCase("post", Writing, _post, signed_in=False),
        UseCase("post_secret", Writing, _post_secret, signed_in=False),
        UseCase("plan", Writing, _plan, signed_in=False),
        UseCase("write_own", Writing, runs.write, signed_in=True),
        UseCase("write_staff", Writing, runs.write, signed_in=False, staff=True),
    ]
    views = [
        View("look", Writing, _look, signed_in=False),
        View("look_own", Writing, _look, signed_in=True),
        View("look_staff", Writing, _look, signed_in=False, staff=True),
    ]
    monkeypatch.setattr("portal.portal.USE_CASES", {each.name: each for each in cases})
    monkeypatch.setattr("portal.portal.VIEWS", {each.name: each for each in views})
    monkeypatch.setattr("portal.portal.TASKS", {**TASKS, "work": runs.work})
    return runs
