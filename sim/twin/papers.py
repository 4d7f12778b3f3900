"""The concrete papers of a case: what is typed, attached, signed with, and the mistakes in it."""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rulebook import Defect, Policy
from world.certificate_profiles import LIFETIME_DAYS
from world.country import World
from world.dates import anniversary
from world.defects import MISTAKES, apply, apply_all
from world.documents import Document
from world.draws import combine
from world.file_formats import FileFormat, file_content
from world.filings import Filing, Form

__all__ = ["EMAILS", "PHONES", "File", "Papers", "as_typed", "file_of", "renewed"]

PHONES: Final = ("contact_phone", "phone", "head_phone")
EMAILS: Final = ("email", "head_email")
"""Fields of the application that hold a phone and an e-mail address."""

_IN_GOOD_TIME: Final = dt.timedelta(days=30)  # planned checks of the portal may come later by days
_EVERY_FILE: Final = ("Полигон",)
_FILES_KEPT: Final = 64
_LARGEST_KEPT: Final = 1 << 20  # bytes: of larger ones the latest alone is kept
_ATTEMPTS: Final = 100  # a mistake that misses three fields of four a hundred times is none
_ORDER: Final = {name: place for place, name in enumerate(MISTAKES)}


@dataclass(frozen=True)
class File:
    """A file as it is uploaded, in Base64; `size` is in bytes, `digest` its SHA-256."""

    name: str
    encoded: str
    size: int
    digest: str


class Papers:
    """What is filed for one organization: `good` has no mistakes. The same mistake of a case is the
    same each time; a mended one is gone, and the others stay as they were."""

    def __init__(self, good: Filing, world: World, policy: Policy, key: int) -> None:
        self.good = good
        self._world = world
        self._policy = policy
        self._key = key
        self._renewal = _first_end(good) - _IN_GOOD_TIME
        self._latest: tuple[tuple[Defect, ...], Filing] = ((), good)

    def renew(self, on: dt.date) -> None:
        """Let the applicant have good papers on that day and a month more: people renew what ends,
        however long they wait. Mistakes stay as they were."""
        if on >= self._renewal:
            self.good = renewed(self.good, on + _IN_GOOD_TIME)
            self._renewal = _first_end(self.good) - _IN_GOOD_TIME
            self._latest = ((), self.good)

    def with_defects(self, defects: tuple[Defect, ...]) -> Filing:
        """The filing with these mistakes."""
        if self._latest[0] != defects:
            filing = apply_all(
                defects, self.good, world=self._world, policy=self._policy, key=self._key
            )
            self._latest = (defects, filing)
        return self._latest[1]

    def typed(self, good: Form, defects: Iterable[Defect], within: tuple[str, ...]) -> Form:
        """Another form of the same applicant with these mistakes, each of which is made in one of
        the fields that the form has (`within`)."""
        filing = replace(self.good, form=good)
        for defect in sorted(defects, key=lambda each: _ORDER[each.id]):
            filing = self._within(defect, filing, within)
        return filing.form

    def _within(self, defect: Defect, filing: Filing, within: tuple[str, ...]) -> Filing:
        for attempt in range(_ATTEMPTS):
            key = self._key if not attempt else combine(self._key, attempt)
            wrong = apply(defect, filing, world=self._world, policy=self._policy, key=key)
            if any(getattr(wrong.form, each) != getattr(filing.form, each) for each in within):
                return wrong
        raise ValueError(f"{defect.id} is made in none of the fields {', '.join(within)}")


def renewed(good: Filing, by: dt.date) -> Filing:
    """The good filing with papers that end after `by`: a power of attorney by whole years more, a
    certificate by whole terms. The days of issue stay, from which mistakes are drawn."""

    def extended(document: Document) -> Document:
        until = document.valid_until
        while until is not None and until <= by:
            until = anniversary(until, 1)
        return replace(document, valid_until=until)

    not_after = good.certificate.not_after
    while not_after <= by:
        not_after += dt.timedelta(days=LIFETIME_DAYS)
    return replace(
        good,
        documents=tuple(map(extended, good.documents)),
        certificate=replace(good.certificate, not_after=not_after),
    )


def _first_end(good: Filing) -> dt.date:
    ends = (each.valid_until for each in good.documents if each.valid_until is not None)
    return min((good.certificate.not_after, *ends))


def as_typed(form: Form, good: Form, fields: tuple[str, ...]) -> str:
    """What somebody types where a form has one field for several of the application: the mistyped
    one, if one is."""
    mistaken = (name for name in fields if getattr(form, name) != getattr(good, name))
    return str(getattr(form, next(mistaken, fields[0])))


def file_of(document: Document, size: int | None = None) -> File:
    """The file of a document, of another `size` if one is given. Its only page is the same for all:
    nobody looks at more than its format, its size and what is hidden in it."""
    asked = document.file_format, document.size if size is None else size, document.comment
    made = _kept(*asked) if (asked[1] or 0) < _LARGEST_KEPT else _latest_large(*asked)
    return File(document.file_name, *made)


def _made(file_format: FileFormat, size: int | None, comment: bytes) -> tuple[str, int, str]:
    content = file_content(file_format, _EVERY_FILE, size=size, comment=comment)
    digest = hashlib.sha256(content).hexdigest()
    return base64.b64encode(content).decode(), len(content), digest


_kept = lru_cache(_FILES_KEPT)(_made)
_latest_large = lru_cache(1)(_made)
