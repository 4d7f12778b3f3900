"""Payments: asked of the gateway once, watched to their end, seen by accountant and head."""

import dataclasses
from typing import Any

import pytest

from portal.organizations.organization import Organization
from portal.payments import services
from portal.payments.payment import Payment
from portal.payments.services import Price, not_paid_yet, once_paid, paid_service
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.told_events import events_of
from tests.portal.wiring import Stand, broken, journal, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")

TAX = {
    "purpose": "tax",
    "subject": "Требование 12",
    "kopecks": 400_000,
    "kbk": "18210102010011000110",
}


@pytest.fixture(name="cabinet")
def _cabinet(store: Store) -> Cabinet:
    return Cabinet(portal_with(store=store))


@pytest.fixture(name="head")
def _head(cabinet: Cabinet) -> Actor:
    return cabinet.member("head")


def pay(cabinet: Cabinet, actor: Actor, **changes: Any) -> Outcome:
    return cabinet.stand.act("pay", actor, **{"organization": cabinet.id, **TAX, **changes})


def seen(cabinet: Cabinet, actor: Actor, payment: str, view: str = "payment") -> Outcome:
    return cabinet.stand.read(view, actor, organization=cabinet.id, payment=payment)


def events(stand: Stand, cabinet: Cabinet) -> list[tuple[str, str, bool]]:
    """What was told of payments: title, text, whether it is critical."""
    found = events_of(stand.store, cabinet.id)
    told = [each for each in found if each.kind == "payment"]
    told.sort(key=lambda each: (each.at, each.id))
    return [(each.title, each.text, each.is_critical) for each in told]


def test_a_payment_is_asked_for_once_and_ends_when_the_payer_agrees(
    cabinet: Cabinet, head: Actor
) -> None:
    asked = pay(cabinet, head)
    number = asked.data["number"]
    assert (asked.state, asked.data["address"]) == ("pending", f"https://pay.test/{number[2:]}")
    cabinet.stand.after(minutes=1)
    assert seen(cabinet, head, asked.data["payment"]).state == "pending"
    cabinet.stand.payments.end("succeeded")
    cabinet.stand.after(minutes=1)
    paid = seen(cabinet, head, asked.data["payment"])
    assert (paid.state, paid.data["state_title"], paid.data["number"]) == (
        "succeeded",
        "Оплачен",
        number,
    )
    assert paid.data["ended_at"] == cabinet.stand.clock.now().isoformat()
    assert events(cabinet.stand, cabinet) == [
        (
            "Платёж: ожидает подтверждения плательщика",
            "Налог, Требование 12, 4000.00 ₽: ожидает подтверждения плательщика",
            False,
        ),
        ("Платёж: оплачен", "Налог, Требование 12, 4000.00 ₽: оплачен", False),
    ]
    assert journal(cabinet.stand, cabinet.id) == [("pay", "pending"), ("pay", "succeeded")]


def test_the_same_bill_is_never_charged_twice(cabinet: Cabinet, head: Actor) -> None:
    first = pay(cabinet, head)
    again = pay(cabinet, cabinet.member("acc", "500100732260"), kopecks=1)
    assert (again.state, again.data) == (first.state, first.data)
    cabinet.stand.payments.end("succeeded")
    cabinet.stand.after(minutes=1)
    assert pay(cabinet, head).state == "succeeded"
    assert list(cabinet.stand.payments.created) == [f"{first.data['payment']}-1"]
    other = pay(cabinet, head, subject="Требование 13")
    assert other.data["payment"] != first.data["payment"]
    assert len(cabinet.stand.payments.created) == 2


def test_a_tax_that_names_a_service_is_the_same_bill(cabinet: Cabinet, head: Actor) -> None:
    first = pay(cabinet, head)
    assert pay(cabinet, head, service="extract").data == first.data
    assert len(cabinet.stand.payments.created) == 1


