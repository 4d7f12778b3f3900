"""Model time as services print it."""

from mocks.core.tenant import Tenant

__all__ = ["moment"]


def moment(tenant: Tenant, us: int) -> str:
    """ISO 8601 with milliseconds and the offset of the tenant's zone."""
    return tenant.clock.calendar.local(us).isoformat(timespec="milliseconds")
