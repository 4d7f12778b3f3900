"""People who have subscribed to what happens to an organization, and events that do."""

import itertools
from dataclasses import replace
from typing import Any

from portal.accounts.account import Account
from portal.events import Event, publish
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from tests.portal.cabinets import Cabinet
from tests.portal.wiring import Stand

__all__ = ["PAYMENTS", "PHONE", "change", "happen", "reachable", "states", "subscribed", "told"]

PHONE = "+70100732259"
MAIL = "500100732259@mail.test"
PAYMENTS = [{"agency": "any", "kind": "payment"}]

_numbers = itertools.count(1)


def reachable(cabinet: Cabinet, actor: Actor, **contacts: Any) -> None:
    """Let an account have a confirmed e-mail and an application, or what a test says."""
    unit = Unit(cabinet.stand.store)
    account = unit.get(Account, actor.account or "")
    assert account is not None
    unit.put(replace(account, **{"email_confirmed": True, "app": "phone-1", **contacts}))
    unit.commit()


def change(cabinet: Cabinet, actor: Actor, **wanted: Any) -> Outcome:
    """Change settings by a code that has just come."""
    stand = cabinet.stand
    stand.after(minutes=1)  # AUTH-06: the next code after a minute
    was = set(stand.messenger.refusing)
    stand.messenger.refusing -= {"sms"}
    asked = stand.act("request_notification_code", actor, organization=cabinet.id)
    assert asked.state == "code_sent"
    code = stand.messenger.sent_to(PHONE)[-1].split(": ")[1][:6]
    stand.messenger.refusing |= was
    return stand.act(
        "change_notifications", actor, organization=cabinet.id, **{"code": code, **wanted}
    )


def subscribed(cabinet: Cabinet, actor: Actor, **wanted: Any) -> None:
    """By e-mail, then SMS, of payments, at once; or as a test says."""
    reachable(cabinet, actor)
    usual = {"channels": ["email", "sms"], "subscriptions": PAYMENTS, "frequency": "at_once"}
    assert change(cabinet, actor, **{**usual, **wanted}).refusal is None
    cabinet.stand.portal.tick()
    forget_letters(cabinet.stand)


def forget_letters(stand: Stand) -> None:
    """Only what comes from now on counts."""
    stand.messenger.letters.clear()


def happen(cabinet: Cabinet, title: str, **more: Any) -> str:
    """Let something happen to the organization, and what is due then be done; the event's id."""
    event_id = told(cabinet, title, **more)
    cabinet.stand.portal.tick()
    return event_id


def told(cabinet: Cabinet, title: str, **more: Any) -> str:
    """Let something happen to the organization; the event's id."""
    stand = cabinet.stand
    context = Context(
        portal=stand.portal, unit=Unit(stand.store), actor=Actor(), now=stand.clock.now()
    )
    event_id = f"event {next(_numbers)}"
    fields = {"kind": "payment", "agency": "payment_gateway", "text": "подробности", **more}
    publish(
        context,
        Event(
            id=event_id,
            organization=cabinet.id,
            subject="s",
            title=title,
            at=context.now,
            **fields,
        ),
    )
    context.unit.commit()
    return event_id


def states(cabinet: Cabinet, actor: Actor) -> dict[str, str]:
    """The states of somebody's notices, by title."""
    shown = cabinet.stand.read("notifications", actor, organization=cabinet.id)
    return {each["title"]: each["state"] for each in shown.data["items"]}
