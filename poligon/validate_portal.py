"""The served portal's own work, live and predicted: calibrated alone and together, then loaded."""

import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import requests

from loadtests.samples import OUTCOMES, read_samples, read_start
from loadtests.target import code_in
from loadtests.validation.comparison import Pair, compared, quantile_curve
from loadtests.validation.prediction import Cases
from loadtests.validation.probes import Probe, ProbeTask
from loadtests.validation.shared_server import SharedServer, SpeedPoint
from poligon.children import child
from poligon.interruption import heed
from poligon.load_monitor import Monitor, cpu_seconds
from poligon.load_run import LoaderBroken
from poligon.load_stand import Stand
from poligon.load_watching import LoadWatch
from portal.http.admission import Limits
from reports.load.figures import lags_of
from reports.load.result import ServerSeries
from reports.load.validation import SHARES, Calibrated, Level
from world.country import World
from world.draws import combine, text_key, uniform, unit_exponential
from world.filings import filing_of

__all__ = ["PortalPath", "cases_of_probes"]

_PASSWORD: Final = "Zx7!mkpRvb2#"
_SESSIONS: Final = 12  # each may send 500 requests a second
_MIX: Final = (("my-account", 1), ("registrations", 1), ("register-organization", 2))
_PROBES: Final = 1_200
_TOGETHER: Final = (2, 4, 8, 16, 32)  # clients of the calibration, after one alone
_TOLERANCES: Final[Mapping[float, Mapping[str, float]]] = {
    0.3: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.5: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    0.7: {"p95": 0.20, "refused": 0.02, "failed": 0.01},
    1.3: {"throughput": 0.10, "refused": 0.10, "failed": 0.01},
}
_TOO_MANY: Final = 64  # clients beyond the places, for what a refusal takes
_TIMEOUT_S: Final = 60.0
_LOOK_S: Final = 0.1
_LATE_S: Final = 180.0
_ARRIVALS: Final = text_key("validation/arrivals")
_OPERATIONS: Final = text_key("validation/operations")
_WORK: Final = text_key("validation/work")

Samples = npt.NDArray[np.void]


@dataclass(frozen=True)
class _Measured:
    samples: Samples
    server: ServerSeries
    cpu_s: float


