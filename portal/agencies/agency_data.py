"""What agencies say of an organization, in one form whatever the agency (INT-05)."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from portal.employees.employee import Employee
from portal.employees.employee_check import unlike
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.ports.agencies import (
    AgencyAccess,
    AgencyEntry,
    AgencyQuestion,
    AgencyRefused,
)
from portal.rules.integration import AgencyAnswer, agency_takes
from portal.rules.rights import ACCESS_SETTINGS, VIEW_REPORTS
from portal.rules.rule import Violation
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, use_case, view
from rulebook import Text

__all__ = ["AgencyQuery", "ConnectAgency", "ConnectedAgency", "agency_data", "connect_agency"]

Asked: TypeAlias = Literal["fns", "rosstandart", "emias", "eais", "rosreestr", "citizen_portal"]

_EMPLOYEES: Final = ("invited", "active")
"""States of employees whose data the cabinet of citizens is asked for."""


@dataclass(frozen=True, kw_only=True)
class ConnectedAgency(Entity):
    """What ЕАИС has given an organization, by whose id it is kept; as it is, for it is sent."""

    KIND: ClassVar[str] = "connected_agency"

    organization: str
    participant: str
    secret: str
    at: dt.datetime

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}


@dataclass(frozen=True, kw_only=True)
class AgencyQuery:
    """What one agency says of an organization."""

    organization: str
    agency: Asked


@dataclass(frozen=True, kw_only=True)
class ConnectAgency:
    """The agency that is to know the organization: ЕАИС alone wants that."""

    organization: str
    agency: Literal["eais"]


@use_case(ConnectAgency)
@in_organization(ACCESS_SETTINGS)
def connect_agency(context: Context, form: ConnectAgency, found: Organization) -> Outcome:
    """Make the organization a participant of an agency; once is enough."""
    known = context.unit.get(ConnectedAgency, found.id)
    if known is None:
        numbers = found.requisites
        request = hashlib.sha256(f"{found.id}/{form.agency}".encode()).hexdigest()[:48]
        try:
            access = context.portal.ports.agencies.connect(
                request, numbers.inn, numbers.ogrn, numbers.kpp
            )
        except AgencyRefused as why:
            refusal = refused(_not_taken(context, why))
            return noted_refusal(context, found.id, refusal, agency=form.agency)
        known = context.unit.put(
            ConnectedAgency(
                id=found.id,
                organization=found.id,
                participant=access.participant,
                secret=access.secret,
                at=context.now,
            )
        )
        context.note("connect_agency", found.id, "connected", agency=form.agency)
    return Outcome(state="connected", data={"participant": known.participant})


@view(AgencyQuery)
@in_organization(VIEW_REPORTS)
def agency_data(context: Context, query: AgencyQuery, found: Organization) -> Outcome:
    """ФНС: settlements and notices of audits; Росстандарт: certificates of conformity and
    expertises; ЕМИАС: the medical report of the last month; ЕАИС: the entry and licences;
    Росреестр: property; the cabinet of citizens: whether employees' data are as in their contracts.
    """
    if query.agency == "citizen_portal":
        items = list(_employees(context, found))
        return Outcome(state="shown", data={"agency": query.agency, "items": items})
    access = context.unit.get(ConnectedAgency, found.id)
    if query.agency == "eais" and access is None:
        claim = AgencyAnswer(connected=False)
        return refused(agency_takes(claim, context.policy), "state", "not_connected")
    question = AgencyQuestion(
        inn=found.requisites.inn,
        month=_last_month(context.now.date()),
        access=None if access is None else AgencyAccess(access.participant, access.secret),
    )
    try:
        said = context.portal.ports.agencies.agency(query.agency).says(question)
    except AgencyRefused as why:
        return refused(_not_taken(context, why))
    items = [_shown(each) for each in said]
    return Outcome(state="shown", data={"agency": query.agency, "items": items})


# --- inside


def _not_taken(context: Context, why: AgencyRefused) -> tuple[Violation, ...]:
    claim = AgencyAnswer(connected=True, taken=False, why=Text(str(why), str(why)))
    return agency_takes(claim, context.policy)


def _last_month(day: dt.date) -> str:
    """The last month that is over."""
    return f"{day.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def _shown(entry: AgencyEntry) -> dict[str, object]:
    return {**asdict(entry), "details": dict(entry.details)}


def _employees(context: Context, found: Organization) -> Iterator[dict[str, object]]:
    """What is known of each employee by their consent: nothing differs, or which fields do."""
    for each in context.unit.find(Employee, "organization", found.id):
        if each.state not in _EMPLOYEES:
            continue
        differing = unlike(context, found, each, wants_access=True)
        reasons = {one.field: one.reason.ru if one.reason else "" for one in differing}
        entry = AgencyEntry(
            kind="employee",
            title=each.full_name,
            state="differs" if reasons else "matches",
            details=reasons,
        )
        yield _shown(entry)
