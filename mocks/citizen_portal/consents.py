"""Consents of a person to give an organization data about an employee."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from mocks.citizen_portal.contracts import Contract, Contracts, contract_view
from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.inboxes import Message
from mocks.core.moments import moment
from mocks.core.register import Numbered, Register, new_id
from mocks.core.tenant import Tenant
from world.microseconds import DAY_US
from world.records import Organization, Person

__all__ = [
    "CONSENT_LOST", "SERVICE", "Consent", "ConsentRequest", "Consents", "Decision", "Scope",
]  # fmt: skip

SERVICE: Final = "citizen_portal"
CONSENT_LOST: Final = "consent_lost"

Scope: TypeAlias = Literal["fullname", "birthdate", "inn", "snils", "contacts", "employment"]
"""Names after the scopes of ЕСИА; `employment` is ours."""

Status: TypeAlias = Literal["requested", "approved", "declined", "lapsed", "withdrawn", "expired"]
Decision: TypeAlias = Literal["approve", "decline", "withdraw"]

TITLES: Final[dict[Status, str]] = {
    "requested": "Ожидает решения гражданина",
    "approved": "Согласие дано",
    "declined": "В согласии отказано",
    "lapsed": "Решение не принято в срок",
    "withdrawn": "Согласие отозвано",
    "expired": "Срок согласия истёк",
}

ANSWER_US: Final = 7 * DAY_US
"""Assumption: a week to decide."""

MOST_DAYS: Final = 365
"""Assumption: the longest term of a consent."""

_MOST_CONSENTS: Final = 10_000  # the latest

_DECISIONS: Final[dict[Decision, tuple[Status, Status]]] = {
    "approve": ("requested", "approved"),
    "decline": ("requested", "declined"),
    "withdraw": ("approved", "withdrawn"),
}
"""From which status a decision leads to which (152-ФЗ, art. 9, part 2: a consent may be withdrawn
at any time)."""


class ConsentRequest(Numbered):
    """What the organization `inn` asks of the person `snils`, for how many days and what for."""

    inn: str
    snils: str
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=6)]
    purpose: Annotated[str, Field(min_length=1, max_length=500)]
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


@dataclass(eq=False)
class Consent:
    """One request and what became of it; `person`, `organization` are indices.

    `seen_by_person` differs from `status` when an approval was lost on its way.
    """

    id: str
    request_id: str
    person: int
    organization: int
    scopes: tuple[Scope, ...]
    purpose: str
    days: int
    key: DrawKey
    asked_us: int
    status: Status = "requested"
    seen_by_person: Status = "requested"
    ends_us: int = 0
    moves: int = 0
    end: Appointment | None = None


class Consents:
    """The consents of one tenant, the latest 10,000. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._consents: Register[Consent] = Register(_MOST_CONSENTS, _forget)
        tenant.state(Contracts).on_change.append(self._tell_contract)

    def ask(
        self,
        asked: ConsentRequest,
        person: Person,
        organization: Organization,
        key: DrawKey,
        now_us: int,
    ) -> Consent:
        """Ask the person."""
        consent = Consent(
            new_id(key, "consent"),
            asked.request_id,
            person.index,
            organization.index,
            asked.scopes,
            asked.purpose,
            asked.days,
            key,
            now_us,
        )
        self._consents.keep(consent.id, consent, asked)
        self._end_at(consent, now_us + ANSWER_US, "lapsed")
        self._notify(consent, person, organization, now_us)
        return consent

    def repeated(self, asked: ConsentRequest) -> Consent | None:
        """The consent that this very request asks for; Refusal 409 as of `Register`, 404 as of
        `find`."""
        consent = self._consents.repeated(asked)
        return None if consent is None else self.find(consent.id)

    def find(self, consent_id: str) -> Consent:
        """The consent of that id; Refusal 404, also if a party is nobody any more."""
        consent = self._consents.find(consent_id)
        if consent is None or not self._has_parties(consent):
            raise Refusal(404, "no-such-consent", f"Нет согласия {consent_id}")
        return consent

    def of(self, person: Person) -> list[Consent]:
        """What `person` was asked for, oldest first."""
        asked = (consent for consent in self._consents if consent.person == person.index)
        return [consent for consent in asked if self._has_parties(consent)]

    def decide(self, consent: Consent, decision: Decision, lost: bool, now_us: int) -> None:
        """The person's word; said again it changes nothing. Refusal 409 where it does not fit.

        A `lost` approval stays in the cabinet and does not reach the organization.
        """
        before, after = _DECISIONS[decision]
        if consent.seen_by_person == after:
            return
        if consent.seen_by_person != before:
            title = TITLES[consent.seen_by_person]
            raise Refusal(409, "wrong-state", f"«{title}»: решение уже не изменить")
        consent.seen_by_person = after
        if lost:
            return
        if after == "approved":
            self._end_at(consent, now_us + consent.days * DAY_US, "expired")
        elif consent.end is not None:
            consent.end.cancel()
        self._move(consent, after, now_us)

    def _end_at(self, consent: Consent, us: int, status: Status) -> None:
        if consent.end is not None:
            consent.end.cancel()
        consent.ends_us = us

        def end(now_us: int) -> None:
            consent.seen_by_person = status
            self._move(consent, status, now_us)

        consent.end = self._tenant.agenda.at(us, end)

    def _has_parties(self, consent: Consent) -> bool:
        """Whether both are on record: a test may take back whom it has added."""
        records = self._tenant.records
        try:
            records.person(consent.person), records.organization(consent.organization)
        except IndexError:
            return False
        return True

    # --- what is told

    def _move(self, consent: Consent, status: Status, now_us: int) -> None:
        consent.status = status
        if not self._has_parties(consent):
            return
        self._publish(consent, {"kind": "consent", "consent": self.view(consent)}, now_us)

    def _tell_contract(self, contract: Contract, now_us: int) -> None:
        """Whoever has the person's consent learns of a change of the contract (ROLE-12)."""
        for consent in self._consents:
            if consent.status != "approved" or "employment" not in consent.scopes:
                continue
            if (consent.person, consent.organization) == (contract.person, contract.organization):
                today = self._tenant.clock.calendar.date(now_us)
                payload = {
                    "kind": "employment",
                    "consent_id": consent.id,
                    "employment": contract_view(contract, today),
                }
                self._publish(consent, payload, now_us)

    def _publish(self, consent: Consent, payload: dict[str, Any], now_us: int) -> None:
        consent.moves += 1
        event_id = f"{consent.id}/{consent.moves}"
        key = consent.key.about(f"event {consent.moves}")
        self._tenant.feed(SERVICE).publish(event_id, payload, key, now_us)

    def _notify(
        self, consent: Consent, person: Person, organization: Organization, now_us: int
    ) -> None:
        """A message in the person's cabinet, whose address is the СНИЛС."""
        text = f"{organization.short_name} запрашивает сведения: {consent.purpose}"
        message = Message(
            id=consent.id,
            channel="push",
            to=person.snils,
            text=text,
            sent_us=now_us,
            delivered_us=now_us,
            subject="Запрос согласия",
            sender="Госуслуги",
        )
        self._tenant.inboxes.deliver(message)

    def view(self, consent: Consent, by_person: bool = False) -> dict[str, Any]:
        """The consent as the organization sees it, or the person."""
        records = self._tenant.records
        status = consent.seen_by_person if by_person else consent.status
        return {
            "consent_id": consent.id,
            "request_id": consent.request_id,
            "inn": records.organization(consent.organization).inn,
            "snils": records.person(consent.person).snils,
            "scopes": list(consent.scopes),
            "purpose": consent.purpose,
            "status": status,
            "status_title": TITLES[status],
            "asked": moment(self._tenant, consent.asked_us),
            "until": moment(self._tenant, consent.ends_us),
        }


def _forget(consent: Consent) -> None:
    if consent.end is not None:
        consent.end.cancel()
