"""Proof that a card is in the hands of those who say so: a small sum is held, and whoever sees the
card's account tells how much it was (ACC-03)."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeAlias

from mocks.accounts.ledger import Accounts
from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.tenant import Tenant
from world.microseconds import SECOND_US
from world.records import Organization

__all__ = ["ATTEMPTS", "LIFETIME_S", "Verification", "Verifications"]

ATTEMPTS: Final = 3
"""Guesses of the sum; assumption."""

LIFETIME_S: Final = 1_800
"""Half an hour; assumption."""

_LEAST, _MOST = 100, 1_000  # kopecks that are held; assumption
_MOST_VERIFICATIONS: Final = 10_000  # the latest

Status: TypeAlias = Literal["awaiting_amount", "confirmed", "failed", "expired"]


@dataclass(slots=True)
class Verification:
    """A card of `organization` whose holder is asked for the held sum."""

    id: str
    organization: Organization
    kopecks: int
    expires_us: int
    attempts_left: int = ATTEMPTS
    status: Status = "awaiting_amount"
    expiry: Appointment | None = None


class Verifications:
    """Verifications of one tenant. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._verifications: OrderedDict[str, Verification] = OrderedDict()

    def begin(self, organization: Organization, key: DrawKey, now_us: int) -> Verification:
        """Hold a sum; MoneyRefused if the account does not give it."""
        turn = 0
        while (found := f"{key.word(f'verification/{turn}'):016x}") in self._verifications:
            turn += 1
        kopecks = _LEAST + int(key.uniform("verification/sum") * (_MOST - _LEAST))
        self._tenant.state(Accounts).hold(organization, kopecks, found)
        verification = Verification(found, organization, kopecks, now_us + LIFETIME_S * SECOND_US)
        expire = partial(self._end, verification, "expired")
        verification.expiry = self._tenant.agenda.at(verification.expires_us, expire)
        self._verifications[found] = verification
        if len(self._verifications) > _MOST_VERIFICATIONS:
            _, oldest = self._verifications.popitem(last=False)
            self._end(oldest, "expired", now_us)
        return verification

    def find(self, verification_id: str) -> Verification:
        """The verification of that id; Refusal 404."""
        verification = self._verifications.get(verification_id)
        if verification is None:
            raise Refusal(404, "not_found", f"Нет проверки карты {verification_id}")
        return verification

    def guess(self, verification_id: str, kopecks: int, now_us: int) -> Verification:
        """Somebody tells the sum; Refusal 409 if nobody is asked any more."""
        verification = self.find(verification_id)
        if verification.status != "awaiting_amount":
            raise Refusal(409, "already_ended", "Проверка карты уже завершена")
        verification.attempts_left -= 1
        if kopecks == verification.kopecks:
            self._end(verification, "confirmed", now_us)
        elif verification.attempts_left == 0:
            self._end(verification, "failed", now_us)
        return verification

    def _end(self, verification: Verification, status: Status, now_us: int) -> None:
        if verification.status != "awaiting_amount":
            return
        verification.status = status
        self._tenant.state(Accounts).release(verification.organization, verification.id)
        if verification.expiry is not None:
            verification.expiry.cancel()
