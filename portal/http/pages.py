"""Long lists page by page: what a view shows as `items`, from a cursor on.

A view gives its whole list, and a page is cut out of it; or the part that is wanted, and no more of
the list is read.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from portal.http.problems import Refused
from portal.use_case import Outcome, Part
from rulebook import Text

__all__ = [
    "CURSOR",
    "DEFAULT_LIMIT",
    "LIMIT",
    "MOST_ITEMS",
    "CutPage",
    "Page",
    "PartPage",
    "no_cursor",
]

LIMIT: Final = "limit"
CURSOR: Final = "cursor"
DEFAULT_LIMIT: Final = 50
MOST_ITEMS: Final = 200
_AMOUNT: Final = Text(f"число от 1 до {MOST_ITEMS}", f"a number from 1 to {MOST_ITEMS}")
_EARLIER: Final = Text("курсор прежней страницы", "the cursor of an earlier page")


class Page(Protocol):
    """The `part` that a view is asked for, and what is shown of its outcome."""

    part: Part

    def of(self, outcome: Outcome) -> tuple[Mapping[str, Any], str | None]:
        """The data to show, and the cursor of what follows (None: nothing)."""


class PartPage:
    """A page of a view that is shown in parts: the cursor is the place before which the next one
    is. Refused for a limit or a cursor that is none."""

    def __init__(self, limit: str | None, cursor: str | None) -> None:
        before = None if cursor is None else _decoded(cursor)
        self.part = Part(before=before, limit=_limit(limit))

    def of(self, outcome: Outcome) -> tuple[Mapping[str, Any], str | None]:
        """All that it shows."""
        following = outcome.following
        return outcome.data, None if following is None else _encoded(following)


class CutPage:
    """A page of a view that shows its whole list: `limit` items after those that `cursor` stands
    for.

    A cursor remembers the last item that was shown and its place: a list that has changed meanwhile
    goes on after that item, if it is still there. Refused for a limit or a cursor that is none.
    """

    part = Part()

    def __init__(self, limit: str | None, cursor: str | None) -> None:
        self.limit = _limit(limit)
        self._shown, self._last = (0, "") if cursor is None else _read(cursor)

    def of(self, outcome: Outcome) -> tuple[Mapping[str, Any], str | None]:
        """The items of the page in place of all."""
        data = outcome.data
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


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    if not is_number or not 1 <= int(text) <= MOST_ITEMS:
        raise Refused("unreadable", ((LIMIT, _AMOUNT),))
    return int(text)


def _written(shown: int, last: str) -> str:
    return _encoded(f"{shown}.{last}")


def _read(cursor: str) -> tuple[int, str]:
    shown, _, last = _decoded(cursor).partition(".")
    if len(shown) > 9 or len(last) != 16 or not (shown.isascii() and shown.isdigit()):
        raise no_cursor()
    return int(shown), last


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        raise no_cursor() from None


def no_cursor() -> Refused:
    """What is no cursor of that list."""
    return Refused("unreadable", ((CURSOR, _EARLIER),))
