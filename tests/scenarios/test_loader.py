"""Scenarios that are right: names resolved, defaults added, overrides applied, data files read."""

import pickle
from datetime import datetime
from pathlib import Path

import pytest

import rulebook
from scenarios import distributions
from scenarios.builtin_models import BUILTIN_JOURNEYS, builtin_journey, default_stations
from scenarios.durations import MICROSECONDS, WorkingDays
from scenarios.format import MetricObjective, RatedArrivals, WithinObjective
from scenarios.journey_format import Choose, Delay
from scenarios.loader import load, loads
from scenarios.problems import ScenarioError
from scenarios.station_format import ShiftPlan

FOLDER = Path(__file__).parent
GOOD = (FOLDER / "good.yaml").read_text(encoding="utf-8")
SECOND, HOUR = MICROSECONDS["s"], MICROSECONDS["h"]


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """The example scenario of the contract beside its observed arrivals."""
    path = tmp_path / "contract.yaml"
    path.write_bytes((FOLDER / "contract.yaml").read_bytes())
    rows = ["id,time", "1,2026-04-21T10:00", "2,2026-04-20T12:00:00+03:00", "3,2026-04-20T09:00Z"]
    (tmp_path / "observed.csv").write_text("\n".join(rows), encoding="utf-8")
    return path


def problem_codes(text: str, *overrides: str, folder: Path | None = None) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as raised:
        loads(text, folder=folder, overrides=overrides)
    return [(problem.code, problem.key) for problem in raised.value.problems]


# --- the example of the contract ------------------------------------------------------------------


def test_contract_example_is_read_into_typed_values(contract: Path) -> None:
    complete = load(contract)
    scenario = complete.scenario
    assert scenario.name == "Пик налогового периода"
    egrul = complete.stations["egrul"]
    assert egrul.service == distributions.lognormal(120_000, 1)
    assert egrul.timeout == 30 * SECOND
    assert egrul.retry is not None
    assert (egrul.retry.max, egrul.retry.backoff) == (5, 2 * SECOND)
    plan = complete.stations["operators"].servers
    assert isinstance(plan, ShiftPlan)
    assert [(row.days, row.from_, row.to, row.count) for row in plan.shifts] == [
        ("working", 540, 1080, 40),
        (["sat"], 600, 840, 5),
    ]
    stream = scenario.arrivals[0]
    assert isinstance(stream, RatedArrivals)
    assert stream.peaks[0].from_ == datetime(2026, 4, 24)
    within, metric = scenario.objectives
    assert isinstance(within, WithinObjective)
    assert within.within == WorkingDays(5)
    assert isinstance(metric, MetricObjective)
    assert metric.at_most == 1800 * SECOND
    assert complete.policy["VER-02.guarantee_working_days"] == 5


def test_contract_example_is_completed_with_what_it_uses_and_does_not_give(contract: Path) -> None:
    complete = load(contract)
    assert list(complete.stations)[:4] == ["egrul", "fns", "pfr", "operators"]
    added = list(complete.stations)[4:]
    assert added == sorted(added)
    assert set(added) <= set(rulebook.load().systems)
    assert complete.station_of("operator") == complete.station_of("operators") == "operators"
    assert complete.station_of("sms") == "sms_gateway"
    assert list(complete.journeys)[:3] == ["registration", "own", "binding"]
    assert any(
        used.text("en").startswith("stations.sms_gateway: default") for used in complete.defaults
    )


def test_contract_example_has_its_times_in_microseconds_since_the_start(contract: Path) -> None:
    complete = load(contract)
    assert complete.horizon_us is None
    assert complete.arrivals_end_us == 10 * 24 * HOUR
    # 09:00Z and 12:00+03:00 are noon in Moscow
    assert dict(complete.instants) == {2: (12 * HOUR, 12 * HOUR, 34 * HOUR)}


def test_complete_scenario_can_be_sent_to_another_process(contract: Path) -> None:
    complete = load(contract)
    again = pickle.loads(pickle.dumps(complete))
    assert again.scenario == complete.scenario
    assert again.stations == complete.stations
    assert again.defaults == complete.defaults


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BUILTIN_JOURNEYS)
def test_built_in_journey_is_without_problems_and_uses_systems_with_defaults(name: str) -> None:
    text = GOOD.replace("  own:\n", f"  {name}: builtin\n  own:\n", 1)
    complete = loads(text)
    assert complete.journeys[name] == builtin_journey(name, rulebook.load().policy())[0]
    assert set(complete.stations) - {"desk", "egrul"} <= set(
        default_stations(rulebook.load().policy())[0]
    )


