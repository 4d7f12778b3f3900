"""The payment gateway by the protocol of ЮKassa's API v3.

Real: paths, the header Idempotence-Key, objects, statuses, lifetimes, reasons of cancellation,
errors. Ours: payment by an account (`bank_account`), `budget` with УИН and КБК as in orders to the
budget, notifications read from `/v3/events` instead of sent to a webhook, and `/checkout/…`, which
stands for the payer on the gateway's page. The shop's password is not checked.
"""

from collections.abc import Callable
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mocks.accounts.cards import CardNumber
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.payment_gateway.budget import Purpose, is_kbk_of, is_valid_uin
from mocks.payment_gateway.errors import yookassa_error
from mocks.payment_gateway.idempotence import Repetitions
from mocks.payment_gateway.objects import CURRENCY, refund_object
from mocks.payment_gateway.payers import BankAccount, BankCard
from mocks.payment_gateway.payment import Cancellation, Payment
from mocks.payment_gateway.payments import CONFIRM_US, SERVICE, Payments
from world.identifiers import is_valid_settlement_account

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    own_faults={
        "double_charge": "деньги списываются дважды, а шлюз показывает один платёж",
        "status_lag": "статус и уведомление отстают от платежа на 15 минут",
        "stuck": "плательщик подтвердил, деньги удержаны, а платёж остаётся pending до истечения",
        "false_decline": "банк отклоняет платёж, хотя деньги есть (OPS-07)",
    },
    hosts=("api.yookassa.ru",),
    refuse=yookassa_error,
)

_MOST_METADATA: Final = 16  # pairs (ЮKassa)


def _uin(text: str) -> str:
    if not is_valid_uin(text):
        raise ValueError("ожидается УИН из 20 или 25 цифр с верной контрольной цифрой либо 0")
    return text


class Section(BaseModel):
    """Part of a request; nothing in it may be unknown."""

    model_config = ConfigDict(extra="forbid")


class Amount(Section):
    """Roubles with kopecks after the point."""

    value: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,9})\.[0-9]{2}$")]
    currency: Literal["RUB"] = CURRENCY

    @property
    def kopecks(self) -> int:
        """The same in whole kopecks."""
        return int(self.value.replace(".", ""))

    @model_validator(mode="after")
    def _is_positive(self) -> Self:
        if self.kopecks == 0:
            raise ValueError("value: ожидается больше нуля")
        return self


class CardData(Section):
    """What is printed on a card."""

    number: CardNumber
    expiry_month: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])$")]
    expiry_year: Annotated[str, Field(pattern=r"^20[0-9]{2}$")]
    csc: Annotated[str, Field(pattern=r"^[0-9]{3}$")]


class ByCard(Section):
    """Payment by a bank card."""

    type: Literal["bank_card"]
    card: CardData

    def method(self) -> BankCard:
        """As the gateway keeps it."""
        card = self.card
        return BankCard(card.number, int(card.expiry_month), int(card.expiry_year), card.csc)


class ByAccount(Section):
    """Payment from an organization's account."""

    type: Literal["bank_account"]
    inn: Annotated[str, Field(pattern=r"^([0-9]{10}|[0-9]{12})$")]
    bik: Annotated[str, Field(pattern=r"^[0-9]{9}$")]
    account: Annotated[str, Field(pattern=r"^[0-9]{20}$")]

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if not is_valid_settlement_account(self.account, self.bik):
            raise ValueError("account: контрольный ключ счёта не соответствует БИК")
        return self

    def method(self) -> BankAccount:
        """As the gateway keeps it."""
        return BankAccount(self.inn, self.bik, self.account)


class Budget(Section):
    """What for, and under which numbers of the budget."""

    purpose: Purpose
    uin: Annotated[str, AfterValidator(_uin)] = "0"
    kbk: str | None = None

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        if self.kbk is None and self.purpose != "service":
            raise ValueError("kbk: нужен для платежа в бюджет")
        if self.kbk is not None and not is_kbk_of(self.kbk, self.purpose):
            raise ValueError("kbk: ожидается КБК из 20 цифр, подходящий к назначению платежа")
        if self.purpose == "fine" and self.uin == "0":
            raise ValueError("uin: штраф оплачивается только по УИН")
        return self


class Confirmation(Section):
    """Where the payer comes back to."""

    type: Literal["redirect"]
    return_url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2048)]


class NewPayment(Section):
    """The body of `POST /v3/payments`."""

    amount: Amount
    payment_method_data: Annotated[ByCard | ByAccount, Field(discriminator="type")]
    confirmation: Confirmation
    budget: Budget
    capture: bool = False
    description: Annotated[str, Field(max_length=128)] = ""
    metadata: Annotated[
        dict[
            Annotated[str, Field(min_length=1, max_length=32)],
            Annotated[str, Field(max_length=512)],
        ],
        Field(max_length=_MOST_METADATA),
    ] = {}


class Capture(Section):
    """How much of the held money to take; without it all."""

    amount: Amount | None = None


