"""ЕГРЮЛ and ЕГРИП over HTTP."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from portal.ports.registers import RegisterChange, RegisterRecord
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading
from rulebook import Kind

__all__ = ["HttpRegisters"]

_PAGE: Final = 1000


class HttpRegisters:
    """The port `Registers`: each kind of organization has a register of its own."""

    def __init__(self, egrul: HttpClient, egrip: HttpClient) -> None:
        self._clients: dict[Kind, HttpClient] = {"legal": egrul, "sole_proprietor": egrip}

    def find(self, kind: Kind, number: str) -> RegisterRecord | None:
        """As the port says; of a number that is none nobody has a record."""
        client = self._clients[kind]
        path = f"/v1/organizations/{quote(number, safe='')}"
        if not number:
            return None
        answer = client.json("GET", path, known=(404, 422))
        return None if answer.status != 200 else _record(client, kind, answer.content)

    def changes(self, kind: Kind, after: int) -> Sequence[RegisterChange]:
        """As the port says, a thousand at most."""
        client = self._clients[kind]
        answer = client.json("GET", "/v1/changes", query={"after": after, "limit": _PAGE})
        with reading(client.system):
            return [
                RegisterChange(
                    number=event["number"],
                    kind=kind,
                    ogrn=event["ogrn"],
                    inn=event["inn"],
                    fields=tuple(event["fields"]),
                )
                for event in answer.content["events"]
            ]


def _record(client: HttpClient, kind: Kind, told: Mapping[str, Any]) -> RegisterRecord:
    with reading(client.system):
        head = told["head"]
        return RegisterRecord(
            kind=kind,
            inn=told["inn"],
            ogrn=told["ogrn"],
            kpp=told["kpp"],
            full_name=told["full_name"],
            short_name=told["short_name"],
            standing=told["standing"],
            registered=dt.date.fromisoformat(told["registered"]),
            address=told["address"]["text"],
            head_name=head["name"],
            head_inn=head["inn"],
            head_position=head["position"],
            head_since=dt.date.fromisoformat(head["since"]),
            capital_kopecks=told["capital_kopecks"],
            branches=tuple(branch["kpp"] for branch in told["branches"]),
        )
