"""The registry of participants of procurement (ЕРУЗ): accreditation for three years."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from mocks.case_work.applicants import in_force, standing_of
from mocks.case_work.cases import Case, Docket, StateTable, Step
from mocks.case_work.entries import Entry, expire_after_term
from mocks.case_work.terms import years_after
from mocks.case_work.work import Works
from mocks.core.records import Change
from mocks.core.tenant import Tenant
from mocks.procurement.notices import SERVICE

__all__ = [
    "ACCREDITATION_YEARS",
    "NO_BIDS_DAYS",
    "REGISTRATION_WORKING_DAYS",
    "Accreditation",
    "Participant",
    "Participants",
    "may_bid",
]

ACCREDITATION_YEARS: Final = 3
"""44-ФЗ, art. 24.2, part 7."""

REGISTRATION_WORKING_DAYS: Final = 1
"""44-ФЗ, art. 24.2, part 4: not later than the working day after the application."""

NO_BIDS_DAYS: Final = 90
"""44-ФЗ, art. 24.2, part 6: three months before the end of the term nobody may bid any more; taken
for 90 days."""

STATES: Final = StateTable(
    titles={
        "in_examination": "Сведения проверяются",
        "accredited": "Аккредитован",
        "refused": "В аккредитации отказано",
    },
    follows={"in_examination": frozenset({"accredited", "refused"})},
)


@dataclass(eq=False, kw_only=True)
class Participant(Entry):
    """An accredited organization; `number` has 8 digits."""

    states: ClassVar[StateTable] = StateTable(
        titles={
            "active": "Аккредитован",
            "expired": "Срок аккредитации истёк",
            "terminated": "Исключён из реестра",
        },
        follows={"active": frozenset({"expired", "terminated"})},
    )

    organization: int


@dataclass
class Accreditation:
    """What a case is about; `participant` is the number it led to."""

    e_mail: str
    participant: str | None = None


class Participants:
    """A tenant's registry; whoever leaves ЕГРЮЛ or ЕГРИП leaves it."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._works = Works(tenant, SERVICE)
        self.docket: Docket[Accreditation] = Docket("ACC", STATES, on_drop=self._works.drop)
        self._by_organization: dict[int, Participant] = {}
        self._count = 0
        tenant.records.on_change.append(self._on_change)

    def of(self, organization: int) -> Participant | None:
        """The latest entry of an organization."""
        return self._by_organization.get(organization)

    def examine(self, case: Case[Accreditation], now_us: int) -> None:
        """Take an application in; Refusal 503 if there is no waiting place."""
        self._works.take_in(self.docket, case, self._decide, now_us)

    def _decide(self, case: Case[Accreditation], now_us: int) -> None:
        organization = self._tenant.records.organization_by_inn(case.inn)
        if organization is None or not in_force(organization):
            case.move("refused", now_us, f"Организация: {standing_of(organization)}")
            return
        held = self.of(organization.index)
        if held is not None and held.in_force:
            case.move("refused", now_us, f"Уже аккредитована под номером {held.number}")
            return
        calendar = self._tenant.clock.calendar
        self._count += 1
        participant = Participant(
            number=f"{calendar.date(now_us).year % 100:02}{self._count:06}",
            inn=organization.inn,
            valid_from=calendar.date(now_us),
            valid_until=years_after(calendar, now_us, ACCREDITATION_YEARS),
            history=[Step(now_us, "active", "Внесён в реестр", None)],
            organization=organization.index,
        )
        self._by_organization[organization.index] = participant
        case.subject.participant = participant.number
        case.move("accredited", now_us, f"Номер в реестре {participant.number}")

        def expire(at_us: int) -> None:
            participant.move("expired", at_us, "Срок аккредитации истёк")

        expire_after_term(self._tenant, participant, expire)

    def _on_change(self, change: Change) -> None:
        participant = self.of(change.after.index)
        closed = change.after.standing == "liquidated"
        if participant is not None and participant.in_force and closed:
            participant.move("terminated", change.at_us, "Организация прекратила деятельность")


def may_bid(participant: Participant, day: dt.date) -> bool:
    """Whether a participant may bid on `day`: not in the last months of the term."""
    assert participant.valid_until is not None  # every accreditation has a term
    last = participant.valid_until - dt.timedelta(days=NO_BIDS_DAYS)
    return participant.state == "active" and day <= last
