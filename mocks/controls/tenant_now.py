"""The tenant that controls act on: looked up by name each time, as it may be made anew."""

from collections.abc import Callable
from typing import TypeAlias

from mocks.core.tenant import Tenant

__all__ = ["TenantNow"]

TenantNow: TypeAlias = Callable[[], Tenant]
"""Gives the tenant; TenantError if there is none any more."""
