"""Access to tax services: asked of ФНС, confirmed by the taxpayer there, open after its approval
(APP-10)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.agency_case import AgencyCase, Course
from portal.events import Event, publish
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.ports.tax_cabinet import AccessView, NoSuchTaxpayer
from portal.ports.unavailable import Unavailable
from portal.rules.rights import ACCESS_SETTINGS, VIEW_REPORTS
from portal.rules.tax_access import TaxAccessClaim, tax_access_is_open
from portal.state_table import StateTable
from portal.tasks import Task
from portal.use_case import Context, Outcome, refused, task, use_case, view
from rulebook import Text

__all__ = [
    "ACCESS_STATES",
    "AccessRequest",
    "TaxAccess",
    "TaxServicesQuery",
    "request_tax_access",
    "tax_access",
    "tax_services",
]

TaxAccessState: TypeAlias = Literal[
    "requested", "pending", "confirmed", "open", "expired", "refused", "lapsed", "revoked"
]

ACCESS_STATES: Final[StateTable[TaxAccessState]] = StateTable(
    name="tax access",
    titles={
        "requested": "Передаётся в ФНС",
        "pending": "Ожидает подтверждения в кабинете налогоплательщика",
        "confirmed": "Подтверждён, ожидает одобрения ФНС",
        "open": "Открыт",
        "expired": "Срок истёк",
        "refused": "Отклонён",
        "lapsed": "Не подтверждён в срок",
        "revoked": "Отозван налогоплательщиком",
    },
    first="requested",
    transitions={
        ("requested", "pending"): "pending",
        ("requested", "confirmed"): "confirmed",
        ("requested", "open"): "open",
        ("requested", "refused"): "refused",
        ("requested", "lapsed"): "lapsed",
        ("requested", "revoked"): "revoked",
        ("requested", "expired"): "expired",
        ("pending", "confirmed"): "confirmed",
        ("pending", "open"): "open",  # what came between was missed
        ("pending", "refused"): "refused",
        ("pending", "lapsed"): "lapsed",
        ("pending", "revoked"): "revoked",
        ("pending", "expired"): "expired",
        ("confirmed", "open"): "open",
        ("confirmed", "revoked"): "revoked",
        ("confirmed", "expired"): "expired",
        ("open", "expired"): "expired",
        ("open", "revoked"): "revoked",
    },
)

_LOOKS: Final = dt.timedelta(minutes=10)  # assumption: how often ФНС is asked
_LONGEST_DAYS: Final = 365
_AGENCY: Final = "tax_cabinet"


@dataclass(frozen=True, kw_only=True)
class TaxAccess(AgencyCase):
    """The access of an organization (its id), by its latest request; `attempt` counts them and
    `number` is that of ФНС."""

    KIND: ClassVar[str] = "tax_access"

    inn: str
    ogrn: str
    days: int
    asked_by: str
    asked_at: dt.datetime
    attempt: int = 1
    state: TaxAccessState = "requested"
    number: str = ""
    due: dt.datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is closed, and another may be asked for."""
        return self.state in ("expired", "refused", "lapsed", "revoked")

    def shown(self) -> dict[str, Any]:
        """As people see it."""
        return {
            "number": self.number,
            "days": self.days,
            "attempt": self.attempt,
            "state": self.state,
            "state_title": ACCESS_STATES.titles[self.state],
            "due": None if self.due is None else self.due.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class AccessRequest:
    """For how many days access is wanted."""

    organization: str
    days: int = 30


@dataclass(frozen=True, kw_only=True)
class TaxServicesQuery:
    """Which organization's."""

    organization: str


@use_case(AccessRequest)
@in_organization(ACCESS_SETTINGS)
def request_tax_access(context: Context, form: AccessRequest, found: Organization) -> Outcome:
    """Ask ФНС for access; while a request is under way or open, it is that one."""
    before = context.unit.get(TaxAccess, found.id)
    if before is not None and not before.is_over:
        return Outcome(state=before.state, data=before.shown())
    if not 1 <= form.days <= _LONGEST_DAYS:
        return refused(_closed(context, _wrong_days()))
    requisites = found.requisites
    asked = TaxAccess(
        id=found.id,
        version=0 if before is None else before.version,
        inn=requisites.inn,
        ogrn=requisites.ogrn,
        days=form.days,
        asked_by=context.actor.account or "",
        asked_at=context.now,
        attempt=1 if before is None else before.attempt + 1,
    )
    try:
        kept = _COURSE.followed(context, asked, _requested(context, asked))
    except NoSuchTaxpayer as advice:
        return refused(_closed(context, Text(str(advice), "no such taxpayer")))
    except Unavailable:
        kept = _COURSE.awaited(context, asked)
    return Outcome(state=kept.state, data=kept.shown())


@view(TaxServicesQuery)
@in_organization(ACCESS_SETTINGS)
def tax_access(context: Context, query: TaxServicesQuery, found: Organization) -> Outcome:
    """Where the latest request is; `not_asked` if there was none."""
    kept = context.unit.get(TaxAccess, found.id)
    if kept is None:
        return Outcome(state="not_asked")
    return Outcome(state=kept.state, data=kept.shown())


@view(TaxServicesQuery)
@in_organization(VIEW_REPORTS)
def tax_services(context: Context, query: TaxServicesQuery, found: Organization) -> Outcome:
    """What ФНС has of the organization; APP-10 until access is open."""
    kept = context.unit.get(TaxAccess, found.id)
    title = None if kept is None else Text(ACCESS_STATES.titles[kept.state], kept.state)
    if kept is None or kept.state != "open":
        return refused(_closed(context, title), "forbidden")
    card = context.portal.ports.tax_cabinet.card(kept.inn, kept.number)
    if card is None:  # taken back, and the portal has not heard of it yet
        return refused(_closed(context, Text("доступ закрыт ФНС", "closed")), "forbidden")
    return Outcome(state="shown", data={"card": dict(card)})


@task
def watch_tax_access(context: Context, planned: Task) -> None:
    """Ask what has become of a request; Unavailable plans it again."""
    _COURSE.watched(context, planned)


# --- inside


def _requested(context: Context, access: TaxAccess) -> AccessView:
    """NoSuchTaxpayer, Unavailable."""
    request_id = f"{access.id}-{access.attempt}"
    cabinet = context.portal.ports.tax_cabinet
    return cabinet.request_access(request_id, access.inn, access.ogrn, access.days)


def _asked(context: Context, access: TaxAccess) -> AccessView:
    if access.number:
        return context.portal.ports.tax_cabinet.access(access.number)
    try:
        return _requested(context, access)
    except NoSuchTaxpayer:
        return AccessView(number="", state="refused")


def _taken(context: Context, access: TaxAccess, told: AccessView) -> TaxAccess:
    return replace(access, number=told.number, due=told.due)


def _tell(context: Context, access: TaxAccess) -> None:
    title = ACCESS_STATES.titles[access.state]
    context.note("request_tax_access", access.id, access.state, number=access.number)
    publish(
        context,
        Event(
            id=f"tax_access/{access.id}/{access.attempt}/{access.state}",
            organization=access.id,
            kind="application",
            agency=_AGENCY,
            subject=access.number,
            title=f"Доступ к налоговым сервисам: {title.lower()}",
            text=f"Запрос {access.number} на {access.days} дн.",
            details={"state": access.state},
            is_critical=access.state == "refused",
            at=context.now,
        ),
    )


_COURSE: Final = Course(
    kind=TaxAccess,
    states=ACCESS_STATES,
    ask=_asked,
    take=_taken,
    tell=_tell,
    watch="watch_tax_access",
    pause=_LOOKS,
)


def _wrong_days() -> Text:
    return Text(f"срок — от 1 до {_LONGEST_DAYS} дней", f"1 to {_LONGEST_DAYS} days")


def _closed(context: Context, why: Text | None) -> Any:
    return tax_access_is_open(TaxAccessClaim(is_open=False, state=why), context.policy)