class NewRefund(Section):
    """How much of a payment to give back."""

    payment_id: str
    amount: Amount


@service.post("/v3/payments")
def create_payment(call: Call) -> Answer:
    """A payment that waits for its payer."""

    def create() -> Answer:
        asked = call.request.read(NewPayment)
        payments = call.tenant.state(Payments)
        payment = Payment(
            id=payments.new_id(call.key),
            key=call.key,
            kopecks=asked.amount.kopecks,
            captures_at_once=asked.capture,
            method=asked.payment_method_data.method(),
            purpose=asked.budget.purpose,
            uin=asked.budget.uin,
            kbk=asked.budget.kbk,
            description=asked.description,
            metadata=asked.metadata,
            return_url=asked.confirmation.return_url,
            created_us=call.now_us,
            expires_us=call.now_us + CONFIRM_US,
        )
        payments.create(payment)
        return _shown(call, payment)

    return _once(call, create)


@service.get("/v3/payments/{id}")
def show_payment(call: Call) -> Answer:
    """The payment as the gateway shows it."""
    return _shown(call, call.tenant.state(Payments).find(call.values["id"]))


@service.post("/v3/payments/{id}/capture")
def capture_payment(call: Call) -> Answer:
    """Take the held money, or part of it and release the rest."""

    def capture() -> Answer:
        asked = call.request.read(Capture) if call.request.body else Capture()
        payments, payment = _waiting(call)
        kopecks = payment.kopecks if asked.amount is None else asked.amount.kopecks
        if kopecks > payment.kopecks:
            message = "Сумма больше удержанной"
            raise Refusal(400, "invalid_request", message, field="amount")
        payments.capture(payment, kopecks, call.now_us)
        return _shown(call, payment)

    return _once(call, capture)


@service.post("/v3/payments/{id}/cancel")
def cancel_payment(call: Call) -> Answer:
    """Release the held money."""

    def cancel() -> Answer:
        payments, payment = _waiting(call)
        by_merchant = Cancellation("merchant", "canceled_by_merchant")
        payments.cancel(payment, by_merchant, call.now_us)
        return _shown(call, payment)

    return _once(call, cancel)


@service.post("/v3/refunds")
def create_refund(call: Call) -> Answer:
    """Give money back, at most what was captured and not given back yet."""

    def refund() -> Answer:
        asked = call.request.read(NewRefund)
        payments = call.tenant.state(Payments)
        payment = payments.find(asked.payment_id)
        if payment.status != "succeeded":
            message = "Платёж не завершён: возвращать нечего"
            raise Refusal(400, "invalid_request", message, field="payment_id")
        if asked.amount.kopecks > payment.kopecks - payment.refunded_kopecks:
            message = "Сумма больше той, что можно вернуть"
            raise Refusal(400, "invalid_request", message, field="amount")
        refund = payments.refund(payment, asked.amount.kopecks, call.key, call.now_us)
        seen = refund_object(call.tenant, refund)
        if refund.cancellation is None:
            event = "refund.succeeded"
            payments.announce(f"{refund.id}/succeeded", event, seen, call.key, call.now_us)
        return json_answer(seen)

    return _once(call, refund)


@service.get("/v3/refunds/{id}")
def show_refund(call: Call) -> Answer:
    """The refund of that id."""
    refund = call.tenant.state(Payments).find_refund(call.values["id"])
    return json_answer(refund_object(call.tenant, refund))


@service.get("/v3/events")
def list_events(call: Call) -> Answer:
    """Notifications after `?after=N`."""
    return feed_page(call)


@service.post("/checkout/{id}/confirm")
def confirm_payment(call: Call) -> Answer:
    """The payer agrees to pay; agreeing again changes nothing."""
    payments = call.tenant.state(Payments)
    payment = payments.find(call.values["id"])
    payments.confirm(payment, call.now_us)
    return _shown(call, payment)


@service.post("/checkout/{id}/decline")
def decline_payment(call: Call) -> Answer:
    """The payer fails or refuses to confirm; a payment that was confirmed stays as it is."""
    payments = call.tenant.state(Payments)
    payment = payments.find(call.values["id"])
    if payment.status == "pending" and payment.payer is None:
        declined = Cancellation("payment_network", "3d_secure_failed")
        payments.cancel(payment, declined, call.now_us)
    return _shown(call, payment)


def _once(call: Call, work: Callable[[], Answer]) -> Answer:
    return call.tenant.state(Repetitions).once(call, work)


def _waiting(call: Call) -> tuple[Payments, Payment]:
    payments = call.tenant.state(Payments)
    payment = payments.find(call.values["id"])
    if payment.status != "waiting_for_capture":
        message = "Платёж не ждёт списания"
        raise Refusal(400, "invalid_request", message, field="payment_id")
    return payments, payment


def _shown(call: Call, payment: Payment) -> Answer:
    return json_answer(call.tenant.state(Payments).view(payment))