def test_default_stations_are_systems_of_the_rule_book_with_sources() -> None:
    stations, _ = default_stations(rulebook.load().policy())
    assert set(stations) <= set(rulebook.load().systems)
    assert [name for name, station in stations.items() if not station.source] == []


def test_journey_run_inside_is_added_with_those_it_runs() -> None:
    complete = loads(GOOD.replace("left: {serve: desk}", "left: {run: whole_path}"))
    assert list(complete.journeys)[:2] == ["own", "whole_path"]
    assert "registration" in complete.journeys
    assert "journeys.whole_path: built in, run by own" in [
        used.text("en") for used in complete.defaults
    ]


def test_own_journey_takes_the_place_of_the_built_in_one_of_its_name() -> None:
    text = GOOD.replace("  own:", "  registration:").replace(
        "journey: own", "journey: registration"
    )
    complete = loads(text)
    assert list(complete.journeys) == ["registration"]
    assert complete.journeys["registration"].start == "ask"


def test_station_given_under_another_name_of_its_system_serves_the_nodes_that_name_the_system() -> (
    None
):
    text = GOOD.replace("serve: desk", "serve: operator").replace("desk", "operators")
    complete = loads(text)
    assert list(complete.stations) == ["egrul", "operators"]
    assert complete.station_of("operator") == "operators"


def test_station_not_given_takes_the_default_of_its_system() -> None:
    complete = loads(GOOD.replace("serve: desk", "serve: operators"))
    assert list(complete.stations) == ["egrul", "desk", "operator"]
    assert (
        complete.stations["operator"] == default_stations(rulebook.load().policy())[0]["operator"]
    )


@pytest.mark.parametrize(
    "bound",
    [
        "stations.desk.overtime, at_most: 1h",
        "stations.desk.failures, at_most: 3",
        "stations.desk.retry_amplification, at_most: 1.5",
    ],
)
def test_objectives_may_bound_every_figure_of_a_station(bound: str) -> None:
    text = GOOD.replace("stations.desk.utilisation, at_most: 0.8", bound)
    objective = loads(text).scenario.objectives[1]
    assert isinstance(objective, MetricObjective)
    assert objective.metric == bound.partition(",")[0]


def test_metric_and_fault_may_name_a_station_by_any_of_its_names() -> None:
    text = GOOD.replace("stations.desk", "stations.sms").replace(
        "service: egrul, kind", "service: sms, kind"
    )
    complete = loads(text)
    assert list(complete.stations) == ["egrul", "desk", "sms_gateway"]
    assert complete.metric_of("stations.sms.wait.p95") == "stations.sms_gateway.wait.p95"
    assert complete.metric_of("journeys.own.time.p95") == "journeys.own.time.p95"


def test_condition_on_a_parameter_may_list_its_values() -> None:
    condition = "if: {policy: {BND.confirmation: [sms, signature], AUTH-03.lock_min: 30}}"
    assert loads(GOOD.replace("if: {kind: legal}", condition))


def test_unknown_name_has_no_station() -> None:
    with pytest.raises(KeyError):
        loads(GOOD).station_of("nowhere")


# --- overrides ------------------------------------------------------------------------------------


def test_overrides_change_values_list_items_and_keys_that_are_not_given() -> None:
    complete = loads(
        GOOD,
        overrides=[
            "stations.egrul.servers=12",
            "stations.desk.servers.shifts.0.count=30",
            "stations.desk.queue_limit=7",
            "load.scale=0.5",
            "policy.BND.confirmation=sms",
            "policy.AUTH-03.lock_min=15",
            "seed=0x10",
            "arrivals.0.peaks=[]",
            "description=на 5% выше",
        ],
    )
    assert complete.stations["egrul"].servers == 12
    plan = complete.stations["desk"].servers
    assert isinstance(plan, ShiftPlan)
    assert plan.shifts[0].count == 30
    assert complete.stations["desk"].queue_limit == 7
    assert complete.scenario.load.scale == 0.5
    assert complete.policy["BND.confirmation"] == "sms"
    assert complete.policy["AUTH-03.lock_min"] == 15
    assert complete.scenario.seed == 16
    assert complete.scenario.description == "на 5% выше"
    stream = complete.scenario.arrivals[0]
    assert isinstance(stream, RatedArrivals)
    assert stream.peaks == []


def test_later_override_wins() -> None:
    assert loads(GOOD, overrides=["seed=1", "seed=2"]).scenario.seed == 2


def test_override_inside_a_station_not_given_starts_from_its_default() -> None:
    text = GOOD.replace("serve: desk", "serve: operator")
    default = default_stations(rulebook.load().policy())[0]["operator"]
    station = loads(text, overrides=["stations.operators.queue_limit=3"]).stations["operator"]
    assert station.queue_limit == 3
    assert station.service == default.service
    # the default itself stays as it was
    assert loads(text).stations["operator"].queue_limit == default.queue_limit


