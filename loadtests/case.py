"""A case on its way: what a journey does at the portal, each answer judged and recorded."""

import datetime as dt
import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from loadtests.answers import Expected, Reply, Verdict, judged, retry_after_s
from loadtests.applicants import Applicants
from loadtests.record import Record
from loadtests.samples import PREPARATION, Acknowledged, Outcome, Sample, Unanswered
from loadtests.subject import Subject, Visitor
from loadtests.submission import Submission
from loadtests.target import Signer, Target, Timing, code_in
from loadtests.wire import Wire
from signatures import cms
from world import draws
from world.attempts import service_k
from world.defects.certificate import CERTIFICATE
from world.filings import Filing
from world.microseconds import SECOND_US

__all__ = [
    "PREPARATION",
    "Case",
    "CaseAbandoned",
    "CaseFailed",
    "CaseRefused",
]

_THINKING: Final = draws.text_key("loadtest/thinking")
_JITTER: Final = draws.text_key("loadtest/jitter")
_THINKING_S: Final = 5.0  # of model time, mean: from an answer to the next click
_MOST_ATTEMPTS: Final = 6
_FIRST_PAUSE_S: Final = 0.5  # of the wall, doubled each time; Retry-After if that is longer
_SPREAD: Final = 0.2  # of a pause either way
_PATIENCE_S: Final = 20.0  # of the wall, for a message
_POLLS_S: Final = (0.01, 0.02, 0.04, 0.08, 0.16, 0.25)
_MOST_CODES: Final = 4
_LATE_CODES: Final = MappingProxyType(
    {"confirm_binding": "BND-04", "confirm_employee": "ROLE-05", "activate_cabinet": "ACT-01"}
)
"""By which rule a use case names a code that is too old, if not by AUTH-05."""
_GONE: Final = frozenset({"absent"})  # with the code, what it was for is forgotten
_MOST_TURNS: Final = 8  # corrections of one submission
_CERTIFICATE: Final = frozenset(CERTIFICATE)


class CaseFailed(Exception):
    """The portal did what it should not; the sample says what."""


class CaseRefused(Exception):
    """The applicant has given up: the mistakes were not mended."""


class CaseAbandoned(Exception):
    """The run is over."""


