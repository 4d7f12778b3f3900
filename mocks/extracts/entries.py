"""Entries of a register: what was written into it, on which day, under which number.

An entry has a государственный регистрационный номер: ГРН in ЕГРЮЛ, ГРНИП in ЕГРИП (приказ Минфина
от 30.10.2017 № 165н); the entry about the registration itself has the ОГРН or ОГРНИП.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from world.dates import LAST_DAY
from world.draws import text_key
from world.records import Organization, Standing

__all__ = ["Entry", "EntryKind", "EntryKinds", "EntryLog", "Revision"]


@dataclass(frozen=True, slots=True)
class EntryKind:
    """Why an entry is made: code and name (СПВЗ), papers that were handed in for it."""

    code: str
    name: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntryKinds:
    """The kinds of entries that a register makes.

    `standing` are those about a state that isn't `active`; a state without an entry isn't in the
    register at all.
    """

    registered: EntryKind
    taxed: EntryKind
    insured: EntryKind
    changed: EntryKind
    standing: Mapping[Standing, EntryKind]


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of a record: on which day, of which fields, and the standing after it."""

    on: dt.date
    fields: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `fields` are those of the record that it wrote, none means all the others."""

    kind: EntryKind
    number: str
    on: dt.date
    fields: tuple[str, ...] = ()


class EntryLog:
    """The entries about `organization` by their dates: those its record tells of, then those of
    its `revisions`. `number` makes a number of an entry of year, region and serial, each digits.

    Numbers and dates that the record does not have are hashes of the ОГРН: two entries may share a
    number, which no register allows.
    """

    def __init__(
        self,
        organization: Organization,
        kinds: EntryKinds,
        number: Callable[[str, str, int], str],
        revisions: Sequence[Revision] = (),
    ) -> None:
        self._organization = organization
        self._kinds = kinds
        self._number = number
        revised = {field for revision in revisions for field in revision.fields}
        self.registration = Entry(kinds.registered, organization.ogrn, organization.registered)
        entries = [
            self._entry(kinds.taxed, organization.registered, ("inn", "kpp")),
            self._entry(kinds.insured, organization.registered, ("insurer",)),
        ]
        if "head" not in revised and organization.head.since > organization.registered:
            entries.append(self._entry(kinds.changed, organization.head.since, ("head",)))
        if "standing" not in revised and organization.standing in kinds.standing:
            kind = kinds.standing[organization.standing]
            entries.append(self._entry(kind, self._standing_date(kind), ("standing",)))
        for place, revision in enumerate(revisions):
            kind = kinds.changed
            if "standing" in revision.fields:
                kind = kinds.standing.get(revision.standing, kinds.changed)
            entries.append(self._entry(kind, revision.on, revision.fields, place))
        entries.sort(key=lambda entry: entry.on)
        self.entries = (self.registration, *entries)

    def of(self, *fields: str) -> Entry:
        """The latest entry that wrote one of `fields`."""
        wanted = set(fields)
        written = (e for e in reversed(self.entries) if not wanted.isdisjoint(e.fields))
        return next(written, self.registration)

    def _entry(
        self, kind: EntryKind, on: dt.date, fields: tuple[str, ...], place: int = 0
    ) -> Entry:
        serial = text_key(f"{self._organization.ogrn}/{kind.code}/{on}/{place}")
        number = self._number(f"{on.year % 100:02}", self._organization.ogrn[3:5], serial)
        return Entry(kind, number, on, fields)

    def _standing_date(self, kind: EntryKind) -> dt.date:
        """When it left the register, or a day between its registration and the world's last."""
        organization = self._organization
        if organization.closed is not None:
            return organization.closed
        days = max((LAST_DAY - organization.registered).days, 0)
        after = text_key(f"{organization.ogrn}/{kind.code}") % (days + 1)
        return organization.registered + dt.timedelta(days=after)
