"""Routes of the sources of events: search of cases, deadlines, inspections, subscriptions, feed."""

import datetime as dt
from math import ceil
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime

from mocks.case_work.applicants import asked_organization, check_numbers, organization_of
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.register import Numbered, Register
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.courts_law.audits import audit_of
from mocks.courts_law.cases import FIRST_YEAR, Case, Cases, Claim
from mocks.courts_law.deadlines import deadlines_of
from mocks.courts_law.events import Event, Topic
from mocks.courts_law.subscriptions import (
    LATE,
    MISADDRESSED,
    SERVICE,
    SubscriptionRequest,
    Subscriptions,
)
from world.dates import ONE_DAY
from world.identifiers import is_valid_ogrn, is_valid_ogrnip
from world.records import Organization

__all__ = ["service"]

STALE_CASES, NO_TRANSFER = "stale_cases", "no_transfer"

service: Final = Service(
    SERVICE,
    own_faults={
        STALE_CASES: "картотека показывает дела по состоянию на сутки раньше",
        NO_TRANSFER: "сроки отчётности названы без переноса с выходных дней",
        MISADDRESSED: "событие приходит с ИНН другой организации",
        LATE: "событие приходит на сутки позже",
    },
    hosts=("kad.arbitr.ru",),
)

_PAGE_SIZE: Final = 25  # as the page of the Картотека asks
_MOST_FILED_EVENTS: Final = 10_000


class Side(BaseModel):
    """A party to search: `Name` is an ИНН or ОГРН, `Type` -1 any, 0 plaintiff, 1 respondent."""

    model_config = ConfigDict(extra="forbid")

    Name: Annotated[str, Field(min_length=1, max_length=300)]
    Type: Annotated[int, Field(ge=-1, le=3)] = -1
    ExactMatch: bool = False


class Search(BaseModel):
    """A search as the page of the Картотека sends it. Courts and judges are not searched for."""

    model_config = ConfigDict(extra="forbid")

    Page: Annotated[int, Field(ge=1, le=1_000)] = 1
    Count: Annotated[int, Field(ge=1, le=_PAGE_SIZE)] = _PAGE_SIZE
    CaseType: Literal["", "G", "A", "B"] = ""
    Courts: Annotated[list[str], Field(max_length=0)] = []
    Judges: Annotated[list[str], Field(max_length=0)] = []
    DateFrom: NaiveDatetime | None = None
    DateTo: NaiveDatetime | None = None
    Sides: Annotated[list[Side], Field(max_length=16)] = []
    CaseNumbers: Annotated[list[str], Field(max_length=16)] = []
    WithVKSInstances: bool = False


Detail = Annotated[str, Field(max_length=1_000)]


class FiledEvent(Numbered):
    """An event that a test tells of, at once."""

    topic: Topic
    inn: str | None = None
    title: Annotated[str, Field(min_length=1, max_length=300)]
    details: Annotated[dict[Detail, Detail], Field(max_length=50)] = {}


class FiledEvents:
    """Events that one tenant's tests have told of: to how many subscriptions each went."""

    def __init__(self, tenant: Tenant) -> None:
        self.told: Register[int] = Register(_MOST_FILED_EVENTS)


# --- cases


@service.post("/Kad/SearchInstances")
def search_cases(call: Call) -> Answer:
    """A page of the cases found, latest first."""
    asked = call.request.read(Search)
    found = _found(call, asked, _seen_on(call))
    first = (asked.Page - 1) * asked.Count
    item = call.tenant.state(Cases).item
    now = call.tenant.clock.calendar.local(call.now_us)
    return json_answer(
        {
            "Result": {
                "Page": asked.Page,
                "PageSize": asked.Count,
                "PagesCount": ceil(len(found) / asked.Count),
                "TotalCount": len(found),
                "Items": [item(case) for case in found[first : first + asked.Count]],
            },
            "Message": "",
            "Success": True,
            "ServerDate": now.replace(tzinfo=None).isoformat(timespec="seconds"),
        }
    )


@service.get("/v1/cases/{case_id}")
def show_case(call: Call) -> Answer:
    """The card of a case; Refusal 404."""
    day = _seen_on(call)
    cases = call.tenant.state(Cases)
    case = cases.by_id(call.values["case_id"], day)
    if case is None:
        raise Refusal(404, "no-such-case", f"Дела {call.values['case_id']} нет")
    return json_answer(cases.card(case, day))


@service.post("/v1/cases")
def file_case(call: Call) -> Answer:
    """File a claim today: 201 with the card, 200 for a repetition; the case goes on by itself."""
    claim = call.request.read(Claim)
    cases = call.tenant.state(Cases)
    today = call.tenant.clock.calendar.date(call.now_us)
    case = cases.repeated(claim)
    if case is not None:
        return json_answer(cases.card(case, today))
    plaintiff = organization_of(call, claim.plaintiff_inn)
    defendant = organization_of(call, claim.defendant_inn)
    if plaintiff.index == defendant.index:
        raise Refusal(422, "same-party", "Истец и ответчик — одно лицо", field="defendant_inn")
    case = cases.file(claim, plaintiff, defendant, call.key, call.now_us)
    call.tenant.state(Subscriptions).follow(case, call.now_us)
    return json_answer(cases.card(case, today), 201)


