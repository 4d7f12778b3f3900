"""What there is of services: the catalogue of all, the list and the statistics of their owner
(SVC-02, SVC-03)."""

from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.published_services.requests import offered, requests_of
from portal.published_services.service import PublishedService, catalogued, looked_after
from portal.rules import published_services as rules
from portal.rules.published_services import CatalogueFilter, is_in_industry
from portal.use_case import Context, Outcome, refused, view

__all__ = [
    "CatalogueQuery",
    "OwnServicesQuery",
    "ServiceQuery",
    "StatisticsQuery",
    "own_services",
    "published_service",
    "published_services",
    "service_requests",
    "service_statistics",
]


@dataclass(frozen=True, kw_only=True)
class CatalogueQuery:
    """A filter of the catalogue (empty: all): the kind of organization that services are for, and
    their industry, a code of ОКВЭД or the class that it begins with."""

    kind: str = ""
    industry: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceQuery:
    """One service of the catalogue."""

    service: str


@dataclass(frozen=True, kw_only=True)
class OwnServicesQuery:
    """Services of an organization: those at work, or those switched off."""

    organization: str
    part: Literal["current", "archive"] = "current"


@dataclass(frozen=True, kw_only=True)
class StatisticsQuery:
    """A service of an organization."""

    organization: str
    service: str


@view(CatalogueQuery)
def published_services(context: Context, query: CatalogueQuery) -> Outcome:
    """Everything that is published and passes the filter, by name."""
    claim = CatalogueFilter(kind=query.kind, industry=query.industry)
    violations = rules.offered_to_all_it_is_for(claim, context.policy)
    if violations:
        return refused(violations)
    found = [
        each
        for each in catalogued(context)
        if (not query.kind or query.kind in each.access)
        and (not query.industry or is_in_industry(each.industry, query.industry))
    ]
    found.sort(key=lambda each: (each.name, each.id))
    return Outcome(state="shown", data={"items": [each.shown() for each in found]})


@view(ServiceQuery)
def published_service(context: Context, query: ServiceQuery) -> Outcome:
    """A service of the catalogue; SVC-03 for one that is not there (any more)."""
    service = context.unit.get(PublishedService, query.service)
    refusal = offered(context, service)
    if refusal is not None or service is None:
        return refusal or Outcome(state="absent", refusal="absent")
    return Outcome(state=service.state, data=service.shown())


@view(OwnServicesQuery)
@in_organization()
def own_services(context: Context, query: OwnServicesQuery, found: Organization) -> Outcome:
    """Services of the organization, by name; deleted ones are nowhere."""
    states = ("off",) if query.part == "archive" else ("draft", "tested", "published")
    kept = context.unit.find(PublishedService, "organization", found.id)
    wanted = sorted(
        (each for each in kept if each.state in states), key=lambda each: (each.name, each.id)
    )
    return Outcome(state="shown", data={"items": [each.shown() for each in wanted]})


@view(StatisticsQuery)
@in_organization()
def service_requests(context: Context, query: StatisticsQuery, found: Organization) -> Outcome:
    """The requests for a service, the earliest first, for those in charge of it (SVC-02)."""
    service = looked_after(context, found, query.service)
    if isinstance(service, Outcome):
        return service
    items = [each.shown() for each in requests_of(context, service.id)]
    return Outcome(state="shown", data={"items": items})


@view(StatisticsQuery)
@in_organization()
def service_statistics(context: Context, query: StatisticsQuery, found: Organization) -> Outcome:
    """How many requests there were, the mean time from request to fulfilment in seconds, and the
    mean rating; None of what there is nothing to tell (SVC-02)."""
    service = looked_after(context, found, query.service)
    if isinstance(service, Outcome):
        return service
    requests = requests_of(context, service.id)
    times = [each.took_s for each in requests if each.took_s is not None]
    ratings = [each.rating for each in requests if each.rating is not None]
    return Outcome(
        state="shown",
        data={
            "requests": len(requests),
            "fulfilled": len(times),
            "mean_time_s": fmean(times) if times else None,
            "satisfaction": fmean(ratings) if ratings else None,
        },
    )
