"""The event log: its rows and traces for runs worked out by hand."""

import csv
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scenarios.loader import loads
from sim.experiments import event_log
from sim.experiments.backends import LocalBackend
from sim.experiments.event_log import EventFormat, EventLog, missing_extra
from sim.experiments.experiment import experiment
from sim.model.model import compile_model

needs_pyarrow = pytest.mark.skipif(find_spec("pyarrow") is None, reason="the extra `parquet`")

# One clerk, no waiting: whoever comes while the clerk is busy is refused and gives up.
LOSS = """
version: 1
name: t
calendar: {start: 2026-04-20T09:00}
stations: {desk: {servers: 1, queue_limit: 0, service: {constant: 10s}}}
arrivals: [{journey: j, instants: arrivals.csv}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""
LOSS_ARRIVALS = ["2026-04-20T09:00:00", "2026-04-20T09:00:05", "2026-04-20T09:00:20.250"]
LOSS_CSV = """\
replication,journey,case,node,visit,attempt,station,enter,start,end,outcome
0,j,1,ask,0,0,desk,2026-04-20T09:00:05.000000+03:00,,2026-04-20T09:00:05.000000+03:00,refused
0,j,0,ask,0,0,desk,2026-04-20T09:00:00.000000+03:00,2026-04-20T09:00:00.000000+03:00,\
2026-04-20T09:00:10.000000+03:00,served
0,j,2,ask,0,0,desk,2026-04-20T09:00:20.250000+03:00,2026-04-20T09:00:20.250000+03:00,\
2026-04-20T09:00:30.250000+03:00,served
"""

# The shift ends ten seconds into the service, and the clocks go back before the next one begins.
SUSPENDED = """
version: 1
name: t
calendar: {timezone: Europe/Berlin, start: 2026-10-24T17:59:50}
stations:
  desk:
    servers: {shifts: [{days: all, from: "09:00", to: "18:00", count: 1}]}
    shift_end: suspend
    service: {constant: 20s}
arrivals: [{journey: outer, instants: arrivals.csv}]
journeys:
  outer: {start: call, nodes: {call: {run: inner, next: done}, done: {end: completed}}}
  inner: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
