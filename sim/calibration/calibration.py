"""What a log says, put together: arrivals, ways, times, stations, and what it could not tell."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.calibration.activity_log import ActivityLog
from sim.calibration.arrival_profile import ArrivalFit, fit_arrivals
from sim.calibration.capacity import StationFit, fit_stations
from sim.calibration.chains import (
    START,
    Chain,
    fit_chain,
    untimed_activities,
    walks_of,
)
from sim.calibration.estimates import Estimate, share_of
from sim.calibration.fitting import Fit, fit
from sim.calibration.forks import Block, Concurrency, find_blocks
from sim.calibration.log_problems import LogError, LogProblem, Repair
from sim.calibration.naming import Names, slug
from sim.calibration.raw_events import ABSENT, NOBODY
from world.calendar import Calendar, CalendarError
from world.microseconds import EPOCH, MICROSECOND, SECOND_US

__all__ = [
    "FEWEST_CASES",
    "ArrivalsAs",
    "Calibration",
    "JourneyFit",
    "Limit",
    "calibrate_log",
    "cycle_times_s",
]

FEWEST_CASES: Final = 10
"""Cases from which a scenario is made."""

_DRIFT_P: Final = 0.001
_BURSTY: Final = 1.5  # dispersion from which arrivals are not a Poisson process


class ArrivalsAs(StrEnum):
    """How the scenario makes cases come: by a fitted rate, or at the very instants of the log."""

    RATE = "rate"
    INSTANTS = "instants"


@dataclass(frozen=True)
class Limit:
    """Something the log could not tell, or the format cannot say: `code` of the report's texts."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class JourneyFit:
    """One journey: its `cases` (`unfinished` of them by the log's own word), when they come, their
    chain, forks with the chains of their branches, and arrivals in model time (µs). `repeats` is,
    for each activity that some case does again, the share of the cases with it that do."""

    name: str
    title: str
    cases: int
    unfinished: int
    arrivals: ArrivalFit
    arrived_us: npt.NDArray[np.int64] = field(compare=False, repr=False)
    chain: Chain
    concurrency: Concurrency
    branches: Mapping[tuple[int, int], Chain]
    repeats: Mapping[int, Estimate]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its forks."""
        return self.concurrency.blocks


@dataclass(frozen=True)
class Calibration:
    """All that was found in a log.

    `names` are the scenario's for each activity, `titles` the log's. `services` and `stations` are
    by activity; those in `untimed` have none: their time is a delay. `cycle_s` are the times from
    the first to the last event of each case, in the order of their beginning.
    """

    title: str
    calendar: Calendar
    first: dt.datetime
    last: dt.datetime
    events: int
    cases: int
    names: tuple[str, ...]
    titles: tuple[str, ...]
    people: int
    journeys: tuple[JourneyFit, ...]
    stations: tuple[StationFit, ...]
    services: Mapping[int, Fit]
    untimed: frozenset[int]
    repairs: tuple[Repair, ...]
    limits: tuple[Limit, ...]
    arrivals_as: ArrivalsAs
    cycle_s: npt.NDArray[np.float64] = field(compare=False, repr=False)

    def link(self, journey: JourneyFit, number: int) -> str:
        """The name of a link of a chain of `journey`: an activity or a fork."""
        return link_names(self.names, journey.blocks)[number]

    def estimates(self) -> Iterator[Estimate]:
        """Every parameter of the scenario with its interval."""
        for journey in self.journeys:
            yield journey.arrivals.per_day
            yield from journey.arrivals.weights
            if journey.arrivals.trend is not None:
                yield journey.arrivals.trend
            for chain in (journey.chain, *journey.branches.values()):
                yield from _routing(chain)
            yield from _delays(journey, self.names)
        for activity, service in sorted(self.services.items()):
            yield from _prefixed(f"service.{self.names[activity]}", service)
        for station in self.stations:
            yield from station.estimates


def calibrate_log(
    log: ActivityLog,
    title: str,
    country: str = "RU",
    arrivals_as: ArrivalsAs = ArrivalsAs.RATE,
    file: str = "",
) -> Calibration:
    """Learn from a log. LogError if it has too few cases, or there is no such country."""
    started, cycle = cycle_times_s(log)
    if len(cycle) < FEWEST_CASES:
        params = {"cases": len(cycle), "least": FEWEST_CASES}
        raise LogError([LogProblem("log_few_cases", file, params=params)])
    calendar = _calendar(int(started.min()), log.zone, country, file)
    shift = (calendar.local(0) - EPOCH) // MICROSECOND
    taken = Names(("done", "start", "end"))
    names = tuple(taken.all(log.activities, "activity"))
    untimed = untimed_activities(log)
    seen = np.unique(log.activity).tolist()
    served = [a for a in seen if a not in untimed]
    stations = tuple(fit_stations(log, served, calendar, names, shift)) if served else ()
    journeys = tuple(_journeys(log, names, untimed, calendar, shift))
    found = Calibration(
        title=title,
        calendar=calendar,
        first=calendar.local(int(log.begin.min()) - shift),
        last=calendar.local(int(log.end.max()) - shift),
        events=len(log.case),
        cases=len(cycle),
        names=names,
        titles=log.activities,
        people=len(np.unique(log.resource[log.resource != NOBODY])),
        journeys=journeys,
        stations=stations,
        services={a: _service(log, a) for a in served},
        untimed=frozenset(untimed),
        repairs=log.repairs,
        limits=(),
        arrivals_as=arrivals_as,
        cycle_s=cycle,
    )
    return replace(found, limits=tuple(_limits(log, found)))


def cycle_times_s(log: ActivityLog) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """When each case began (µs since 1970) and how long it was seen (s), in the order of beginning.

    Cases that the log itself calls unfinished are left out.
    """
    bounds = log.first_rows[:-1]
    begin = np.minimum.reduceat(log.begin, bounds)
    end = np.maximum.reduceat(log.end, bounds)
    whole = ~log.unfinished[log.case[bounds]]
    begin, end = begin[whole], end[whole]
    order = np.argsort(begin, kind="stable")
    return begin[order], (end - begin)[order] / SECOND_US


def link_names(names: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Names of the links of a chain: activities, then forks."""
    return [*names, *(f"fork_{k + 1}" for k in range(len(blocks)))]


