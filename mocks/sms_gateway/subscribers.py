"""Whose phones can receive: the country's people, and what a test has changed about a number."""

from typing import Final, Literal, TypeAlias

from mocks.core.http import Refusal
from mocks.core.tenant import Tenant

__all__ = ["PhoneState", "Subscribers"]

PhoneState: TypeAlias = Literal["reachable", "off", "blocked"]
"""`off`: no network, the operator keeps the message; `blocked`: the subscriber forbids it."""

_MOST_CHANGED: Final = 10_000


class Subscribers:
    """Phones of one tenant.

    A phone of nobody is out of service, unless a test has put it in service. Not locked: its
    tenant locks.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._records = tenant.records
        self._changed: dict[str, PhoneState] = {}

    def state(self, phone: str) -> PhoneState | None:
        """Whether `phone` can receive; None if no such number is in service."""
        changed = self._changed.get(phone)
        if changed is not None:
            return changed
        return None if self._records.person_by_phone(phone) is None else "reachable"

    def change(self, phone: str, state: PhoneState) -> None:
        """Put `phone` into `state`; Refusal 503 for more than 10,000 changed numbers."""
        if phone not in self._changed and len(self._changed) >= _MOST_CHANGED:
            raise Refusal(507, "too-many", "Изменено слишком много номеров")
        self._changed[phone] = state
