"""What the registries of a tenant know: read it, change it, add to it, forget the changes."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict

from mocks.admin.access import TheTenant
from mocks.admin.problems import NO_TENANT, ProblemError, invalid, named, refusals
from mocks.core.records import RecordError
from mocks.field_problems import FieldProblem
from world.records import Organization, Person

__all__ = ["router"]

R = TypeVar("R", Organization, Person)

router: Final = APIRouter(prefix="/tenants/{tenant}/records", tags=["records"])
_NO_RECORD: Final = "There is no such tenant or record"

Changes = Annotated[
    dict[str, Any],
    Body(
        description="Fields of the record by name; nested objects change parts",
        examples=[{"standing": "liquidated", "closed": "2026-01-30"}],
    ),
]


class Addition(BaseModel):
    """A record as that with the index `like` but for `changes`, which give numbers of nobody."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"like": 0, "changes": {"inn": "7707083893", "ogrn": "1027700132195"}}]
        },
    )

    like: int
    changes: dict[str, Any]


class ChangedRecords(BaseModel):
    """Every record that differs from the country's, added ones too (their indices are negative)."""

    organizations: list[Organization]
    people: list[Person]


@router.get("", responses=refusals(_404=NO_TENANT))
async def list_changed_records(tenant: TheTenant) -> ChangedRecords:
    """What has been changed."""
    changed = tenant.records.changed()
    return ChangedRecords(
        organizations=[record for record in changed if isinstance(record, Organization)],
        people=[record for record in changed if isinstance(record, Person)],
    )


@router.delete("", status_code=204, responses=refusals(_404=NO_TENANT))
async def restore_records(tenant: TheTenant) -> None:
    """Forget every change."""
    tenant.records.restore()


@router.get(
    "/organizations", responses=refusals(_404=_NO_RECORD, _422="Exactly one number is expected")
)
async def find_organization(
    tenant: TheTenant,
    inn: str | None = None,
    ogrn: str | None = None,
    index: int | None = None,
) -> Organization:
    """The organization by its ИНН, ОГРН (ОГРНИП) or index."""
    _expect_one(inn=inn, ogrn=ogrn, index=index)
    return _known(tenant.records.organization(inn=inn, ogrn=ogrn, index=index))


@router.patch(
    "/organizations/{index}", responses=refusals(_404=_NO_RECORD, _422="A field is wrong")
)
async def change_organization(tenant: TheTenant, index: int, changes: Changes) -> Organization:
    """Change the record for this tenant; registries that send changes send this one."""
    try:
        return tenant.records.change_organization(index, changes)
    except RecordError as error:
        raise named(error) from None
    except IndexError:
        raise _unknown() from None


@router.post(
    "/organizations",
    status_code=201,
    responses=refusals(_404=_NO_RECORD, _422="A field is wrong"),
)
async def add_organization(tenant: TheTenant, addition: Addition) -> Organization:
    """An organization that the country does not have."""
    try:
        return tenant.records.add_organization(addition.like, addition.changes)
    except RecordError as error:
        raise named(error, "changes") from None
    except IndexError:
        raise _unknown() from None


@router.get("/people", responses=refusals(_404=_NO_RECORD, _422="Exactly one number is expected"))
async def find_person(
    tenant: TheTenant,
    inn: str | None = None,
    snils: str | None = None,
    phone: str | None = None,
    index: int | None = None,
) -> Person:
    """The person by ИНН, СНИЛС, mobile phone (+79…) or index."""
    _expect_one(inn=inn, snils=snils, phone=phone, index=index)
    return _known(tenant.records.person(inn=inn, snils=snils, phone=phone, index=index))


@router.patch("/people/{index}", responses=refusals(_404=_NO_RECORD, _422="A field is wrong"))
async def change_person(tenant: TheTenant, index: int, changes: Changes) -> Person:
    """Change the record for this tenant."""
    try:
        return tenant.records.change_person(index, changes)
    except RecordError as error:
        raise named(error) from None
    except IndexError:
        raise _unknown() from None


@router.post(
    "/people", status_code=201, responses=refusals(_404=_NO_RECORD, _422="A field is wrong")
)
async def add_person(tenant: TheTenant, addition: Addition) -> Person:
    """A person whom the country does not have."""
    try:
        return tenant.records.add_person(addition.like, addition.changes)
    except RecordError as error:
        raise named(error, "changes") from None
    except IndexError:
        raise _unknown() from None


def _known(record: R | None) -> R:
    if record is None:
        raise _unknown()
    return record


def _unknown() -> ProblemError:
    return ProblemError(404, "no-such-record", "No record has this number")


def _expect_one(**numbers: str | int | None) -> None:
    if sum(value is not None for value in numbers.values()) != 1:
        names = ", ".join(numbers)
        raise invalid([FieldProblem("", f"expected exactly one of {names}")])
