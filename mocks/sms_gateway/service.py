"""The gateway of an aggregator: submission, delivery on the clock, reports.

There is no one protocol of SMS aggregators in Russia: paths and field names are ours; segments,
sender names, validity periods and errors are those of 3GPP TS 23.038 and 23.040 and SMPP 3.4.
`PUT /v1/subscribers/{phone}` stands for the person with the phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.delivery.delivery import FAULTS, Backoff, Delivery
from mocks.delivery.parcels import Arrival, Arrived, Deferred, Parcel, Rejected
from mocks.delivery.tracking import add_tracking
from mocks.sms_gateway.segments import Segments, segments_of
from mocks.sms_gateway.subscribers import PhoneState, Subscribers
from world.identifiers import is_valid_phone
from world.microseconds import HOUR_US, MINUTE_US, SECOND_US

__all__ = ["service"]

service: Final = Service(
    "sms_gateway",
    works=True,
    own_faults={
        **FAULTS,
        "sender_blocked": "оператор не пропускает имя отправителя",
        "balance": "деньги на счёте у шлюза кончились: отправка отклоняется",
    },
)

_DEFAULT_VALIDITY_S: Final = 86_400  # a day; assumption, operators keep messages 1 to 3 days
_LONGEST_VALIDITY_S: Final = 259_200
_SHORTEST_VALIDITY_S: Final = 60
_BACKOFF: Final = Backoff(MINUTE_US, HOUR_US)  # assumption
_MOST_SEGMENTS: Final = 10  # assumption; the header of TS 23.040 would allow 255
_MOST_BULK: Final = 500  # assumption


def _phone(text: str) -> str:
    if not is_valid_phone(text):
        raise ValueError("ожидается +7 и десять цифр")
    return text


class Submission(BaseModel):
    """A message to send; `id` is the client's own, repeated safely."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    to: Annotated[str, AfterValidator(_phone)]
    # A name of up to 11 characters (TS 23.040, 9.1.2.5) or a short number.
    sender: Annotated[
        str, Field(alias="from", pattern=r"^([A-Za-z][A-Za-z0-9 ._-]{0,10}|[0-9]{3,15})$")
    ]
    text: Annotated[str, Field(min_length=1, max_length=1_600)]
    validity_s: Annotated[int, Field(ge=_SHORTEST_VALIDITY_S, le=_LONGEST_VALIDITY_S)] = (
        _DEFAULT_VALIDITY_S
    )


class Bulk(BaseModel):
    """Messages to send in one request, each judged on its own."""

    model_config = ConfigDict(extra="forbid")

    messages: Annotated[list[Submission], Field(min_length=1, max_length=_MOST_BULK)]


class PhoneChange(BaseModel):
    """What happens to a subscriber's phone."""

    model_config = ConfigDict(extra="forbid")

    state: PhoneState


@dataclass(eq=False, kw_only=True)
class Sms(Parcel):
    """A short message, in one or more segments."""

    segments: Segments


class SmsDelivery(Delivery[Sms]):
    """The short messages of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant, service.id, "sms", _BACKOFF)
        self.sent_segments = 0

    def arrive(self, parcel: Sms, now_us: int) -> Arrival:
        """What the subscriber's operator answers."""
        if self.hit("sender_blocked", parcel):
            return Rejected("sender_blocked", "Оператор не пропустил имя отправителя")
        if parcel.to[2] != "9":
            return Rejected("not_mobile", "Номер не мобильный: СМС на него не доставляются")
        match self.tenant.state(Subscribers).state(parcel.to):
            case None:
                return Rejected("unknown_subscriber", "Номер не обслуживается")
            case "blocked":
                return Rejected("blocked", "Абонент запретил приём сообщений")
            case "off":
                return Deferred("absent_subscriber", "Телефон выключен или вне сети")
            case "reachable":
                return Arrived()

    def describe(self, parcel: Sms) -> Mapping[str, Any]:
        """Encoding and segments, by which operators charge."""
        return {"encoding": parcel.segments.encoding, "segments": parcel.segments.count}


@service.post("/v1/messages")
def send_message(call: Call) -> Answer:
    """Take one message over: 202; the same `id` with the same content again: 200, nothing is
    sent."""
    asked = call.request.read(Submission)
    delivery = call.tenant.state(SmsDelivery)
    known = delivery.known(asked.id, asked)
    if known is not None:
        return json_answer(delivery.view(known))
    _check_balance(call)
    return json_answer(delivery.view(_sent(call, asked, call.key)), 202)


@service.post("/v1/messages/bulk")
def send_bulk(call: Call) -> Answer:
    """Take messages over one by one; each answer is that of a single submission, or its error."""
    asked = call.request.read(Bulk)
    _check_balance(call)
    delivery = call.tenant.state(SmsDelivery)
    answers: list[dict[str, Any]] = []
    for place, message in enumerate(asked.messages):
        try:
            known = delivery.known(message.id, message)
            key = call.key.about(f"bulk/{place}")
            answers.append(delivery.view(known or _sent(call, message, key)))
        except Refusal as refusal:
            error = {"code": refusal.code, "message": refusal.message}
            answers.append({"to": message.to, "status": "rejected", "error": error})
    return json_answer({"messages": answers})


@service.get("/v1/account")
def show_account(call: Call) -> Answer:
    """How many segments the client is charged for."""
    return json_answer({"segments": call.tenant.state(SmsDelivery).sent_segments})


@service.route("PUT", "/v1/subscribers/{phone}")
def change_subscriber(call: Call) -> Answer:
    """The person switches the phone off or on, or forbids messages; a number of nobody goes into
    service."""
    try:
        phone = _phone(call.values["phone"])
    except ValueError as error:
        raise Refusal(422, "invalid", f"phone: {error}", field="phone") from None
    state = call.request.read(PhoneChange).state
    call.tenant.state(Subscribers).change(phone, state)
    call.tenant.state(SmsDelivery).try_again(phone, call.now_us)
    return json_answer({"phone": phone, "state": state})


add_tracking(service, SmsDelivery)


def _check_balance(call: Call) -> None:
    if call.hit("balance"):
        raise Refusal(402, "balance", "На счёте не хватает средств для отправки")


def _sent(call: Call, asked: Submission, key: DrawKey) -> Sms:
    segments = segments_of(asked.text)
    if segments.count > _MOST_SEGMENTS:
        message = f"Сообщение длиннее {_MOST_SEGMENTS} частей"
        raise Refusal(422, "too-long", message, field="text")
    delivery = call.tenant.state(SmsDelivery)
    sms = Sms(
        id=delivery.new_id(key),
        client_id=asked.id,
        asked=asked,
        key=key,
        to=asked.to,
        text=asked.text,
        sender=asked.sender,
        submitted_us=call.now_us,
        expires_us=call.now_us + asked.validity_s * SECOND_US,
        segments=segments,
    )
    delivery.submit(sms)
    delivery.sent_segments += segments.count
    return sms
