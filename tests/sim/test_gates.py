"""Defects of applications and the gates that report them."""

from collections import Counter
from pathlib import Path

from sim.model.model import compile_model
from tests.sim.tracing import figures, scenario, trace, trace_model

# inn_of_other_org breaks REG-02 for either kind, address_outdated REG-04 for legal entities only.
GATE = """
population: {organizations: 1000, kinds: {legal: %s, sole_proprietor: %s}, defects: {%s}, mend: %s}
stations: {}
journeys:
  j:
    start: write
    nodes:
      write: {delay: {constant: 60s}, next: gate}
      gate: {check: [%s], next: done, fail: {to: write, after: {constant: 10s}, max: %s,
          give_up: lost}}
      done: {end: completed}
      lost: {end: abandoned}
"""
BOTH = "inn_of_other_org: 1, address_outdated: 1"


def test_a_gate_reports_all_its_defects_at_once_and_a_mended_application_passes(
    tmp_path: Path,
) -> None:
    text = GATE % (1, 0, BOTH, 1, "REG-02, REG-04", 99)
    done = figures(scenario(text, tmp_path, j=[0])).figures
    assert done["rejections.REG-02"] == 1.0
    assert done["rejections.REG-04"] == 1.0
    assert done["journeys.j.returns"] == 1.0
    assert done["journeys.j.time.mean"] == 60 + 10 + 60


def test_a_gate_passes_defects_of_other_rules(tmp_path: Path) -> None:
    text = GATE % (1, 0, BOTH, 1, "REG-03", 99)
    done = figures(scenario(text, tmp_path, j=[0])).figures
    assert done["rejections.REG-03"] == 0.0
    assert done["journeys.j.time.mean"] == 60.0


def test_an_unlisted_defect_never_happens(tmp_path: Path) -> None:
    text = GATE % (1, 0, "inn_of_other_org: 1", 1, "REG-02, REG-04", 99)
    done = figures(scenario(text, tmp_path, j=[0, 1, 2])).figures
    assert done["rejections.REG-02"] == 3.0
    assert done["rejections.REG-04"] == 0.0


def test_a_kind_never_has_a_defect_that_does_not_apply_to_it(tmp_path: Path) -> None:
    text = GATE % (0, 1, BOTH, 1, "REG-02, REG-04", 99)
    done = figures(scenario(text, tmp_path, j=[0, 1, 2])).figures
    assert done["rejections.REG-02"] == 3.0
    assert done["rejections.REG-04"] == 0.0


def test_an_application_that_is_never_mended_gives_up_after_max_returns(tmp_path: Path) -> None:
    text = GATE % (1, 0, "inn_of_other_org: 1", 0, "REG-02", 2)
    done = figures(scenario(text, tmp_path, j=[0])).figures
    # Rejected at 60, 130 and 200; the third time it is not returned any more.
    assert done["rejections.REG-02"] == 3.0
    assert done["journeys.j.returns"] == 2.0
    assert done["journeys.j.abandoned"] == 1.0
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 200, "abandoned")]


def test_max_0_gives_up_at_the_first_rejection(tmp_path: Path) -> None:
    text = GATE % (1, 0, "inn_of_other_org: 1", 0, "REG-02", 0)
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 60, "abandoned")]


def test_max_without_give_up_abandons(tmp_path: Path) -> None:
    text = """
population: {organizations: 9, kinds: {legal: 1, sole_proprietor: 0},
    defects: {inn_of_other_org: 1}, mend: 0}
stations: {}
journeys:
  j:
    start: gate
    nodes:
      gate: {check: [REG-02], next: done, fail: {to: gate, after: {constant: 10s}, max: 3}}
      done: {end: completed}
"""
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 30, "abandoned")]


def test_two_defects_of_one_rule_are_one_rejection(tmp_path: Path) -> None:
    text = GATE % (1, 0, "poa_expired: 1, poa_wrong_kind: 1", 1, "REG-07", 99)
    assert figures(scenario(text, tmp_path, j=[0])).figures["rejections.REG-07"] == 1.0


def test_each_defect_is_mended_on_its_own(tmp_path: Path) -> None:
    n = 1000
    text = GATE % (1, 0, BOTH, 0.5, "REG-02, REG-04", 99)
    model = compile_model(scenario(text, tmp_path, j=[100 * i for i in range(n)]))
    run = trace_model(model).run
    # Each defect is reported 1 / 0.5 = 2 times on the average (variance 2), and the application
    # returns max of two such: 8 / 3 times on the average (variance 20 / 9).
    for rule in ("REG-02", "REG-04"):
        assert abs(run.rejections[rule] - 2 * n) < 4 * (2 * n) ** 0.5
    returns = sum(row[5] for row in trace_model(model).rows.case_rows)
    assert abs(returns - 8 / 3 * n) < 4 * (20 / 9 * n) ** 0.5


