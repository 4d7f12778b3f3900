"""Random small scenarios: every feature of stations, journeys and arrivals but for files, some
dozens of cases."""

from dataclasses import dataclass

from hypothesis import strategies as st

MILDER = ["slow", "error"]
MINUTES = st.integers(1, 20)


@dataclass(frozen=True)
class RandomScenario:
    """The text of a scenario (without `calendar`) and its horizon."""

    text: str
    horizon: str


@st.composite
def durations(draw: st.DrawFn) -> str:
    """A distribution with a mean of some minutes, or whole minutes so that events coincide."""
    mean = draw(MINUTES)
    return draw(
        st.sampled_from(
            [
                f"{{constant: {mean}m}}",
                f"{{exponential: {{mean: {mean}m}}}}",
                f"{{uniform: {{low: 0s, high: {2 * mean}m}}}}",
                f"{{hyperexponential: {{p: [0.3, 0.7], means: [{mean}m, 1m]}}}}",
                f"{{lognormal: {{mean: {mean}m, cv: 0.8}}}}",
                f"{{triangular: {{low: 1m, mode: {mean}m, high: {mean + 5}m}}}}",
                f"{{erlang: {{k: 3, mean: {mean}m}}}}",
            ]
        )
    )


@st.composite
def servers(draw: st.DrawFn, may_be_none: bool) -> str:
    """A number of servers, or one or two shifts that may overlap."""
    if draw(st.booleans()):
        return str(draw(st.integers(0 if may_be_none else 1, 3)))
    rows = []
    for _ in range(draw(st.integers(1, 2))):
        begin = draw(st.integers(0, 4))
        end = draw(st.integers(begin + 1, 6))
        count = draw(st.integers(1, 2))
        rows.append(f'{{days: all, from: "0{begin}:00", to: "0{end}:00", count: {count}}}')
    return f"{{shifts: [{', '.join(rows)}]}}"


@st.composite
def stations(draw: st.DrawFn, name: str, may_be_none: bool) -> tuple[str, bool]:
    """A station and whether it has a timeout."""
    parts = [
        f"servers: {draw(servers(may_be_none))}",
        f"service: {draw(durations())}",
        f"discipline: {draw(st.sampled_from(['fifo', 'priority']))}",
        f"shift_end: {draw(st.sampled_from(['finish', 'suspend']))}",
    ]
    limit = draw(st.sampled_from([None, None, 0, 1, 3]))
    if limit is not None:
        parts.append(f"queue_limit: {limit}")
    if draw(st.booleans()):
        parts.append(f"patience: {draw(durations())}")
    has_timeout = draw(st.booleans())
    if has_timeout:
        parts.append(f"timeout: {draw(st.integers(3, 40))}m")
        parts.append(f"cancel: {draw(st.sampled_from(['true', 'false']))}")
    if draw(st.booleans()):
        most = draw(st.integers(1, 3))
        parts.append(f"retry: {{max: {most}, backoff: 1m, factor: 2, jitter: 0.5}}")
    return f"  {name}: {{{', '.join(parts)}}}", has_timeout


@st.composite
def faults(draw: st.DrawFn, name: str, station: str, kinds: list[str]) -> str:
    """A fault that begins and ends on whole minutes."""
    kind = draw(st.sampled_from(kinds))
    begin = draw(st.integers(0, 179))
    more = {
        "outage": "",
        "slow": ", factor: 2.5",
        "error": ", p: 0.5, retry_after: 3m",
    }[kind]
    return (
        f"{{id: {name}, service: {station}, kind: {kind}, "
        f"from: 2026-04-20T0{begin // 60}:{begin % 60:02d}, "
        f"for: {draw(st.integers(1, 60))}m{more}}}"
    )


@st.composite
def failures(draw: st.DrawFn, node: str) -> str:
    """What a node does when it fails: the default, away, or again with a bound."""
    again = f", fail: {{to: {node}, after: {{constant: 5m}}, max: 2, give_up: lost}}"
    return draw(st.sampled_from(["", ", fail: lost", again]))


@st.composite
def blocks(draw: st.DrawFn, name: str, following: str, names: list[str]) -> list[str]:
    """A node, or a fork with its branches, that leads to `following`."""
    kinds = ["serve", "serve", "serve", "delay", "choose", "if", "fork", "check", "run"]
    kind = draw(st.sampled_from(kinds))
    station = st.sampled_from(names)
    if kind == "serve":
        priority = draw(st.integers(0, 2))
        fail = draw(failures(name))
        return [
            f"{name}: {{serve: {draw(station)}, priority: {priority}, next: {following}{fail}}}"
        ]
    if kind == "delay":
        term = draw(st.sampled_from(["", ", within: 8m, late: lost", ", within: 1wd, late: lost"]))
        return [f"{name}: {{delay: {draw(durations())}{term}, next: {following}}}"]
    if kind == "choose":
        return [f"{name}: {{choose: [{{to: {following}, p: 0.8}}, {{to: lost, p: 0.2}}]}}"]
    if kind == "if":
        asked = draw(conditions(name))
        return [
            f"{name}: {{choose: [{{to: {name}o, if: {asked}}}, {{to: {following}}}]}}",
            f"{name}o: {{delay: {draw(durations())}, next: {name}}}",
        ]
    if kind == "check":
        fail = f"{{to: {name}, after: {draw(durations())}, max: 3, give_up: lost}}"
        return [f"{name}: {{check: [REG-02, REG-04], next: {following}, fail: {fail}}}"]
    if kind == "run":
        which = draw(st.sampled_from(["inner", "outer"]))
        return [f"{name}: {{run: {which}, next: {following}{draw(failures(name))}}}"]
    return [
        f"{name}: {{fork: [{name}x, {name}y], next: {following}{draw(failures(name))}}}",
        f"{name}x: {{serve: {draw(station)}}}",
        *draw(second_branches(name, names)),
    ]