@dataclass
class Case:
    """Case `number` of `journey`.

    `due_us` is when the next request should leave: when the case comes, or a pause ends; None: as
    soon as its user has done what comes before it. `first_us` is when the first attempt of the
    request in hand should have left. With `draw_of` requests bear the model's draw of
    the node that they stand for: entity/node/visit. While it `prepares` nobody makes mistakes or
    thinks. `rejected` are the rules that gates have named where no request is sent for it."""

    journey: str
    number: int
    subject: Subject
    target: Target
    wire: Wire
    timing: Timing
    applicants: Applicants
    record: Record
    run_key: str
    due_us: int | None
    draw_of: Callable[[str, int], str | None] | None = None
    prepares: bool = False
    first_us: int = 0
    submitted: int = 0
    steps: int = 0
    visits: dict[str, int] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)

    @property
    def filing(self) -> Filing:
        """What the applicant types and signs with now."""
        applicant = self.subject.applicant
        return applicant.good if self.prepares else applicant.filing

    # --- requests

    def act(
        self,
        use_case: str,
        form: Mapping[str, Any],
        *,
        into: Collection[str] = (),
        who: Visitor | None = None,
        operator: str = "",
        submits: str = "",
        node: str = "",
        expected: Expected | Callable[[], Expected] | None = None,
    ) -> Verdict:
        """Do a use case as the applicant, `who`, or the `operator`; it should lead `into` one of
        these states, or be what is `expected` once the answer is there.

        `submits` is the kind of what the portal takes with it, done once under a key however often
        it is sent; its id in the answer bears that name. `node` is the model's name of this step.
        CaseFailed, CaseAbandoned."""
        headers = self._headers(who or self.subject.visitor, operator)
        headers["Content-Type"] = "application/json"
        content = json.dumps(form, ensure_ascii=False).encode()
        wanted = expected or Expected(states=frozenset(into))
        if not submits:
            return self._sent("POST", use_case, "", headers, content, wanted, node)
        self.submitted += 1
        key = f"{self.run_key}/{self.journey}/{self.number}/{self.submitted}"
        headers["Idempotency-Key"] = key
        submission = Submission(submits, key)
        try:
            return self._sent("POST", use_case, "", headers, content, wanted, node, submission)
        finally:
            if submission.is_open:
                self._leave_open(submission)

    def read(
        self,
        view: str,
        query: Mapping[str, Any] | None = None,
        *,
        into: Collection[str] = (),
        who: Visitor | None = None,
    ) -> Verdict:
        """Look at a view. Raises as `act`."""
        headers = self._headers(who or self.subject.visitor, "")
        given = urlencode([*_pairs(query or {})])
        wanted = Expected(states=frozenset(into))
        return self._sent("GET", view, given and f"?{given}", headers, None, wanted, "")

    def submit(
        self,
        use_case: str,
        form: Callable[[], Mapping[str, Any]],
        *,
        into: Collection[str],
        catches: Mapping[str, str],
        consequences: Collection[str] = (),
        submits: str = "",
        node: str = "",
    ) -> Verdict:
        """Send a form that catches the rules `catches` (by that of the defect the one it names): a
        refusal that names what is wrong with it is as it should be. It is mended and sent again
        until it is taken, or until the applicant gives up (CaseRefused)."""
        for _ in range(_MOST_TURNS):
            sent = form()
            mistakes = self.mistakes(catches)
            verdict = self.act(
                use_case,
                sent,
                submits=submits,
                node=node,
                expected=Expected(
                    states=frozenset(into),
                    refusals=frozenset(mistakes.values()),
                    consequences=frozenset(consequences),
                    has_to_refuse=bool(mistakes),
                ),
            )
            if verdict.outcome == "ok":
                return verdict
            self.mend(each for each, rule in mistakes.items() if rule in verdict.told.rules)
            self.think()
        raise CaseRefused

    def confirm(
        self,
        ask: Callable[[], object],
        contact: str,
        use_case: str,
        form: Callable[[str], Mapping[str, Any]],
        *,
        into: Collection[str] = (),
        who: Visitor | None = None,
        node: str = "",
        asked_us: int | None = None,
    ) -> Verdict:
        """Ask for a code, and enter it once it has come to the contact; `asked_us` is when it was
        asked for if it was already. One that is older than it
        may be (AUTH-05), because the portal or the messages were slow, is rightly refused, and
        asked for anew. CaseRefused after some."""
        ttl_s = self.applicants.code_ttl_s
        late = _LATE_CODES.get(use_case, "AUTH-05")
        for _ in range(_MOST_CODES):
            since_us = self.timing.now_us() if asked_us is None else asked_us
            if asked_us is None:
                ask()
            asked_us = None
            code = self.code(contact, who)
            self.think()

            expected = self.in_time(since_us, ttl_s, into, late)
            verdict = self.act(use_case, form(code), who=who, node=node, expected=expected)
            if verdict.outcome == "ok":
                return verdict
        raise CaseRefused

    def age_s(self, since_us: int) -> float:
        """Model seconds since an instant of the wall."""
        return (self.timing.now_us() - since_us) / SECOND_US * self.timing.speed

    def in_time(
        self, since_us: int, lasts_s: float, into: Collection[str], late: str
    ) -> Callable[[], Expected]:
        """What is right once an answer is there that leads `into` these states: a refusal by the
        rule `late` is as well if the answer comes more than `lasts_s` of model time after
        `since_us`."""

        def expected() -> Expected:
            if self.age_s(since_us) <= lasts_s:
                return Expected(states=frozenset(into))
            return Expected(states=frozenset(into), refusals=frozenset({late}), codes=_GONE)

        return expected

    # --- mistakes

    def mistakes(self, catches: Mapping[str, str]) -> dict[str, str]:
        """Defects of the applicant that break one of these rules, each with the rule it names."""
        if self.prepares:
            return {}
        applicant = self.subject.applicant
        found = {each: self.applicants.rule_of(applicant, each) for each in applicant.defects}
        return {each: catches[rule] for each, rule in found.items() if rule in catches}

    def show(self, rules: Collection[str]) -> None:
        """The journey begins: of the applicant's mistakes it has those that break these rules, and
        the registers know what is wrong with the organization."""
        self.prepares = False
        self.subject.applicant = self.applicants.showing(self.subject.applicant, rules)
        self._tell_registers()

    def mend(self, named: Iterable[str]) -> None:
        """The applicant works on the defects that were named."""
        self.subject.turns += 1
        mended = self.applicants.mended(self.subject.applicant, set(named), self.subject.turns)
        self.subject.applicant = mended
        self._tell_registers()

    def _tell_registers(self) -> None:
        shown, subject = self.filing.subject.organization, self.subject
        if shown.standing == subject.standing:
            return
        closed = None if shown.closed is None else shown.closed.isoformat()
        changes = {"standing": shown.standing, "closed": closed}
        self.target.change_organization(self.wire, shown.index, changes)
        subject.standing = shown.standing

    # --- time

    def think(self) -> None:
        """From an answer to the next click: exponential, the same in every run."""
        if self.prepares:
            return
        self.steps += 1
        entity = self.subject.applicant.entity
        self.pause(_THINKING_S * draws.unit_exponential(entity, _THINKING, self.steps, 0))

    def pause(self, model_s: float) -> None:
        """Let model time pass; what comes next is due then. CaseAbandoned if the run ends first."""
        wall_s = model_s / self.timing.speed
        self.due_us = self.timing.now_us() + round(wall_s * SECOND_US)
        self._check_time(wall_s)
        time.sleep(wall_s)

    # --- what people have

    def code(self, contact: str, who: Visitor | None = None) -> str:
        """The code that has come to a contact of the applicant or `who`; waits for it. CaseFailed
        if none comes."""
        return self._awaited(contact, who or self.subject.visitor, code_in)

    def link(self, contact: str, place: str, who: Visitor | None = None) -> str:
        """The token of a link that has come, behind `place` in its address."""

        def token(text: str) -> str | None:
            _, found, rest = text.partition(place)
            return rest.split()[0].strip(".,") if found else None

        return self._awaited(contact, who or self.subject.visitor, token)

    def signer(self) -> Signer:
        """The applicant's key and certificate, with the mistakes that are left."""
        applicant = self.subject.applicant
        wrong = (
            [] if self.prepares else [each for each in applicant.defects if each in _CERTIFICATE]
        )
        good = applicant.good
        index = good.subject.organization.index
        return self.target.signer(self.wire, index, good.as_of, wrong)

    def signed(self, text: str) -> bytes:
        """A detached CMS signature of the applicant, by the clock of their computer."""
        signer = self.signer()
        skew = self.filing.environment.clock_skew_s
        at = self.timing.model_now().replace(microsecond=0)
        at += dt.timedelta(seconds=skew)
        self.due_us = None
        return cms.sign(text.encode(), signer.key, signer.certificate, at=at)

    # --- inside

    def _sent(
        self,
        method: str,
        name: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes | None,
        expected: Expected | Callable[[], Expected],
        node: str,
        submission: Submission | None = None,
    ) -> Verdict:
        route = name.replace("_", "-")
        url = f"{self.target.portal}/v1/{route}{query}"
        visit = self.visits[node] = self.visits.get(node, -1) + 1
        for attempt in range(_MOST_ATTEMPTS):
            given = dict(headers)
            draw = self.draw_of(node, visit) if node and self.draw_of is not None else None
            if draw is not None:
                given["Poligon-Draw"] = f"{draw}/{service_k(attempt)}"
            try:
                verdict, reply = self.ask(method, url, route, given, body, expected, attempt)
            except CaseAbandoned:
                raise  # before it has left
            except BaseException:
                if submission is not None:
                    submission.is_lost = True
                raise
            if submission is not None and submission.answered(reply, verdict):
                self._acknowledge(submission)
            if verdict.is_good:
                return verdict
            if not reply.error and verdict.outcome != "shed":
                break
            self._back_off(attempt, retry_after_s(reply) or 0.0)
        raise CaseFailed(f"{method} {route}: {verdict.detail}")

    def ask(
        self,
        method: str,
        url: str,
        name: str,
        headers: Mapping[str, str],
        body: bytes | None,
        expected: Expected | Callable[[], Expected],
        attempt: int,
        judge: Callable[[Reply, Expected], Verdict] = judged,
        timeout_s: float | None = None,
    ) -> tuple[Verdict, Reply]:
        """One request, measured from the moment when it was due."""
        self._check_time(0.0)
        replies: list[Reply] = []

        def judge_it(reply: Reply) -> Verdict:
            replies.append(reply)
            return judge(reply, expected() if callable(expected) else expected)

        sent_us = self.timing.now_us()
        try:
            verdict = self.wire.send(
                method,
                url,
                name=name,
                headers=headers,
                body=body,
                judge=judge_it,
                timeout_s=timeout_s,
            )
        except BaseException as error:
            # Cut off: with its user, whom the shape has taken away, or by the end of the run.
            is_killed = not isinstance(error, Exception)
            if is_killed or self.timing.now_us() >= self.timing.end_us:
                self._tell(f"{method} {name}", sent_us, 0, "failed", "abandoned", attempt)
            raise
        reply = replies[-1]
        operation = f"{method} {name}"
        self._tell(operation, sent_us, reply.status, verdict.outcome, verdict.detail, attempt)
        return verdict, reply

    def _tell(
        self,
        operation: str,
        sent_us: int,
        status: int,
        outcome: Outcome,
        detail: str,
        attempt: int = 0,
    ) -> None:
        ended_us = self.timing.now_us()
        intended_us = sent_us if self.due_us is None else self.due_us
        if not attempt:
            self.first_us = intended_us
        self.record.sample(
            Sample(
                intended_us=intended_us,
                sent_us=sent_us,
                ended_us=ended_us,
                journey=self.journey,
                entity=self.number,
                operation=operation,
                status=status,
                outcome=outcome,
                detail=detail,
                attempt=attempt,
                first_us=self.first_us,
            )
        )
        self.due_us = None

    def _back_off(self, attempt: int, told_s: float) -> None:
        if attempt + 1 == _MOST_ATTEMPTS:
            return
        self.steps += 1
        unit = draws.uniform(self.subject.applicant.entity, _JITTER, self.steps, attempt)
        wall_s = max(told_s, _FIRST_PAUSE_S * 2.0**attempt)
        wall_s *= 1.0 + _SPREAD * (2.0 * unit - 1.0)
        self.pause(wall_s * self.timing.speed)

    def _check_time(self, wall_s: float) -> None:
        if self.timing.now_us() + wall_s * SECOND_US >= self.timing.end_us:
            raise CaseAbandoned

    def _headers(self, who: Visitor, operator: str) -> dict[str, str]:
        headers = {"Accept-Language": "ru", "User-Agent": "Poligon", "Poligon-Address": who.address}
        if operator:
            headers["Poligon-Operator"] = quote(operator)
        elif who.token:
            headers["Authorization"] = f"Bearer {who.token}"
        return headers

    def _acknowledge(self, submission: Submission) -> None:
        at_us, taken = self.timing.now_us(), submission.taken or ""
        self.record.acknowledge(
            Acknowledged(submission.kind, taken, self.journey, self.number, at_us)
        )

    def _leave_open(self, submission: Submission) -> None:
        at_us, key = self.timing.now_us(), submission.key
        self.record.leave_open(Unanswered(submission.kind, key, self.journey, self.number, at_us))

    def _awaited(self, contact: str, who: Visitor, part: Callable[[str], str | None]) -> str:
        since_us = self.timing.now_us()
        polls = iter(_POLLS_S)
        while True:
            messages = self.target.messages(self.wire, contact)
            for place in range(who.read.get(contact, 0), len(messages)):
                found = part(str(messages[place]["text"]))
                if found is not None:
                    who.read[contact] = place + 1
                    self.due_us = None
                    return found
            now_us = self.timing.now_us()
            if now_us > since_us + _PATIENCE_S * SECOND_US:
                break
            self._check_time(0.0)
            time.sleep(next(polls, _POLLS_S[-1]))
        self.due_us = since_us
        self._tell("message", since_us, 0, "failed", "no message came")
        raise CaseFailed("no message came")


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A query as it is written in a URL."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            if each is not None:
                pairs.append((name, str(each).lower() if isinstance(each, bool) else str(each)))
    return pairs