class PortalPath:
    """Measures and predicts requests to the portal of `stand`; files go into `folder`.

    `alone_s` and `level_s` are how long a calibration and a replication of a level last.
    """

    def __init__(
        self,
        stand: Stand,
        seed: int,
        folder: Path,
        watch: LoadWatch,
        *,
        alone_s: float,
        level_s: float,
    ) -> None:
        assert stand.server is not None
        self._stand = stand
        self._pid = stand.server.pid
        self._seed = seed
        self._folder = folder
        self._watch = watch
        self._alone_s = alone_s
        self._level_s = level_s
        self._runs = 0
        self._probes: Sequence[Probe] = ()
        self._work_s: dict[str, npt.NDArray[np.float64]] = {}
        self._model = SharedServer((SpeedPoint(1.0, 1.0),), 1, 1)

    def calibrate(self) -> Calibrated:
        """What requests take alone, and how much faster they are together."""
        self._watch.phase("validate_sessions")
        self._probes = self._made_probes()
        span_s = self._alone_s * (2 + len(_TOGETHER))
        self._watch.phase("validate_calibrates", span_s)
        self._measured(self._probes[: 2 * len(_MIX)], clients=1, duration_s=1.0)  # warms up
        alone = self._measured(self._probes, clients=1, duration_s=self._alone_s)
        work_s = self._work_s = _times_by_operation(alone.samples)
        mean_s = float(sum(share * work_s[name].mean() for name, share in _shares().items()))
        points = [SpeedPoint(1.0, 1.0)]
        for clients in _TOGETHER:
            together = self._measured(self._probes, clients=clients, duration_s=self._alone_s)
            rate, time_s = _throughput(together.samples)
            points.append(SpeedPoint(float(rate * time_s), float(rate * mean_s)))
        limits = Limits()
        places = limits.threads + limits.waiting
        ordered = tuple(sorted(points, key=lambda point: point.inside))
        carried = SharedServer(ordered, limits.threads, places).greatest_speed / mean_s
        crowd = self._measured(self._probes, clients=places + _TOO_MANY, duration_s=self._alone_s)
        refusal_s = _refusal_s(crowd.samples, carried)
        self._model = SharedServer(ordered, limits.threads, places, refusal_s)
        return Calibrated(
            alone_ms={name: float(times.mean() * 1e3) for name, times in work_s.items()},
            requests={name: len(times) for name, times in work_s.items()},
            speeds=[(point.inside, point.speed) for point in ordered],
            cpu_ms=alone.cpu_s / max(len(alone.samples), 1) * 1e3,
            refusal_ms=refusal_s * 1e3,
            saturation=carried,
        )

    def levels(self, calibrated: Calibrated, replications: int) -> Iterator[Level]:
        """Each utilisation, `replications` times."""
        for utilisation, tolerances in _TOLERANCES.items():
            rate = utilisation * calibrated.saturation
            pairs, others, lags = [], [], []
            for replication in range(replications):
                self._watch.phase(
                    "validate_portal", self._level_s, utilisation=utilisation,
                    number=replication + 1, total=replications,
                )  # fmt: skip
                probes, work_s = self._arriving(rate, replication)
                arrived_s = np.array([probe.at_us for probe in probes], np.float64) / 1e6
                found = self._measured(probes)
                live = cases_of_probes(found.samples, len(probes))
                pairs.append(Pair(self._model.serve(arrived_s, work_s), live, self._level_s))
                others.append(found.server.others_mean)
                lags.append(lags_of(found.samples)[1])
            yield Level(
                way="portal",
                utilisation=utilisation,
                rate=rate,
                cases=sum(len(pair.live) for pair in pairs),
                replications=replications,
                compared=compared(pairs, dict(tolerances)),
                predicted_curve=quantile_curve([pair.predicted.times_s for pair in pairs], SHARES),
                live_curve=quantile_curve([pair.live.times_s for pair in pairs], SHARES),
                others_cpu=sum(others) / len(others),
                lag_p99_s=max(lags),
            )

    # --- inside

    def _arriving(self, rate: float, replication: int) -> tuple[list[Probe], list[float]]:
        """Poisson arrivals, an operation for each, and a time alone that one like it has had."""
        key = combine(combine(_ARRIVALS, self._seed), replication)
        probes: list[Probe] = []
        work_s: list[float] = []
        at_s = 0.0
        while True:
            number = len(probes)
            at_s += unit_exponential(key, number, 0, 0) / rate
            if at_s >= self._level_s:
                return probes, work_s
            place = int(uniform(key, _OPERATIONS, number, 0) * len(self._probes))
            drawn = Probe(**{**asdict(self._probes[place]), "at_us": round(at_s * 1e6)})
            seen = self._work_s[drawn.operation]
            probes.append(drawn)
            work_s.append(float(seen[int(uniform(key, _WORK, number, 0) * len(seen))]))

    def _measured(
        self, probes: Sequence[Probe], *, clients: int = 0, duration_s: float = 0.0
    ) -> _Measured:
        self._runs += 1
        results = self._folder / f"portal-{self._runs}"
        results.mkdir()
        task = ProbeTask(self._stand.root, str(results), probes, clients, duration_s)
        path = results / "task.json"
        task.write(path)
        words: list[str | Path] = [sys.executable, "-m", "loadtests.validation.probe_driver", path]
        used_s = cpu_seconds(self._pid)
        with child(words, results / "driver.log") as driver:
            monitor = Monitor(self._stand.portal, self._pid)
            monitor.start()
            try:
                waited_s = 0.0
                while driver.wait(_LOOK_S) is None:
                    heed()
                    self._stand.check()
                    waited_s += _LOOK_S
                    if waited_s > self._level_s + duration_s + _LATE_S:
                        raise LoaderBroken(driver.said())
            finally:
                monitor.stop()
        epoch_us = read_start(results)
        if driver.exit_code != 0 or epoch_us is None:
            raise LoaderBroken(driver.said())
        used_s = cpu_seconds(self._pid) - used_s
        return _Measured(read_samples(results), monitor.seen(epoch_us), used_s)

    def _made_probes(self) -> list[Probe]:
        """Requests of the mix by people who are signed in."""
        world = World(self._seed)
        with requests.Session() as session:
            session.trust_env = False
            tokens = [self._signed_in(session, world, index) for index in range(_SESSIONS)]
            clock = {"speed": 1.0}
            session.put(f"{self._stand.administration}/clock", json=clock, timeout=_TIMEOUT_S)
            day = self._today(session)
        filing = next(
            each for index in range(1_000) if (each := filing_of(world, index, day)).kind == "legal"
        )
        form = {"kind": "legal", **asdict(filing.form), "documents": []}
        bodies = {"register-organization": json.dumps(form, ensure_ascii=False, default=str)}
        cycle = [name for name, weight in _MIX for _ in range(weight)]
        return [
            _probe(cycle[n % len(cycle)], tokens[n % len(tokens)], bodies) for n in range(_PROBES)
        ]

    def _today(self, session: requests.Session) -> dt.date:
        told = session.get(f"{self._stand.administration}/clock", timeout=_TIMEOUT_S).json()
        return dt.datetime.fromisoformat(told["now"]).date()

    def _signed_in(self, session: requests.Session, world: World, index: int) -> str:
        """The token of a new account's session."""
        person = world.person(index)

        def act(use_case: str, **form: str) -> dict[str, Any]:
            url = f"{self._stand.portal}/v1/{use_case}"
            answer = session.post(url, json=form, timeout=_TIMEOUT_S)
            answer.raise_for_status()
            data: dict[str, Any] = answer.json()["data"]
            return data

        def code() -> str:
            url = f"{self._stand.administration}/inboxes/{person.phone}"
            letters = session.get(url, timeout=_TIMEOUT_S).json()
            return code_in(letters[-1]["text"]) or ""

        account = act(
            "sign-up", name=str(person.name), birth_date=f"{person.birth_date:%d.%m.%Y}",
            inn=person.inn, phone=person.phone, email=person.email, password=_PASSWORD,
        )["account"]  # fmt: skip
        act("activate-account", account=account, code=code())
        sign_in = act("sign-in", login=person.phone, password=_PASSWORD)["sign_in"]
        return str(act("enter-sign-in-code", sign_in=sign_in, code=code())["token"])


