"""Receivers of webhooks and agencies whose answers a test sets."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.ports.agencies import (
    AgencyAccess,
    AgencyEntry,
    AgencyName,
    AgencyQuestion,
    AgencyRefused,
)
from portal.ports.webhooks import NotTaken
from portal.webhooks.signature import HEADER
from tests.portal.fakes import Failing


class SetWebhooks:
    """Receivers that take what is brought, but those whose address is in `down`."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.attempts: list[str] = []
        self.taken: list[tuple[str, Mapping[str, Any]]] = []
        self.signatures: list[tuple[str, bytes]] = []

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.attempts.append(url)
        if url in self.down:
            raise NotTaken("ConnectionError")
        self.taken.append((url, json.loads(body)))
        self.signatures.append((headers[HEADER], body))

    def events(self, url: str) -> list[str]:
        """The events that have come to an address, in their order."""
        return [body["event"] for at, body in self.taken if at == url]


class SetAgencies(Failing):
    """Agencies that say what a test has put into `entries`, and refuse those in `refusing`."""

    system = "eais"

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[AgencyName, list[AgencyEntry]] = {}
        self.refusing: dict[AgencyName, str] = {}
        self.asked: list[tuple[AgencyName, AgencyQuestion]] = []
        self.participants: list[str] = []

    def agency(self, name: AgencyName) -> "SetAgency":
        return SetAgency(self, name)

    def connect(self, request_id: str, inn: str, ogrn: str, kpp: str | None) -> AgencyAccess:
        self._answering()
        if inn in self.participants:
            raise AgencyRefused("участник уже подключён")
        self.participants.append(inn)
        return AgencyAccess("00000001", "word of eais")


class SetAgency:
    """One of them."""

    def __init__(self, all_of_them: SetAgencies, name: AgencyName) -> None:
        self._all = all_of_them
        self._name = name

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        self._all._answering()
        self._all.asked.append((self._name, question))
        if self._name in self._all.refusing:
            raise AgencyRefused(self._all.refusing[self._name])
        return self._all.entries.get(self._name, [])
