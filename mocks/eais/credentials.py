"""Credentials of a participant and the tokens got with them: lifetimes, rotation, lockout."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from world.microseconds import DAY_US, MINUTE_US, SECOND_US

__all__ = [
    "LATE_US",
    "LIFETIME_DAYS",
    "LOCKOUT_US",
    "MOST_WRONG_SECRETS",
    "OVERLAP_US",
    "TOKEN_LIFETIME_S",
    "Credentials",
    "Tokens",
]

# Assumptions, all of them: the sources name the exchange of credentials, not its terms.
LIFETIME_DAYS: Final = 365
OVERLAP_US: Final = DAY_US  # an old secret still works after rotation
TOKEN_LIFETIME_S: Final = 1_800
MOST_WRONG_SECRETS: Final = 5
LOCKOUT_US: Final = 15 * MINUTE_US
LATE_US: Final = 10 * MINUTE_US  # fault late_credentials
_MOST_TOKENS: Final = 10_000


@dataclass(slots=True)
class _Secret:
    digest: str
    from_us: int
    to_us: int


@dataclass(slots=True)
class Credentials:
    """Secrets of a participant, kept as digests; at most two work at a time."""

    secrets: list[_Secret] = field(default_factory=list)
    wrong: int = 0
    locked_until_us: int = 0

    def renew(self, key: DrawKey, now_us: int, from_us: int, to_us: int) -> str:
        """A new secret that works in [from_us, to_us); the ones before work `OVERLAP_US` more."""
        secret = f"{key.word('secret'):016x}{key.word('secret, second half'):016x}"
        self.secrets = self.secrets[-1:]
        for old in self.secrets:
            old.to_us = min(old.to_us, max(now_us, from_us) + OVERLAP_US)
        self.secrets.append(_Secret(_digest(secret), from_us, to_us))
        return secret

    def revoke(self) -> None:
        """No secret works any more."""
        self.secrets = []

    def check(self, secret: str, now_us: int) -> None:
        """Refusal 401 unless `secret` works now, 429 while too many wrong ones have locked."""
        if now_us < self.locked_until_us:
            seconds = -(-(self.locked_until_us - now_us) // SECOND_US)
            message = "Слишком много неверных попыток, вход временно закрыт"
            raise Refusal(429, "locked", message, retry_after_s=seconds)
        known = next((s for s in self.secrets if compare_digest(s.digest, _digest(secret))), None)
        if known is None:
            self.wrong += 1
            if self.wrong >= MOST_WRONG_SECRETS:
                self.wrong, self.locked_until_us = 0, now_us + LOCKOUT_US
            raise _invalid("Неверные учётные данные")
        if now_us < known.from_us:
            raise _invalid("Учётные данные ещё не действуют")
        if now_us >= known.to_us:
            raise _invalid("Срок учётных данных истёк")
        self.wrong = 0


class Tokens:
    """Access tokens and whose they are; the latest 10,000."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[str, tuple[str, int]] = OrderedDict()

    def issue(self, participant: str, key: DrawKey, now_us: int) -> str:
        """A token that works for `TOKEN_LIFETIME_S`."""
        token = f"{key.word('token'):016x}{key.word('token, second half'):016x}"
        self._tokens[_digest(token)] = participant, now_us + TOKEN_LIFETIME_S * SECOND_US
        if len(self._tokens) > _MOST_TOKENS:
            self._tokens.popitem(last=False)
        return token

    def participant(self, token: str, now_us: int) -> str | None:
        """Whose token it is; None if it does not work."""
        participant, to_us = self._tokens.get(_digest(token), ("", 0))
        return participant if now_us < to_us else None

    def revoke(self, participant: str) -> None:
        """None of the participant's tokens works any more."""
        for digest, (whose, _) in list(self._tokens.items()):
            if whose == participant:
                del self._tokens[digest]


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _invalid(message: str) -> Refusal:
    return Refusal(401, "invalid_client", message, headers={"WWW-Authenticate": "Bearer"})
