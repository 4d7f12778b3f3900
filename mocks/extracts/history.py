"""What was changed in a tenant's records, and how they were before (REG-15, OPS-07)."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from mocks.core.records import Change
from mocks.core.tenant import Tenant
from mocks.extracts.entries import Revision
from world.records import Organization

__all__ = ["History"]

_MOST_ORGANIZATIONS: Final = 10_000  # kept, those changed latest
_MOST_REVISIONS: Final = 100  # of one organization


@dataclass
class _Kept:
    before: Organization
    after: Organization
    revisions: tuple[Revision, ...]


class History:
    """The changes of a tenant's organizations since the tenant was made."""

    def __init__(self, tenant: Tenant) -> None:
        self._calendar = tenant.clock.calendar
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        tenant.records.on_change.append(self._note)

    def revisions(self, record: Organization) -> tuple[Revision, ...]:
        """The changes that led to `record`, oldest first."""
        kept = self._kept.get(record.index)
        if kept is not None and record == kept.after:
            return kept.revisions
        if kept is not None and record == kept.before:
            return kept.revisions[:-1]
        return ()  # never changed, or restored by a test

    def before(self, record: Organization) -> Organization | None:
        """The record before its last change; None if it has not changed."""
        kept = self._kept.get(record.index)
        return kept.before if kept is not None and kept.after == record else None

    def _note(self, change: Change) -> None:
        on = self._calendar.local(change.at_us).date()
        revision = Revision(on, change.fields, change.after.standing)
        revisions = (*self.revisions(change.before), revision)[-_MOST_REVISIONS:]
        self._kept[change.after.index] = _Kept(change.before, change.after, revisions)
        self._kept.move_to_end(change.after.index)
        if len(self._kept) > _MOST_ORGANIZATIONS:
            self._kept.popitem(last=False)
