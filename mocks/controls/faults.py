"""The fault plan of a tenant in a test's hands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from mocks.controls.tenant_now import TenantNow
from mocks.core.faults import ActiveFault, Fault, FaultError
from mocks.core.tenant import Tenant
from mocks.field_problems import field_problems

__all__ = ["FaultControls", "PlannedFault", "planned_fault"]


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A fault of the plan: whether it `holds` now, and how many requests it has hit."""

    active: ActiveFault
    holds: bool
    hits: int


class FaultControls:
    """The fault plan of a tenant."""

    def __init__(self, tenant: TenantNow) -> None:
        self._tenant = tenant

    def add(self, fault: Fault | Mapping[str, Any] | None = None, /, **fields: Any) -> PlannedFault:
        """Plan a fault: a mapping as in a scenario, or its fields by name (`from_`, `for_`).

        FaultError names the field that is wrong and what was expected.
        """
        planned = fault if isinstance(fault, Fault) else planned_fault({**(fault or {}), **fields})
        tenant = self._tenant()
        with tenant.lock:
            return _planned(tenant, tenant.plan_fault(planned))

    def remove(self, fault_id: str) -> None:
        """Take a fault out of the plan; KeyError if there is none."""
        self._tenant().remove_fault(fault_id)

    def __iter__(self) -> Iterator[PlannedFault]:
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            return iter([_planned(tenant, active) for active in tenant.faults])


def planned_fault(fields: Mapping[str, Any]) -> Fault:
    """The fault of a mapping as in a scenario; FaultError names the field that is wrong and what
    was expected."""
    try:
        return Fault.model_validate(fields)
    except ValidationError as error:
        raise FaultError("; ".join(map(str, field_problems(error.errors())))) from None


def _planned(tenant: Tenant, active: ActiveFault) -> PlannedFault:
    holds = active.from_us <= tenant.now_us < active.to_us
    return PlannedFault(active, holds, tenant.faults.hits[active.spec.id])
