"""What forms of chapter INT name, put straight into an organization's cabinet."""

from portal.api_keys.api_key import ApiKey
from portal.store.unit import Unit
from portal.webhooks.receiver import (
    WebhookDelivery,
    WebhookProgress,
    WebhookReceiver,
    delivery_id,
)
from tests.portal.cabinets import Cabinet

__all__ = ["put_integrations"]


def put_integrations(cabinet: Cabinet) -> dict[str, str]:
    """One of each, by the field: a receiver, a delivery to it that was given up, a key."""
    unit, now = Unit(cabinet.stand.store), cabinet.stand.clock.now()
    receiver = WebhookReceiver(
        id="the receiver",
        organization=cabinet.id,
        url="https://erp.example.org/",
        secret="word",
        kinds=(),
        added_by="somebody",
        added_at=now,
        planned=1,
    )
    delivery = WebhookDelivery(
        id=delivery_id(receiver.id, 1),
        receiver=receiver.id,
        number=1,
        event="e1",
        title="Событие",
        body="{}",
        planned_at=now,
        due=now,
        state="undelivered",
    )
    key = ApiKey(
        id="the key",
        organization=cabinet.id,
        title="1С",
        rights=("view_payments",),
        issued_by="somebody",
        issued_at=now,
        expires=now,
    )
    progress = WebhookProgress(id=receiver.id, ended=1)
    for each in (receiver, progress, delivery, key):
        if unit.get(type(each), each.id) is None:
            unit.put(each)
    unit.commit()
    return {"receiver": receiver.id, "delivery": delivery.id, "api_key": key.id}