def test_override_by_another_name_changes_the_station_that_is_given() -> None:
    text = GOOD.replace("desk", "operators")
    complete = loads(text, overrides=["stations.operator.queue_limit=3"])
    assert complete.stations["operators"].queue_limit == 3


@pytest.mark.parametrize(
    ("override", "code", "key"),
    [
        ("seed", "override_syntax", "seed"),
        ("=5", "override_syntax", "=5"),
        ("stations..servers=5", "override_syntax", "stations..servers=5"),
        ("", "override_syntax", ""),
        ("seed=[1", "override_value", "seed=[1"),
        ("seed={a: 1, a: 2}", "override_value", "seed={a: 1, a: 2}"),
        ("name.first=x", "override_path", "name.first=x"),
        ("arrivals.1.journey=own", "override_path", "arrivals.1.journey=own"),
        ("arrivals.-1.journey=own", "override_path", "arrivals.-1.journey=own"),
        ("arrivals.first.journey=own", "override_path", "arrivals.first.journey=own"),
        ("stations.egrul.servers=many", "servers", "stations.egrul.servers"),
        ("stations.egrul.servers=", "servers", "stations.egrul.servers"),
        ("stations.egrul.sevrers=5", "unknown_key", "stations.egrul.sevrers"),
        ("stations.egrul.timeout.max=5", "override_path", "stations.egrul.timeout.max=5"),
        ("sede=5", "unknown_key", "sede"),
        ("stations.egrull.servers=5", "override_station", "stations.egrull.servers=5"),
        ("journeys.own.start=aks", "unknown_node", "journeys.own.start"),
    ],
)
def test_wrong_override_is_told_as_the_command_line(override: str, code: str, key: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD, overrides=[override])
    (problem,) = raised.value.problems
    assert (problem.code, problem.file, problem.line, problem.key) == (code, "--set", None, key)
    assert problem.text("ru").startswith(f"--set: {key}" if key else "--set: ")


def test_mistyped_station_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD, overrides=["stations.egrull.servers=5", "stations.egrull.retry.max=2"])
    (problem,) = raised.value.problems
    assert problem.text("en") == (
        '--set: stations.egrull.servers=5: the scenario has no station "egrull"; '
        "did you mean egrul?"
    )


def test_new_station_may_have_nearly_the_name_of_another() -> None:
    new = ["stations.egrull.servers=5", "stations.egrull.service={constant: 1s}"]
    assert loads(GOOD, overrides=new).stations["egrull"].servers == 5


def test_override_can_mend_a_malformed_scenario() -> None:
    broken = GOOD.replace("servers: 8", "servers: many")
    assert loads(broken, overrides=["stations.egrul.servers=8"]).stations["egrul"].servers == 8


def test_hash_changes_with_the_file_and_with_each_override() -> None:
    hashes = [
        loads(GOOD).scenario_hash,
        loads(GOOD + "# x\n").scenario_hash,
        loads(GOOD, overrides=["seed=7"]).scenario_hash,
        loads(GOOD, overrides=["seed=7", "seed=7"]).scenario_hash,
    ]
    assert len(set(hashes)) == 4
    assert hashes[0] == loads(GOOD).scenario_hash


# --- data files -----------------------------------------------------------------------------------


def observed(tmp_path: Path, content: str) -> str:
    (tmp_path / "observed.csv").write_text(content, encoding="utf-8")
    return GOOD.replace(
        "    rate: {per_hour: 60, profile: office_hours}\n"
        "    peaks: [{from: 2026-04-21T00:00, to: 2026-04-22T00:00, factor: 2}]\n",
        "    instants: observed.csv\n",
    )


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        ("when\n2026-04-20T00:00\n", "data_column", None),
        ("", "data_column", None),
        ("time\n", "data_empty", None),
        ("time\n2026-04-20T00:00\nnoon\n", "data_time", 3),
        ("time,n\n2026-04-20T00:00,1\n,2\n", "data_time", 3),
        ("time\n2026-04-19T23:59:59.999999\n", "data_before_start", 2),
        ("time\n2026-04-20T23:59\n2026-04-21T00:00\n", "data_after_horizon", 3),
        ('time\n"2026-04-20T00:00\n', "data_syntax", 2),
    ],
)
def test_wrong_file_of_instants_is_told_with_its_row(
    tmp_path: Path, content: str, code: str, row: int | None
) -> None:
    text = observed(tmp_path, content)
    with pytest.raises(ScenarioError) as raised:
        loads(text, folder=tmp_path, overrides=["calendar.horizon=1d", "faults=[]"])
    (problem,) = raised.value.problems
    assert (problem.code, problem.line, problem.key) == (code, 21, "arrivals.0.instants")
    assert problem.params["file"] == "observed.csv"
    assert problem.params.get("row") == row
    assert "observed.csv" in problem.text("ru")