def _calendar(first: int, zone: str, country: str, file: str) -> Calendar:
    try:
        local = Calendar(country=country, timezone=zone, start=dt.datetime(2001, 1, 1)).local
        day = (EPOCH + first * MICROSECOND).astimezone(local(0).tzinfo).date()
        return Calendar(country=country, timezone=zone, start=dt.datetime.combine(day, dt.time.min))
    except CalendarError as error:
        code = "log_country_unknown" if error.code == "country-unknown" else "log_zone_unknown"
        option = "--country" if error.code == "country-unknown" else "--timezone"
        got = country if error.code == "country-unknown" else zone
        raise LogError([LogProblem(code, file, key=option, params={"got": got})]) from None


def _journeys(
    log: ActivityLog,
    names: Sequence[str],
    untimed: frozenset[int],
    calendar: Calendar,
    shift: int,
) -> Iterator[JourneyFit]:
    taken = Names()
    for number, title in enumerate(log.journeys):
        of_journey = log.of_cases(log.journey == number)
        if not len(of_journey.case):
            continue
        name = taken.free(slug(title, "case"))
        bounds = of_journey.first_rows[:-1]
        arrived = np.sort(np.minimum.reduceat(of_journey.begin, bounds)) - shift
        concurrency = find_blocks(of_journey)
        main, inner = walks_of(of_journey, concurrency.blocks, untimed)
        links = link_names(names, concurrency.blocks)
        forks = links[len(names) :]
        yield JourneyFit(
            name=name,
            title=title,
            cases=len(arrived),
            unfinished=int(of_journey.unfinished[of_journey.case[bounds]].sum()),
            arrivals=fit_arrivals(name, arrived, calendar),
            arrived_us=arrived,
            chain=fit_chain(main, untimed, links, name),
            concurrency=concurrency,
            branches={
                key: fit_chain(walk, untimed, links, f"{name}.{forks[key[0]]}.{key[1]}")
                for key, walk in inner.items()
            },
            repeats=_repeats(of_journey, names, name),
        )  # fmt: skip


def _repeats(log: ActivityLog, names: Sequence[str], journey: str) -> dict[int, Estimate]:
    """Activities that cases do more than once."""
    many = len(names)
    pairs, times = np.unique(log.case * many + log.activity, return_counts=True)
    activity = pairs % many
    cases = np.bincount(activity, minlength=many)
    again = np.bincount(activity[times > 1], minlength=many)
    return {
        a: share_of(f"repeats.{journey}.{names[a]}", int(again[a]), int(cases[a]))
        for a in np.flatnonzero(again).tolist()
    }


