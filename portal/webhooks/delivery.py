"""Deliveries to receivers: planned with the event, made one after the other, repeated after pauses
that grow, given up after three days (INT-03)."""

import datetime as dt
import json
from dataclasses import replace
from typing import Final

from portal.events import Event, subscriber
from portal.ports.webhooks import NotTaken
from portal.tasks import Task, retry_pause, schedule
from portal.use_case import Context, task
from portal.webhooks.receiver import (
    DELIVERY_STATES,
    WebhookDelivery,
    WebhookReceiver,
    delivery_id,
    progress_of,
)
from portal.webhooks.signature import HEADER, signature_of

__all__ = ["GIVES_UP_AFTER", "plan_delivery", "plan_look"]

GIVES_UP_AFTER: Final = dt.timedelta(days=3)
"""How long a delivery is tried (an assumption: a long weekend)."""


@subscriber
def deliver_to_receivers(context: Context, event: Event) -> None:
    """Plan a delivery to every receiver that wants events of that kind."""
    for receiver in context.unit.find(WebhookReceiver, "organization", event.organization):
        if receiver.removed_at is None and (not receiver.kinds or event.kind in receiver.kinds):
            plan_delivery(context, receiver, event.id, event.title, _body(event))


def plan_delivery(
    context: Context, receiver: WebhookReceiver, event: str, title: str, body: str
) -> WebhookDelivery:
    """Put a delivery behind those that wait; if none does, it is made at once. Where a worker is at
    the receiver, that one looks again."""
    number = receiver.planned + 1
    planned = context.unit.put(
        WebhookDelivery(
            id=delivery_id(receiver.id, number),
            receiver=receiver.id,
            number=number,
            event=event,
            title=title,
            body=body,
            planned_at=context.now,
            due=context.now,
        )
    )
    context.unit.put(replace(receiver, planned=number))
    if context.unit.get(Task, f"deliver_webhook/{receiver.id}") is None:
        plan_look(context, receiver, context.now)
    return planned


def plan_look(context: Context, receiver: WebhookReceiver, due: dt.datetime) -> None:
    """Look at what waits for a receiver, whose machine may be a slow one."""
    schedule(context.unit, "deliver_webhook", receiver.id, due, lane="outside")


@task
def deliver_webhook(context: Context, planned: Task) -> None:
    """Make the first delivery that waits for a receiver, and plan what follows."""
    receiver = context.unit.get(WebhookReceiver, planned.subject)
    if receiver is None or receiver.removed_at is not None:
        return
    progress = progress_of(context, receiver)
    waiting = context.unit.get(WebhookDelivery, delivery_id(receiver.id, progress.ended + 1))
    if waiting is None:
        context.unit.put(receiver)  # a conflict with whoever plans one now: it would not be seen
        return
    made = context.unit.put(_tried(context, receiver, waiting))
    if made.state == "waiting":
        plan_look(context, receiver, made.due)
        return
    if made.state == "undelivered":
        context.note("deliver_webhook", receiver.organization, made.state, delivery=made.id)
    context.unit.put(replace(progress, ended=made.number))
    plan_look(context, receiver, context.now)


# --- inside


def _body(event: Event) -> str:
    return json.dumps(
        {
            "event": event.id,
            "kind": event.kind,
            "organization": event.organization,
            "agency": event.agency,
            "subject": event.subject,
            "title": event.title,
            "text": event.text,
            "details": dict(event.details),
            "at": event.at.isoformat(),
        },
        ensure_ascii=False,
    )


def _tried(
    context: Context, receiver: WebhookReceiver, waiting: WebhookDelivery
) -> WebhookDelivery:
    body = waiting.body.encode()
    headers = {
        "Content-Type": "application/json",
        "Poligon-Event": waiting.event,
        "Poligon-Delivery": str(waiting.number),
        HEADER: signature_of(receiver.secret, int(context.now.timestamp()), body),
    }
    attempts = waiting.attempts + 1
    try:
        context.portal.ports.webhooks.post(receiver.url, body, headers)
    except NotTaken as why:
        gives_up = context.now >= waiting.planned_at + GIVES_UP_AFTER
        return replace(
            waiting,
            state=DELIVERY_STATES.after(waiting.state, "give_up" if gives_up else "not_taken"),
            attempts=attempts,
            trouble=str(why),
            due=context.now + retry_pause(waiting.attempts),
            ended_at=context.now if gives_up else None,
        )
    return replace(
        waiting,
        state=DELIVERY_STATES.after(waiting.state, "taken"),
        attempts=attempts,
        trouble="",
        ended_at=context.now,
    )