def test_defects_are_independent_and_as_frequent_as_written(tmp_path: Path) -> None:
    n = 4000
    text = GATE % (1, 0, "inn_of_other_org: 0.3, address_outdated: 0.5", 1, "REG-02, REG-04", 99)
    model = compile_model(scenario(text, tmp_path, j=[0]))
    stream_keys = range(n)
    masks = Counter(model.applicants.defects_of(key * 7919 + 1, "legal") for key in stream_keys)
    both = sum(count for mask, count in masks.items() if mask.bit_count() == 2)
    none = masks[0]
    assert abs(both - 0.15 * n) < 4 * (n * 0.15 * 0.85) ** 0.5
    assert abs(none - 0.35 * n) < 4 * (n * 0.35 * 0.65) ** 0.5


def test_rejections_and_returns_are_of_cases_that_arrived_after_the_warm_up(
    tmp_path: Path,
) -> None:
    text = "warmup: 10s\n" + GATE % (1, 0, "inn_of_other_org: 1", 0, "REG-02", 2)
    # Either case is rejected three times and returned twice, the first from 60 s on.
    done = figures(scenario(text, tmp_path, "300s", j=[9.999999, 10])).figures
    assert done["rejections.REG-02"] == 3.0
    assert done["journeys.j.returns"] == 2.0


NO_WAY_BACK = """
population: {organizations: 9, kinds: {legal: 1, sole_proprietor: 0},
    defects: {inn_of_other_org: 1}, mend: 1}
stations: {}
journeys:
  j: {start: gate, nodes: {gate: {check: [REG-02], next: done}, done: {end: completed}}}
  outer: {start: sub, nodes: {sub: {run: j, next: done}, done: {end: completed}}}
"""


def test_a_gate_without_fail_rejects_and_returns_nothing(tmp_path: Path) -> None:
    done = figures(scenario(NO_WAY_BACK, tmp_path, j=[0, 1])).figures
    assert done["rejections.REG-02"] == 2.0
    assert done["journeys.j.returns"] == 0.0
    assert done["journeys.j.abandoned"] == 2.0


def test_a_gate_without_fail_returns_nothing_in_a_sub_journey_either(tmp_path: Path) -> None:
    done = figures(scenario(NO_WAY_BACK, tmp_path, outer=[0])).figures
    assert done["rejections.REG-02"] == 1.0
    assert (done["journeys.j.returns"], done["journeys.outer.returns"]) == (0.0, 0.0)
    assert done["journeys.j.abandoned"] == 1.0


def test_a_rejection_that_gives_up_mends_nothing(tmp_path: Path) -> None:
    text = """
population: {organizations: 9, kinds: {legal: 1, sole_proprietor: 0},
    defects: {inn_of_other_org: 1}, mend: 1}
stations: {}
journeys:
  j:
    start: gate
    nodes:
      gate: {check: [REG-02], next: done, fail: {to: gate, after: {constant: 1s}, max: 0,
          give_up: wrong}}
      wrong: {choose: [{to: lost, if: {defects: inn_of_other_org}}, {to: done}]}
      done: {end: completed}
      lost: {end: abandoned}
"""
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 0, "abandoned")]
    # With one return the application is mended on the way.
    mended = trace(text.replace("max: 0", "max: 1"), tmp_path, j=[0])
    assert mended.cases == [("j0", 0, 1, "completed")]


def test_a_rule_that_no_defect_breaks_has_a_figure_too(tmp_path: Path) -> None:
    text = GATE % (1, 0, "inn_of_other_org: 1", 1, "REG-02, REG-13", 99)
    done = figures(scenario(text, tmp_path, j=[0])).figures
    assert done["rejections.REG-13"] == 0.0


def test_conditions_see_kind_and_defects_that_are_left(tmp_path: Path) -> None:
    text = """
population: {organizations: 1000, kinds: {legal: 1, sole_proprietor: 0},
    defects: {inn_of_other_org: 1}, mend: 1}
stations: {}
journeys:
  j:
    start: kind
    nodes:
      kind: {choose: [{to: lost, if: {kind: sole_proprietor}}, {to: write}]}
      write: {delay: {constant: 60s}, next: wrong}
      wrong: {choose: [{to: gate, if: {defects: inn_of_other_org, kind: [legal]}}, {to: rest}]}
      gate: {check: [REG-02], next: lost, fail: write}
      rest: {delay: {constant: 1s}, next: done}
      done: {end: completed}
      lost: {end: abandoned}
"""
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 121, "completed")]
