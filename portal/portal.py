"""The portal: use cases and views over its ports, and the work that waits for its time."""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter

from portal.api_keys.reach import beyond_key
from portal.operations.maintenance import closed_by_maintenance
from portal.operations.waiting import told_to_wait, waits_for
from portal.payload import read_payload
from portal.ports.messenger import Letter, NotSent
from portal.ports.ports import Ports
from portal.ports.store import Conflict
from portal.ports.unavailable import NotBelieved, OnItsWay, Unavailable
from portal.rules.operations import RepeatedKey, repetition_is_safe
from portal.sent_letters import SentLetters
from portal.store.entity import Entity, restored
from portal.store.unit import Unit
from portal.tasks import LANES, Lane, Task, due_key, moment_key, retry_pause, schedule
from portal.use_case import (
    TASKS,
    USE_CASES,
    VIEWS,
    Actor,
    Context,
    Outcome,
    Part,
    refused,
    task,
)
from portal.workplace.browsers import unfit_browser
from rulebook import Policy, RuleBook

__all__ = ["Portal", "UnknownAct"]

_log: Final = logging.getLogger(__name__)
_PASSING: Final = ("later", "forbidden")  # a right may be given, a sign-in raised
_ATTEMPTS: Final = 8  # of a use case that others overtake
_BATCH: Final = 100  # tasks done in one go
_WHOLE: Final = Part()
_NEVER: Final = "9"  # sorts after the key of every moment
_SIGNATURE: Final = "signature"
"""A field of forms that are signed."""
_KEPT_KEYS: Final = dt.timedelta(days=1)  # how long an idempotency key is remembered


class UnknownAct(LookupError):
    """There is no use case or view of that name."""


@dataclass(frozen=True, kw_only=True)
class Done(Entity):
    """The outcome that an idempotency key stands for (OPS-01); `digest` of what was sent is itself
    hashed slowly if that bore a secret."""

    KIND: ClassVar[str] = "done"

    digest: str
    outcome: str
    at: dt.datetime


