"""Challenges: what a living person is asked to say or do before the camera, once."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.register import new_id
from mocks.core.tenant import Tenant
from world.microseconds import MINUTE_US

__all__ = ["LIFETIME_US", "Challenge", "Challenges", "Purpose"]

Purpose: TypeAlias = Literal["enrolment", "verification"]

LIFETIME_US: Final = 5 * MINUTE_US
"""Assumption: five minutes to answer."""

_MOST_CHALLENGES: Final = 10_000  # the latest


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is asked of the person `snils` for one purpose."""

    text: str
    snils: str
    purpose: Purpose
    expires_us: int


class Challenges:
    """The challenges of one tenant that are not used yet. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._challenges: OrderedDict[str, Challenge] = OrderedDict()

    def ask(self, snils: str, purpose: Purpose, key: DrawKey, now_us: int) -> Challenge:
        """A new challenge."""
        text = new_id(key, "challenge")
        challenge = Challenge(text, snils, purpose, now_us + LIFETIME_US)
        self._challenges[text] = challenge
        if len(self._challenges) > _MOST_CHALLENGES:
            self._challenges.popitem(last=False)
        return challenge

    def use(self, text: str, snils: str, purpose: Purpose, now_us: int) -> Challenge:
        """Use the challenge up; Refusal 409 if there is none for this, or its time is over."""
        challenge = self._challenges.get(text)
        fits = challenge is not None and (challenge.snils, challenge.purpose) == (snils, purpose)
        if challenge is None or not fits:
            message = "Задание неизвестно, использовано или выдано для другого"
            raise Refusal(409, "no-challenge", message, field="challenge")
        del self._challenges[text]
        if now_us >= challenge.expires_us:
            raise Refusal(409, "challenge-expired", "Время на задание истекло", field="challenge")
        return challenge
