"""A registry's answering, live and predicted: the same arrivals, the same draws of service."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import yaml

from loadtests.graph_walk import ASKED
from loadtests.plan import LoadPlan
from loadtests.samples import OUTCOMES, JourneyEnd
from loadtests.validation.comparison import Pair
from loadtests.validation.levels import Replication, level_of
from loadtests.validation.prediction import Cases, predicted
from loadtests.validation.result import Level
from poligon.load.locust_run import run_locust
from poligon.load.options import LoadOptions
from poligon.load.stand import Stand
from poligon.load.watching import LoadWatch
from poligon.options import OptionError, OptionProblem
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from scenarios.overrides import apply_overrides
from scenarios.positions import decode, parse_yaml, read_bytes
from scenarios.station_format import Station
from sim.model.model import compile_model

__all__ = ["Asked", "asked_of", "cases_of", "registry_levels"]

_JOURNEY: Final = "ask"
_SHORTEST_US: Final = 20_000  # shorter answers are lost among the delays of timers and sockets
_LONGEST_US: Final = 5_000_000
_TOLERANCES: Final[Mapping[float, Mapping[str, float]]] = {
    0.5: {"p95": 0.05, "refused": 0.02, "failed": 0.01},
    0.7: {"p95": 0.05, "refused": 0.02, "failed": 0.01},
    0.85: {"p95": 0.05, "refused": 0.02, "failed": 0.01},
    0.95: {"p95": 0.10, "refused": 0.05, "failed": 0.01},
    1.2: {"throughput": 0.10, "refused": 0.05, "failed": 0.01},
}
_OVERLOAD: Final = 1.0  # levels from here on are only for stations that refuse
_CASES: Final = 400  # in a replication
_LEAST_S: Final = 10.0


@dataclass(frozen=True)
class Asked:
    """A station of a scenario that is asked over HTTP, and the scenario of it alone, in a file."""

    name: str
    station: Station
    servers: int
    path: Path
    start: dt.datetime
    seed: int

    @property
    def capacity(self) -> float:
        """Cases a second that it can serve, of model time."""
        return self.servers / (self.station.service.mean_us / 1e6)


def asked_of(
    path: Path,
    scenario: CompleteScenario,
    seed: int,
    folder: Path,
    overrides: Sequence[str] = (),
) -> Asked:
    """The first station of the scenario of `path` under `overrides` that can be compared; the
    scenario of it alone goes into `folder`. OptionError if there is none."""
    for name, station in scenario.scenario.stations.items():
        fits = _SHORTEST_US <= station.service.mean_us <= _LONGEST_US
        if name in ASKED and isinstance(station.servers, int) and fits:
            written = _written(path, overrides, scenario, name)
            written.pop("retry", None)  # a refusal is a refusal: its share is compared
            own = _alone(name, written, scenario, seed)
            file = folder / "validation.yaml"
            file.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
            alone = load(file).scenario
            found = alone.stations[name]
            assert isinstance(found.servers, int)
            return Asked(name, found, found.servers, file, alone.calendar.start, seed)
    raise OptionError([OptionProblem("load_no_path", "", path)])


def registry_levels(
    asked: Asked,
    stand: Stand,
    options: LoadOptions,
    folder: Path,
    watch: LoadWatch,
    replications: int,
) -> Iterator[Level]:
    """Each utilisation, `replications` times. Raises as `run_locust`."""
    speed = options.speed or 1.0
    timeout = asked.station.timeout
    patience_s = float("inf") if timeout is None else timeout / 1e6 / speed
    for utilisation, tolerances in _TOLERANCES.items():
        if utilisation >= _OVERLOAD and asked.station.queue_limit is None:
            continue
        rate = utilisation * asked.capacity
        span_s = max(_CASES / rate, _LEAST_S)
        until = asked.start + dt.timedelta(seconds=round(span_s))
        changes = (
            f"arrivals.0.rate.per_second={rate!r}",
            f"calendar.arrivals_until={until:%Y-%m-%dT%H:%M:%S}",
        )
        model = compile_model(load(asked.path, changes), 1.0, asked.seed)
        horizon_s = model.arrivals_until_us / 1e6 / speed
        seen = []
        for replication in range(replications):
            results = folder / f"registry-{utilisation}-{replication}"
            results.mkdir()
            plan = LoadPlan(
                scenario=asked.path,
                overrides=changes,
                seed=asked.seed,
                replication=replication,
                speed=speed,
                portal=stand.portal,
                mocks=stand.mocks,
                administration=stand.administration,
                horizon_s=horizon_s,
                drain_s=60.0,
                results=results / "samples",
            )
            watch.phase(
                "validate_registry", horizon_s, station=asked.name,
                utilisation=utilisation, number=replication + 1, total=replications,
            )  # fmt: skip
            raw = run_locust(plan, stand, results, watch)
            live = cases_of(raw.ends, raw.samples, patience_s)
            pair = Pair([predicted(model, replication, speed)], live, horizon_s)
            seen.append(Replication(pair, rate * speed, raw.samples, raw.server))
        yield level_of("registry", utilisation, seen, tolerances)


def cases_of(ends: Sequence[JourneyEnd], samples: npt.NDArray[np.void], patience_s: float) -> Cases:
    """Cases of a run as predictions have them. Who was not served has failed unless the registry
    said that it is full, or `patience_s` has passed: that is what the model has too."""
    of_journey = [each for each in ends if each.journey == _JOURNEY]
    of_journey.sort(key=lambda each: each.entity)
    of_ask = samples[samples["journey"] == _JOURNEY.encode()]
    took_s = (of_ask["ended_us"] - of_ask["sent_us"]) / 1e6
    is_wrong = (of_ask["outcome"] == OUTCOMES.index("failed")) & (took_s < patience_s)
    wrong = set(of_ask["entity"][is_wrong].tolist())
    return Cases(
        number=np.array([each.entity for each in of_journey], np.int64),
        arrived_s=np.array([each.intended_us for each in of_journey], np.float64) / 1e6,
        time_s=np.array([e.ended_us - e.intended_us for e in of_journey], np.float64) / 1e6,
        completed=np.array([each.ending == "completed" for each in of_journey], bool),
        failed=sum(
            each.ending in ("failed", "abandoned")
            or (each.ending == "refused" and each.entity in wrong)
            for each in of_journey
        ),
    )


def _written(
    path: Path, overrides: Sequence[str], scenario: CompleteScenario, name: str
) -> dict[str, Any]:
    """What the scenario's file says of a station, changed as its `overrides` say."""
    document = parse_yaml(decode(read_bytes(path), str(path)), str(path))
    apply_overrides(document, overrides, scenario.book)
    stations: Any = document.value["stations"]
    return dict(stations[name])


def _alone(name: str, station: Any, scenario: CompleteScenario, seed: int) -> dict[str, Any]:
    """The scenario of one station, as a file has it."""
    calendar = scenario.scenario.calendar
    return {
        "version": 1,
        "name": scenario.scenario.name,
        "seed": seed,
        "calendar": {
            "timezone": calendar.timezone,
            "start": f"{calendar.start:%Y-%m-%dT%H:%M}",
            "horizon": "until_empty",
            "arrivals_until": f"{calendar.start + dt.timedelta(days=1):%Y-%m-%dT%H:%M}",
        },
        "population": {"organizations": scenario.scenario.population.organizations},
        "stations": {name: station},
        "arrivals": [{"journey": _JOURNEY, "rate": {"per_second": 1.0}}],
        "journeys": {
            _JOURNEY: {
                "start": "answer",
                "nodes": {"answer": {"serve": name, "next": "done"}, "done": {"end": "completed"}},
            }
        },
    }