class Portal:
    """The portal of one rule book and policy over its `ports`. Thread-safe if its ports are."""

    def __init__(self, ports: Ports, book: RuleBook, policy: Policy) -> None:
        self.ports = ports
        self.book = book
        self.policy = policy
        self._letters = SentLetters(ports.store)

    def act(
        self, name: str, actor: Actor, payload: Mapping[str, Any], key: str | None = None
    ) -> Outcome:
        """Do use case `name` with the form in `payload` (JSON values).

        With `key` the same is done once: a repetition gets the outcome of the first time, unless
        that bears a secret: then it is done anew. A key of another content is refused (OPS-01), as
        is what a silent system (OPS-02), maintenance (OPS-03) or a browser that is not good for it
        (ENV-01) keeps from being done. Raises
        UnknownAct, UnreadablePayload, and Conflict if others were first again and again.
        """
        case = USE_CASES.get(name)
        if case is None:
            raise UnknownAct(name)
        signs = bool(payload.get(_SIGNATURE))
        if unfit := unfit_browser(actor.device, self.policy, signs=signs):
            return refused(unfit)
        closed = case.refusal(actor)
        if closed is not None:
            return Outcome(state="refused", refusal=closed)
        if case.signed_in and (beyond := beyond_key(actor, name, self.policy)):
            return refused(beyond, "forbidden")
        form = read_payload(case.form, payload)
        done_id = _done_id(actor, name, key) if key is not None and case.remembered else None
        digest = "" if done_id is None else _digest(name, actor, payload)
        for _ in range(_ATTEMPTS):
            context = self._context(actor, name)
            done = None if done_id is None else context.unit.get(Done, done_id)
            if done is not None:
                return self._repeated(done, digest)
            try:
                outcome = _run(context, case.run, form, stays_open=case.stays_open)
            except Unavailable as silent:
                return waits_for(context, silent)
            if done_id is not None and outcome.refusal not in _PASSING:
                kept = self.ports.passwords.hash(digest) if case.bears_secrets else digest
                self._remember(context, done_id, kept, outcome)
            try:
                self._commit(context)
            except Conflict as conflict:
                last = conflict
                continue
            return outcome
        raise last

    def read(
        self, name: str, actor: Actor, query: Mapping[str, Any], part: Part = _WHOLE
    ) -> Outcome:
        """Show view `name`, unless it is closed as a use case is, or a `part` of it if it is shown
        in parts; raises UnknownAct, UnreadablePayload. What it notes is kept: reading what is
        another's leaves a line in the journal."""
        shown = VIEWS.get(name)
        if shown is None:
            raise UnknownAct(name)
        closed = shown.refusal(actor)
        if closed is not None:
            return Outcome(state="refused", refusal=closed)
        if shown.signed_in and (beyond := beyond_key(actor, name, self.policy)):
            return refused(beyond, "forbidden")
        asked = read_payload(shown.query, query)
        context = self._context(actor, name, part)
        try:
            outcome = _run(context, shown.show, asked, stays_open=shown.stays_open)
        except Unavailable as silent:
            return waits_for(context, silent)
        self._commit(context)
        return outcome

    def tick(self, lanes: Sequence[Lane] = LANES) -> int:
        """Do the work that is due by now, what it plans for now included; how many tasks were done.

        A task that fails is tried again after a pause that grows; one that another worker has done
        meanwhile is passed over. Each of the `lanes` has one worker at a time, for what goes to
        machines of others goes in order.
        """
        self.forget_sent_letters()
        done = 0
        while due := self._planned(lanes, moment_key(self.ports.clock.now()), _BATCH):
            done += sum(self._do(each) for each in due)
        return done

    def next_due(self, lanes: Sequence[Lane] = LANES) -> dt.datetime | None:
        """When the first of the planned tasks is due, which may have passed; None if none is
        planned."""
        first = self._planned(lanes, _NEVER, 1)
        return first[0].due if first else None

    def forget_sent_letters(self) -> None:
        """What has gone needs not be kept any longer; before a portal is left, so that the next one
        does not send it again."""
        self._letters.forget()

    # --- inside

    def _context(self, actor: Actor, act: str, part: Part = _WHOLE) -> Context:
        return Context(
            portal=self,
            unit=Unit(self.ports.store),
            actor=actor,
            now=self.ports.clock.now(),
            act=act,
            part=part,
        )

    def _commit(self, context: Context) -> None:
        planned = [_queue(context, letter) for letter in context.letters]
        with self._letters.in_hand(planned):
            context.unit.commit()
            for letter, waiting in zip(context.letters, planned, strict=True):
                self._try_to_send(letter, waiting)
        for letters in context.secret_letters:
            self._send_first(letters)

    def _try_to_send(self, letter: Letter, waiting: Task) -> None:
        """At once, if the gateway takes it; otherwise its task is done in its turn."""
        try:
            self.ports.messenger.send(letter)
        except NotSent:
            return
        self._letters.add(waiting)

    def _send_first(self, letters: tuple[Letter, ...]) -> None:
        """The first of them that a gateway takes."""
        for letter in letters:
            try:
                self.ports.messenger.send(letter)
            except NotSent:
                continue
            return
        _log.warning("letter %s went through no gateway", letters[0].id)

    def _planned(self, lanes: Sequence[Lane], until: str, most: int) -> list[Task]:
        """The first tasks that are due until the moment of that key, the earliest first; but for
        letters that have gone."""
        asked = most + len(self._letters)
        found = [
            task
            for lane in lanes
            for document in self.ports.store.up_to(Task.KIND, due_key(lane), until, asked)
            if (task := restored(Task, document)) not in self._letters
        ]
        if len(lanes) > 1:
            found.sort(key=lambda each: moment_key(each.due))
        return found[:most]

    def _do(self, planned: Task) -> bool:
        try:
            return self._tried(planned)
        except Conflict as overtaken:  # nothing has failed: soon again
            _log.info("task %s is overtaken: %s", planned.id, overtaken)
            self._postpone(planned, failed=False)
        except NotSent as why:
            _log.info("task %s waits: %s", planned.id, why)
            self._postpone(planned)
        except OnItsWay as why:
            self._postpone(planned, why.retry_after_s, failed=False)
        except Unavailable as why:
            _log.info("task %s waits: %s", planned.id, why)
            not_believed = isinstance(why, NotBelieved)
            self._postpone(planned, why.retry_after_s, not_believed=not_believed)
        except Exception:
            _log.exception("task %s failed", planned.id)
            self._postpone(planned)
        return False

    def _tried(self, planned: Task) -> bool:
        """Do a task, at once again if others were first with what it changes; False if the task
        itself has been done or put off by them. Conflict if that happens again and again."""
        work = TASKS.get(planned.name)
        if work is None:
            raise UnknownAct(planned.name)  # planned by a later version
        for _ in range(_ATTEMPTS):
            context = self._context(Actor(task=planned.name), planned.name)
            known = context.unit.get(Task, planned.id)
            if known is None or known.version != planned.version:
                return False
            context.unit.delete(known)
            work(context, known)
            try:
                self._commit(context)
            except Conflict as conflict:
                last = conflict
                continue
            return True
        raise last

    def _postpone(
        self,
        planned: Task,
        at_least_s: int | None = None,
        *,
        failed: bool = True,
        not_believed: bool = False,
    ) -> None:
        unit = Unit(self.ports.store)
        pause = max(retry_pause(planned.attempts), dt.timedelta(seconds=at_least_s or 0))
        due = self.ports.clock.now() + pause
        attempts = planned.attempts + failed
        latest = not_believed if failed else planned.not_believed
        unit.put(replace(planned, due=due, attempts=attempts, not_believed=latest))
        try:
            unit.commit()
        except Conflict:
            return

    def _repeated(self, done: Done, digest: str) -> Outcome:
        is_same = done.digest == digest or self.ports.passwords.verify(done.digest, digest)
        taken = repetition_is_safe(RepeatedKey(same_content=is_same), self.policy)
        if taken:
            return refused(taken, "key-taken")
        outcome: Outcome = _OUTCOME.validate_json(done.outcome)
        return outcome

    def _remember(self, context: Context, done_id: str, digest: str, outcome: Outcome) -> None:
        text = _OUTCOME.dump_json(outcome).decode()
        context.unit.put(Done(id=done_id, digest=digest, outcome=text, at=context.now))
        schedule(context.unit, "forget_key", done_id, context.now + _KEPT_KEYS)


