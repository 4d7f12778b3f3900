"""How somebody wants to be told of what happens to an organization (NTF-01, NTF-03, NTF-06)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.accounts.account import Account
from portal.events import Event
from portal.ports.messenger import Channel
from portal.rules.notifications import ANY, FREQUENCIES, OWN, Frequency, Subscription
from portal.store.entity import Entity

__all__ = ["NotificationSettings", "contact_by", "settings_id"]


@dataclass(frozen=True, kw_only=True)
class NotificationSettings(Entity):
    """What an account wants of an organization; its id is `settings_id`.

    Of the `channels` the first is tried first. `contacts` were added by channel, in place of the
    account's own. While it `is_paused` nothing goes, and nothing is lost.
    """

    KIND: ClassVar[str] = "notification_settings"

    account: str
    organization: str
    channels: tuple[Channel, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    frequency: Frequency = "at_once"
    is_paused: bool = False
    contacts: Mapping[Channel, str] = field(default_factory=dict)
    changed_at: dt.datetime

    def keys(self) -> Mapping[str, str]:
        """By the organization whose events these are about."""
        return {"organization": self.organization}

    def wants(self, event: Event) -> bool:
        """Whether it is subscribed to."""
        agencies = (ANY, event.agency or OWN)
        return any(
            each.agency in agencies and each.kind == event.kind for each in self.subscriptions
        )

    def ways(self, account: Account) -> dict[Channel, str]:
        """Contacts by channel, in the order in which they are tried."""
        found = {each: contact_by(account, self.contacts, each) for each in self.channels}
        return {channel: contact for channel, contact in found.items() if contact}

    def shown(self) -> dict[str, Any]:
        """As whose settings they are sees them."""
        return {
            "channels": list(self.channels),
            "subscriptions": [
                {"agency": each.agency, "kind": each.kind} for each in self.subscriptions
            ],
            "frequency": self.frequency,
            "frequency_title": FREQUENCIES[self.frequency].ru,
            "paused": self.is_paused,
            "contacts": dict(self.contacts),
        }


def settings_id(account: str, organization: str) -> str:
    """The id of what an account has set for an organization."""
    return f"{account}/{organization}"


def contact_by(account: Account, added: Mapping[Channel, str], channel: Channel) -> str:
    """Where notices by a channel go: an `added` contact, or a confirmed one of the account; empty
    if there is none."""
    own = {
        "email": account.email if account.email_confirmed else "",
        "sms": account.phone if account.phone_confirmed else "",
        "push": account.app or "",
    }
    return added.get(channel, "") or own[channel]
