"""pm4py reads the XES of `simulate --events`: the very events that the CSV of the same run has."""

import csv
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.event_log import EventFormat, EventLog
from sim.experiments.experiment import experiment
from tests.clients.running import CLIENTS, needs_clients, saw

PROGRAM = Path(__file__).parent / "programs" / "pm4py_reader.py"
# Some ask twice, some in two places at once; nobody is refused, so that every visit has a start.
SCENARIO = """
version: 1
name: t
seed: 3
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T03:00}
stations:
  desk: {servers: 2, service: {exponential: {mean: 5m}}}
  office: {servers: 1, service: {constant: 2m}}
arrivals: [{journey: j, rate: {per_hour: 10, profile: flat}}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: again}
      again: {choose: [{to: ask, p: 0.3}, {to: both, p: 0.7}]}
      both: {fork: [left, right], next: done}
      left: {serve: desk}
      right: {serve: office}
      done: {end: completed}
"""
pytestmark = needs_clients


def test_xes_holds_for_pm4py_the_events_of_the_csv(tmp_path: Path) -> None:
    paths = {}
    for log_format in (EventFormat.CSV, EventFormat.XES):
        log = EventLog(log_format, tmp_path)
        experiment(loads(SCENARIO), replications=2, backend=LocalBackend(1), events=log)
        paths[log_format] = log.join(2)
    with paths[EventFormat.CSV].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    found = saw(PROGRAM, python=CLIENTS, log=str(paths[EventFormat.XES]))

    def at(text: str) -> str:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()

    expected: Counter[tuple[str, ...]] = Counter()
    ends: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        case = "{replication}/{journey}/{case}".format_map(row)
        activity = "{journey}.{node}".format_map(row)
        instance = f"{activity}/{row['visit']}/{row['attempt']}"
        for transition, time in (("start", row["start"]), ("complete", row["end"])):
            expected[case, activity, instance, transition, row["station"], at(time)] += 1
        ends.setdefault(case, []).append((at(row["end"]), activity))
    keys = ("case", "activity", "instance", "transition", "resource")
    assert len(found["events"]) > 200
    assert expected == Counter(
        (*(event[key] for key in keys), at(event["time"])) for event in found["events"]
    )
    ways = [[activity for _, activity in sorted(visits)] for visits in ends.values()]
    steps = Counter(step for way in ways for step in pairwise(way))
    assert found["edges"] == [[a, b, times] for (a, b), times in sorted(steps.items())]
    assert found["starts"] == Counter(way[0] for way in ways)
    assert found["ends"] == Counter(way[-1] for way in ways)