def _service(log: ActivityLog, activity: int) -> Fit:
    rows = (log.activity == activity) & (log.start != ABSENT)
    return fit((log.end - log.start)[rows])


def _routing(chain: Chain) -> Iterator[Estimate]:
    """Shares where there is a choice."""
    sources = [step.source for step in chain.steps]
    yield from (step.share for step in chain.steps if sources.count(step.source) > 1)


def _delays(journey: JourneyFit, names: Sequence[str]) -> Iterator[Estimate]:
    links = link_names(names, journey.blocks)
    for chain in (journey.chain, *journey.branches.values()):
        for delay in chain.delays:
            key = f"delay.{journey.name}.{links[delay.target]}"
            if delay.source is not None:
                key += f".after.{'start' if delay.source == START else links[delay.source]}"
            yield from _prefixed(key, delay.fit)


def _prefixed(key: str, found: Fit) -> Iterator[Estimate]:
    yield from (replace(e, key=f"{key}.{e.key}") for e in found.estimates)


# --- what the log could not tell ------------------------------------------------------------------


def _limits(log: ActivityLog, found: Calibration) -> Iterator[Limit]:
    if found.untimed:
        names = [found.titles[a] for a in sorted(found.untimed)]
        yield Limit("only_completions", {"activities": names})
    served = [a for s in found.stations for a in s.activities]
    if served and not np.any(log.enter != ABSENT):
        yield Limit("waiting_in_delays")
    if not found.people:
        yield Limit("no_resources")
    for station in found.stations:
        if not station.by_person and station.full == 0.0:
            yield Limit("never_full", {"station": station.name})
        if station.by_person:
            params = {"station": station.name, "people": len(station.people)}
            yield Limit("people_seen", params)
        if station.outside > 0:
            yield Limit("outside_shifts", {"station": station.name, "share": station.outside})
    for journey in found.journeys:
        yield from _limits_of_journey(journey, found)
    yield from _limits_of_time(found)
    yield Limit("first_event")
    yield Limit("last_event")
    yield Limit("not_in_a_log")


def _limits_of_arrivals(journey: JourneyFit, title: str) -> Iterator[Limit]:
    arrivals = journey.arrivals
    if arrivals.kind == "instants":
        yield Limit("one_instant", {"journey": title, "count": journey.cases})
    if arrivals.dispersion >= _BURSTY:
        yield Limit("bursty", {"journey": title, "dispersion": arrivals.dispersion})
    if arrivals.trend is not None:
        yield Limit("trend", {"journey": title, "change": arrivals.trend.value})
    if arrivals.unseen_days and arrivals.kind in ("weekdays", "both"):
        yield Limit("unseen_days", {"journey": title, "days": list(arrivals.unseen_days)})
    if not arrivals.holidays_seen and arrivals.kind in ("weekdays", "both"):
        yield Limit("no_holidays", {"journey": title})


def _limits_of_journey(journey: JourneyFit, found: Calibration) -> Iterator[Limit]:
    title = journey.title or journey.name
    yield from _limits_of_arrivals(journey, title)
    titles = [*found.titles, *(f"fork_{k + 1}" for k in range(len(journey.blocks)))]
    for group in journey.concurrency.shapeless:
        yield Limit("shapeless", {"activities": [titles[a] for a in sorted(group)]})
    if journey.concurrency.either_order:
        pairs = [(titles[a], titles[b], share) for a, b, share in journey.concurrency.either_order]
        yield Limit("either_order", {"pairs": pairs})
    if journey.chain.overlaps:
        yield Limit("overlaps", {"journey": title, "count": journey.chain.overlaps})
    if journey.chain.loops:
        looped = {link for loop in journey.chain.loops for link in loop}
        real = [titles[a] for a in journey.repeats if a in looped]
        false = [titles[a] for a in sorted(looped - set(journey.repeats)) if a < len(found.titles)]
        if real:
            yield Limit("loops_forget", {"journey": title, "activities": real})
        if false:
            yield Limit("false_loops", {"journey": title, "activities": false})
    if journey.unfinished:
        yield Limit("unfinished", {"journey": title, "count": journey.unfinished})


def _limits_of_time(found: Calibration) -> Iterator[Limit]:
    half = len(found.cycle_s) // 2
    before, after = found.cycle_s[:half], found.cycle_s[half:]
    p = float(stats.ks_2samp(before, after, method="asymp").pvalue)
    if p < _DRIFT_P:
        medians = {"before": float(np.median(before)), "after": float(np.median(after))}
        yield Limit("drift", medians)
