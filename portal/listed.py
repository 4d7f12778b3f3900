"""Long lists of records, read a part at a time: the latest first, by a key whose values sort by
time, or by id."""

import datetime as dt
import re
from typing import Final, TypeVar

from portal.store.entity import Entity
from portal.tasks import moment_key
from portal.use_case import Context, WrongPart

__all__ = ["latest_part", "listed", "part_by_id"]

E = TypeVar("E", bound=Entity)

_PLACE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{15}\+00:00 .+")


def listed(group: str, at: dt.datetime, record: str) -> str:
    """The value of a key by which a record (its id) is found in the list of a `group`, by its
    moment. No group begins with another one and a space."""
    return f"{group} {moment_key(at)} {record}"


def latest_part(
    context: Context, kind: type[E], key: str, group: str
) -> tuple[list[E], str | None]:
    """The records of a group's list in the part that is wanted, the latest first, and what the next
    part is before; None: there is none. WrongPart."""
    before = _place(context)
    if before is not None and not _PLACE.fullmatch(before):
        raise WrongPart(before)
    start = f"{group} "
    below = f"{group}!" if before is None else start + before  # «!» is next to the space
    most = _one_more(context)
    found = context.unit.latest(kind, key, above=start, below=below, limit=most)
    if most is None or len(found) < most:
        return found, None
    return found[:-1], found[-2].keys()[key].removeprefix(start)


def part_by_id(
    context: Context, kind: type[E], key: str, value: str, ids: re.Pattern[str]
) -> tuple[list[E], str | None]:
    """The records that have `key` with that value in the part that is wanted, by id, and the id
    after which the next part is; None: there is none. WrongPart for what is none of the `ids` that
    such records have."""
    before = _place(context)
    if before is not None and not ids.fullmatch(before):
        raise WrongPart(before)
    most = _one_more(context)
    found = context.unit.find(kind, key, value, after=before or "", limit=most)
    if most is None or len(found) < most:
        return found, None
    return found[:-1], found[-2].id


# --- inside


def _one_more(context: Context) -> int | None:
    """Than is shown: to know whether there is a next part."""
    limit = context.part.limit
    return None if limit is None else limit + 1


def _place(context: Context) -> str | None:
    before = context.part.before
    if before is not None and not (before and before.isprintable()):  # databases take no NUL
        raise WrongPart(before)
    return before
