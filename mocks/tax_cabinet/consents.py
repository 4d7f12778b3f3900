"""A consent to access: asked for by the portal, given or refused by the taxpayer, opened by ФНС,
for a term and some services (APP-10)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from mocks.case_work.applicants import Submission
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.terms import day_after, last_moment
from mocks.core.http import Refusal
from mocks.core.inboxes import Message
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.microseconds import MINUTE_US
from world.records import Organization

__all__ = [
    "LOST_CONFIRMATION",
    "TABLE",
    "AccessRequest",
    "Consent",
    "Consents",
    "Decision",
    "Scope",
]

Scope: TypeAlias = Literal["registration", "reporting", "settlements", "audits"]
Decision: TypeAlias = Literal["confirmation", "refusal", "revocation"]

LOST_CONFIRMATION: Final = "lost_confirmation"

# Assumptions: the sources give neither term.
PENDING_DAYS: Final = 30  # of a request that nobody decides on
OPENING_US: Final = 10 * MINUTE_US  # from the taxpayer's confirmation until the access is open

TABLE: Final = StateTable(
    titles={
        "pending": "Ожидает подтверждения в кабинете",
        "confirmed": "Подтверждён, доступ открывается",
        "open": "Доступ открыт",
        "refused": "Отклонён налогоплательщиком",
        "lapsed": "Не подтверждён в срок",
        "revoked": "Отозван налогоплательщиком",
        "expired": "Срок доступа истёк",
    },
    follows={
        "pending": frozenset({"confirmed", "refused", "lapsed"}),
        "confirmed": frozenset({"open", "revoked"}),
        "open": frozenset({"revoked", "expired"}),
        "refused": frozenset(),
        "lapsed": frozenset(),
        "revoked": frozenset(),
        "expired": frozenset(),
    },
)

_DECIDED: Final[dict[Decision, tuple[str, tuple[str, ...]]]] = {
    "confirmation": ("confirmed", ("pending",)),
    "refusal": ("refused", ("pending",)),
    "revocation": ("revoked", ("confirmed", "open")),
}
"""What a decision of the taxpayer leads to, and from which states."""


class AccessRequest(Submission):
    """What the portal asks for: services, and for how many days."""

    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=4)]
    days: Annotated[int, Field(ge=1, le=365)]
    purpose: Annotated[str, Field(min_length=1, max_length=500)]


@dataclass(eq=False)
class Consent:
    """What access is asked for; `shown` is what the portal was answered last."""

    scopes: tuple[Scope, ...]
    days: int
    purpose: str
    shown: dict[str, Any] | None = None


class Consents:
    """The consents of a tenant's organizations."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.docket: Docket[Consent] = Docket("CONSENT", TABLE)

    def ask(self, call: Call, request: AccessRequest, organization: Organization) -> Case[Consent]:
        """Ask the taxpayer."""
        calendar = self._tenant.clock.calendar
        until_us = last_moment(calendar, day_after(calendar, call.now_us, PENDING_DAYS))
        consent = Consent(request.scopes, request.days, request.purpose)
        case = self.docket.open(call, request, consent, due_us=until_us)
        self._plan(case, until_us + 1, self._lapse)
        self._invite(case, organization, call.now_us)
        return case

    def decide(self, call: Call, case: Case[Consent], decision: Decision) -> None:
        """The taxpayer's word; said again it changes nothing. Refusal 409 where it comes too late
        or too early."""
        state, allowed = _DECIDED[decision]
        if case.state == state or (decision == "confirmation" and case.state == "open"):
            return
        case.require(*allowed)
        if decision == "confirmation" and call.hit(LOST_CONFIRMATION):
            return
        self._move(case, state, call.now_us)
        if decision == "confirmation":
            self._plan(case, call.now_us + OPENING_US, self._open)

    def open_for(self, number: str, inn: str, scope: Scope) -> Case[Consent]:
        """The consent `number` if it opens `scope` of the organization `inn`; otherwise Refusal
        403."""
        case = self.docket.case(number)
        if case.inn != inn or case.state != "open" or scope not in case.subject.scopes:
            message = "Доступ к этим сведениям налогоплательщиком не открыт"
            raise Refusal(403, "no-access", message)
        return case

    def view(self, case: Case[Consent]) -> dict[str, Any]:
        """The request as answers show it; `due` is when it lapses or the access expires."""
        return {
            **case.view(self._tenant, self._tenant.now_us),
            "scopes": list(case.subject.scopes),
            "days": case.subject.days,
            "purpose": case.subject.purpose,
        }

    def _open(self, case: Case[Consent], now_us: int) -> None:
        if case.state != "confirmed":
            return
        calendar = self._tenant.clock.calendar
        until_us = last_moment(calendar, day_after(calendar, now_us, case.subject.days))
        self._move(case, "open", now_us, until_us)
        self._plan(case, until_us + 1, self._expire)

    def _lapse(self, case: Case[Consent], now_us: int) -> None:
        if case.state == "pending":
            self._move(case, "lapsed", now_us)

    def _expire(self, case: Case[Consent], now_us: int) -> None:
        if case.state == "open":
            self._move(case, "expired", now_us)

    def _plan(
        self, case: Case[Consent], at_us: int, happening: Callable[[Case[Consent], int], None]
    ) -> None:
        self.docket.plan(self._tenant.agenda, at_us, case, happening)

    def _move(
        self, case: Case[Consent], state: str, now_us: int, due_us: int | None = None
    ) -> None:
        case.move(state, now_us, due_us=due_us)
        self._tenant.feed("tax_cabinet").publish(
            f"{case.number}/{state}", {"case": self.view(case)}, case.key.about(state), now_us
        )

    def _invite(self, case: Case[Consent], organization: Organization, now_us: int) -> None:
        head = self._tenant.records.person(organization.head.person)
        name = organization.short_name
        self._tenant.inboxes.deliver(
            Message(
                id=f"consent/{case.number}",
                channel="push",
                to=head.inn,
                text=f"Портал просит доступ к налоговым сервисам {name}: {case.subject.purpose}",
                sent_us=now_us,
                delivered_us=now_us,
                subject="Запрос доступа к налоговым сервисам",
                sender="ФНС России",
                fields={"request": case.number},
            )
        )
