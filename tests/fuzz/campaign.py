"""A campaign: inputs of one kind, made from a number each, and what is promised of them."""

import re
from random import Random
from typing import Final, NamedTuple, Protocol
from urllib.parse import urlencode

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.core.service import Service
from tests.mocks.asking import ask

__all__ = ["Asked", "AskingCampaign", "Campaign", "Outcome", "in_header"]

_LONGEST_HEADER: Final = 32_768  # characters, within the limits of the server
_UNSPEAKABLE: Final = re.compile("[^ -~]+")
_MOST_TOLD: Final = 2**20  # bytes of an answer, whatever was asked


class Outcome(NamedTuple):
    """What became of an input: its `name`, one of the campaign's, and all that was told."""

    name: str
    told: bytes = b""


class Campaign(Protocol):
    """`count` inputs; `documented` are the outcomes that they may have, and `reached` those that
    some of them must have, or the inputs are too simple."""

    count: int
    documented: frozenset[str]
    reached: frozenset[str]

    def begin(self) -> None:
        """Forget what was kept of earlier inputs."""

    def fed(self, chance: Random) -> Outcome:
        """What becomes of the input that `chance` makes. AssertionError if a promise is broken, and
        whatever else escapes."""


class Asked(NamedTuple):
    """A request to a service."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = {}

    @classmethod
    def form(cls, path: str, fields: dict[str, str]) -> "Asked":
        """A form, sent by POST."""
        return cls("POST", path, urlencode(fields).encode())


class AskingCampaign:
    """Requests to services of a country of its own."""

    count: int
    documented: frozenset[str]
    reached: frozenset[str]

    def __init__(self, *services: Service) -> None:
        self.country = Country(services, seed=1)

    def begin(self) -> None:
        """A new tenant in place of the old one."""
        self.country.reset_tenant("main")

    def fed(self, chance: Random) -> Outcome:
        """Ask in this process."""
        asked = self.asked(chance)
        answer = ask(self.country, asked.method, asked.path, asked.body, asked.headers)
        assert len(answer.body) < _MOST_TOLD
        return Outcome(self.judged(asked, answer), self.lasting(answer))

    def lasting(self, answer: Answer) -> bytes:
        """What of an answer is the same each time."""
        return answer.body

    def asked(self, chance: Random) -> Asked:
        """The request that `chance` makes."""
        raise NotImplementedError

    def judged(self, asked: Asked, answer: Answer) -> str:
        """The outcome of an answer; AssertionError if it should not have been given."""
        raise NotImplementedError


def in_header(text: str) -> str:
    """What of `text` a header can carry."""
    return _UNSPEAKABLE.sub("", text[:_LONGEST_HEADER]).strip()
