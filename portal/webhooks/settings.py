"""Receivers of webhooks are added, moved and removed by whoever manages access, who also sees what
has not reached them and sends it again (INT-03)."""

from dataclasses import dataclass, replace
from typing import Final

from portal.events import EventKind
from portal.listed import part_by_id
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.rules.integration import WebhookReceiving, receiver_receives
from portal.rules.rights import ACCESS_SETTINGS
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view
from portal.webhooks.delivery import plan_delivery, plan_look
from portal.webhooks.receiver import (
    DELIVERY_STATES,
    DeliveryState,
    WebhookDelivery,
    WebhookReceiver,
    delivery_ids,
    in_state,
    progress_of,
)
from portal.webhooks.removal import remove_receiver
from rulebook import Text

__all__ = [
    "DeliveriesQuery",
    "MovedReceiver",
    "NewReceiver",
    "OneReceiver",
    "ReceiversQuery",
    "RepeatedDelivery",
    "add_webhook_receiver",
    "move_webhook_receiver",
    "remove_webhook_receiver",
    "repeat_webhook_delivery",
    "webhook_deliveries",
    "webhook_receivers",
]

_MOST_RECEIVERS: Final = 10  # assumption: every event is delivered to each of them
_TOO_MANY: Final = Text(
    f"приёмников уже {_MOST_RECEIVERS}", f"there are {_MOST_RECEIVERS} receivers already"
)


