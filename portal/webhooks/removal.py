"""A receiver of webhooks ends: what waits for it is given up (INT-03)."""

from dataclasses import replace

from portal.use_case import Context
from portal.webhooks.receiver import DELIVERY_STATES, WebhookDelivery, WebhookReceiver

__all__ = ["remove_all_receivers", "remove_receiver"]


def remove_receiver(context: Context, receiver: WebhookReceiver) -> WebhookReceiver:
    """Deliver there no more."""
    for each in context.unit.find(WebhookDelivery, "receiver", receiver.id):
        if each.state == "waiting":
            ended = DELIVERY_STATES.after(each.state, "give_up")
            context.unit.put(replace(each, state=ended, ended_at=context.now))
    gone = replace(receiver, removed_at=context.now)
    context.note("remove_webhook_receiver", gone.organization, "removed", receiver=gone.id)
    return context.unit.put(gone)


def remove_all_receivers(context: Context, organization: str) -> None:
    """Nobody hears of the organization any more: it is unbound (UNB-04)."""
    for receiver in context.unit.find(WebhookReceiver, "organization", organization):
        if receiver.removed_at is None:
            remove_receiver(context, receiver)
