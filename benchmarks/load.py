"""What the load test itself can do, measured against a server that does nothing.

`python -m benchmarks.load` fails (exit code 1) if a worker sends less than 4,000 requests a second
of its own CPU time, if at 500 arrivals a second the 99th percentile of the send lag (from the
intended instant to the sending) is 5 ms or more above that of a timer which does nothing at the
same instants, or if two workers begin other cases than one.

Everything that a real run does is done: requests by Locust's fast client with the model's draws,
answers judged, raw samples written, Locust's statistics kept.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from loadtests.arrivals import arrivals_of
from loadtests.plan import LoadPlan
from loadtests.samples import OUTCOMES, read_samples
from scenarios.loader import loads
from sim.model.model import compile_model

SCENARIO: Final = """
version: 1
name: Предел нагрузчика
seed: 1
calendar: {start: 2026-04-20T10:00, horizon: until_empty, arrivals_until: 2026-04-20T11:00}
stations:
  egrul: {servers: 100, service: {constant: 1ms}}
arrivals:
  - {journey: ask, rate: {per_second: 500}}
journeys:
  ask:
    start: ask
    nodes:
      ask: {serve: egrul, next: done}
      done: {end: completed}
"""

MIN_RATE: Final = 4_000.0  # requests a second of CPU time of one worker
MAX_LAG_MS: Final = 5.0  # of 99 sends in 100, at 500 arrivals a second
REQUESTS: Final = 40_000
HORIZON_S: Final = 20.0
ROUNDS: Final = 3
_ROOT: Final = Path(__file__).parents[1]


def main() -> int:
    """Measure, print, and say whether the limits are kept."""
    with tempfile.TemporaryDirectory(prefix="poligon-") as name, _endpoint() as address:
        folder = Path(name)
        path = folder / "scenario.yaml"
        path.write_text(SCENARIO, encoding="utf-8")
        rates = [_rate(_plan(folder / f"rate-{n}", path, address)) for n in range(ROUNDS)]
        lags = [_lags_ms(folder / f"lag-{n}", path, address) for n in range(ROUNDS)]
        two = _plan(folder / "two", path, address, workers=2)
        _run(two, "open")
        is_same = _instants(two) == _expected(path) == _instants(_plan(folder / "lag-0", path, ""))
    print(f"requests a second of CPU time, one worker: {_told(rates, 0)} (at least {MIN_RATE:.0f})")
    for place, name in enumerate(("p50", "p99", "max", "p99 of a bare timer beside it")):
        print(
            f"send lag at 500 arrivals a second, {name}, ms: {_told([x[place] for x in lags], 2)}"
        )
    added = [max(p99 - timer, 0.0) for _, p99, _, timer in lags]
    print(f"p99 that the loader adds, ms: {_told(added)} (below {MAX_LAG_MS:g})")
    print(f"arrivals of two workers together: {'those of one' if is_same else 'OTHERS'}")
    # Of a machine that has much else to do the best round says what the loader can.
    kept = max(rates) >= MIN_RATE and min(added) < MAX_LAG_MS and is_same
    return 0 if kept else 1


def _rate(plan: LoadPlan) -> float:
    return float(_run(plan, "rate")[0]["rate"])


def _lags_ms(results: Path, path: Path, address: str) -> tuple[float, float, float, float]:
    """p50, p99 and the greatest lag; p99 of a bare timer at the same instants, at the same time."""
    plan, beside = _plan(results, path, address), _plan(results / "timer", path, address)
    loader = _begun(plan, "open", 0)
    timer = _begun(beside, "timer", 0)
    _ended(loader)
    samples = read_samples(plan.results)
    assert set(samples["outcome"].tolist()) == {OUTCOMES.index("ok")}
    lag_ms = (samples["sent_us"] - samples["intended_us"]) / 1000.0
    p99_ms = float(_ended(timer)["p99_ms"])
    return float(np.median(lag_ms)), float(np.quantile(lag_ms, 0.99)), float(lag_ms.max()), p99_ms


def _instants(plan: LoadPlan) -> list[tuple[int, int]]:
    samples = read_samples(plan.results)
    return sorted(zip(samples["entity"].tolist(), samples["intended_us"].tolist(), strict=True))


def _expected(path: Path) -> list[tuple[int, int]]:
    model = compile_model(loads(path.read_text(encoding="utf-8")))
    found = arrivals_of(model, 0, 1.0, HORIZON_S)
    return sorted((each.number, each.at_us) for each in found)


def _plan(results: Path, scenario: Path, address: str, workers: int = 1) -> LoadPlan:
    address = address or "http://127.0.0.1:1"
    return LoadPlan(
        scenario=scenario,
        seed=1,
        portal=f"{address}/portal",
        mocks=address,
        horizon_s=HORIZON_S,
        drain_s=10.0,
        mix={"registries": 1.0},
        results=results,
        workers=workers,
    )


def _run(plan: LoadPlan, what: str) -> list[dict[str, Any]]:
    """What each worker of `plan` has told."""
    return [_ended(each) for each in [_begun(plan, what, n) for n in range(plan.workers)]]


def _begun(plan: LoadPlan, what: str, number: int) -> "subprocess.Popen[bytes]":
    plan.results.mkdir(exist_ok=True)
    path = plan.results / "plan.json"
    plan.write(path)
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load_worker", path, what, str(number)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        env=_environment(),
    )


def _ended(worker: "subprocess.Popen[bytes]") -> dict[str, Any]:
    told = worker.communicate()[0]
    assert worker.returncode == 0
    found: dict[str, Any] = json.loads(told)
    return found


@contextmanager
def _endpoint() -> Iterator[str]:
    """A server in a process of its own that answers everything at once."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load_endpoint"],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def _environment() -> Mapping[str, str]:
    return {**os.environ, "no_proxy": "*", "REQUESTS": str(REQUESTS)}


def _told(values: list[float], digits: int = 2) -> str:
    """The middle of the rounds, and all of them."""
    rounds = ", ".join(f"{each:.{digits}f}" for each in values)
    return f"{np.median(values):.{digits}f} (rounds: {rounds})"


if __name__ == "__main__":
    sys.exit(main())
