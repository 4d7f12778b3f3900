"""An organization publishes its services; others find them, ask for them and rate them."""

from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, SOLE, Cabinet, encoded
from tests.portal.told_events import events_of
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.file_formats import file_content

pytestmark = pytest.mark.usefixtures("kept_events")

BORIS = "500100732260"


class Bureau:
    """An organization that has something to offer, and another one that wants it."""

    def __init__(self, store: Store) -> None:
        self.stand: Stand = portal_with(store=store)
        self.cabinet = Cabinet(self.stand)
        self.head = self.cabinet.member()
        self.consumers = Cabinet(self.stand, numbers=dict(OTHER_LEGAL))
        self.consumer = self.consumers.member("head", BORIS)
        uploaded = self.stand.act(
            "upload_document",
            self.head,
            context="library",
            document_type="other",
            file_name="Шаблон.pdf",
            content=encoded(file_content("pdf", ["Шаблон"])),
        )
        self.template = str(uploaded.data["document"])

    def text(self, **changes: Any) -> dict[str, Any]:
        return {
            "name": "Аудит",
            "description": "Проверка отчётности",
            "price_kopecks": 500_000,
            "term_days": 10,
            "access": ["legal"],
            "industry": "69.20",
            "responsible": [self.head.account],
            "templates": [self.template],
            **changes,
        }

    def act(self, use_case: str, actor: Actor | None = None, **form: Any) -> Outcome:
        who = actor or self.head
        return self.stand.act(use_case, who, organization=who.organization, **form)

    def read(self, name: str, actor: Actor | None = None, **query: Any) -> Outcome:
        who = actor or self.head
        return self.stand.read(name, who, organization=who.organization, **query)

    def described(self, **changes: Any) -> str:
        return str(self.act("describe_service", **self.text(**changes)).data["service"])

    def published(self, **changes: Any) -> str:
        service = self.described(**changes)
        assert self.act("test_service", service=service).state == "tested"
        assert self.act("publish_service", service=service).state == "published"
        return service

    def changed(self, service: str, version: int, **changes: Any) -> Outcome:
        form = self.text(**changes)
        return self.act("change_service", service=service, version=version, **form)

    def request(self, service: str) -> str:
        filed = self.act("request_service", self.consumer, service=service, text="Нам нужно")
        assert filed.state == "filed"
        return str(filed.data["request"])

    def answer(self, request: str, *, is_done: bool = True, actor: Actor | None = None) -> Outcome:
        form: dict[str, Any] = {"request": request, "is_done": is_done, "answer": "Готово"}
        return self.act("answer_service_request", actor, **form)

    def catalogue(self, **query: str) -> list[str]:
        shown = self.stand.read("published_services", self.consumer, **query)
        return [each["service"] for each in shown.data["items"]]

    def own(self, part: str = "current") -> list[tuple[str, str]]:
        items = self.read("own_services", part=part).data["items"]
        return [(each["service"], each["state"]) for each in items]


@pytest.fixture(name="bureau")
def _bureau(store: Store) -> Bureau:
    return Bureau(store)


# --- SVC-01


def test_a_service_is_described_tested_published_and_in_the_catalogue_at_once(
    bureau: Bureau,
) -> None:
    service = bureau.described()
    states = [bureau.own()]
    for act in ("test_service", "publish_service"):
        bureau.act(act, service=service)
        states.append(bureau.own())
    assert states == [[(service, state)] for state in ("draft", "tested", "published")]
    shown = bureau.stand.read("published_service", bureau.consumer, service=service)
    assert shown.data == {
        "service": service,
        "version": 3,
        "publisher": "ООО «Ромашка»",
        **bureau.text(),
        "state": "published",
        "state_title": "Опубликована",
        "published_at": "2026-02-02T10:00:00+03:00",
    }
    assert journal(bureau.stand, bureau.cabinet.id)[-3:] == [
        ("describe_service", "draft"),
        ("test_service", "tested"),
        ("publish_service", "published"),
    ]


def test_a_test_names_everything_that_is_missing(bureau: Bureau) -> None:
    form: dict[str, Any] = {"name": "Аудит", "responsible": ["nobody's"], "templates": ["none"]}
    begun = bureau.act("describe_service", **form)
    outcome = bureau.act("test_service", service=begun.data["service"])
    assert broken(outcome) == [
        "SVC-01 description",
        "SVC-01 price_kopecks",
        "SVC-01 term_days",
        "SVC-01 access",
        "SVC-01 responsible",
        "SVC-01 templates",
        "SVC-01 industry",
    ]


