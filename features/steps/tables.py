"""Tables of steps, read strictly."""

from collections.abc import Sequence
from typing import Any

from features.field_titles import field_name
from features.personas import Persona
from features.placeholders import EMPTY, filled, value_of
from features.scene import Scene

__all__ = ["WrongTable", "changes_of", "found_at", "rows_of", "seen_as"]


class WrongTable(ValueError):
    """A table has not the columns that its step takes."""


def rows_of(table: Sequence[Sequence[str]] | None, *titles: str) -> list[tuple[str, ...]]:
    """The rows below exactly these titles; WrongTable. No table has no rows."""
    if table is None:
        return []
    if tuple(table[0]) != titles:
        raise WrongTable(f"столбцы таблицы: {', '.join(table[0])}; нужны: {', '.join(titles)}")
    return [tuple(row) for row in table[1:]]


def changes_of(
    table: Sequence[Sequence[str]] | None, usual: Any, persona: Persona, scene: Scene
) -> dict[str, Any]:
    """What a table of «поле» and «значение» puts in place of the `usual` payload."""
    changes: dict[str, Any] = {}
    for title, cell in rows_of(table, "поле", "значение"):
        place = field_name(title)
        changes[place] = value_of(cell, usual.get(place), persona, scene)
    return changes


def found_at(data: Any, place: str) -> str:
    """The value at a dotted place as a text; «нет» if there is none."""
    for step in place.split("."):
        try:
            data = data[int(step)] if isinstance(data, list | tuple) else data[step]
        except (KeyError, IndexError, TypeError):
            return "нет"
    if isinstance(data, bool):
        return "да" if data else "нет"
    return EMPTY if data in ("", None) else str(data)


def seen_as(cell: str, persona: Persona, scene: Scene) -> str:
    """What a cell says should be seen, in the words of `found_at`."""
    return filled(cell, persona, scene) or EMPTY
