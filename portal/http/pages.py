"""Long lists page by page: what a view shows as `items`, from a cursor on."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from portal.http.problems import Refused

__all__ = ["CURSOR", "DEFAULT_LIMIT", "LIMIT", "MOST_ITEMS", "Page"]

LIMIT: Final = "limit"
CURSOR: Final = "cursor"
DEFAULT_LIMIT: Final = 50
MOST_ITEMS: Final = 200


class Page:
    """Which part of a list is wanted: `limit` items after those that `cursor` stands for.

    A cursor remembers the last item that was shown and its place: a list that has changed meanwhile
    goes on after that item, if it is still there. Refused for a limit or a cursor that is none.
    """

    def __init__(self, limit: str | None, cursor: str | None) -> None:
        self.limit = DEFAULT_LIMIT
        if limit is not None:
            is_number = limit.isascii() and limit.isdigit() and len(limit) < 4
            if not is_number or not 1 <= int(limit) <= MOST_ITEMS:
                raise Refused("unreadable", ((LIMIT, f"a number from 1 to {MOST_ITEMS}"),))
            self.limit = int(limit)
        self._shown, self._last = (0, "") if cursor is None else _read(cursor)

    def of(self, data: Mapping[str, Any]) -> tuple[Mapping[str, Any], str | None]:
        """The part of `data` that is wanted, and the cursor of what follows (None: nothing)."""
        items = data.get("items")
        if not isinstance(items, list | tuple):
            return data, None
        marks = [_mark(item) for item in items]
        begin = marks.index(self._last) + 1 if self._last in marks else self._shown
        end = begin + self.limit
        part = {**data, "items": items[begin:end]}
        return part, _written(end, marks[end - 1]) if end < len(items) else None


def _mark(item: Any) -> str:
    """What tells an item from others: its id if it has one."""
    named = item.get("id") if isinstance(item, Mapping) else None
    text = json.dumps(item if named is None else named, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _written(shown: int, last: str) -> str:
    return base64.urlsafe_b64encode(f"{shown}.{last}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        shown, _, last = text.partition(".")
        if len(shown) > 9 or len(last) != 16 or not shown.isdigit():
            raise ValueError(text)
        return int(shown), last
    except (ValueError, binascii.Error):
        raise Refused("unreadable", ((CURSOR, "the cursor of an earlier page"),)) from None