def test_a_lost_answer_and_a_silent_gateway_lead_to_one_payment(
    cabinet: Cabinet, head: Actor
) -> None:
    gateway = cabinet.stand.payments
    gateway.loses_answers = True
    asked = pay(cabinet, head)
    assert (asked.state, asked.refusal, asked.data["number"]) == ("new", None, "")
    cabinet.stand.after(minutes=1)
    gateway.loses_answers, gateway.down = False, True
    assert pay(cabinet, head).state == "new"
    cabinet.stand.after(hours=1)
    gateway.down = False
    cabinet.stand.after(hours=1)
    shown = seen(cabinet, head, asked.data["payment"])
    assert (shown.state, shown.data["number"]) == ("pending", f"N-{asked.data['payment']}-1")
    assert list(gateway.created) == [f"{asked.data['payment']}-1"]


def test_what_the_gateway_is_asked_again_is_the_same_whatever_the_profile_says_by_then(
    cabinet: Cabinet, head: Actor
) -> None:
    cabinet.stand.payments.loses_answers = True
    pay(cabinet, head)
    requisites(cabinet, account="40702810938000000002")
    cabinet.stand.payments.loses_answers = False
    cabinet.stand.after(minutes=1)
    (asked,) = cabinet.stand.payments.created.values()
    assert asked.account == "40702810938000000001"


def test_a_cancelled_payment_says_why_and_is_tried_anew(cabinet: Cabinet, head: Actor) -> None:
    asked = pay(cabinet, head)
    cabinet.stand.payments.end("canceled", "insufficient_funds")
    cabinet.stand.after(minutes=1)
    ended = seen(cabinet, head, asked.data["payment"])
    assert (ended.state, ended.data["reason"]) == ("canceled", "на счёте не хватает денег")
    assert events(cabinet.stand, cabinet)[-1] == (
        "Платёж: не прошёл",
        "Налог, Требование 12, 4000.00 ₽: не прошёл: на счёте не хватает денег",
        True,
    )
    again = pay(cabinet, head)
    assert (again.state, again.data["attempt"]) == ("pending", 2)
    assert again.data["payment"] == asked.data["payment"]
    assert len(cabinet.stand.payments.created) == 2


def test_what_the_gateway_does_not_take_is_cancelled_at_once(cabinet: Cabinet, head: Actor) -> None:
    cabinet.stand.payments.refusing = "budget.kbk"
    asked = pay(cabinet, head)
    assert (asked.state, asked.data["reason"]) == ("canceled", "шлюз не принял платёж")
    cabinet.stand.payments.refusing = ""
    assert pay(cabinet, head).state == "pending"