def test_nothing_is_published_untested_or_changed_since(bureau: Bureau) -> None:
    service = bureau.described()
    first = bureau.act("publish_service", service=service)
    bureau.act("test_service", service=service)
    assert bureau.changed(service, 2, name="Обзор").state == "draft"
    second = bureau.act("publish_service", service=service)
    assert [(each.refusal, broken(each)) for each in (first, second)] == [
        ("state", ["SVC-01 service"])
    ] * 2
    assert bureau.catalogue() == []


def test_a_template_of_another_organization_is_none(bureau: Bureau) -> None:
    form = bureau.text(responsible=[bureau.consumer.account])
    begun = bureau.act("describe_service", bureau.consumer, **form)
    tested = bureau.act("test_service", bureau.consumer, service=begun.data["service"])
    assert broken(tested) == ["SVC-01 templates"]


# --- SVC-02


def test_what_is_published_changes_at_once_into_something_whole(bureau: Bureau) -> None:
    service = bureau.published()
    refusal = bureau.changed(service, 3, term_days=0)
    assert broken(refusal) == ["SVC-01 term_days"]
    assert bureau.changed(service, 3, name="Обзор").state == "published"
    shown = bureau.stand.read("published_service", bureau.consumer, service=service)
    assert (shown.data["name"], shown.data["term_days"]) == ("Обзор", 10)


def test_a_change_of_what_others_have_changed_is_refused(bureau: Bureau) -> None:
    service = bureau.described()
    outcomes = [bureau.changed(service, 1, name=name) for name in ("Обзор", "Отчёт")]
    assert [(each.state, each.refusal) for each in outcomes] == [
        ("draft", None),
        ("changed", "state"),
    ]
    assert outcomes[1].data == {"version": 2}


def test_those_in_charge_look_after_a_service_and_others_do_not(bureau: Bureau) -> None:
    clerk = bureau.cabinet.member("emp", BORIS)
    service = bureau.published()
    refusal = bureau.act("switch_off_service", clerk, service=service)
    assert (refusal.refusal, broken(refusal)) == ("forbidden", ["SVC-02 service"])
    assert journal(bureau.stand, bureau.cabinet.id)[-1] == ("switch_off_service", "refused")
    named = bureau.act("change_responsible", service=service, responsible=[clerk.account])
    assert named.data["responsible"] == [clerk.account]
    assert bureau.act("switch_off_service", clerk, service=service).state == "off"


@pytest.mark.parametrize("people", [[], ["account of a stranger"]])
def test_only_members_are_put_in_charge(bureau: Bureau, people: list[str]) -> None:
    service = bureau.published()
    outcome = bureau.act("change_responsible", service=service, responsible=people)
    assert broken(outcome) == ["SVC-01 responsible"]


@pytest.mark.parametrize(
    "act",
    ["test_service", "publish_service", "switch_off_service", "delete_service"],
)
def test_nothing_is_done_with_a_service_that_is_deleted(bureau: Bureau, act: str) -> None:
    service = bureau.published()
    assert bureau.act("delete_service", service=service).state == "deleted"
    outcome = bureau.act(act, service=service)
    assert (outcome.refusal, broken(outcome)) == ("state", ["SVC-02 service"])


def test_statistics_count_requests_their_mean_time_and_ratings(bureau: Bureau) -> None:
    service = bureau.published()
    empty = bureau.read("service_statistics", service=service).data
    assert empty == {
        "requests": 0,
        "fulfilled": 0,
        "mean_time_s": None,
        "satisfaction": None,
    }
    requests = [bureau.request(service) for _ in range(4)]
    bureau.stand.after(hours=1)
    bureau.answer(requests[0])
    bureau.answer(requests[3], is_done=False)
    bureau.stand.after(hours=2)
    bureau.answer(requests[1])
    for request, rating in ((requests[0], 5), (requests[1], 2)):
        form: dict[str, Any] = {"request": request, "rating": rating}
        assert bureau.act("rate_service_request", bureau.consumer, **form).state == "rated"
    assert bureau.read("service_statistics", service=service).data == {
        "requests": 4,
        "fulfilled": 2,
        "mean_time_s": 7200.0,
        "satisfaction": 3.5,
    }


# --- SVC-03


