"""Real-estate objects: cadastral numbers, drawn from the organization near which they stand."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from world.attributes import Attributes
from world.dates import LAST_DAY
from world.records import Organization

__all__ = [
    "TITLES",
    "Holder",
    "ObjectKind",
    "RealEstate",
    "Right",
    "next_right",
    "objects_near",
    "place_of",
]

ObjectKind: TypeAlias = Literal["premises", "building", "land"]

TITLES: Final[dict[ObjectKind, str]] = {
    "premises": "Помещение",
    "building": "Здание",
    "land": "Земельный участок",
}

# Assumptions: who owns the premises at a legal address, what else an organization has.
_SHARE_OWNED: Final = 0.35
_SHARE_OF_HEAD: Final = 0.25
_MOST_OTHERS: Final = 2
_AREAS_M2: Final[dict[ObjectKind, tuple[int, int]]] = {
    "premises": (15, 400),
    "building": (200, 5_000),
    "land": (400, 20_000),
}
_ROUBLES_PER_M2: Final[dict[ObjectKind, tuple[int, int]]] = {
    "premises": (30_000, 150_000),
    "building": (20_000, 90_000),
    "land": (500, 12_000),
}
_RIGHTS_BEGIN: Final = dt.date(1998, 1, 31)  # 122-ФЗ: the registry of rights begins

_CADASTRAL: Final = re.compile(r"[0-9]{2}:[0-9]{2}:([0-9]{7}):[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a right: an organization by index, a person by index, or a municipality."""

    sort: Literal["organization", "person", "municipality"]
    index: int = 0


@dataclass(frozen=True, slots=True)
class Right:
    """A right of ownership, `number` as the registry writes it."""

    number: str
    registered: dt.date
    holder: Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class RealEstate:
    """An object of the registry; `tenant_organization` is the index of the organization that rents
    it, `at_legal_address` tells that its address is an organization's of ЕГРЮЛ."""

    cadastral_number: str
    kind: ObjectKind
    address: str
    area_m2: int
    cadastral_value_kopecks: int
    right: Right
    at_legal_address: bool = False
    tenant_organization: int | None = None

    def of(self, right: Right) -> "RealEstate":
        """The same object of another holder; a lease to that holder is over."""
        tenant = self.tenant_organization
        if right.holder == Holder("organization", -1 if tenant is None else tenant):
            tenant = None
        return replace(self, right=right, tenant_organization=tenant)


def place_of(cadastral_number: str) -> int | None:
    """The quarter of a cadastral number: the index of the organization near which the object
    stands; None if it is not of the form NN:NN:NNNNNNN:N."""
    match = _CADASTRAL.fullmatch(cadastral_number)
    return None if match is None else int(match[1])


def objects_near(seed: int, organization: Organization) -> tuple[RealEstate, ...]:
    """The premises at the legal address first, then what else the organization owned when the
    country was described."""
    draws = Attributes("real estate", seed, organization.index)
    others = draws.below("others", _MOST_OTHERS + 1) if organization.kind == "legal" else 0
    kinds: list[ObjectKind] = ["premises"]
    kinds += [draws.one_of(f"kind {k}", ("building", "land")) for k in range(1, others + 1)]
    return tuple(_object(draws, organization, kind, k) for k, kind in enumerate(kinds))


def _object(draws: Attributes, organization: Organization, kind: ObjectKind, k: int) -> RealEstate:
    """The cadastral district has the region's code, which is so for all regions of the country."""
    region = organization.address.region
    number = (
        f"{region}:{1 + draws.below('district', 50):02}:{organization.index:07}:"
        f"{100 * (k + 1) + draws.below(f'number {k}', 100)}"
    )
    low, high = _AREAS_M2[kind]
    area = low + draws.below(f"area {k}", high - low + 1)
    cheap, dear = _ROUBLES_PER_M2[kind]
    value = area * (cheap + draws.below(f"value {k}", dear - cheap + 1)) * 100
    holder = _holder(draws, organization) if k == 0 else Holder("organization", organization.index)
    own = holder == Holder("organization", organization.index)
    address = organization.address
    place = str(address) if k == 0 else f"{address.region_name}, {address.locality}, уч. {k}"
    begins = max(_RIGHTS_BEGIN, organization.registered)
    registered = draws.day(f"right {k}", begins, max(begins, organization.closed or LAST_DAY))
    return RealEstate(
        cadastral_number=number,
        kind=kind,
        address=place,
        area_m2=area,
        cadastral_value_kopecks=value,
        right=Right(_right_number(number, registered, 1), registered, holder),
        at_legal_address=k == 0,
        tenant_organization=None if own else organization.index,
    )


def _holder(draws: Attributes, organization: Organization) -> Holder:
    if organization.kind == "sole_proprietor":  # registered where the person lives
        return Holder("person", organization.head.person)
    u = draws.unit("holder")
    if u < _SHARE_OWNED:
        return Holder("organization", organization.index)
    if u < _SHARE_OWNED + _SHARE_OF_HEAD:
        return Holder("person", organization.head.person)
    return Holder("municipality")


def _right_number(cadastral_number: str, registered: dt.date, serial: int) -> str:
    """Object, region and year: the form in use since 218-ФЗ."""
    return f"{cadastral_number}-{cadastral_number[:2]}/001/{registered.year}-{serial}"


def next_right(estate: RealEstate, holder: Holder, registered: dt.date) -> Right:
    """The right of a new holder; the last number of rights counts them."""
    serial = int(estate.right.number.rpartition("-")[2]) + 1
    return Right(_right_number(estate.cadastral_number, registered, serial), registered, holder)