@dataclass(frozen=True, kw_only=True)
class NewReceiver:
    """Where events of some `kinds` (none: of all) are to be delivered: an https address, on a stand
    http to its own machine as well."""

    organization: str
    url: str
    kinds: tuple[EventKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OneReceiver:
    """A receiver of an organization."""

    organization: str
    receiver: str


@dataclass(frozen=True, kw_only=True)
class MovedReceiver(OneReceiver):
    """The address where it is from now on."""

    url: str


@dataclass(frozen=True, kw_only=True)
class RepeatedDelivery:
    """A delivery that was given up."""

    organization: str
    delivery: str


@dataclass(frozen=True, kw_only=True)
class ReceiversQuery:
    """All receivers of an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class DeliveriesQuery(OneReceiver):
    """Deliveries to a receiver: those in a state, or all of them."""

    state: DeliveryState | None = None


@use_case(NewReceiver, remembered=False)
@in_organization(ACCESS_SETTINGS)
def add_webhook_receiver(context: Context, form: NewReceiver, found: Organization) -> Outcome:
    """Deliver to an address from now on; `secret` is shown now and never again."""
    violations = receiver_receives(WebhookReceiving(url=form.url), context.policy)
    if not violations and len(_active(context, found)) >= _MOST_RECEIVERS:
        violations = _not_received(context, form.url, _TOO_MANY)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    entropy = context.portal.ports.entropy
    made = context.unit.put(
        WebhookReceiver(
            id=entropy.token("webhook receiver"),
            organization=found.id,
            url=form.url,
            secret=entropy.token("webhook secret") + entropy.token("webhook secret"),
            kinds=tuple(dict.fromkeys(form.kinds)),
            added_by=context.actor.account or "",
            added_at=context.now,
        )
    )
    context.note("add_webhook_receiver", found.id, "added", receiver=made.id, url=_told(made.url))
    return Outcome(state="added", data={"secret": made.secret, **made.shown()})


@use_case(MovedReceiver)
@in_organization(ACCESS_SETTINGS)
def move_webhook_receiver(context: Context, form: MovedReceiver, found: Organization) -> Outcome:
    """Deliver to another address with the same secret; what waits is tried there at once."""
    receiver = _receiver(context, form.receiver, found)
    if receiver is None:
        return Outcome(state="absent", refusal="absent")
    violations = receiver_receives(WebhookReceiving(url=form.url), context.policy)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    moved = context.unit.put(replace(receiver, url=form.url))
    waiting = _waiting(context, moved)
    if waiting:
        plan_look(context, moved, context.now)
    context.note(
        "move_webhook_receiver", found.id, "moved", receiver=moved.id, url=_told(moved.url)
    )
    return Outcome(state="moved", data=moved.shown(waiting))


@use_case(OneReceiver)
@in_organization(ACCESS_SETTINGS)
def remove_webhook_receiver(context: Context, form: OneReceiver, found: Organization) -> Outcome:
    """Deliver there no more; what waits is given up."""
    receiver = _receiver(context, form.receiver, found)
    if receiver is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state="removed", data=remove_receiver(context, receiver).shown())


@use_case(RepeatedDelivery)
@in_organization(ACCESS_SETTINGS)
def repeat_webhook_delivery(
    context: Context, form: RepeatedDelivery, found: Organization
) -> Outcome:
    """Deliver the same event once more, after those that wait."""
    given_up = context.unit.get(WebhookDelivery, form.delivery)
    receiver = None if given_up is None else _receiver(context, given_up.receiver, found)
    if given_up is None or receiver is None:
        return Outcome(state="absent", refusal="absent")
    if not DELIVERY_STATES.allows(given_up.state, "repeat"):
        return refused([], "state", given_up.state)
    again = DELIVERY_STATES.after(given_up.state, "repeat")
    context.unit.put(replace(given_up, state=again))
    planned = plan_delivery(context, receiver, given_up.event, given_up.title, given_up.body)
    context.note("repeat_webhook_delivery", found.id, "planned", delivery=planned.id)
    return Outcome(state=planned.state, data=planned.shown())


@view(ReceiversQuery)
@in_organization(ACCESS_SETTINGS)
def webhook_receivers(context: Context, query: ReceiversQuery, found: Organization) -> Outcome:
    """Receivers with the number of deliveries that wait; no secrets."""
    items = [each.shown(_waiting(context, each)) for each in _active(context, found)]
    return Outcome(state="shown", data={"items": items})


@view(DeliveriesQuery, in_parts=True)
@in_organization(ACCESS_SETTINGS)
def webhook_deliveries(context: Context, query: DeliveriesQuery, found: Organization) -> Outcome:
    """Deliveries by number; INT-03 warns while the receiver does not take them, or has not taken
    some in the end."""
    receiver = _receiver(context, query.receiver, found)
    if receiver is None:
        return Outcome(state="absent", refusal="absent")
    if query.state is None:
        key, value = "receiver", receiver.id
    else:
        key, value = "in_state", in_state(receiver.id, query.state)
    ids = delivery_ids(receiver.id)
    wanted, following = part_by_id(context, WebhookDelivery, key, value, ids)
    return Outcome(
        state="shown",
        data={"items": [each.shown() for each in wanted]},
        violations=_trouble(context, receiver),
        following=following,
    )


# --- inside


def _receiver(context: Context, receiver_id: str, found: Organization) -> WebhookReceiver | None:
    kept = context.unit.get(WebhookReceiver, receiver_id)
    if kept is None or kept.removed_at is not None:
        return None
    return of_organization(context, found, kept, "receiver")


def _waiting(context: Context, receiver: WebhookReceiver) -> int:
    return receiver.planned - progress_of(context, receiver).ended


def _active(context: Context, found: Organization) -> list[WebhookReceiver]:
    kept = context.unit.find(WebhookReceiver, "organization", found.id)
    return [each for each in kept if each.removed_at is None]


def _trouble(context: Context, receiver: WebhookReceiver) -> tuple[Violation, ...]:
    """Of the first delivery that was given up, else of the one that is tried now: the first that
    waits."""
    states: tuple[DeliveryState, ...] = ("undelivered", "waiting")
    for state in states:
        key = in_state(receiver.id, state)
        for each in context.unit.find(WebhookDelivery, "in_state", key, limit=1):
            if state == "undelivered" or each.trouble:
                return _not_received(context, receiver.url, Text(each.trouble, each.trouble))
    return ()


def _told(url: str) -> str:
    """An address as the journal has it: what follows a question mark may be a secret."""
    return url.partition("?")[0]


def _not_received(context: Context, url: str, why: Text) -> tuple[Violation, ...]:
    claim = WebhookReceiving(url=url, takes=False, why=why)
    return receiver_receives(claim, context.policy)
