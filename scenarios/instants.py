"""Observed arrival instants: a CSV file with the column `time`, ISO 8601."""

from datetime import datetime
from pathlib import Path
from typing import Final

from scenarios.data_files import DataFileError, read_column
from world.calendar import Calendar, CalendarError

__all__ = ["read_instants"]

_COLUMN: Final = "time"


def read_instants(
    folder: Path, name: str, calendar: Calendar, end_us: int | None = None
) -> tuple[int, ...]:
    """Model times (µs since the calendar's start), ascending, of file `name` relative to `folder`.

    A time without an offset is local time of the calendar. DataFileError naming the first row that
    is no time, lies before the start or not before `end_us` (None: no end).
    """
    instants = []
    for row, text in read_column(folder, name, _COLUMN):
        us = _instant(name, row, text, calendar)
        if us < 0:
            raise DataFileError("data_before_start", file=name, row=row, got=text)
        if end_us is not None and us >= end_us:
            raise DataFileError("data_after_horizon", file=name, row=row, got=text)
        instants.append(us)
    return tuple(sorted(instants))


def _instant(name: str, row: int, text: str, calendar: Calendar) -> int:
    try:
        return calendar.instant(datetime.fromisoformat(text))
    except (ValueError, CalendarError, OverflowError):
        raise DataFileError("data_time", file=name, row=row, got=text) from None
