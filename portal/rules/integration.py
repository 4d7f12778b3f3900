"""Chapter INT: exchange with agencies, access through ЕСИА, webhooks, the open API."""

import ipaddress
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from portal.rules.rights import ACCESS_SETTINGS, MANAGE_USERS, SIGN, UNBIND
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "NOT_FOR_KEYS",
    "AgencyAnswer",
    "EsiaAccess",
    "KeyOrder",
    "KeyUse",
    "SmevMessage",
    "WebhookReceiving",
    "agency_takes",
    "esia_checks_access",
    "key_is_allowed",
    "receiver_receives",
    "smev_message_is_taken",
]

NOT_FOR_KEYS: Final = frozenset({ACCESS_SETTINGS, MANAGE_USERS, SIGN, UNBIND})
"""Rights that no key of the API has: who has the key must not get more by it, nor sign with it."""

_LONGEST_ADDRESS: Final = 2000  # characters, as browsers and servers take them
_INSIDE: Final = Text("адрес внутренней сети", "an address of an inner network")
_WITHOUT_TLS: Final = Text(
    "нужен адрес https; http — только на этом же компьютере стенда",
    "an https address is needed; http only on the stand's own machine",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmevMessage:
    """A message of СМЭВ: whether it has the form of one, and whether its signature fits it; `why`
    says what is wrong."""

    readable: bool
    signed: bool
    why: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EsiaAccess:
    """What ЕСИА has said of somebody who comes from it: whether it vouches for them, with a trusted
    account; whether it gives them the organization that they want to enter, if they want one."""

    vouched: bool
    gives_organization: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceiving:
    """A receiver of webhooks: its address, and whether it has taken the latest delivery (`why`
    not)."""

    url: str
    takes: bool = True
    why: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """A key of the API in use: whether it is in force, whether whoever has issued it is blocked
    (AUTH-14), its rights, and what is done with it: the `right` that this takes in the key's own
    organization (None: it is nothing for keys)."""

    in_force: bool
    issuer_blocked: bool = False
    rights: Collection[str]
    right: str | None
    in_own_organization: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """A key that is asked for, for so many days; `own_rights` are those that whoever asks may give
    to a key."""

    title: str
    rights: Collection[str]
    own_rights: Collection[str]
    days: int
    longest_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAnswer:
    """What came of asking an agency: whether the organization is connected to it, and whether it
    has taken the request (`why` not)."""

    connected: bool
    taken: bool = True
    why: Text | None = None


@rule("INT-01")
def smev_message_is_taken(claim: SmevMessage, policy: Policy) -> Iterator[Found]:
    """A message has the form of the exchange and a signature that fits it."""
    if not claim.readable:
        yield Found("message", claim.why)
    elif not claim.signed:
        yield Found("signature", claim.why)


@rule("INT-02")
def esia_checks_access(claim: EsiaAccess, policy: Policy) -> Iterator[Found]:
    """ЕСИА vouches for whoever comes from it, and for the organization they come in for."""
    if not claim.vouched:
        yield Found("code")
    elif not claim.gives_organization:
        yield Found("role")


@rule("INT-03")
def receiver_receives(claim: WebhookReceiving, policy: Policy) -> Iterator[Found]:
    """What is signed goes over TLS to an address without secrets of its own, and is taken there."""
    wrong = _wrong_address(claim.url)
    if wrong is not None:
        yield Found("url", wrong)
    elif not claim.takes:
        yield Found("url", claim.why)


@rule("INT-04")
def key_is_allowed(claim: KeyUse | KeyOrder, policy: Policy) -> Iterator[Found]:
    """A key is in force, and does what its rights allow in its own organization; it is issued for a
    while, with no more rights than who issues it has."""
    if isinstance(claim, KeyOrder):
        yield from _wrong_order(claim)
    elif not claim.in_force:
        yield Found("key", Text("ключ отозван или просрочен", "the key is revoked or out of date"))
    elif claim.issuer_blocked:
        yield Found("key", Text("запись, выпустившая ключ, заблокирована", "its issuer is blocked"))
    elif claim.right is None:
        yield Found("key", Text("это не делают ключом", "that is nothing for keys"))
    elif not claim.in_own_organization or claim.right not in claim.rights:
        yield Found("key", Text("у ключа нет этого права", "the key has not the right to it"))


@rule("INT-05")
def agency_takes(claim: AgencyAnswer, policy: Policy) -> Iterator[Found]:
    """The organization is connected to the agency that it asks, and what it asks is taken there."""
    if not claim.connected:
        yield Found("agency", Text("сервис не подключён", "the service is not connected"))
    elif not claim.taken:
        yield Found("agency", claim.why)


def _wrong_order(claim: KeyOrder) -> Iterator[Found]:
    if not claim.title.strip():
        yield Found("title", Text("назовите программу", "name the program"))
    if not claim.rights or not set(claim.rights) <= set(claim.own_rights):
        yield Found("rights", Text("таких прав ключу не дать", "no key may be given such rights"))
    if not 1 <= claim.days <= claim.longest_days:
        longest = claim.longest_days
        yield Found("days", Text(f"от 1 до {longest} дней", f"1 to {longest} days"))


def _wrong_address(url: str) -> Text | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Text("это не адрес", "this is no address")
    if not host or port == 0 or len(url) > _LONGEST_ADDRESS or not _is_plain(url):
        return Text("это не адрес", "this is no address")
    if parts.username is not None or parts.fragment:
        return Text("адрес без имени, пароля и якоря", "no user, password or fragment")
    if _is_own_machine(host):
        return None if parts.scheme in ("http", "https") else _WITHOUT_TLS
    if _is_inside(host):
        return _INSIDE
    return None if parts.scheme == "https" else _WITHOUT_TLS


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def _is_own_machine(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _is_inside(host: str) -> bool:
    """An address that only machines beside the portal can reach; what a name resolves to is seen
    when something is sent there."""
    address = _address(host)
    return address is not None and not address.is_global


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
