"""What must hold between the sections of a scenario: times, arrivals, faults, objectives."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from rulebook import RuleBook
from scenarios.data_files import DataFileError
from scenarios.distribution_fields import SUM_TOLERANCE
from scenarios.format import (
    Fault,
    Instants,
    MetricObjective,
    Profile,
    Rate,
    RatedArrivals,
    WithinObjective,
)
from scenarios.instants import read_instants
from scenarios.metrics import metric_paths, parse_metric
from scenarios.policy_checks import policy_problems
from scenarios.positions import Document
from scenarios.problems import Problem, closest
from scenarios.sections import Sections
from scenarios.station_format import Station
from scenarios.station_names import StationNames
from world.calendar import Calendar, CalendarError

__all__ = ["Draft", "check_scenario", "make_calendar"]

_CALENDAR_CODES: Final[Mapping[str, tuple[str, str]]] = {
    "country-unknown": ("country", "country"),
    "timezone-unknown": ("timezone", "timezone"),
    "start-ambiguous": ("start", "start_ambiguous"),
    "start-nonexistent": ("start", "start_nonexistent"),
    "start-aware": ("start", "local_time"),
    "time-out-of-range": ("start", "time_out_of_range"),
}
_FAULT_KEYS: Final[Mapping[str, tuple[str | None, tuple[str, ...]]]] = {
    # kind: the key it needs, the keys it may have besides
    "outage": (None, ()),
    "slow": ("factor", ()),
    "error": ("p", ("status", "retry_after")),
}
_OF_SOME_KINDS: Final = ("factor", "p", "status", "retry_after")
_RATES: Final = ("per_second", "per_minute", "per_hour", "per_day")


@dataclass
class Draft:
    """A scenario being checked. What is None or not in a mapping is wrong and told already.

    `journeys` are the names a stream may use; `used_journeys` adds those that run inside them;
    `checked_rules` are those of their gates; `station` gives the station of a resolved name.
    """

    sections: Sections
    document: Document
    folder: Path
    book: RuleBook
    calendar: Calendar | None
    names: StationNames | None
    journeys: Collection[str] | None
    used_journeys: Collection[str] | None
    checked_rules: Collection[str] | None
    station: Callable[[str], Station | None]
    instants: dict[int, tuple[int, ...]]

    def problem(self, code: str, *path: str | int, **params: object) -> Problem:
        """The problem `code` at `path` of the scenario."""
        return self.document.problem(code, path, **params)

    def model_time(self, local: datetime) -> int:
        """Model time in µs of a local time; only with a calendar."""
        assert self.calendar is not None
        return self.calendar.instant(local)

    def horizon_us(self) -> int | None:
        """Where the run ends at the latest, None if it ends when it is empty."""
        section = self.sections.calendar
        if section is None or isinstance(section.horizon, str):
            return None
        horizon = section.horizon
        return self.model_time(horizon) if isinstance(horizon, datetime) else horizon

    def arrivals_end_us(self) -> int | None:
        """Where arrivals by rate end: `arrivals_until` or the horizon, whichever comes first."""
        section = self.sections.calendar
        ends = [self.horizon_us()]
        if section is not None and section.arrivals_until is not None:
            ends.append(self.model_time(section.arrivals_until))
        return min((end for end in ends if end is not None), default=None)


def make_calendar(sections: Sections, document: Document) -> tuple[Calendar | None, list[Problem]]:
    """The calendar of the scenario, or what is wrong with it."""
    section = sections.calendar
    if section is None:
        return None, []
    try:
        return (
            Calendar(country=section.country, timezone=section.timezone, start=section.start),
            [],
        )
    except CalendarError as error:
        key, code = _CALENDAR_CODES[error.code]
        got = getattr(section, key)
        shown = got.isoformat() if isinstance(got, datetime) else got
        return None, [document.problem(code, ("calendar", key), got=shown)]


def check_scenario(draft: Draft) -> Iterator[Problem]:
    """Every problem between sections, those inside journeys excepted; reads `draft.instants`."""
    yield from _population(draft)
    policy = draft.sections.policy
    if policy:
        yield from policy_problems(draft.book, policy, draft.document, ("policy",))
    if draft.names is not None:
        for first, second in draft.names.clashes:
            system = draft.names.system(second)
            yield draft.problem(
                "station_twice", "stations", second, got=second, other=first, system=system
            )
    yield from _run(draft)
    yield from _warmup(draft)
    for index, stream in draft.sections.arrivals.items():
        yield from _stream(draft, index, stream)
    yield from _faults(draft)
    yield from _objectives(draft)


def _population(draft: Draft) -> Iterator[Problem]:
    population = draft.sections.population
    if population is None:
        return
    shares: dict[str, Mapping[str, float]] = {
        "kinds": {str(kind): share for kind, share in population.kinds.items()},
        "tiers": {str(tier): share for tier, share in population.tiers.items()},
    }
    for key, values in shares.items():
        total = sum(values.values())
        if abs(total - 1) > SUM_TOLERANCE:
            yield draft.problem("shares_sum", "population", key, got=round(total, 12))
    defects = draft.book.defects
    for defect in population.defects:
        if defect not in defects:
            yield draft.problem(
                "unknown_defect", "population", "defects", defect,
                got=defect, closest=closest(defect, defects),
            )  # fmt: skip


def _run(draft: Draft) -> Iterator[Problem]:
    section = draft.sections.calendar
    if section is None or draft.calendar is None:
        return
    for key in ("horizon", "arrivals_until"):
        moment = getattr(section, key)
        if isinstance(moment, datetime) and draft.model_time(moment) <= 0:
            yield draft.problem("after_start", "calendar", key, got=moment.isoformat())
    rated = any(isinstance(stream, RatedArrivals) for stream in draft.sections.arrivals.values())
    if section.horizon == "until_empty" and section.arrivals_until is None and rated:
        yield draft.problem("arrivals_until_missing", "calendar")


def _warmup(draft: Draft) -> Iterator[Problem]:
    warmup = draft.sections.warmup
    if warmup == "auto":
        if not all(_stationary(stream) for stream in draft.sections.arrivals.values()):
            yield draft.problem("warmup_stationary", "warmup")
        return
    if warmup is None or draft.calendar is None:
        return
    end = draft.horizon_us()
    end = draft.arrivals_end_us() if end is None else end
    if end is not None and warmup >= end > 0:
        got = draft.document.value.get("warmup")
        yield draft.problem("warmup_end", "warmup", got=got)


def _stationary(stream: object) -> bool:
    return (
        isinstance(stream, RatedArrivals)
        and not stream.peaks
        and (stream.rate.profile == "flat" or _flat_weights(stream.rate.profile))
    )


def _flat_weights(profile: object) -> bool:
    if not isinstance(profile, Profile):
        return False
    holidays = profile.weekdays[6] if profile.holidays is None else profile.holidays
    return len({*profile.hours}) == 1 and len({*profile.weekdays, holidays}) == 1


# --- arrivals -------------------------------------------------------------------------------------


def _stream(draft: Draft, index: int, stream: RatedArrivals | Instants) -> Iterator[Problem]:
    if draft.journeys is not None and stream.journey not in draft.journeys:
        suggestion = closest(stream.journey, draft.journeys)
        yield draft.problem(
            "unknown_journey", "arrivals", index, "journey", got=stream.journey, closest=suggestion
        )
    if isinstance(stream, Instants):
        yield from _instants(draft, index, stream)
        return
    yield from _rate(draft, index, stream.rate)
    if draft.calendar is None:
        return
    end = draft.arrivals_end_us()
    for number, peak in enumerate(stream.peaks):
        path = ("arrivals", index, "peaks", number)
        begins, ends = draft.model_time(peak.from_), draft.model_time(peak.to)
        if begins >= ends:
            yield draft.problem("interval_order", *path, "to", got=peak.to.isoformat())
        elif ends <= 0 or (end is not None and begins >= end > 0):
            yield draft.problem("outside_run", *path)


def _rate(draft: Draft, index: int, rate: Rate) -> Iterator[Problem]:
    given = [key for key in _RATES if getattr(rate, key) is not None]
    if len(given) != 1:
        yield draft.problem("one_rate", "arrivals", index, "rate", got=given)
    if isinstance(rate.profile, Profile):
        for key in ("hours", "weekdays"):
            if not any(getattr(rate.profile, key)):
                yield draft.problem("weights_zero", "arrivals", index, "rate", "profile", key)


def _instants(draft: Draft, index: int, stream: Instants) -> Iterator[Problem]:
    if draft.calendar is None:
        return
    try:
        draft.instants[index] = read_instants(
            draft.folder, stream.instants, draft.calendar, draft.horizon_us()
        )
    except DataFileError as error:
        yield draft.problem(error.code, "arrivals", index, "instants", **error.params)


# --- faults ---------------------------------------------------------------------------------------


def _faults(draft: Draft) -> Iterator[Problem]:
    faults = draft.sections.faults
    yield from _repeated_ids(draft, "faults", {index: fault.id for index, fault in faults.items()})
    for index, fault in faults.items():
        yield from _fault_keys(draft, index, fault)
        yield from _fault_station(draft, index, fault)
        if draft.calendar is not None:
            begins, ends = _interval(draft, fault)
            end = draft.horizon_us()
            if (ends is not None and ends <= 0) or (end is not None and begins >= end > 0):
                yield draft.problem("outside_run", "faults", index)
    if draft.names is not None and draft.calendar is not None:
        yield from _overlaps(draft, draft.names)


def _fault_keys(draft: Draft, index: int, fault: Fault) -> Iterator[Problem]:
    needed, allowed = _FAULT_KEYS[fault.kind]
    if needed is not None and getattr(fault, needed) is None:
        yield draft.problem("fault_key_missing", "faults", index, kind=fault.kind, needed=needed)
    for key in _OF_SOME_KINDS:
        if getattr(fault, key) is not None and key != needed and key not in allowed:
            yield draft.problem("fault_key_extra", "faults", index, key, kind=fault.kind)


def _fault_station(draft: Draft, index: int, fault: Fault) -> Iterator[Problem]:
    if draft.names is None:
        return
    resolved = draft.names.resolve(fault.service)
    if resolved is None:
        suggestion = closest(fault.service, draft.names.known())
        yield draft.problem(
            "unknown_station", "faults", index, "service", got=fault.service, closest=suggestion
        )
        return
    station = draft.station(resolved)
    if fault.kind == "outage" and station is not None and station.timeout is None:
        yield draft.problem("outage_timeout", "faults", index, "service", got=resolved)


def _interval(draft: Draft, fault: Fault) -> tuple[int, int | None]:
    """Beginning and end (µs) of a fault; None if it lasts as long as the run."""
    begins = 0 if fault.from_ is None else draft.model_time(fault.from_)
    return begins, None if fault.for_ is None else begins + fault.for_


def _overlaps(draft: Draft, names: StationNames) -> Iterator[Problem]:
    """A problem at the later one in the file of two outages of one station that overlap."""
    last: dict[str, tuple[float, int]] = {}  # by station: the latest end so far, and whose it is
    intervals = []
    for index, fault in draft.sections.faults.items():
        station = names.resolve(fault.service)
        if fault.kind == "outage" and station is not None:
            intervals.append((*_interval(draft, fault), index, station))
    told = set()
    for begins, end, index, station in sorted(intervals, key=lambda each: each[0]):
        ends = math.inf if end is None else float(end)
        latest, other = last.get(station, (-math.inf, index))
        if begins < latest:
            first, later = sorted((index, other))
            if later not in told:
                told.add(later)
                other_id = draft.sections.faults[first].id
                yield draft.problem("outages_overlap", "faults", later, other=other_id)
        if ends > latest:
            last[station] = (ends, index)


# --- objectives -----------------------------------------------------------------------------------


def _objectives(draft: Draft) -> Iterator[Problem]:
    objectives = draft.sections.objectives
    ids = {index: objective.id for index, objective in objectives.items()}
    yield from _repeated_ids(draft, "objectives", ids)
    for index, objective in objectives.items():
        if isinstance(objective, WithinObjective):
            journeys = draft.used_journeys
            if journeys is not None and objective.journey not in journeys:
                yield draft.problem(
                    "unknown_journey", "objectives", index, "journey",
                    got=objective.journey, closest=closest(objective.journey, journeys),
                )  # fmt: skip
        else:
            yield from _metric(draft, index, objective)


def _metric(draft: Draft, index: int, objective: MetricObjective) -> Iterator[Problem]:
    bounds = {
        key: bound
        for key in ("at_most", "at_least")
        if (bound := getattr(objective, key)) is not None
    }
    if len(bounds) != 1:
        yield draft.problem("one_bound", "objectives", index, got=list(bounds))
    metric = parse_metric(objective.metric)
    if metric is None or not _exists(draft, metric.family, metric.subject):
        paths = metric_paths(
            draft.used_journeys or (),
            draft.checked_rules or (),
            draft.names.known() if draft.names else (),
            [fault.id for fault in draft.sections.faults.values()],
        )
        yield draft.problem(
            "unknown_metric", "objectives", index, "metric",
            got=objective.metric, closest=closest(objective.metric, paths),
        )  # fmt: skip
        return
    for key, bound in bounds.items():
        is_duration = isinstance(bound, int)
        if is_duration != (metric.unit == "seconds"):
            code = "bound_number" if is_duration else "bound_duration"
            got = bound if not is_duration else _written(draft, index, key, bound)
            yield draft.problem(code, "objectives", index, key, got=got)


def _written(draft: Draft, index: int, key: str, bound: object) -> object:
    objectives = draft.document.value.get("objectives")
    return objectives[index][key] if isinstance(objectives, list) else bound


def _exists(draft: Draft, family: str, subject: str) -> bool:
    """Whether there is such a subject; True when that part is wrong and told already."""
    if family == "journeys":
        return draft.used_journeys is None or subject in draft.used_journeys
    if family == "stations":
        return draft.names is None or draft.names.resolve(subject) is not None
    if family == "rejections":
        return draft.checked_rules is None or subject in draft.checked_rules
    if family == "recovery":
        return _may_be_fault(draft, subject)
    return True


def _may_be_fault(draft: Draft, name: str) -> bool:
    """Whether a fault of the file, right or wrong by itself, has this id, or has lost its own."""
    faults = draft.document.value.get("faults") or []
    return not isinstance(faults, list) or any(
        not isinstance(fault, dict) or fault.get("id", name) == name for fault in faults
    )


def _repeated_ids(draft: Draft, key: str, ids: Mapping[int, str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, name in ids.items():
        if name in seen:
            yield draft.problem("duplicate_id", key, index, "id", got=name)
        seen.add(name)