def _found(call: Call, asked: Search, day: dt.date) -> list[Case]:
    cases = call.tenant.state(Cases)
    if not asked.Sides and not asked.CaseNumbers:
        raise Refusal(422, "nothing-asked", "Укажите участника или номер дела", field="Sides")
    by_number = (cases.by_number(number, day) for number in asked.CaseNumbers)
    numbered = [case for case in by_number if case is not None]
    found = numbered if asked.CaseNumbers else None
    for side in asked.Sides:
        party = _party(call, side.Name)
        of_party = [] if party is None else cases.of(party, day)
        in_role = [case for case in of_party if party and side.Type in _roles(case, party)]
        found = in_role if found is None else [case for case in found if case in in_role]
    return [case for case in found or [] if _fits(asked, case)]


def _fits(asked: Search, case: Case) -> bool:
    filed = dt.datetime.combine(case.steps[0].day, dt.time())
    return (
        asked.CaseType in ("", "G")
        and (asked.DateFrom is None or asked.DateFrom <= filed)
        and (asked.DateTo is None or filed <= asked.DateTo)
    )


def _roles(case: Case, party: Organization) -> tuple[int, int]:
    return -1, 0 if case.plaintiff == party.index else 1


def _party(call: Call, name: str) -> Organization | None:
    """Whose ИНН or ОГРН it is; Refusal 422 for other texts: names are not searched for."""
    records = call.tenant.records
    if is_valid_ogrn(name) or is_valid_ogrnip(name):
        return records.organization_by_ogrn(name)
    check_numbers(name)
    return records.organization_by_inn(name)


def _seen_on(call: Call) -> dt.date:
    """The day whose state the Картотека shows."""
    today = call.tenant.clock.calendar.date(call.now_us)
    return today - ONE_DAY if call.hit(STALE_CASES) else today


# --- deadlines and inspections


@service.get("/v1/deadlines")
def show_deadlines(call: Call) -> Answer:
    """`?inn=&year=`: what the organization owes in a year, by days."""
    organization, year = asked_organization(call), _year(call)
    moved = not call.hit(NO_TRANSFER)
    found = deadlines_of(organization, year, call.tenant.clock.calendar, moved)
    return json_answer(
        {"inn": organization.inn, "year": year, "deadlines": [one.view() for one in found]}
    )


@service.get("/v1/audits")
def show_audits(call: Call) -> Answer:
    """`?inn=&year=`: inspections of the organization in the plan of a year, once it is public."""
    organization, year = asked_organization(call), _year(call)
    calendar = call.tenant.clock.calendar
    today = calendar.date(call.now_us)
    audit = audit_of(call.tenant.records.world.seed, organization, year, calendar)
    public = audit is not None and audit.planned <= today
    audits = [audit.view(today)] if audit is not None and public else []
    return json_answer({"inn": organization.inn, "year": year, "audits": audits})


def _year(call: Call) -> int:
    """Parameter `year`, this one without it; Refusal 400 outside of what sources know."""
    this = call.tenant.clock.calendar.date(call.now_us).year
    text = call.request.parameter("year") or str(this)
    known = {str(year): year for year in range(FIRST_YEAR, this + 2)}
    if text not in known:
        message = f"year: ожидается год от {FIRST_YEAR} до {this + 1}"
        raise Refusal(400, "bad-year", message, field="year")
    return known[text]


# --- subscriptions


@service.post("/v1/subscriptions")
def subscribe(call: Call) -> Answer:
    """Be told of topics from now on: 201; 200 for the same request again."""
    asked = call.request.read(SubscriptionRequest)
    subscriptions = call.tenant.state(Subscriptions)
    found = subscriptions.repeated(asked)
    if found is not None:
        return json_answer(subscriptions.view(found))
    if asked.inn is None and set(asked.topics) != {"legislation"}:
        message = "Без ИНН можно подписаться только на законодательство"
        raise Refusal(422, "inn-missing", message, field="inn")
    organization = None if asked.inn is None else organization_of(call, asked.inn)
    new = subscriptions.subscribe(asked, organization, call.key, call.now_us)
    return json_answer(subscriptions.view(new), 201)


@service.get("/v1/subscriptions/{subscription_id}")
def show_subscription(call: Call) -> Answer:
    """A subscription that is not ended."""
    subscriptions = call.tenant.state(Subscriptions)
    return json_answer(subscriptions.view(subscriptions.find(call.values["subscription_id"])))


@service.route("DELETE", "/v1/subscriptions/{subscription_id}")
def unsubscribe(call: Call) -> Answer:
    """Be told nothing more; what the feed has stays there."""
    call.tenant.state(Subscriptions).end(call.values["subscription_id"])
    return Answer(204)


@service.post("/v1/events")
def file_event(call: Call) -> Answer:
    """Tell of an event at once, whoever is subscribed: 202, 200 for a repetition."""
    asked = call.request.read(FiledEvent)
    register = call.tenant.state(FiledEvents).told
    told = register.repeated(asked)
    if told is not None:
        return json_answer({"event_id": asked.request_id, "told": told})
    if asked.inn is None and asked.topic != "legislation":
        message = "Без ИНН бывает только событие о законодательстве"
        raise Refusal(422, "inn-missing", message, field="inn")
    parties = () if asked.inn is None else (organization_of(call, asked.inn).index,)
    details: dict[str, Any] = dict(asked.details)
    event = Event(asked.request_id, asked.topic, call.now_us, asked.title, details)
    told = call.tenant.state(Subscriptions).file(event, parties, call.now_us)
    register.keep(asked.request_id, told, asked)
    call.tenant.settle()
    return json_answer({"event_id": asked.request_id, "told": told}, 202)


service.get("/v1/events")(feed_page)
