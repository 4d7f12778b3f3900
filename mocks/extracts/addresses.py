"""Addresses as extracts have them: each part with its type and its name."""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from mocks.extracts.entries import Entry
from mocks.extracts.form import Form, fit
from world.records import Address

__all__ = ["Part", "add_address", "add_place", "named", "region_of"]

_TYPES: Final = {
    "г.": "город",
    "пгт.": "поселок городского типа",
    "п.": "поселок",
    "с.": "село",
    "д.": "деревня",
    "ст.": "станица",
    "х.": "хутор",
    "ул.": "улица",
    "пр.": "проспект",
    "пер.": "переулок",
    "ш.": "шоссе",
    "наб.": "набережная",
    "пл.": "площадь",
    "б-р": "бульвар",
    "пр-кт": "проспект",
}
_TYPE_FIRST: Final = re.compile(r"(Республика|г\.) (.+)")
_TYPE_LAST: Final = re.compile(
    r"(.+?) ((?:автономная |автономный )?(?:область|округ|край|Республика)\b.*)"
)
_CITY: Final = "город"
_POSTAL_CODE: Final = re.compile(r"[0-9]{6}")
_TYPE_LENGTH, _NAME_LENGTH, _LONG_NAME_LENGTH = 36, 50, 255  # of the common types


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an address: «улица», «Тверская»; no type if the record says none."""

    type: str | None
    name: str


def named(text: str) -> Part:
    """A locality or a street: «ул. Тверская»."""
    abbreviation, _, name = text.partition(" ")
    known = _TYPES.get(abbreviation)
    return Part(known, name) if known is not None and name else Part(None, text)


def region_of(name: str) -> Part:
    """A region (субъект Федерации) by its name in an address."""
    first, last = _TYPE_FIRST.fullmatch(name), _TYPE_LAST.fullmatch(name)
    if first is not None:
        return Part(_TYPES.get(first[1], first[1]), first[2])
    return Part(last[2], last[1]) if last is not None else Part("субъект", name)


def add_place(form: Form, parent: etree._Element, address: Address) -> None:
    """Region and locality: all that is public of the address of a sole proprietor."""
    region = region_of(address.region_name)
    _add_part(form, parent, "Регион", region, _NAME_LENGTH)
    locality = named(address.locality)
    if locality == region:  # Moscow, Saint Petersburg and Sevastopol are both
        return
    if locality.type == _CITY:
        _add_part(form, parent, "Город", locality, _NAME_LENGTH)
    else:
        _add_part(form, parent, "НаселПункт", locality, _LONG_NAME_LENGTH)


def add_address(
    form: Form, parent: etree._Element, name: str, address: Address, entry: Entry, *, typed: bool
) -> None:
    """A whole address of the type АдрРФЕГРЮЛТип."""
    postal_code = address.postal_code
    attributes = {
        "Индекс": postal_code if _POSTAL_CODE.fullmatch(postal_code) else None,
        "КодРегион": address.region,
        "Дом": fit(address.house, _NAME_LENGTH) or None,
        "Кварт": fit(address.flat or "", _NAME_LENGTH) or None,
    }
    element = form.add(parent, name, attributes, typed=typed)
    add_place(form, element, address)
    if address.street:
        _add_part(form, element, "Улица", named(address.street), _LONG_NAME_LENGTH)
    form.add_entry(element, entry, typed=True)


def _add_part(form: Form, parent: etree._Element, element: str, part: Part, longest: int) -> None:
    type_ = None if part.type is None else fit(part.type, _TYPE_LENGTH)
    attributes = {f"Тип{element}": type_, f"Наим{element}": fit(part.name, longest)}
    form.add(parent, element, attributes, typed=True)
