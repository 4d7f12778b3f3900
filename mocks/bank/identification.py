"""Identification by the customer's confirmation in the bank's application.

The flow is OpenID Connect CIBA (Client-Initiated Backchannel Authentication Flow, Core 1.0) in poll
mode: the portal names the customer, the customer confirms, the portal polls for the statement.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.tenant import Tenant
from world.microseconds import SECOND_US

__all__ = ["CONFIRM_S", "INTERVAL_S", "TOKEN_S", "Consent", "Consents"]

CONFIRM_S: Final = 300
"""How long the customer may take; assumption."""

INTERVAL_S: Final = 5
"""The least time between two polls (CIBA, 7.3: the default)."""

TOKEN_S: Final = 3_600
"""Lifetime of the access token and of the statement (СберБизнес ID: 60 minutes)."""

_MOST_CONSENTS: Final = 10_000  # the latest

Answered: TypeAlias = Literal["confirmed", "declined"]


@dataclass(slots=True)
class Consent:
    """A request for the customer's consent; `organization` is an index, times are in µs."""

    id: str
    client_id: str
    organization: int
    nonce: str | None
    asked_us: int
    interval_s: int = INTERVAL_S
    polled_us: int | None = None
    answered: Answered | None = None
    issued_us: int | None = None
    access_token: str | None = None

    def is_expired(self, now_us: int) -> bool:
        """Whether the customer's time is over."""
        return self.left_us(now_us) <= 0

    def left_us(self, now_us: int) -> int:
        """How long the customer may still answer, and the client poll."""
        return self.asked_us + CONFIRM_S * SECOND_US - now_us


class Consents:
    """Requests of one tenant, the latest 10,000. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._consents: OrderedDict[str, Consent] = OrderedDict()
        self._by_token: dict[str, Consent] = {}

    def ask(
        self, client_id: str, organization: int, nonce: str | None, key: DrawKey, now_us: int
    ) -> Consent:
        """Ask the customer."""
        turn = 0
        while (consent_id := _word(key, f"consent/{turn}")) in self._consents:
            turn += 1
        consent = Consent(consent_id, client_id, organization, nonce, now_us)
        self._consents[consent_id] = consent
        if len(self._consents) > _MOST_CONSENTS:
            _, dropped = self._consents.popitem(last=False)
            self._by_token.pop(dropped.access_token or "", None)
        return consent

    def find(self, consent_id: str) -> Consent:
        """The request of that id; Refusal 404."""
        consent = self._consents.get(consent_id)
        if consent is None:
            raise Refusal(404, "not_found", f"Нет запроса {consent_id}")
        return consent

    def waiting(self, organization: int, now_us: int) -> list[Consent]:
        """Requests that the organization may still answer, the earliest first."""
        return [
            each
            for each in self._consents.values()
            if each.organization == organization
            and each.answered is None
            and not each.is_expired(now_us)
        ]

    def answer(self, consent_id: str, answered: Answered, now_us: int) -> Consent:
        """The customer confirms or declines; Refusal 409 if it is too late."""
        consent = self.find(consent_id)
        if consent.answered is not None:
            raise Refusal(409, "already_answered", "Клиент уже ответил на этот запрос")
        if consent.is_expired(now_us):
            raise Refusal(409, "expired_token", "Срок подтверждения истёк")
        consent.answered = answered
        return consent

    def redeem(self, consent_id: str, client_id: str, key: DrawKey, now_us: int) -> Consent:
        """The client polls: the consent, once; Refusal 400 as CIBA (11) has them."""
        consent = self._consents.get(consent_id)
        if consent is None or consent.client_id != client_id or consent.issued_us is not None:
            raise Refusal(400, "invalid_grant", "Запрос неизвестен или уже использован")
        if consent.answered == "declined":
            raise Refusal(400, "access_denied", "Клиент банка отказался")
        if consent.is_expired(now_us):
            raise Refusal(400, "expired_token", "Срок подтверждения истёк")
        if consent.answered is None:
            raise _pending(consent, now_us)
        consent.issued_us = now_us
        consent.access_token = _word(key, f"access token/{consent.id}")
        self._by_token[consent.access_token] = consent
        return consent

    def of_token(self, token: str, now_us: int) -> Consent:
        """Whose access token it is; Refusal 401 (RFC 6750, 3.1) if it is nobody's or expired."""
        consent = self._by_token.get(token)
        if consent is None or now_us - (consent.issued_us or 0) >= TOKEN_S * SECOND_US:
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Refusal(401, "invalid_token", "Маркер неизвестен или истёк", headers=headers)
        return consent


def _pending(consent: Consent, now_us: int) -> Refusal:
    last_us, consent.polled_us = consent.polled_us, now_us
    if last_us is not None and now_us - last_us < consent.interval_s * SECOND_US:
        consent.interval_s += INTERVAL_S
        return Refusal(400, "slow_down", "Слишком частые запросы")
    return Refusal(400, "authorization_pending", "Клиент банка ещё не ответил")


def _word(key: DrawKey, purpose: str) -> str:
    return f"{key.word(purpose):016x}{key.word(purpose + '/low'):016x}"
