"""A licence: its number, what it permits, whose it is."""

from dataclasses import dataclass
from typing import Any

from mocks.case_work.entries import Entry
from mocks.core.tenant import Tenant

__all__ = ["Licence", "licence_number"]


@dataclass(eq=False, kw_only=True)
class Licence(Entry):
    """An entry of the registry; `serial` has 8 digits and ends the number, `organization` is an
    index, `basis` the case that led to it.

    Suspension, resumption and termination are those of 99-ФЗ, art. 20; permits have a term.
    """

    serial: str
    kind: str
    activity: str
    organization: int
    basis: str

    def view(self, tenant: Tenant, as_of_us: int) -> dict[str, Any]:
        """The entry as it stood at `as_of_us`, when it was there."""
        return {
            "serial": self.serial,
            "kind": self.kind,
            "activity": self.activity,
            **super().view(tenant, as_of_us),
            "basis": self.basis,
        }


def licence_number(activity_code: str, authority_code: str, region: str, serial: str) -> str:
    """Number of an entry: activity (3 digits), authority (5), region (2), serial (8), as the rules
    of the registry prescribe (постановление Правительства от 29.12.2020 № 2343)."""
    return f"Л{activity_code}-{authority_code}-{region}/{serial}"