def test_without_bank_details_nothing_is_paid(cabinet: Cabinet, head: Actor) -> None:
    requisites(cabinet, bank="", bik="", account="")
    assert broken(pay(cabinet, head)) == ["PAY-02 bank", "PAY-02 bik", "PAY-02 account"]
    assert cabinet.stand.payments.created == {}
    requisites(cabinet, bank="Банк", bik="044525225", account="40702810938000000001")
    assert pay(cabinet, head).state == "pending"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"purpose": "present"}, ["PAY-02 purpose"]),
        ({"kopecks": 0}, ["PAY-02 kopecks"]),
        ({"kbk": ""}, ["PAY-02 kbk"]),
        ({"purpose": "fine", "kbk": "18811601121010001140"}, ["PAY-02 uin"]),
    ],
)
def test_a_bill_of_the_budget_has_its_numbers(
    cabinet: Cabinet, head: Actor, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(pay(cabinet, head, **changes)) == expected


def test_others_than_accountant_and_head_see_nothing_and_pay_nothing(
    cabinet: Cabinet, head: Actor
) -> None:
    payment = pay(cabinet, head).data["payment"]
    clerk = cabinet.member("mgr", "500100732260")
    closed = [
        pay(cabinet, clerk),
        seen(cabinet, clerk, payment),
        seen(cabinet, clerk, payment, "payment_receipt"),
        cabinet.stand.read("payments", clerk, organization=cabinet.id),
    ]
    for outcome in closed:
        assert (outcome.refusal, broken(outcome)) == ("forbidden", ["PAY-03 organization"])
    accountant = cabinet.member("acc", "500100732260")
    listed = cabinet.stand.read("payments", accountant, organization=cabinet.id).data["items"]
    assert [each["payment"] for each in listed] == [payment]
    none = cabinet.stand.read("payments", accountant, organization=cabinet.id, state="succeeded")
    assert none.data["items"] == []


def test_a_payment_of_another_organization_is_absent_and_leaves_a_line(
    cabinet: Cabinet, head: Actor
) -> None:
    payment = pay(cabinet, head).data["payment"]
    other = Cabinet(cabinet.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732260")
    asked = cabinet.stand.read("payment", stranger, organization=other.id, payment=payment)
    assert asked.refusal == "absent"
    assert journal(cabinet.stand, cabinet.id)[-1] == ("payment", "another's")


def test_a_receipt_comes_after_the_confirmation(cabinet: Cabinet, head: Actor) -> None:
    payment = pay(cabinet, head).data["payment"]
    early = seen(cabinet, head, payment, "payment_receipt")
    assert (early.refusal, broken(early)) == ("state", ["PAY-01 payment"])
    cabinet.stand.payments.end("succeeded")
    cabinet.stand.after(minutes=1)
    assert seen(cabinet, head, payment, "payment_receipt").data["kopecks"] == 400_000


# --- paid services


@pytest.fixture(name="done")
def _done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A service whose thing «thing» costs 50 roubles; what has gone on once it was paid."""
    done: list[str] = []
    monkeypatch.setattr(services, "_PRICES", {})
    monkeypatch.setattr(services, "_ONCE_PAID", {})
    monkeypatch.setattr("portal.payments.pay.PAID_SERVICES", services._PRICES)

    @paid_service("probe")
    def price(context: Context, organization: str, subject: str) -> Price | None:
        return Price(5_000, "Проба") if subject == "thing" else None

    @once_paid("probe")
    def go_on(context: Context, payment: Payment) -> None:
        done.append(payment.subject)

    return done


SERVICE = {"purpose": "service", "service": "probe", "subject": "thing", "kopecks": 1, "kbk": ""}


def test_a_service_goes_on_once_its_own_price_is_paid(
    cabinet: Cabinet, head: Actor, done: list[str]
) -> None:
    def lacking() -> list[str]:
        stand = cabinet.stand
        context = Context(
            portal=stand.portal, unit=Unit(stand.store), actor=head, now=stand.clock.now()
        )
        found = not_paid_yet(context, cabinet.id, "probe", "thing", 5_000)
        return [each.rule for each in found]

    asked = pay(cabinet, head, **SERVICE)
    assert (asked.data["kopecks"], asked.data["title"]) == (5_000, "Проба")
    assert (lacking(), done) == (["PAY-01"], [])
    cabinet.stand.payments.end("succeeded")
    cabinet.stand.after(minutes=1)
    assert (lacking(), done) == ([], ["thing"])
    pay(cabinet, head, **SERVICE)
    cabinet.stand.after(hours=2)
    assert done == ["thing"]


@pytest.mark.parametrize("changes", [{"subject": "nothing"}, {"service": "unknown"}])
def test_what_no_service_sells_is_absent(
    cabinet: Cabinet, head: Actor, done: list[str], changes: dict[str, str]
) -> None:
    assert pay(cabinet, head, **{**SERVICE, **changes}).refusal == "absent"


def requisites(cabinet: Cabinet, **changes: str) -> None:
    """Let the profile say something else."""
    unit = Unit(cabinet.stand.store)
    found = unit.get(Organization, cabinet.id)
    assert found is not None
    unit.put(
        dataclasses.replace(found, requisites=dataclasses.replace(found.requisites, **changes))
    )
    unit.commit()
