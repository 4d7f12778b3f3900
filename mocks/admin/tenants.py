"""Tenants: list, make, delete, make anew."""

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict

from mocks.admin.access import TheCountry, TheTenant
from mocks.admin.problems import NO_TENANT, ProblemError, invalid, refusals
from mocks.core.country import MAIN, Country, TenantError
from mocks.core.tenant import Tenant
from mocks.field_problems import FieldProblem
from scenarios.fields import Seed

__all__ = ["router"]

router: Final = APIRouter(prefix="/tenants", tags=["tenants"])


class NewTenant(BaseModel):
    """`seed` of the tenant's draws; without it that of the country."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"seed": 7}]})

    seed: Seed | None = None


class TenantView(BaseModel):
    """A tenant: `now` of its clock, planned `faults`, `calls` of its journal from the beginning."""

    name: str
    seed: int
    now: dt.datetime
    speed: float
    faults: int
    calls: int


@router.get("")
async def list_tenants(country: TheCountry) -> list[TenantView]:
    """All tenants in the order of their making; `main` is always there."""
    return [_view(tenant) for tenant in country.tenants]


@router.put(
    "/{tenant}",
    status_code=201,
    responses={
        200: {"model": TenantView, "description": "It is there already, with that seed"},
        **refusals(_409="It is there already, with another seed", _422="The name or seed is wrong"),
    },
)
async def create_tenant(
    tenant: Annotated[str, Path(description="1 to 63 of a-z, 0-9 and -", examples=["team-b"])],
    country: TheCountry,
    response: Response,
    new: NewTenant | None = None,
) -> TenantView:
    """Make a tenant with the faults of the country; the same again changes nothing."""
    seed = None if new is None else new.seed
    found = _existing(country, tenant)
    if found is None:
        try:
            return _view(country.create_tenant(tenant, seed))
        except TenantError as error:
            found = _existing(country, tenant)  # somebody else may have made it meanwhile
            if found is None:
                expected = str(error).removeprefix(f"{tenant!r}: ")
                raise invalid([FieldProblem("tenant", expected)]) from None
    if seed not in (None, found.seed):
        detail = f"{tenant}: there is such a tenant already, its seed is {found.seed}"
        raise ProblemError(409, "tenant-exists", detail)
    response.status_code = 200
    return _view(found)


@router.get("/{tenant}", responses=refusals(_404=NO_TENANT))
async def get_tenant(tenant: TheTenant) -> TenantView:
    """One tenant."""
    return _view(tenant.state)


@router.delete(
    "/{tenant}", status_code=204, responses=refusals(_404=NO_TENANT, _409="`main` stays")
)
async def delete_tenant(tenant: TheTenant, country: TheCountry) -> None:
    """Forget a tenant and all that is its own."""
    if tenant.name == MAIN:
        raise ProblemError(409, "main-stays", f"{MAIN} stays; it can be made anew by reset")
    country.delete_tenant(tenant.name)


@router.post("/{tenant}/reset", responses=refusals(_404=NO_TENANT))
async def reset_tenant(tenant: TheTenant, country: TheCountry) -> TenantView:
    """Make the tenant anew with the same seed: clock, faults, journal, inboxes, records, draws."""
    return _view(country.reset_tenant(tenant.name))


def _existing(country: Country, name: str) -> Tenant | None:
    try:
        return country.tenant(name)
    except TenantError:
        return None


def _view(tenant: Tenant) -> TenantView:
    with tenant.lock:
        tenant.settle()
        return TenantView(
            name=tenant.name,
            seed=tenant.seed,
            now=tenant.clock.local(),
            speed=tenant.clock.speed,
            faults=len(tenant.faults),
            calls=tenant.journal.total,
        )
