"""The scenario of a calibration: YAML that `poligon simulate` runs, and the files it names."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from sim.calibration.arrival_profile import Peak
from sim.calibration.calibration import ArrivalsAs, Calibration, JourneyFit, link_names
from sim.calibration.capacity import ShiftFit, StationFit
from sim.calibration.chains import END, START, Chain, Step
from sim.calibration.fitting import Fit
from sim.calibration.naming import Names
from world.calendar import Calendar, CalendarError
from world.dates import ONE_DAY
from world.microseconds import SECOND_US

__all__ = ["Generated", "Period", "generated"]

_DIGITS: Final = 6  # of a probability
_SHORT: Final = dt.timedelta(days=2)
_SMALL: Final = dt.timedelta(hours=1)
_WEEKDAYS: Final = ("sat", "sun")
_WIDTH: Final = 140  # characters of a line
_SHORTEST: Final = "1us"  # of a delay in a loop, where time has to pass

Node = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """Local times between which cases come: [`first`, `last`), whole seconds."""

    first: dt.datetime
    last: dt.datetime

    @staticmethod
    def around(first: dt.datetime, last: dt.datetime) -> "Period":
        """From the minute of `first` to the end of the minute of `last`, without offsets; of less
        than an hour by seconds."""
        small = last - first < _SMALL
        begin, end = (at.replace(microsecond=0, tzinfo=None) for at in (first, last))
        if small:
            return Period(begin, end + dt.timedelta(seconds=1))
        return Period(begin.replace(second=0), end.replace(second=0) + dt.timedelta(minutes=1))


@dataclass(frozen=True)
class Generated:
    """The text of the scenario and those of the files beside it, by name."""

    text: str
    files: Mapping[str, str]


def generated(found: Calibration, stem: str, period: Period | None = None) -> Generated:
    """The scenario; files beside it begin with `stem`. Cases come in `period`, by default that of
    the log; after the log its trend stays where it was at the end."""
    writer = _Writer(found, stem, _begun(period or period_of(found), found.calendar))
    document = writer.document()
    text = yaml.dump(
        document,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=_WIDTH,
    )
    return Generated(text, writer.files)


def period_of(found: Calibration) -> Period:
    """The days of the log with arrivals; of a short log, whose rate says nothing of other hours,
    the minutes."""
    first, last = (
        found.calendar.local(choose(int(j.arrived_us[place]) for j in found.journeys))
        for choose, place in ((min, 0), (max, -1))
    )
    if last - first < _SHORT:
        return Period.around(first, last)
    days = (dt.datetime.combine(at.date(), dt.time.min) for at in (first, last + ONE_DAY))
    return Period(*days)


def _begun(period: Period, calendar: Calendar) -> Period:
    """The period, from midnight on if its first minute is one that the clock shows twice."""
    try:
        replace(calendar, start=period.first)
    except CalendarError:
        return replace(period, first=dt.datetime.combine(period.first.date(), dt.time.min))
    return period


class _Dumper(yaml.SafeDumper):
    """No aliases: equal distributions are written out."""

    def ignore_aliases(self, data: object) -> bool:
        return True


class _Writer:
    def __init__(self, found: Calibration, stem: str, period: Period) -> None:
        self.files: dict[str, str] = {}
        self._found = found
        self._stem = stem
        self._period = period
        self._station_of = {a: s for s in found.stations for a in s.activities}
        chains = (c for j in found.journeys for c in (j.chain, *j.branches.values()))
        self._looped = {link for chain in chains for loop in chain.loops for link in loop}

    def document(self) -> dict[str, Any]:
        found, period = self._found, self._period
        return {
            "version": 1,
            "name": found.title,
            "calendar": {
                "country": found.calendar.country,
                "timezone": found.calendar.timezone,
                "start": _local(period.first),
                "horizon": "until_empty",
                "arrivals_until": _local(period.last),
            },
            "stations": {s.name: self._station(s) for s in found.stations},
            "arrivals": [self._arrivals(journey) for journey in found.journeys],
            "journeys": {j.name: self._journey(j) for j in found.journeys},
        }

    # --- stations and arrivals --------------------------------------------------------------------

    def _station(self, station: StationFit) -> dict[str, Any]:
        servers = station.servers
        busiest = self._busiest(station)
        least = _SHORTEST if busiest in self._looped else None
        key = self._service_key(busiest)
        service = self._distribution(self._found.services[busiest], key, least)
        plan = servers if isinstance(servers, int) else {"shifts": [_shift(s) for s in servers]}
        return {"servers": plan, "service": service}

    def _busiest(self, station: StationFit) -> int:
        services = self._found.services
        return max(station.activities, key=lambda a: services[a].n)

    def _service_key(self, activity: int) -> str:
        return f"service-{self._found.names[activity]}"

    def _arrivals(self, journey: JourneyFit) -> dict[str, Any]:
        if self._found.arrivals_as == ArrivalsAs.INSTANTS or journey.arrivals.kind == "instants":
            return {"journey": journey.name, "instants": self._instants(journey)}
        fitted = journey.arrivals
        rate = {"per_day": float(f"{fitted.per_day.value:.6g}"), "profile": fitted.profile}
        stream: dict[str, Any] = {"journey": journey.name, "rate": rate}
        if peaks := _peaks(fitted.peaks, self._period):
            stream["peaks"] = peaks
        return stream

    def _instants(self, journey: JourneyFit) -> str:
        name = f"{self._stem}-arrivals-{journey.name}.csv"
        local = self._found.calendar.local
        rows = (local(us).isoformat() for us in journey.arrived_us.tolist())
        self.files[name] = "\n".join(["time", *rows]) + "\n"
        return name

    def _distribution(self, fit: Fit, key: str, least: str | None = None) -> Node:
        if fit.family == "empirical":
            name = f"{self._stem}-{key}.csv"
            text = io.StringIO()
            rows = csv.writer(text, lineterminator="\n")
            rows.writerow(["seconds"])
            rows.writerows([f"{us / SECOND_US:.6f}".rstrip("0").rstrip(".")] for us in fit.kept_us)
            self.files[name] = text.getvalue()
            return {"empirical": name}
        if fit.is_zero and least is not None:
            return {"constant": least}
        return dict(fit.written)

    # --- journeys ---------------------------------------------------------------------------------

    def _journey(self, journey: JourneyFit) -> dict[str, Any]:
        found = self._found
        links = link_names(found.names, journey.blocks)
        taken = Names([*links, "done"])
        nodes: dict[str, Node] = {}
        main = _ChainWriter(self, journey, journey.chain, links, taken, nodes, "done")
        start = main.write(journey.name)
        for k, block in enumerate(journey.blocks):
            fork = links[len(found.names) + k]
            heads = []
            for i in range(len(block.branches)):
                chain = journey.branches[k, i]
                branch = _ChainWriter(self, journey, chain, links, taken, nodes, None)
                heads.append(branch.write(f"{fork}_{i + 1}"))
            nodes[fork] = {"fork": heads, **nodes[fork]}
        nodes["done"] = {"end": "completed"}
        title = journey.title
        head: dict[str, Any] = {}
        if title and title != journey.name:
            head["title"] = {"ru": title, "en": title}
        return {**head, "start": start, "nodes": nodes}

    def link_node(self, link: int, links: Sequence[str], looped: bool) -> Node:
        """A served activity, or the beginning of a fork; without what follows."""
        if link >= len(self._found.names):
            return {}
        station = self._station_of[link]
        node: Node = {**self._title(link, links[link]), "serve": station.name}
        if link != self._busiest(station):
            least = _SHORTEST if looped else None
            key = self._service_key(link)
            node["service"] = self._distribution(self._found.services[link], key, least)
        return node

    def delay_node(self, fit: Fit, key: str, link: int, name: str, looped: bool) -> Node:
        """A pause; `link` is what it is of, or -1 if it comes before a link."""
        title = self._title(link, name) if link >= 0 else {}
        least = _SHORTEST if looped else None
        return {**title, "delay": self._distribution(fit, f"delay-{key}", least)}

    def _title(self, activity: int, name: str) -> Node:
        title = self._found.titles[activity]
        return {} if title == name else {"title": {"ru": title, "en": title}}

    def is_untimed(self, link: int) -> bool:
        return link in self._found.untimed


class _ChainWriter:
    """Nodes of one chain. `end` is the node behind its last link; None in a branch of a fork."""

    def __init__(
        self,
        writer: _Writer,
        journey: JourneyFit,
        chain: Chain,
        links: Sequence[str],
        taken: Names,
        nodes: dict[str, Node],
        end: str | None,
    ) -> None:
        self._writer = writer
        self._journey = journey
        self._chain = chain
        self._links = links
        self._taken = taken
        self._nodes = nodes
        self._end = end
        self._looped = {link for loop in chain.loops for link in loop}
        self._entries: dict[int, str] = {}  # node of each delay
        self._after: dict[int, Node] = {}
        self._choices: dict[str, Node] = {}

    def write(self, name: str) -> str:
        """Add the nodes; returns the first. `name` is for a choice before the first link."""
        chain = self._chain
        links = sorted({s.target for s in chain.steps if s.target != END})
        for place, delay in enumerate(chain.delays):
            self._entries[place] = self._delay_name(delay.target, delay.source)
        for link in links:
            self._after[link] = self._next(link, f"after_{self._links[link]}")
        for link in links:
            self._add(link)
        for place, delay in enumerate(chain.delays):
            entry, looped = self._entries[place], delay.target in self._looped
            untimed = self._writer.is_untimed(delay.target)
            behind = self._after[delay.target] if untimed else {"next": self._links[delay.target]}
            of = delay.target if untimed else -1
            key = f"{self._journey.name}-{entry}"
            node = self._writer.delay_node(delay.fit, key, of, entry, looped)
            self._nodes[entry] = {**node, **behind}
        first = self._next(START, f"{name}_begins").get("next")
        self._nodes |= self._choices
        return first if first is not None else self._branch_end(f"{name}_nothing")

    def _add(self, link: int) -> None:
        if not self._writer.is_untimed(link):
            node = self._writer.link_node(link, self._links, link in self._looped)
            self._nodes[self._links[link]] = {**node, **self._after[link]}

    def _delay_name(self, target: int, source: int | None) -> str:
        untimed, name = self._writer.is_untimed(target), self._links[target]
        wanted = name if untimed else f"wait_{name}"
        if source is None and untimed:
            return name
        if source is not None:
            wanted += "_first" if source == START else f"_after_{self._links[source]}"
        return self._taken.free(wanted)

    def _next(self, source: int, name: str) -> Node:
        """`next` of a link: a node, a new choice called `name`, or nothing at the end of a
        branch."""
        arms: dict[str, int] = {}
        for step in self._chain.after(source):
            for target, count in self._arms(step):
                arms[target] = arms.get(target, 0) + count
        if not arms:
            # Every case that came here was cut off: nothing is known of what follows.
            arms = {self._end or "": 1}
        if len(arms) == 1:
            (target,) = arms
            return {"next": target} if target else {}
        choice = self._taken.free(name)
        named = {self._branch_end(f"{name}_ends") if t == "" else t: n for t, n in arms.items()}
        self._choices[choice] = {"choose": _choices(named)}
        return {"next": choice}

    def _arms(self, step: Step) -> list[tuple[str, int]]:
        if step.target == END:
            return [(self._end or "", step.count)]
        arms = []
        if step.at_once:
            arms.append((self._links[step.target], step.at_once))
        if step.delay is not None and step.count > step.at_once:
            arms.append((self._entries[step.delay], step.count - step.at_once))
        return arms

    def _branch_end(self, name: str) -> str:
        end = self._taken.free(name)
        self._nodes[end] = {"delay": {"constant": "0s"}}
        return end


def _choices(arms: Mapping[str, int]) -> list[Node]:
    """Arms with probabilities that add up to 1."""
    total = sum(arms.values())
    shares = {target: round(count / total, _DIGITS) for target, count in arms.items()}
    largest = max(shares, key=lambda target: shares[target])
    others = sum(share for target, share in shares.items() if target != largest)
    shares[largest] = round(1.0 - others, _DIGITS)
    return [{"to": target, "p": share} for target, share in shares.items()]


def _shift(shift: ShiftFit) -> Node:
    return {
        "days": [shift.days] if shift.days in _WEEKDAYS else shift.days,
        "from": _clock(shift.first),
        "to": _clock(shift.last),
        "count": shift.count,
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _peaks(peaks: Sequence[Peak], period: Period) -> list[Node]:
    """Those of `period`; the last goes on as long as it does."""
    found = []
    for index, peak in enumerate(peaks):
        begin, end = (dt.datetime.combine(day, dt.time.min) for day in (peak.first, peak.last))
        last = max(period.last, end) if index == len(peaks) - 1 else end
        first = max(begin, period.first)
        if first < last:
            found.append({"from": _local(first), "to": _local(last), "factor": peak.factor})
    return found


def _local(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}" + (f":{at:%S}" if at.second else "")
