"""The records of a tenant in a test's hands."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mocks.controls.tenant_now import TenantNow
from world.records import Organization, Person

__all__ = ["RecordControls"]

R = TypeVar("R", Organization, Person)


class RecordControls:
    """What the registries of a tenant know; RecordError names the field that cannot be so."""

    def __init__(self, tenant: TenantNow) -> None:
        self._tenant = tenant

    def organization(
        self, *, inn: str | None = None, ogrn: str | None = None, index: int | None = None
    ) -> Organization | None:
        """The record by the first number that is given; None if it is nobody's."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            if inn is not None:
                return tenant.records.organization_by_inn(inn)
            if ogrn is not None:
                return tenant.records.organization_by_ogrn(ogrn)
            return _at(tenant.records.organization, index)

    def person(
        self,
        *,
        inn: str | None = None,
        snils: str | None = None,
        phone: str | None = None,
        index: int | None = None,
    ) -> Person | None:
        """The record by the first number that is given; None if it is nobody's."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            if inn is not None:
                return tenant.records.person_by_inn(inn)
            if snils is not None:
                return tenant.records.person_by_snils(snils)
            if phone is not None:
                return tenant.records.person_by_phone(phone)
            return _at(tenant.records.person, index)

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> Organization:
        """The record with `changes`; nested mappings change parts. IndexError if there is none."""
        tenant = self._tenant()
        with tenant.lock:
            return tenant.records.change_organization(index, changes, tenant.settle())

    def change_person(self, index: int, changes: Mapping[str, Any]) -> Person:
        """The record with `changes`; nested mappings change parts. IndexError if there is none."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            return tenant.records.change_person(index, changes)

    def add_organization(self, like: int, changes: Mapping[str, Any]) -> Organization:
        """A new organization, as `like` but for `changes`, which give `inn` and `ogrn`."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            return tenant.records.add_organization(like, changes)

    def add_person(self, like: int, changes: Mapping[str, Any]) -> Person:
        """A new person, as `like` but for `changes`, which give `inn`, `snils`, `phone` and
        `passport`."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            return tenant.records.add_person(like, changes)

    def changed(self) -> list[Organization | Person]:
        """Every record that differs from the country's."""
        tenant = self._tenant()
        with tenant.lock:
            return list(tenant.records.changed())

    def restore(self) -> None:
        """Forget every change."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.settle()
            tenant.records.restore()


def _at(records: Callable[[int], R], index: int | None) -> R | None:
    try:
        return None if index is None else records(index)
    except IndexError:
        return None
