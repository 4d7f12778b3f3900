"""Mistakes in the attached documents."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Final, TypeAlias

from world.defects.occasion import Occasion
from world.documents import EICAR, MEGABYTE, TITLES, Document, DocumentKind
from world.file_formats import FILE_FORMATS
from world.filings import AUTHORITY, REQUIRED_DOCUMENTS

__all__ = ["DOCUMENTS"]

Documents: TypeAlias = tuple[Document, ...]

_ORDINARY: Final[DocumentKind] = "power_of_attorney"


def _poa_wrong_kind(documents: Documents, occasion: Occasion) -> Documents:
    def ordinary(document: Document) -> Document:
        name = TITLES[_ORDINARY] + PurePath(document.file_name).suffix
        return replace(document, kind=_ORDINARY, file_name=name)

    return _changed(documents, AUTHORITY, ordinary)


def _poa_term_missing(documents: Documents, occasion: Occasion) -> Documents:
    return _changed(documents, AUTHORITY, lambda document: replace(document, valid_until=None))


def _poa_expired(documents: Documents, occasion: Occasion) -> Documents:
    """Its last day is before the filing; one without a term cannot expire and stays so."""
    yesterday = occasion.filing.as_of - dt.timedelta(days=1)

    def expired(document: Document) -> Document:
        if document.valid_until is None:
            return document
        last = occasion.chance.day("authority/expired", document.issued, yesterday)
        return replace(document, valid_until=last)

    return _changed(documents, AUTHORITY, expired)


def _missing(documents: Documents, occasion: Occasion) -> Documents:
    dropped = _dropped(occasion)
    return tuple(document for document in documents if document.kind != dropped)


def _wrong_format(documents: Documents, occasion: Occasion) -> Documents:
    """A real file of a format that DOC-01 does not admit, under an honest name."""
    admitted = occasion.policy.texts("DOC-01.formats")
    formats = [each for each in FILE_FORMATS if each not in admitted]
    if not formats:
        raise ValueError("the policy admits every format: DOC-01.formats")
    file_format = occasion.chance.one_of("document/format", formats)

    def saved_as(document: Document) -> Document:
        name = str(PurePath(document.file_name).with_suffix(f".{file_format}"))
        return replace(document, file_name=name, file_format=file_format)

    return _changed(documents, _kept(occasion, "document/wrong format"), saved_as)


def _too_large(documents: Documents, occasion: Occasion) -> Documents:
    """One byte more than DOC-10 lets pass."""
    size = int(occasion.policy.number("DOC-01.max_mb") * MEGABYTE) + 1
    kind = _kept(occasion, "document/too large")
    return _changed(documents, kind, lambda document: replace(document, size=size))


def _infected(documents: Documents, occasion: Occasion) -> Documents:
    kind = _kept(occasion, "document/infected")
    return _changed(documents, kind, lambda document: replace(document, comment=EICAR))


def _changed(
    documents: Documents, kind: DocumentKind, change: Callable[[Document], Document]
) -> Documents:
    kinds = (AUTHORITY, _ORDINARY) if kind == AUTHORITY else (kind,)
    return tuple(change(each) if each.kind in kinds else each for each in documents)


def _dropped(occasion: Occasion) -> DocumentKind:
    # Without the document of authority REG-07 would be broken too, and not REG-08 alone.
    required = REQUIRED_DOCUMENTS[occasion.filing.kind]
    kinds = [kind for kind in required if kind != AUTHORITY]
    return occasion.chance.one_of("document/missing", kinds)


def _kept(occasion: Occasion, what: str) -> DocumentKind:
    # Never the one that document_missing would take away: then both mistakes are seen.
    dropped = _dropped(occasion)
    required = REQUIRED_DOCUMENTS[occasion.filing.kind]
    return occasion.chance.one_of(what, [kind for kind in required if kind != dropped])


DOCUMENTS: Final[Mapping[str, Callable[[Documents, Occasion], Documents]]] = {
    "poa_wrong_kind": _poa_wrong_kind,
    "poa_term_missing": _poa_term_missing,
    "poa_expired": _poa_expired,
    "document_missing": _missing,
    "document_wrong_format": _wrong_format,
    "document_too_large": _too_large,
    "document_infected": _infected,
}