def _probe(name: str, token: str, bodies: Mapping[str, str]) -> Probe:
    headers = {"Authorization": f"Bearer {token}"}
    if name not in bodies:
        return Probe(name, "GET", f"/portal/v1/{name}", headers=headers)
    headers["Content-Type"] = "application/json"
    # Its applicant is not confirmed: the rules refuse it, which the journal of the portal notes.
    return Probe(name, "POST", f"/portal/v1/{name}", 0, 403, headers, bodies[name])


def _shares() -> dict[str, float]:
    total = sum(weight for _, weight in _MIX)
    return {name: weight / total for name, weight in _MIX}


def _times_by_operation(samples: Samples) -> dict[str, npt.NDArray[np.float64]]:
    good = samples[samples["outcome"] == OUTCOMES.index("ok")]
    found = {
        name: (of["ended_us"] - of["sent_us"]) / 1e6
        for name, _ in _MIX
        if len(of := good[good["operation"] == name.encode()])
    }
    if len(found) < len(_MIX):
        wrong = sorted({int(status) for status in samples["status"]})
        raise LoaderBroken(f"the portal answers the calibration with {wrong}")
    return found


def _throughput(samples: Samples) -> tuple[float, float]:
    """Good answers a second between the first and the last, and their mean time."""
    good = samples[samples["outcome"] == OUTCOMES.index("ok")]
    span_s = (good["ended_us"].max() - good["sent_us"].min()) / 1e6
    return len(good) / span_s, float((good["ended_us"] - good["sent_us"]).mean() / 1e6)


def _refusal_s(samples: Samples, carried: float) -> float:
    """What it takes to refuse somebody: the time that is missing of what is `carried` a second
    when nobody is refused."""
    shed = int((samples["outcome"] == OUTCOMES.index("shed")).sum())
    if not shed:
        return 0.0
    span_s = (samples["ended_us"].max() - samples["sent_us"].min()) / 1e6
    good = int((samples["outcome"] == OUTCOMES.index("ok")).sum())
    return max(float(span_s - good / carried), 0.0) / shed


def cases_of_probes(samples: Samples, count: int) -> Cases:
    """Answers by the number of their probes; one that is wrong, and a probe that has none, has
    failed."""
    time_s = np.zeros(count)
    arrived_s = np.zeros(count)
    completed = np.zeros(count, bool)
    numbers = samples["entity"]
    time_s[numbers] = (samples["ended_us"] - samples["intended_us"]) / 1e6
    arrived_s[numbers] = samples["intended_us"] / 1e6
    completed[numbers] = samples["outcome"] == OUTCOMES.index("ok")
    shed = np.zeros(count, bool)
    shed[numbers] = samples["outcome"] == OUTCOMES.index("shed")
    failed = int((~completed & ~shed).sum())
    return Cases(np.arange(count), arrived_s, time_s, completed, failed)
