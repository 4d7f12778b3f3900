"""Services that an organization switches on before it applies for them (ACT-06)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from portal.binding.my_organizations import not_bound
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.versions import change_organization
from portal.rules import activation as rules
from portal.rules.activation import AfterActivation, ServiceUse
from portal.rules.rights import ACCESS_SETTINGS
from portal.rules.rule import Violation, every
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "SERVICES",
    "ServiceChoice",
    "ServiceQuery",
    "ServicesQuery",
    "closed_cabinet",
    "service",
    "services",
    "switch_on_services",
    "unfit_for_service",
]

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "licence": "Лицензирование",
        "extract": "Выписки из реестров",
        "report": "Отчётность",
        "procurement": "Закупки",
    }
)
"""Services for organizations by id, with their titles."""


@dataclass(frozen=True, kw_only=True)
class ServicesQuery:
    """The list of services for an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class ServiceQuery:
    """One service that an organization wants to use."""

    organization: str
    service: str


@dataclass(frozen=True, kw_only=True)
class ServiceChoice:
    """Services that are ticked in the list, and whether their terms are accepted."""

    organization: str
    services: tuple[str, ...]
    terms_accepted: bool = False


@view(ServicesQuery)
@in_organization()
def services(context: Context, query: ServicesQuery, found: Organization) -> Outcome:
    """Every service, with whether it is on."""
    items = [
        {"service": each, "title": title, "on": each in found.services}
        for each, title in SERVICES.items()
    ]
    return Outcome(state="shown", data={"items": items})


@view(ServiceQuery)
@in_organization()
def service(context: Context, query: ServiceQuery, found: Organization) -> Outcome:
    """Whether one may apply for a service: bound, activated, switched on."""
    violations = unfit_for_service(context, found, query.service)
    return refused(violations, "forbidden") if violations else Outcome(state="open")


@use_case(ServiceChoice)
@in_organization(ACCESS_SETTINGS)
def switch_on_services(context: Context, form: ServiceChoice, found: Organization) -> Outcome:
    """Switch the ticked services on; those that are on stay so."""
    claims = [
        ServiceUse(service=each, switched_on=SERVICES, terms_accepted=form.terms_accepted)
        for each in form.services
    ]
    violations = [
        *closed_cabinet(context, found),
        *every(rules.service_is_on(claim, context.policy) for claim in claims),
    ]
    if violations:
        return refused(violations)
    on = tuple(each for each in SERVICES if each in (*found.services, *form.services))
    change_organization(context, found, replace(found, services=on), "switch_on_services")
    context.note("switch_on_services", found.id, "on", services=list(form.services))
    return Outcome(state="on", data={"services": list(on)})


def unfit_for_service(
    context: Context, organization: Organization, name: str
) -> tuple[Violation, ...]:
    """What stands against an application for a service: BND-18, ACT-03, ACT-06."""
    claim = ServiceUse(service=name, switched_on=organization.services)
    return (*closed_cabinet(context, organization), *rules.service_is_on(claim, context.policy))


def closed_cabinet(context: Context, organization: Organization) -> tuple[Violation, ...]:
    """What stands against any application of an organization: BND-18, ACT-03."""
    activation = AfterActivation(active=organization.state == "active", employee_wants_in=True)
    return (
        *not_bound(context, organization),
        *rules.opened_for_employees(activation, context.policy),
    )
