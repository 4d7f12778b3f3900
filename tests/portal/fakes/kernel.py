"""Time, chance and messages, and what every register has in common."""

import datetime as dt
import hashlib

from portal.ports.messenger import Fate, Letter, NotSent
from portal.ports.unavailable import Unavailable
from world.calendar import Calendar

START = dt.datetime(2026, 2, 2, 10)  # a Monday morning in Moscow


class MovedClock:
    """A clock that stands until it is moved."""

    def __init__(self, start: dt.datetime = START) -> None:
        self.calendar = Calendar(start=start)
        self._us = 0

    def now(self) -> dt.datetime:
        return self.calendar.local(self._us)

    def move(self, by: dt.timedelta) -> None:
        self._us += by // dt.timedelta(microseconds=1)

    def move_to(self, moment: dt.datetime) -> None:
        self.move(moment - self.now())


class CountedEntropy:
    """The n-th code is the number n, the n-th token the hash of it: the same each time."""

    def __init__(self) -> None:
        self.given = 0

    def code(self, purpose: str, digits: int) -> str:
        self.given += 1
        return f"{self.given:0{digits}d}"

    def token(self, purpose: str) -> str:
        self.given += 1
        return hashlib.sha256(f"{purpose}/{self.given}".encode()).hexdigest()[:32]


class RecordingMessenger:
    """Keeps what it was given, by id once; takes nothing through the channels in `refusing`. What
    it takes through those in `losing` never arrives, through those in `slow` not yet."""

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.refusing: set[str] = set()
        self.losing: set[str] = set()
        self.slow: set[str] = set()
        self.attempts: list[str] = []

    def send(self, letter: Letter) -> None:
        self.attempts.append(letter.id)
        if letter.channel in self.refusing:
            raise NotSent(f"{letter.channel} does not work")
        self.letters[letter.id] = letter

    def fate(self, letter: Letter) -> Fate:
        if letter.id in self.letters:
            return "delivered"
        if letter.channel in self.losing:
            return "failed"
        if letter.channel in self.slow:
            return "on_its_way"
        self.send(letter)
        return "delivered"

    def sent_to(self, contact: str) -> list[str]:
        """The texts that came to a phone or an address, in order."""
        return [letter.text for letter in self.letters.values() if letter.to == contact]


class Failing:
    """What may be down: then nothing is answered."""

    system: str

    def __init__(self) -> None:
        self.down = False

    def _answering(self) -> None:
        if self.down:
            raise Unavailable(self.system, "503", retry_after_s=60)
