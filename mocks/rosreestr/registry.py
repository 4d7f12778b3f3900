"""One tenant's registry of rights: the country's objects, and the transfers since."""

from collections import OrderedDict
from typing import Any, Final

from mocks.core.records import Records
from mocks.core.tenant import Tenant
from mocks.rosreestr.objects import (
    TITLES,
    Holder,
    RealEstate,
    next_right,
    objects_near,
    place_of,
)
from world.records import Organization

__all__ = ["MOST_TRANSFERRED", "SERVICE", "RightsRegistry", "holder_view", "object_view"]

SERVICE: Final = "rosreestr"

MOST_TRANSFERRED: Final = 20_000
"""Objects with a changed holder kept for a tenant, the latest ones."""


class RightsRegistry:
    """Objects by number and by holder."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._changed: OrderedDict[str, list[RealEstate]] = OrderedDict()

    def by_number(self, cadastral_number: str) -> RealEstate | None:
        """The object as it is today; None if there is none of that number."""
        changed = self._changed.get(cadastral_number)
        return changed[-1] if changed else self._described(cadastral_number)

    def before_last_transfer(self, estate: RealEstate) -> RealEstate:
        """The object as it was before its right changed last; the same if it never did."""
        changed = self._changed.get(estate.cadastral_number)
        return changed[0] if changed else estate

    def at_legal_address(self, organization: Organization) -> RealEstate | None:
        """The premises at the address that the registries say today; None if the address is not
        the one that the country describes, for nobody knows what stands there."""
        if organization.index < 0:
            return None
        world = self._tenant.records.world
        if organization.address != world.organization(organization.index).address:
            return None
        first = objects_near(world.seed, world.organization(organization.index))[0]
        return self.by_number(first.cadastral_number)

    def of_organization(self, organization: Organization) -> list[RealEstate]:
        """What an organization owns today, by cadastral number."""
        holder = Holder("organization", organization.index)
        near: tuple[RealEstate, ...] = ()
        if organization.index >= 0:
            world = self._tenant.records.world
            near = objects_near(world.seed, world.organization(organization.index))
        numbers = {estate.cadastral_number for estate in near} | set(self._changed)
        today = (self.by_number(number) for number in sorted(numbers))
        return [estate for estate in today if estate is not None and estate.right.holder == holder]

    def transfer(self, estate: RealEstate, to: Organization, now_us: int) -> RealEstate:
        """Register the right of `to`."""
        today = self._tenant.clock.calendar.date(now_us)
        right = next_right(estate, Holder("organization", to.index), today)
        after = estate.of(right)
        self._changed[estate.cadastral_number] = [estate, after]
        self._changed.move_to_end(estate.cadastral_number)
        if len(self._changed) > MOST_TRANSFERRED:
            self._changed.popitem(last=False)
        return after

    def _described(self, cadastral_number: str) -> RealEstate | None:
        index = place_of(cadastral_number)
        if index is None:
            return None
        world = self._tenant.records.world
        try:
            organization = world.organization(index)
        except IndexError:
            return None
        objects = objects_near(world.seed, organization)
        return next((one for one in objects if one.cadastral_number == cadastral_number), None)


def object_view(records: Records, estate: RealEstate) -> dict[str, Any]:
    """The object with its right."""
    index = estate.tenant_organization
    tenant = None if index is None else records.known_organization(index)
    return {
        "cadastral_number": estate.cadastral_number,
        "kind": estate.kind,
        "kind_title": TITLES[estate.kind],
        "address": estate.address,
        "area_m2": estate.area_m2,
        "cadastral_value_kopecks": estate.cadastral_value_kopecks,
        "right": {
            "type": "Собственность",
            "number": estate.right.number,
            "registered": estate.right.registered.isoformat(),
            "holder": holder_view(records, estate.right.holder),
        },
        "encumbrances": [] if tenant is None else [{"type": "Аренда", "inn": tenant.inn}],
    }


def holder_view(records: Records, holder: Holder) -> dict[str, Any]:
    """Who the holder is; a person is not named without their consent (218-ФЗ, art. 36.3)."""
    if holder.sort == "organization":
        organization = records.known_organization(holder.index)
        if organization is None:
            return {"sort": "organization", "inn": None, "name": "Сведений в реестрах нет"}
        return {"sort": "organization", "inn": organization.inn, "name": organization.short_name}
    title = "Физическое лицо" if holder.sort == "person" else "Муниципальное образование"
    return {"sort": holder.sort, "inn": None, "name": title}
