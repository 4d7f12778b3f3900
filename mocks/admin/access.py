"""What operations work on: the country of their application, the tenant of their path."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Path, Request

from mocks.controls import TenantControls
from mocks.core.country import Country

__all__ = ["TheCountry", "TheTenant"]


async def _country(request: Request) -> Country:
    country: Country = request.app.state.country
    return country


TheCountry: TypeAlias = Annotated[Country, Depends(_country)]


async def _tenant(
    tenant: Annotated[str, Path(description="Name of the tenant", examples=["main"])],
    country: TheCountry,
) -> TenantControls:
    country.tenant(tenant)  # TenantError becomes 404
    return TenantControls(country, tenant, f"/{tenant}")


TheTenant: TypeAlias = Annotated[TenantControls, Depends(_tenant)]