@st.composite
def second_branches(draw: st.DrawFn, name: str, names: list[str]) -> list[str]:
    """What the second branch of fork `name` does: two stops, a fork in itself, another journey."""
    station = st.sampled_from(names)
    last = f"{name}z: {{delay: {draw(durations())}}}"
    kind = draw(st.sampled_from(["stops", "fork", "run"]))
    if kind == "stops":
        return [f"{name}y: {{serve: {draw(station)}, next: {name}z}}", last]
    if kind == "run":
        return [f"{name}y: {{run: inner, next: {name}z}}", last]
    return [
        f"{name}y: {{fork: [{name}u, {name}v], next: {name}z}}",
        f"{name}u: {{serve: {draw(station)}, priority: {draw(st.integers(0, 2))}}}",
        f"{name}v: {{delay: {draw(durations())}}}",
        last,
    ]


@st.composite
def conditions(draw: st.DrawFn, node: str) -> str:
    """What a choice at `node` asks; it is not asked for ever."""
    often = draw(st.integers(1, 3))
    also = draw(
        st.sampled_from(
            [
                "",
                ", kind: legal",
                ", kind: [legal, sole_proprietor], tier: [medium, large]",
                ", defects: [inn_of_other_org]",
                ", tier: small, defects: [address_outdated, inn_of_other_org]",
            ]
        )
    )
    return f"{{visits: {{{node}: {{at_most: {often}}}}}{also}}}"


@st.composite
def streams(draw: st.DrawFn) -> list[str]:
    """Arrivals of journey `j`: one stream or two, flat or with a profile and a peak."""
    rate = draw(st.integers(5, 30))
    flat = f"{{journey: j, rate: {{per_hour: {rate}}}}}"
    peak = "{from: 2026-04-20T00:30, to: 2026-04-20T01:15, factor: 3}"
    hours = ", ".join(str(1 + hour % 3) for hour in range(24))
    profile = f"profile: {{hours: [{hours}], weekdays: [1, 1, 1, 1, 1, 0.5, 0.5]}}"
    shaped = f"{{journey: j, rate: {{per_hour: {rate // 2 + 1}, {profile}}}, peaks: [{peak}]}}"
    return draw(st.sampled_from([[flat], [shaped], [flat, shaped]]))


@st.composite
def scenarios(draw: st.DrawFn) -> RandomScenario:
    """Two or three stations, three journeys (run inside one another), at most three faults."""
    until_empty = draw(st.booleans())
    names = [f"s{n}" for n in range(draw(st.integers(2, 3)))]
    written = [draw(stations(name, not until_empty)) for name in names]
    planned: list[str] = []
    down: set[int] = set()
    for n in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(names) - 1))
        # Two outages of one station may not overlap: it has one at most.
        may_be_down = written[at][1] and at not in down
        planned.append(draw(faults(f"f{n}", names[at], ["outage"] * 3 * may_be_down + MILDER)))
        if "outage" in planned[-1]:
            down.add(at)
    count = draw(st.integers(1, 4))
    nodes = []
    for n in range(count):
        following = f"b{n + 1}" if n + 1 < count else "last"
        nodes += draw(blocks(f"b{n}", following, names))
    nodes.append("last: {choose: [{to: done, p: 0.9}, {to: lost, p: 0.1}]}")
    nodes += ["done: {end: completed}", "lost: {end: abandoned}"]
    inner = draw(st.sampled_from(names))
    end = "until_empty, arrivals_until: 2026-04-20T02:00" if until_empty else "5h"
    text = f"""
seed: {draw(st.integers(0, 10**6))}
calendar: {{start: 2026-04-20T00:00, horizon: {end}}}
population:
  organizations: {draw(st.sampled_from([7, 1000]))}
  kinds: {draw(st.sampled_from(["{legal: 0.4, sole_proprietor: 0.6}", "{sole_proprietor: 1}"]))}
  tiers: {{medium: 0.5, small: 0.3, large: 0.2}}
  defects: {{inn_of_other_org: 0.3, address_outdated: 0.4}}
  mend: 0.6
arrivals:
{chr(10).join(f"  - {stream}" for stream in draw(streams()))}
  - {{journey: inner, rate: {{per_hour: 4}}}}
stations:
{chr(10).join(line for line, _ in written)}
faults: [{", ".join(planned)}]
journeys:
  j: {{start: b0, nodes: {{{", ".join(nodes)}}}}}
  inner: {{start: ask, nodes: {{ask: {{serve: {inner}, next: done}}, done: {{end: completed}}}}}}
  outer: {{start: first, nodes: {{first: {{delay: {draw(durations())}, next: ask}},
    ask: {{run: inner, next: done, fail: {{to: first, max: 1, give_up: no}}}},
    done: {{end: completed}}, no: {{end: abandoned}}}}}}
"""
    return RandomScenario(text, end)
