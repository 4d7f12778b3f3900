"""Access to tax services: asked of ФНС, confirmed by the taxpayer there, open after its approval
(APP-10)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.events import Event, publish
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.ports.tax_cabinet import AccessView, NoSuchTaxpayer
from portal.ports.unavailable import Unavailable
from portal.rules.tax_access import TaxAccessClaim, tax_access_is_open
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.tasks import Task, schedule
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

_ENDED: Final = frozenset({"expired", "refused", "lapsed", "revoked"})
_LOOKS: Final = dt.timedelta(minutes=10)  # assumption: how often ФНС is asked
_LONGEST_DAYS: Final = 365
_AGENCY: Final = "tax_cabinet"


@dataclass(frozen=True, kw_only=True)
class TaxAccess(Entity):
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

    def keys(self) -> Mapping[str, str]:
        """By nothing but its id."""
        return {}

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
@in_organization("access_settings")
def request_tax_access(context: Context, form: AccessRequest, found: Organization) -> Outcome:
    """Ask ФНС for access; while a request is under way or open, it is that one."""
    before = context.unit.get(TaxAccess, found.id)
    if before is not None and before.state not in _ENDED:
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
        kept = _followed(context, asked, _asked(context, asked))
    except NoSuchTaxpayer as advice:
        return refused(_closed(context, Text(str(advice), "no such taxpayer")))
    except Unavailable:
        kept = _followed(context, asked, None)
    return Outcome(state=kept.state, data=kept.shown())


@view(TaxServicesQuery)
@in_organization("access_settings")
def tax_access(context: Context, query: TaxServicesQuery, found: Organization) -> Outcome:
    """Where the latest request is; `not_asked` if there was none."""
    kept = context.unit.get(TaxAccess, found.id)
    if kept is None:
        return Outcome(state="not_asked")
    return Outcome(state=kept.state, data=kept.shown())


@view(TaxServicesQuery)
@in_organization("view_reports")
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
    kept = context.unit.get(TaxAccess, planned.subject)
    if kept is None or kept.state in _ENDED:
        return
    if kept.number:
        told = context.portal.ports.tax_cabinet.access(kept.number)
    else:
        try:
            told = _asked(context, kept)
        except NoSuchTaxpayer:
            told = AccessView(number="", state="refused")
    _followed(context, kept, told)


# --- inside


def _asked(context: Context, access: TaxAccess) -> AccessView:
    request_id = f"{access.id}-{access.attempt}"
    cabinet = context.portal.ports.tax_cabinet
    return cabinet.request_access(request_id, access.inn, access.ogrn, access.days)


def _followed(context: Context, access: TaxAccess, told: AccessView | None) -> TaxAccess:
    """The access as ФНС shows it (None: it is silent); a change is an event."""
    after = access
    if told is not None:
        after = replace(access, number=told.number, due=told.due)
        if told.state != access.state:
            after = replace(after, state=ACCESS_STATES.after(access.state, told.state))
            _tell(context, after)
    if after.state not in _ENDED:
        schedule(context.unit, "watch_tax_access", after.id, context.now + _LOOKS)
    return context.unit.put(after)


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


def _wrong_days() -> Text:
    return Text(f"срок — от 1 до {_LONGEST_DAYS} дней", f"1 to {_LONGEST_DAYS} days")


def _closed(context: Context, why: Text | None) -> Any:
    return tax_access_is_open(TaxAccessClaim(is_open=False, state=why), context.policy)