_OUTCOME: Final = TypeAdapter(Outcome)


@task
def forget_key(context: Context, planned: Task) -> None:
    """An idempotency key has been remembered long enough."""
    done = context.unit.get(Done, planned.subject)
    if done is not None:
        context.unit.delete(done)


@task
def send_letter(context: Context, planned: Task) -> None:
    """A letter that did not go at once; NotSent plans it again."""
    context.portal.ports.messenger.send(_LETTER.validate_json(planned.details["letter"]))


_LETTER: Final = TypeAdapter(Letter)


def _run(
    context: Context,
    work: Callable[[Context, Any], Outcome],
    form: Any,
    *,
    stays_open: bool,
) -> Outcome:
    """What `work` gives, unless maintenance has closed it; Unavailable."""
    closed = closed_by_maintenance(context, stays_open=stays_open)
    return told_to_wait(context, work(context, form)) if closed is None else closed


def _queue(context: Context, letter: Letter) -> Task:
    text = _LETTER.dump_json(letter).decode()
    return schedule(context.unit, "send_letter", letter.id, context.now, {"letter": text})


def _digest(name: str, actor: Actor, payload: Mapping[str, Any]) -> str:
    text = json.dumps([name, actor.account, actor.organization, dict(payload)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _done_id(actor: Actor, name: str, key: str) -> str:
    """A person's keys are not those of their programs, nor one member's of the staff another's."""
    who = actor.account or "-"
    if actor.key is not None:
        who = f"program {actor.key.id}"
    elif actor.operator is not None:
        who = f"staff {actor.operator}"
    return f"{who}/{name}/{key}"