def test_instants_at_the_start_and_just_before_the_horizon_are_read(tmp_path: Path) -> None:
    text = observed(tmp_path, "time\n\n2026-04-20T23:59:59.999999\n2026-04-20T00:00\n")
    complete = loads(text, folder=tmp_path, overrides=["calendar.horizon=1d", "faults=[]"])
    assert complete.instants[0] == (0, 24 * HOUR - 1)
    assert complete.horizon_us == 24 * HOUR


def test_semicolons_and_a_byte_order_mark_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    text = observed(tmp_path, "\ufeffid;time\r\n1;2026-04-20T01:00\r\n")
    assert loads(text, folder=tmp_path).instants[0] == (HOUR,)


def test_instants_in_another_encoding_are_told_with_their_row(tmp_path: Path) -> None:
    text = observed(tmp_path, "")
    (tmp_path / "observed.csv").write_bytes(b"time\n2026-04-20T00:00\n\xff\n")
    with pytest.raises(ScenarioError) as raised:
        loads(text, folder=tmp_path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.params["row"]) == ("data_encoding", 3)


EMPIRICAL = GOOD.replace("{exponential: {mean: 10m}}", "{empirical: seen.csv}")
SERVICE = "stations.desk.service.empirical"


def test_observed_services_are_read_in_seconds(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("seconds,n\n2.5,1\n0,2\n1e-6,3\n", encoding="utf-8")
    service = loads(EMPIRICAL, folder=tmp_path).stations["desk"].service
    assert service == distributions.empirical([2_500_000, 0, 1])
    assert service.table == (0.0, 1.0, 2_500_000.0)


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e11", "abc", "1_0 0"])
def test_observed_service_that_is_no_time_is_told_with_its_row(tmp_path: Path, value: str) -> None:
    (tmp_path / "seen.csv").write_text(f"seconds\n1\n{value}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        loads(EMPIRICAL, folder=tmp_path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.key, problem.params["row"]) == ("data_seconds", SERVICE, 3)


def test_missing_column_of_observed_services_is_told(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("minutes\n1\n", encoding="utf-8")
    assert problem_codes(EMPIRICAL, folder=tmp_path) == [("data_column", SERVICE)]


# --- distributions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{constant: 5s}", distributions.constant(5 * SECOND)),
        ("{exponential: {mean: 5s}}", distributions.exponential(5 * SECOND)),
        ("{lognormal: {mean: 5s, cv: 2}}", distributions.lognormal(5 * SECOND, 2)),
        ("{lognormal: {mean: 5s, cv: 0}}", distributions.constant(5 * SECOND)),
        ("{uniform: {low: 1s, high: 5s}}", distributions.uniform(SECOND, 5 * SECOND)),
        ("{uniform: {low: 5s, high: 5s}}", distributions.constant(5 * SECOND)),
        (
            "{triangular: {low: 1s, mode: 1s, high: 5s}}",
            distributions.triangular(SECOND, SECOND, 5 * SECOND),
        ),
        ("{triangular: {low: 5s, mode: 5s, high: 5s}}", distributions.constant(5 * SECOND)),
        ("{erlang: {k: 3, mean: 5s}}", distributions.erlang(3, 5 * SECOND)),
        (
            "{hyperexponential: {p: [0.9, 0.1], means: [1s, 9s]}}",
            distributions.hyperexponential([0.9, 0.1], [SECOND, 9 * SECOND]),
        ),
    ],
)
def test_distribution_is_read_with_times_in_microseconds(
    written: str, read: distributions.Distribution
) -> None:
    text = GOOD.replace("{exponential: {mean: 10m}}", written)
    assert loads(text).stations["desk"].service == read


def test_a_policy_changes_the_built_in_journeys_that_its_parameter_rules() -> None:
    scenario = """
version: 1
name: policy
calendar: {start: 2026-01-01T00:00, arrivals_until: 2026-01-02T00:00}
policy: {BND-06.head_confirm_ttl_h: 24, BND-11.max_failed_bindings: 2}
stations: {}
arrivals: [{journey: binding, rate: {per_day: 1}}]
journeys: {binding: builtin}
"""
    nodes = loads(scenario).journeys["binding"].nodes
    answer = nodes["head_answer"]
    failures = nodes["form_failures"]
    assert isinstance(answer, Delay)
    assert isinstance(failures, Choose)
    assert answer.within == 24 * 3_600_000_000
    lock = failures.choose[0].if_
    assert lock is not None
    assert lock.visits is not None
    assert lock.visits["form_gate"].at_least == 2