"""
SUSPENDED_ARRIVALS = ["2026-10-24T17:59:50"]

# The client goes after five seconds, the clerk works on in vain until the tenth; then the run ends.
IN_VAIN = """
version: 1
name: t
calendar: {start: 2026-04-20T09:00, horizon: 12s}
stations: {desk: {servers: 1, timeout: 5s, service: {constant: 10s}}}
arrivals: [{journey: j, instants: arrivals.csv}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""
IN_VAIN_ARRIVALS = ["2026-04-20T09:00:00", "2026-04-20T09:00:11"]

RANDOM = """
version: 1
name: t
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T03:00}
stations: {desk: {servers: 1, service: {exponential: {mean: 5m}}}}
arrivals: [{journey: j, rate: {per_hour: 10, profile: flat}}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


def log_of(
    text: str,
    folder: Path,
    log_format: EventFormat,
    arrivals: list[str] | None = None,
    replications: int = 1,
    jobs: int = 1,
) -> Path:
    if arrivals is not None:
        (folder / "arrivals.csv").write_text("\n".join(["time", *arrivals]), encoding="utf-8")
    log = EventLog(log_format, folder)
    experiment(
        loads(text, folder=folder),
        replications=replications,
        backend=LocalBackend(jobs),
        events=log,
    )
    return log.join(replications)


Event = dict[str, str]


def traces_of(path: Path) -> list[tuple[dict[str, str], list[Event]]]:
    """Attributes of each trace and of its events, as text by key."""

    def attributes(element: ET.Element) -> dict[str, str]:
        return {a.attrib["key"]: a.attrib["value"] for a in element if a.tag != "event"}

    log = ET.parse(path).getroot()
    return [
        (attributes(trace), [attributes(event) for event in trace.findall("event")])
        for trace in log.findall("trace")
    ]


def short(events: list[Event]) -> list[tuple[str, str, str]]:
    keys = ("concept:instance", "lifecycle:transition", "time:timestamp")
    return [(event[keys[0]], event[keys[1]], event[keys[2]]) for event in events]


def test_csv_has_a_row_per_end_of_a_visit_in_the_order_of_ends(tmp_path: Path) -> None:
    path = log_of(LOSS, tmp_path, EventFormat.CSV, LOSS_ARRIVALS)
    assert path.read_text(encoding="utf-8") == LOSS_CSV
    assert path.name == "events.csv"


def test_csv_tells_a_suspended_visit_in_parts_and_each_time_with_its_own_offset(
    tmp_path: Path,
) -> None:
    path = log_of(SUSPENDED, tmp_path, EventFormat.CSV, SUSPENDED_ARRIVALS)
    head = "0,outer,0,call/ask,0,0,desk,2026-10-24T17:59:50.000000+02:00,"
    head += "2026-10-24T17:59:50.000000+02:00,"
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        f"{head}2026-10-24T18:00:00.000000+02:00,held",
        f"{head}2026-10-25T09:00:10.000000+01:00,served",
    ]


def test_csv_tells_the_work_in_vain_after_a_timeout_and_what_the_end_cut_off(
    tmp_path: Path,
) -> None:
    path = log_of(IN_VAIN, tmp_path, EventFormat.CSV, IN_VAIN_ARRIVALS)
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["case"], row["end"][14:19], row["outcome"]) for row in csv.DictReader(file)]
    assert rows == [("0", "00:05", "timeout"), ("0", "00:10", "held"), ("1", "00:12", "unfinished")]


def test_xes_has_a_trace_per_case_with_start_and_completion_of_each_visit(tmp_path: Path) -> None:
    traces = traces_of(log_of(LOSS, tmp_path, EventFormat.XES, LOSS_ARRIVALS))
    assert [trace for trace, _ in traces] == [
        {"concept:name": "0/j/0", "replication": "0", "journey": "j", "outcome": "completed"},
        {"concept:name": "0/j/1", "replication": "0", "journey": "j", "outcome": "abandoned"},
        {"concept:name": "0/j/2", "replication": "0", "journey": "j", "outcome": "completed"},
    ]
    assert [short(events) for _, events in traces] == [
        [
            ("j.ask/0/0", "start", "2026-04-20T09:00:00.000000+03:00"),
            ("j.ask/0/0", "complete", "2026-04-20T09:00:10.000000+03:00"),
        ],
        [("j.ask/0/0", "complete", "2026-04-20T09:00:05.000000+03:00")],
        [
            ("j.ask/0/0", "start", "2026-04-20T09:00:20.250000+03:00"),
            ("j.ask/0/0", "complete", "2026-04-20T09:00:30.250000+03:00"),
        ],
    ]
    assert traces[1][1] == [
        {
            "concept:name": "j.ask",
            "concept:instance": "j.ask/0/0",
            "org:resource": "desk",
            "lifecycle:transition": "complete",
            "time:timestamp": "2026-04-20T09:00:05.000000+03:00",
            "visit": "0",
            "attempt": "0",
            "enter": "2026-04-20T09:00:05.000000+03:00",
            "outcome": "refused",
        }
    ]


def test_xes_tells_a_suspended_visit_once(tmp_path: Path) -> None:
    traces = traces_of(log_of(SUSPENDED, tmp_path, EventFormat.XES, SUSPENDED_ARRIVALS))
    assert [short(events) for _, events in traces] == [
        [
            ("outer.call/ask/0/0", "start", "2026-10-24T17:59:50.000000+02:00"),
            ("outer.call/ask/0/0", "complete", "2026-10-25T09:00:10.000000+01:00"),
        ]
    ]


def test_xes_calls_a_case_unfinished_that_the_end_cut_off(tmp_path: Path) -> None:
    traces = traces_of(log_of(IN_VAIN, tmp_path, EventFormat.XES, IN_VAIN_ARRIVALS))
    assert [trace["outcome"] for trace, _ in traces] == ["abandoned", "unfinished"]
    assert [[event["outcome"] for event in events[-1:]] for _, events in traces] == [
        ["timeout"],
        ["unfinished"],
    ]


def test_xes_keeps_what_the_standard_demands_of_a_log(tmp_path: Path) -> None:
    path = log_of(RANDOM, tmp_path, EventFormat.XES, replications=2)
    log = ET.parse(path).getroot()
    assert (log.tag, log.attrib) == ("log", {"xes.version": "1849.2016", "xes.features": ""})
    order = ["extension", "global", "classifier", "string", "trace"]
    assert [tag for tag in order for _ in log.findall(tag)] == [child.tag for child in log]
    prefixes = {extension.attrib["prefix"] for extension in log.findall("extension")}
    declared = {
        scope.attrib["scope"]: {a.attrib["key"] for a in scope} for scope in log.findall("global")
    }
    for classifier in log.findall("classifier"):
        assert set(classifier.attrib["keys"].split()) <= declared[classifier.attrib["scope"]]
    traces = traces_of(path)
    assert len(traces) > 20
    for trace, events in traces:
        assert declared["trace"] <= set(trace)
        for event in events:
            assert declared["event"] <= set(event)
            assert {key.partition(":")[0] for key in event if ":" in key} <= prefixes
            assert datetime.fromisoformat(event["time:timestamp"]).utcoffset() is not None
    names = [trace["concept:name"] for trace, _ in traces]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("log_format", [EventFormat.CSV, EventFormat.XES])
def test_log_has_the_same_bytes_whoever_writes_its_parts(
    tmp_path: Path, log_format: EventFormat
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    contents = []
    for jobs, folder in enumerate(folders, 1):
        folder.mkdir()
        contents.append(log_of(RANDOM, folder, log_format, None, 3, jobs).read_bytes())
    assert contents[0] == contents[1]
    assert len(contents[0].splitlines()) > 60


def test_join_leaves_out_replications_that_were_not_taken(tmp_path: Path) -> None:
    scenario = loads(RANDOM)
    log = EventLog(EventFormat.CSV, tmp_path)
    experiment(scenario, replications=3, backend=LocalBackend(1), events=log)
    with log.join(2).open(encoding="utf-8", newline="") as file:
        assert {row["replication"] for row in csv.DictReader(file)} == {"0", "1"}


def test_part_of_a_failed_replication_is_not_finished(tmp_path: Path) -> None:
    sink = EventLog(EventFormat.XES, tmp_path).sink(compile_model(loads(RANDOM)), 0)
    with pytest.raises(RuntimeError), sink:
        raise RuntimeError
    assert not (tmp_path / "part-0").exists()


def test_parquet_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "find_spec", lambda name: None)
    assert {each: missing_extra(each) for each in EventFormat} == {
        EventFormat.CSV: None,
        EventFormat.PARQUET: "parquet",
        EventFormat.XES: None,
    }


@needs_pyarrow
def test_parquet_holds_the_rows_of_the_csv_with_typed_times(tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an optional extra

    path = log_of(SUSPENDED, tmp_path, EventFormat.PARQUET, SUSPENDED_ARRIVALS)
    rows = pq.read_table(path).to_pylist()
    begin = datetime.fromisoformat("2026-10-24T17:59:50+02:00")
    common = {
        "replication": 0, "journey": "outer", "case": 0, "node": "call/ask", "visit": 0,
        "attempt": 0, "station": "desk", "enter": begin, "start": begin,
    }  # fmt: skip
    assert rows == [
        {**common, "end": datetime.fromisoformat("2026-10-24T18:00:00+02:00"), "outcome": "held"},
        {**common, "end": datetime.fromisoformat("2026-10-25T09:00:10+01:00"), "outcome": "served"},
    ]


@needs_pyarrow
def test_parquet_has_no_start_where_there_was_no_server(tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an optional extra

    rows = pq.read_table(log_of(LOSS, tmp_path, EventFormat.PARQUET, LOSS_ARRIVALS)).to_pylist()
    assert [row["start"] is None for row in rows] == [True, False, False]
