"""Access to tax services: asked once, confirmed elsewhere, open after approval, closed again."""

from typing import Any

import pytest

from portal.ports.store import Store
from portal.ports.tax_cabinet import AccessState, AccessView
from portal.ports.unavailable import Unavailable
from portal.rules.tax_access import TaxAccessClaim, tax_access_is_open
from portal.use_case import Actor, Outcome
from rulebook import Text
from tests.portal.cabinets import Cabinet
from tests.portal.findings import found
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")


@pytest.fixture(name="cabinet")
def _cabinet(store: Store) -> Cabinet:
    return Cabinet(portal_with(store=store))


@pytest.fixture(name="head")
def _head(cabinet: Cabinet) -> Actor:
    return cabinet.member("head")


def ask(cabinet: Cabinet, head: Actor, **form: Any) -> Outcome:
    return cabinet.stand.act("request_tax_access", head, organization=cabinet.id, **form)


def services(cabinet: Cabinet, actor: Actor) -> Outcome:
    return cabinet.stand.read("tax_services", actor, organization=cabinet.id)


def move(cabinet: Cabinet, *states: AccessState) -> None:
    for state in states:
        cabinet.stand.tax_cabinet.move(state)
        cabinet.stand.after(minutes=10)


def why(outcome: Outcome) -> tuple[str | None, list[str], list[str]]:
    reasons = [each.reason.ru for each in outcome.violations if each.reason]
    return outcome.refusal, broken(outcome), reasons


def test_only_open_access_breaks_no_rule() -> None:
    assert found(tax_access_is_open, TaxAccessClaim(is_open=True)) == []
    assert found(tax_access_is_open, TaxAccessClaim(is_open=False)) == [
        ("access", "доступ не запрошен")
    ]
    pending = TaxAccessClaim(is_open=False, state=Text("ждёт", "waits"))
    assert found(tax_access_is_open, pending) == [("access", "ждёт")]


def test_services_open_after_confirmation_and_approval(cabinet: Cabinet, head: Actor) -> None:
    assert why(services(cabinet, head)) == (
        "forbidden",
        ["APP-10 access"],
        ["доступ не запрошен"],
    )
    assert ask(cabinet, head).state == "pending"
    assert why(services(cabinet, head))[2] == ["Ожидает подтверждения в кабинете налогоплательщика"]
    move(cabinet, "confirmed")
    assert why(services(cabinet, head))[2] == ["Подтверждён, ожидает одобрения ФНС"]
    move(cabinet, "open")
    opened = services(cabinet, cabinet.member("acc", "500100732260"))
    assert opened.data == {"card": {"inn": cabinet.numbers["inn"]}}
    events = events_of(cabinet.stand.store, cabinet.id)
    assert sorted(each.details["state"] for each in events) == ["confirmed", "open", "pending"]


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_access_that_is_over_closes_them(cabinet: Cabinet, head: Actor, state: AccessState) -> None:
    ask(cabinet, head)
    move(cabinet, "confirmed", "open")
    cabinet.stand.tax_cabinet.move(state)
    assert why(services(cabinet, head))[2] == ["доступ закрыт ФНС"]  # not heard of yet
    cabinet.stand.after(minutes=10)
    assert why(services(cabinet, head))[:2] == ("forbidden", ["APP-10 access"])
    again = ask(cabinet, head)
    assert (again.state, again.data["attempt"]) == ("pending", 2)


@pytest.mark.parametrize("state", ["refused", "lapsed"])
def test_what_the_taxpayer_does_not_confirm_stays_closed(
    cabinet: Cabinet, head: Actor, state: AccessState
) -> None:
    ask(cabinet, head)
    move(cabinet, state)
    assert why(services(cabinet, head))[:2] == ("forbidden", ["APP-10 access"])


def test_asked_again_it_is_the_same_request(cabinet: Cabinet, head: Actor) -> None:
    first = ask(cabinet, head)
    assert ask(cabinet, head).data == first.data
    move(cabinet, "confirmed", "open")
    assert ask(cabinet, head).state == "open"
    assert len(cabinet.stand.tax_cabinet.requests) == 1


def test_a_silent_agency_is_asked_later(cabinet: Cabinet, head: Actor) -> None:
    cabinet.stand.tax_cabinet.down = True
    assert ask(cabinet, head).state == "requested"
    cabinet.stand.after(hours=1)
    cabinet.stand.tax_cabinet.down = False
    cabinet.stand.after(hours=1)
    shown = cabinet.stand.read("tax_access", head, organization=cabinet.id)
    assert (shown.state, len(cabinet.stand.tax_cabinet.requests)) == ("pending", 1)


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_what_was_over_before_the_answer_came_is_over(
    cabinet: Cabinet, head: Actor, monkeypatch: pytest.MonkeyPatch, state: AccessState
) -> None:
    agency = cabinet.stand.tax_cabinet
    request_access = agency.request_access

    def taken_in_silence(*request: Any) -> AccessView:
        request_access(*request)
        raise Unavailable("tax_cabinet", "the answer is lost")

    with monkeypatch.context() as silence:
        silence.setattr(agency, "request_access", taken_in_silence)
        assert ask(cabinet, head).state == "requested"
    move(cabinet, state)
    assert cabinet.stand.read("tax_access", head, organization=cabinet.id).state == state
    again = ask(cabinet, head)
    assert (again.state, again.data["attempt"]) == ("pending", 2)


@pytest.mark.parametrize(("days", "is_right"), [(0, False), (1, True), (365, True), (366, False)])
def test_access_is_for_a_day_to_a_year(
    cabinet: Cabinet, head: Actor, days: int, is_right: bool
) -> None:
    assert broken(ask(cabinet, head, days=days)) == ([] if is_right else ["APP-10 access"])


def test_whom_the_agency_does_not_know_is_told_so(cabinet: Cabinet, head: Actor) -> None:
    cabinet.stand.tax_cabinet.unknown.add(cabinet.numbers["inn"])
    assert why(ask(cabinet, head)) == ("wrong", ["APP-10 access"], ["организации нет"])


def test_others_may_not(cabinet: Cabinet, head: Actor) -> None:
    manager = cabinet.member("mgr", "500100732260")
    assert broken(ask(cabinet, manager)) == ["ROLE-01 organization"]
    assert cabinet.stand.read("tax_access", head, organization=cabinet.id).state == "not_asked"
