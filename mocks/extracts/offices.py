"""State bodies that extracts name: tax inspections and branches of the Pension Fund."""

from typing import Final

from world.draws import text_key
from world.records import Organization
from world.regions import OFFICES, REGIONS

__all__ = ["insurer_number", "pension_office", "tax_office", "tax_office_code"]

_KNOWN: Final = frozenset(office.code for office in OFFICES)
_BRANCHES: Final = 50  # of the Pension Fund in a region; assumption
_INSURERS: Final = 1_000_000  # six digits of a number


def tax_office_code(organization: Organization) -> str:
    """The inspection that registered the organization and taxes it: it begins the ИНН."""
    return organization.inn[:4]


def tax_office(code: str) -> str:
    """The name of the inspection with this code of four digits."""
    if code not in _KNOWN:
        return f"Инспекция Федеральной налоговой службы {code}"
    region = REGIONS[code[:2]]
    return f"Инспекция Федеральной налоговой службы № {int(code[2:])} по {region.dative}"


def insurer_number(organization: Organization) -> str:
    """Number of an insurer in the Pension Fund, region-branch-number: a hash of the ОГРН."""
    key = text_key(f"{organization.ogrn}/insurer")
    branch = 1 + key // _INSURERS % _BRANCHES
    return f"0{organization.inn[:2]}-{branch:03}-{key % _INSURERS:06}"


def pension_office(number: str) -> tuple[str, str]:
    """Code and name of the branch in which an insurer of that number is registered."""
    region = REGIONS.get(number[1:3])
    where = "" if region is None else f" по {region.dative}"
    code = f"{number[:3]}{number[4:7]}"
    return code, f"Управление Пенсионного фонда Российской Федерации № {int(number[4:7])}{where}"