def test_the_catalogue_is_filtered_by_kind_and_industry(bureau: Bureau) -> None:
    audit = bureau.published()
    code = bureau.published(name="Код", industry="62.01", access=["legal", "sole_proprietor"])
    assert bureau.catalogue() == [audit, code]
    assert bureau.catalogue(kind="legal") == [audit, code]
    assert bureau.catalogue(kind="sole_proprietor") == [code]
    assert bureau.catalogue(industry="69") == [audit]
    assert bureau.catalogue(industry="62.01") == [code]
    assert bureau.catalogue(kind="sole_proprietor", industry="69.20") == []
    wrong = bureau.stand.read("published_services", bureau.consumer, kind="x", industry="6")
    assert broken(wrong) == ["SVC-03 kind", "SVC-03 industry"]


def test_what_is_switched_off_is_in_the_archive_alone_and_comes_back(bureau: Bureau) -> None:
    service = bureau.published()
    bureau.act("switch_off_service", service=service)
    shown = bureau.stand.read("published_service", bureau.consumer, service=service)
    assert (shown.refusal, broken(shown)) == ("state", ["SVC-03 service"])
    assert (bureau.catalogue(), bureau.own(), bureau.own("archive")) == ([], [], [(service, "off")])
    asked = bureau.act("request_service", bureau.consumer, service=service, text="?")
    assert broken(asked) == ["SVC-03 service"]
    assert bureau.act("publish_service", service=service).state == "published"
    assert bureau.catalogue() == [service]


def test_what_is_deleted_is_nowhere_and_who_waits_for_it_is_told(bureau: Bureau) -> None:
    service = bureau.published()
    request = bureau.request(service)
    bureau.act("delete_service", service=service)
    shown = bureau.stand.read("published_service", bureau.consumer, service=service)
    assert (shown.refusal, broken(shown)) == ("absent", ["SVC-03 service"])
    assert (bureau.catalogue(), bureau.own(), bureau.own("archive")) == ([], [], [])
    told = bureau.read("service_request", bureau.consumer, request=request)
    assert (told.state, told.data["answer"]) == ("declined", "Услуга удалена")


def test_a_service_is_for_the_kinds_it_names(bureau: Bureau) -> None:
    service = bureau.published()
    sole = Cabinet(bureau.stand, "sole_proprietor", dict(SOLE)).member("head", "500100732259")
    refusal = bureau.act("request_service", sole, service=service, text="?")
    assert broken(refusal) == ["SVC-03 service"]


# --- requests


def test_a_request_is_told_to_the_publisher_and_its_answer_to_who_has_asked(
    bureau: Bureau,
) -> None:
    request = bureau.request(bureau.published())
    bureau.answer(request)
    told = {
        whose.id: [(each.kind, each.title) for each in events_of(bureau.stand.store, whose.id)]
        for whose in (bureau.cabinet, bureau.consumers)
    }
    assert told == {
        bureau.cabinet.id: [("application", "Запрос услуги «Аудит»: подана")],
        bureau.consumers.id: [("application", "Запрос услуги «Аудит»: исполнена")],
    }


def test_a_request_is_answered_once_and_rated_once(bureau: Bureau) -> None:
    request = bureau.request(bureau.published())
    rate: dict[str, Any] = {"request": request, "rating": 5}
    outcomes = [
        bureau.act("rate_service_request", bureau.consumer, **rate),
        bureau.answer(request),
        bureau.answer(request, is_done=False),
        bureau.act("rate_service_request", bureau.consumer, **rate),
        bureau.act("rate_service_request", bureau.consumer, **rate),
    ]
    assert [(each.state, each.refusal) for each in outcomes] == [
        ("filed", "state"),
        ("done", None),
        ("done", "state"),
        ("rated", None),
        ("rated", "state"),
    ]


def test_a_request_is_for_its_two_sides_alone(bureau: Bureau) -> None:
    request = bureau.request(bureau.published())
    sole = Cabinet(bureau.stand, "sole_proprietor", dict(SOLE)).member("head", "500100732259")
    assert bureau.read("service_request", sole, request=request).refusal == "absent"
    for side in (bureau.cabinet, bureau.consumers):
        assert journal(bureau.stand, side.id)[-1] == ("service_request", "another's")
    assert bureau.answer(request, actor=bureau.consumer).refusal == "absent"
    rate: dict[str, Any] = {"request": request, "rating": 5}
    assert bureau.act("rate_service_request", **rate).refusal == "absent"
