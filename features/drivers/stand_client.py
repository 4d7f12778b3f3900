"""A tenant of Poligon's stand by its admin API (docs/admin-api.md), from wherever it is served."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import requests

from features.driver import Received

__all__ = ["StandClient"]

_TIMEOUT_S: Final = 600.0  # a year of work may be on the way
_CALLS: Final = 20  # as many as `mocks.core.journal.listing` shows
_PAGE: Final = 1_000


class StandClient:
    """The tenant `name` of the stand whose admin API is at `address` (`…/_admin`). AssertionError
    with the stand's own words for what it refuses."""

    def __init__(self, address: str, name: str, session: requests.Session) -> None:
        self._tenant = f"{address}/tenants/{quote(name, safe='')}"
        self._session = session

    def make(self, seed: int) -> None:
        """Make the tenant, of the country `seed`."""
        self._asked("PUT", "", {"seed": seed})

    def delete(self) -> None:
        """Forget the tenant."""
        self._asked("DELETE", "")

    def now(self) -> dt.datetime:
        """The time of its clock, aware."""
        return dt.datetime.fromisoformat(self._asked("GET", "/clock").json()["now"])

    def advance(self, by: str) -> None:
        """Move its clock, which stops at each moment for which the portal has planned something."""
        self._asked("POST", "/clock/advance", {"by": by})

    def inbox(self, contact: str) -> Sequence[Received]:
        """What a phone or an address has received, oldest first."""
        found = self._asked("GET", f"/inboxes/{quote(contact, safe='')}").json()
        return [
            Received(channel=each["channel"], subject=each["subject"], text=each["text"])
            for each in found
        ]

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        """Break a registry: the fields of a fault in a scenario file."""
        self._asked("POST", "/faults", fault)

    def end_fault(self, fault_id: str) -> None:
        """Take a planned fault back."""
        self._asked("DELETE", f"/faults/{quote(fault_id, safe='')}")

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        """Change what registers say of an organization."""
        self._asked("PATCH", f"/records/organizations/{index}", changes)

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        """Change what registries say of a person."""
        self._asked("PATCH", f"/records/people/{index}", changes)

    def calls(self) -> str:
        """The latest calls of the portal, a line each."""
        entries: list[Any] = []
        after: int | None = 0
        while after is not None:
            page = self._asked("GET", f"/journal?after={after}&limit={_PAGE}").json()
            entries = [*entries, *page["entries"]][-_CALLS:]
            after = page["next_after"]
        return "\n".join(map(_line, entries)) or "  нет"

    # --- inside

    def _asked(self, method: str, path: str, body: object = None) -> requests.Response:
        address = f"{self._tenant}{path}"
        answer = self._session.request(method, address, json=body, timeout=_TIMEOUT_S)
        if not answer.ok:
            raise AssertionError(f"{method} {address}: {answer.status_code} {answer.text}")
        return answer


def _line(entry: Mapping[str, Any]) -> str:
    query = f"?{entry['query']}" if entry["query"] else ""
    faults = f" faults {', '.join(entry['faults'])}" if entry["faults"] else ""
    ending = entry["status"] or entry["outcome"]
    called = f"{entry['service']} {entry['method']} {entry['path']}{query}"
    return f"  {entry['number']}. {called} -> {ending}{faults}"
