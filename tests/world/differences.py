"""What a mistake changed in a filing: every field by its path, before and after."""

from dataclasses import fields, is_dataclass

from world.documents import Document
from world.filings import AUTHORITY, Filing

AUTHORITIES = (AUTHORITY, "power_of_attorney")


def differences(before: Filing, after: Filing) -> dict[str, tuple[object, object]]:
    """Pairs of unequal values by path, such as `form.inn` or `documents.charter.size`.

    A document is known by its kind, one of authority as `authority`; one that is not there is None.
    """
    old, new = paths(before), paths(after)
    everything = [*old, *(path for path in new if path not in old)]
    pairs = {path: (old.get(path), new.get(path)) for path in everything}
    return {path: (was, now) for path, (was, now) in pairs.items() if was != now}


def paths(filing: Filing) -> dict[str, object]:
    found = {
        path: value
        for part in fields(filing)
        if part.name != "documents"
        for path, value in leaves(part.name, getattr(filing, part.name)).items()
    }
    for document in filing.documents:
        found |= leaves(f"documents.{name_of(document)}", document)
    return found


def name_of(document: Document) -> str:
    return "authority" if document.kind in AUTHORITIES else document.kind


def leaves(path: str, value: object) -> dict[str, object]:
    if not is_dataclass(value):
        return {path: value}
    return {
        below: leaf
        for field in fields(value)
        for below, leaf in leaves(f"{path}.{field.name}", getattr(value, field.name)).items()
    }
