"""How much the mocks' server costs beside a bare one, how fast signed flows are, how much it keeps.

    python -m benchmarks.mocks [--requests N] [--flows N] [--rounds R] [--quick]

ЕГРЮЛ of the country answers about organizations that nobody has asked about before, in JSON and in
XML; a Starlette application of one route answers the same requests with the same number of bytes.
Rounds take the servers in turn, each server is a process of its own. A rate is requests per second
of the server's CPU time, which is what one core could answer; added latency is the difference of
quantiles against the bare server in the same round, over one loopback connection. Then people sign
in through ЕСИА and requests go through СМЭВ (`signed_flows`), and signatures are made and checked
in this process (`signature_rates`). Exit code 1 if JSON is below 1,500 a CPU-second, adds 2 ms at
p50 or more, or the server grows by 100 MB over 100,000 requests; the aims are 2,000 a second and
1 ms.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rich.console import Console
from rich.table import Table

from benchmarks import signature_rates, signed_flows
from benchmarks.organizations import legal_inns
from benchmarks.served import Client, client_of, get, post
from benchmarks.signed_flows import Exchanges, FlowRound, SignIns
from mocks.pki.authorities import available_algorithms
from world.certificate_profiles import KeyAlgorithm

_REQUESTS, _FLOWS, _ROUNDS, _MANY = 2_000, 50, 7, 100_000
_QUICK_REQUESTS, _QUICK_FLOWS, _QUICK_ROUNDS, _QUICK_MANY = 500, 10, 3, 5_000
_TURN_S, _TURNS = 0.02, 5  # of each operation in a round
_MOST_GROWTH_MB, _LEAST_RATE, _MOST_ADDED_MS = 100.0, 1_500.0, 2.0
_AIMED_RATE, _AIMED_ADDED_MS = 2_000.0, 1.0
_NAMESPACE = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"
_NAMES: Mapping[KeyAlgorithm, str] = {"rsa": "RSA-2048", "ecc": "P-256", "gost": "GOST"}


class Requests:
    """Endless requests about legal entities, each asked about once."""

    def __init__(self) -> None:
        self._inns = legal_inns()

    def take(self, form: str, count: int) -> list[bytes]:
        """The next `count` requests in that form: json or xml."""
        return [_request(form, inn) for inn in islice(self._inns, count)]


def _request(form: str, inn: str) -> bytes:
    if form == "json":
        return get(f"/egrul/v1/organizations/{inn}")
    body = (
        f'<FNSVipULRequest xmlns="{_NAMESPACE}" ИдДок="3fa85f64-5717-4562-b3fc-2c963f66afa6">'
        f"<ЗапросЮЛ><ИННЮЛ>{inn}</ИННЮЛ></ЗапросЮЛ></FNSVipULRequest>"
    )
    return post("/egrul/smev", body.encode(), "application/xml")


# --- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Round:
    """What a server did with some requests: per CPU-second, latency in ms."""

    rate: float
    p50_ms: float
    p99_ms: float


def measured(client: Client, requests: Sequence[bytes]) -> Round:
    """Ask one after the other."""
    client.connect()
    before = client.usage()["cpu_s"]
    times = []
    for request in requests:
        began = time.perf_counter()
        status = client.ask(request).status
        times.append((time.perf_counter() - began) * 1e3)
        assert status == 200, status
    used = client.usage()["cpu_s"] - before
    cuts = statistics.quantiles(times, n=100)
    return Round(len(requests) / used, cuts[49], cuts[98])


def take_turns(count: int, rounds: int) -> dict[str, list[Round]]:
    """Rounds of the bare server, of JSON and of XML, in turn."""
    source = Requests()
    seen: dict[str, list[Round]] = {"bare": [], "json": [], "xml": []}
    with client_of("poligon") as poligon:
        sizes = [len(poligon.ask(request).body) for request in source.take("json", 200)]
        with client_of("bare", round(statistics.mean(sizes))) as bare:
            measured(bare, source.take("json", 200))
            measured(poligon, source.take("xml", 200))
            for number in range(rounds):
                seen["bare"].append(measured(bare, source.take("json", count)))
                for form in ("json", "xml"):
                    seen[form].append(measured(poligon, source.take(form, count)))
                print(f"round {number + 1}/{rounds}", file=sys.stderr, flush=True)
    return seen


def growth_mb(many: int) -> float:
    """By how much so many requests raise the memory of a server that has answered some."""
    source = Requests()
    with client_of("poligon") as client:
        for request in source.take("json", 200):
            client.ask(request)
        before = client.usage()["memory_mb"]
        for _ in range(many // 1_000):
            requests = source.take("json", 1_000)
            client.connect()
            for request in requests:
                client.ask(request)
        return client.usage()["memory_mb"] - before


def flow_rounds(count: int, rounds: int) -> dict[str, list[FlowRound]]:
    """Rounds of every flow in every algorithm that works here, in turn."""
    with client_of("poligon") as client:
        flows = {
            f"{name}, {_NAMES[algorithm]}": kind(client, algorithm)
            for name, kind in (("ЕСИА: sign-in", SignIns), ("СМЭВ: exchange", Exchanges))
            for algorithm in available_algorithms()
        }
        seen: dict[str, list[FlowRound]] = {name: [] for name in flows}
        for flow in flows.values():
            signed_flows.measured(flow, 3)
        for number in range(rounds):
            for name, flow in flows.items():
                seen[name].append(signed_flows.measured(flow, count))
            print(f"flows: round {number + 1}/{rounds}", file=sys.stderr, flush=True)
    return seen


def signature_rounds(rounds: int) -> dict[KeyAlgorithm, list[Mapping[str, float]]]:
    """Rates of every operation in every algorithm that works here, in turn."""
    rates: dict[KeyAlgorithm, list[Mapping[str, float]]] = {}
    for number in range(rounds):
        for algorithm in available_algorithms():
            measured_now = signature_rates.rates(algorithm, _TURN_S, _TURNS)
            rates.setdefault(algorithm, []).append(measured_now)
        print(f"signatures: round {number + 1}/{rounds}", file=sys.stderr, flush=True)
    return rates


# --- what is printed ------------------------------------------------------------------------------


def table(seen: dict[str, list[Round]]) -> Table:
    """Rates and latencies, medians over rounds and their range."""
    drawn = Table(
        "server", "per CPU-second", "p50, ms", "p99, ms", "added at p50, ms", "at p99, ms"
    )
    for name, rounds in seen.items():
        p50 = [r.p50_ms - b.p50_ms for r, b in zip(rounds, seen["bare"], strict=True)]
        p99 = [r.p99_ms - b.p99_ms for r, b in zip(rounds, seen["bare"], strict=True)]
        drawn.add_row(
            name,
            _ranged([r.rate for r in rounds], 0),
            _ranged([r.p50_ms for r in rounds], 2),
            _ranged([r.p99_ms for r in rounds], 2),
            "" if name == "bare" else _ranged(p50, 2),
            "" if name == "bare" else _ranged(p99, 2),
        )
    return drawn


def flow_table(seen: Mapping[str, Sequence[FlowRound]]) -> Table:
    """Rates of flows, medians over rounds and their range."""
    drawn = Table("flow", "per CPU-second of the server", "per second of waiting for it")
    for name, rounds in seen.items():
        per_cpu_s, per_s = [r.per_cpu_s for r in rounds], [r.per_s for r in rounds]
        drawn.add_row(name, _ranged(per_cpu_s, 0), _ranged(per_s, 0))
    return drawn


def signature_table(seen: Mapping[KeyAlgorithm, Sequence[Mapping[str, float]]]) -> Table:
    """Rates of operations, and how much longer than the bare one each takes: medians, ranges."""
    drawn = Table("key", "operation", "per CPU-second", "times as long as bare")
    for algorithm, rounds in seen.items():
        for name, bare in signature_rates.OPERATIONS.items():
            rates, ratios = [r[name] for r in rounds], [r[bare] / r[name] for r in rounds]
            longer = "" if name == bare else _ranged(ratios, 1)
            drawn.add_row(_NAMES[algorithm], name, _ranged(rates, 0), longer)
    return drawn


def _ranged(values: Sequence[float], digits: int) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} … {high:,.{digits}f})"


def main() -> int:
    """Measure and print; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, help=f"in each round (default: {_REQUESTS})")
    parser.add_argument("--flows", type=int, help=f"of a kind in each round (default: {_FLOWS})")
    parser.add_argument("--rounds", type=int, help=f"default: {_ROUNDS}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    options = parser.parse_args()
    count = options.requests or (_QUICK_REQUESTS if options.quick else _REQUESTS)
    rounds = options.rounds or (_QUICK_ROUNDS if options.quick else _ROUNDS)
    flows = options.flows or (_QUICK_FLOWS if options.quick else _FLOWS)
    many = _QUICK_MANY if options.quick else _MANY
    seen = take_turns(count, rounds)
    signed, made = flow_rounds(flows, rounds), signature_rounds(rounds)
    growth = growth_mb(many)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table(seen), flow_table(signed), signature_table(made), sep="\n")
    rate = statistics.median(r.rate for r in seen["json"])
    added = statistics.median(
        r.p50_ms - b.p50_ms for r, b in zip(seen["json"], seen["bare"], strict=True)
    )
    print(f"JSON: {rate:,.0f} per CPU-second (aim {_AIMED_RATE:,.0f})")
    print(f"JSON: {added:.2f} ms added at p50 (aim {_AIMED_ADDED_MS:g})")
    print(f"{many:,} requests raise the memory by {growth:.0f} MB (limit {_MOST_GROWTH_MB:g})")
    missed = growth >= _MOST_GROWTH_MB or rate < _LEAST_RATE or added >= _MOST_ADDED_MS
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
