"""Requests that other organizations send for a published service: answered, then rated (SVC-02)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.events import Event, publish
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.published_services.service import PublishedService, looked_after
from portal.rules import published_services as rules
from portal.rules.published_services import Offer
from portal.rules.rights import SUBMIT_APPLICATIONS
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "REQUEST_STATES",
    "RequestAnswer",
    "RequestRating",
    "ServiceRequest",
    "ServiceRequestForm",
    "ServiceRequestQuery",
    "answer_service_request",
    "decline_open_requests",
    "offered",
    "rate_service_request",
    "request_service",
    "requests_of",
    "service_request",
]

RequestState: TypeAlias = Literal["filed", "done", "declined", "rated"]
Rating: TypeAlias = Literal[1, 2, 3, 4, 5]
"""From bad to good; assumption."""

REQUEST_STATES: Final[StateTable[RequestState]] = StateTable(
    name="service request",
    titles={
        "filed": "Подана",
        "done": "Исполнена",
        "declined": "Отклонена",
        "rated": "Исполнена и оценена",
    },
    first="filed",
    transitions={
        ("filed", "done"): "done",
        ("filed", "decline"): "declined",
        ("done", "rate"): "rated",
    },
)

_SERVICE_IS_GONE: Final = "Услуга удалена"


@dataclass(frozen=True, kw_only=True)
class ServiceRequest(Entity):
    """What organization `consumer` wants of a service of `publisher`."""

    KIND: ClassVar[str] = "service_request"

    service: str
    service_name: str
    publisher: str
    consumer: str
    consumer_name: str
    text: str
    filed_by: str
    filed_at: dt.datetime
    state: RequestState = "filed"
    answer: str = ""
    ended_at: dt.datetime | None = None
    rating: Rating | None = None

    def keys(self) -> Mapping[str, str]:
        """By the service and by whoever wants it."""
        return {"service": self.service, "consumer": self.consumer}

    @property
    def took_s(self) -> float | None:
        """Seconds from the request to its fulfilment; None if it was not fulfilled."""
        if self.ended_at is None or self.state == "declined":
            return None
        return (self.ended_at - self.filed_at).total_seconds()

    def shown(self) -> dict[str, Any]:
        """As both sides see it."""
        return {
            "request": self.id,
            "service": self.service,
            "service_name": self.service_name,
            "consumer_name": self.consumer_name,
            "text": self.text,
            "state": self.state,
            "state_title": REQUEST_STATES.titles[self.state],
            "answer": self.answer,
            "rating": self.rating,
            "filed_at": self.filed_at.isoformat(),
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class ServiceRequestForm:
    """What an organization wants of a service of the catalogue."""

    organization: str
    service: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RequestAnswer:
    """The answer of the publisher, who has done it or declines."""

    organization: str
    request: str
    is_done: bool
    answer: str


@dataclass(frozen=True, kw_only=True)
class RequestRating:
    """How well a request was fulfilled."""

    organization: str
    request: str
    rating: Rating


@dataclass(frozen=True, kw_only=True)
class ServiceRequestQuery:
    """A request of an organization, or for a service of it."""

    organization: str
    request: str


@use_case(ServiceRequestForm)
@in_organization(SUBMIT_APPLICATIONS)
def request_service(context: Context, form: ServiceRequestForm, found: Organization) -> Outcome:
    """Ask for a service that is published for organizations of this kind (SVC-03)."""
    service = context.unit.get(PublishedService, form.service)
    refusal = offered(context, service, found.kind)
    if refusal is not None or service is None:
        return refusal or Outcome(state="absent", refusal="absent")
    request = context.unit.put(
        ServiceRequest(
            id=context.portal.ports.entropy.token("service request"),
            service=service.id,
            service_name=service.name,
            publisher=service.organization,
            consumer=found.id,
            consumer_name=found.requisites.full_name,
            text=form.text,
            filed_by=context.actor.account or "",
            filed_at=context.now,
        )
    )
    context.note("request_service", found.id, request.state, request=request.id)
    _tell(context, request, request.publisher)
    return Outcome(state=request.state, data=request.shown())


@use_case(RequestAnswer)
@in_organization()
def answer_service_request(context: Context, form: RequestAnswer, found: Organization) -> Outcome:
    """Fulfil a request or decline it: whoever is in charge of the service (SVC-02)."""
    request = _of_either(context, found, form.request)
    if request is None or request.publisher != found.id:
        return Outcome(state="absent", refusal="absent")
    service = looked_after(context, found, request.service)
    if isinstance(service, Outcome):
        return service
    event = "done" if form.is_done else "decline"
    if not REQUEST_STATES.allows(request.state, event):
        return Outcome(state=request.state, refusal="state")
    return _ended(context, request, event, form.answer)


@use_case(RequestRating)
@in_organization(SUBMIT_APPLICATIONS)
def rate_service_request(context: Context, form: RequestRating, found: Organization) -> Outcome:
    """Rate a request that was fulfilled, once."""
    request = _of_either(context, found, form.request)
    if request is None or request.consumer != found.id:
        return Outcome(state="absent", refusal="absent")
    if not REQUEST_STATES.allows(request.state, "rate"):
        return Outcome(state=request.state, refusal="state")
    state = REQUEST_STATES.after(request.state, "rate")
    rated = context.unit.put(replace(request, state=state, rating=form.rating))
    context.note("rate_service_request", found.id, rated.state, request=rated.id)
    return Outcome(state=rated.state, data=rated.shown())


@view(ServiceRequestQuery)
@in_organization()
def service_request(context: Context, query: ServiceRequestQuery, found: Organization) -> Outcome:
    """A request as both sides see it."""
    request = _of_either(context, found, query.request)
    if request is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state=request.state, data=request.shown())


def offered(context: Context, service: PublishedService | None, kind: str = "") -> Outcome | None:
    """Why a service is not there for organizations of `kind` (empty: whoever looks), by SVC-03."""
    claim = Offer(
        state=None if service is None else service.state,
        access=() if service is None else service.access,
        kind=kind,
    )
    violations = rules.offered_to_all_it_is_for(claim, context.policy)
    if not violations:
        return None
    is_gone = claim.state in (None, "deleted", "draft", "tested")
    return refused(violations, "absent" if is_gone else "state")


def requests_of(context: Context, service: str) -> list[ServiceRequest]:
    """Every request for a service, the earliest first."""
    found = context.unit.find(ServiceRequest, "service", service)
    return sorted(found, key=lambda each: (each.filed_at, each.id))


def decline_open_requests(context: Context, service: PublishedService) -> None:
    """A service ceases to be: whoever waits for it is told."""
    for request in requests_of(context, service.id):
        if REQUEST_STATES.allows(request.state, "decline"):
            _ended(context, request, "decline", _SERVICE_IS_GONE)


# --- inside


def _of_either(
    context: Context, organization: Organization, request_id: str
) -> ServiceRequest | None:
    """The request, if the organization is one of its sides; that somebody else has asked is
    noted."""
    found = context.unit.get(ServiceRequest, request_id)
    if found is None or organization.id in (found.publisher, found.consumer):
        return found
    for side in (found.publisher, found.consumer):
        context.note(context.act, side, "another's", request=found.id)
    return None


def _ended(context: Context, request: ServiceRequest, event: str, answer: str) -> Outcome:
    state = REQUEST_STATES.after(request.state, event)
    ended = context.unit.put(replace(request, state=state, answer=answer, ended_at=context.now))
    context.note(context.act, ended.publisher, ended.state, request=ended.id)
    _tell(context, ended, ended.consumer)
    return Outcome(state=ended.state, data=ended.shown())


def _tell(context: Context, request: ServiceRequest, whom: str) -> None:
    title = REQUEST_STATES.titles[request.state]
    publish(
        context,
        Event(
            id=f"service_request/{request.id}/{request.state}",
            organization=whom,
            kind="application",
            subject=request.id,
            title=f"Запрос услуги «{request.service_name}»: {title.lower()}",
            text=request.answer or request.text,
            details={"state": request.state, "service": request.service},
            is_critical=request.state == "declined",
            at=context.now,
        ),
    )
