"""A log file into an `ActivityLog`: kind by its name, gzip by its first bytes."""

import gzip
import io
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from sim.calibration.activity_log import ActivityLog, activities_of
from sim.calibration.csv_log import read_csv
from sim.calibration.log_problems import LogError, LogProblem
from sim.calibration.moments import DEFAULT_ZONE, Moments, offsets_elsewhere, zone_of
from sim.calibration.raw_events import RawEvents
from sim.calibration.xes_log import read_xes

__all__ = ["read_log"]

_GZIP: Final = b"\x1f\x8b"


def read_log(
    path: Path,
    columns: Mapping[str, str] | None = None,
    timezone: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> ActivityLog:
    """Read a .csv or .xes file, plain or gzipped. LogError for what cannot be used.

    `columns` names columns of a CSV by role (`csv_log.ROLES`). `timezone` is whose clock the
    profile goes by and what times without offset are in; by default it is found by the offsets.
    `on_progress` hears of every half a million events.
    """
    if timezone is not None:
        _check_zone(path, timezone)
    kind = _kind(path)
    raw = RawEvents(path, on_progress)
    moments = Moments(timezone or DEFAULT_ZONE)
    try:
        with _opened(path) as stream:
            if kind == ".csv":
                text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
                read_csv(text, path, raw, moments, columns or {})
            else:
                read_xes(stream, path, raw, moments)
    except FileNotFoundError:
        raise _error("log_missing", path) from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise _error("log_gzip", path) from None
    except OSError as error:
        raise _error("log_unreadable", path, reason=error.strerror or str(error)) from None
    if not len(raw):
        raise _error("log_empty", path)
    zone, found = (timezone, True) if timezone else zone_of(moments)
    if not moments.aware:
        raw.repairs.add("local_times", None, len(raw))
    if not found:
        raw.repairs.add("unknown_offsets", None, len(raw))
    elsewhere = offsets_elsewhere(moments, zone) if found else 0
    raw.repairs.add("other_offset_hours", None, elsewhere + moments.conflicts)
    log = activities_of(raw, zone)
    if not np.any(log.case >= 0):
        raise _error("log_empty", path)
    return log


def _kind(path: Path) -> str:
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    if suffixes[-1:] not in ([".csv"], [".xes"]):
        raise _error("log_kind", path)
    return suffixes[-1]


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP
    return cast("IO[bytes]", gzip.open(path, "rb")) if zipped else path.open("rb")


def _check_zone(path: Path, timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise LogError(
            [LogProblem("log_zone_unknown", str(path), key="--timezone", params={"got": timezone})]
        ) from None


def _error(code: str, path: Path, **params: object) -> LogError:
    return LogError([LogProblem(code, str(path), params=params)])
