"""summary.json, figure by figure."""

import json
import math

import pytest

from reports.summary import as_json, summary
from sim.experiments.results import Figure
from tests.reports.tiny import FIGURES, tiny, without_intervals


def triple(value: float | None, low: float | None, high: float | None) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


def test_summary_nests_every_figure_as_the_contract_names_it() -> None:
    assert summary(tiny()) == {
        "journeys": {
            "registration": {
                "arrived": triple(100.0, 98.0, 102.0),
                "completed": triple(90.0, 89.0, 91.0),
                "abandoned": triple(4.0, 3.0, 5.0),
                "unfinished": triple(0.0, 0.0, 0.0),
                "returns": triple(21.0, 20.0, 22.0),
                "time": {
                    "mean": triple(70.0, 60.0, 80.0),
                    "p50": triple(8040.0, 7980.0, 8100.0),
                    "p90": triple(80.0, 79.0, 81.0),
                    "p95": triple(270000.0, 259200.0, 280800.0),
                    "p99": triple(99.0, 98.0, 100.0),
                },
            }
        },
        "rejections": {"REG-02": triple(21.0, 20.0, 22.0), "REG-04": triple(0.0, 0.0, 0.0)},
        "stations": {
            "egrul": {
                "utilisation": triple(0.75, 0.5, 1.0),
                "wait": {"mean": triple(12.0, 11.0, 13.0), "p95": triple(30.0, 29.0, 31.0)},
                "queue": {"mean": triple(2.25, 2.0, 2.5), "max": triple(7.0, 7.0, 7.0)},
                "served": triple(95.0, 94.0, 96.0),
                "retries": triple(5.0, 4.0, 6.0),
                "retry_amplification": triple(1.05, 1.04, 1.06),
            }
        },
        "retry_amplification": triple(1.05, 1.04, 1.06),
        "recovery": {"egrul-down": triple(300.0, 240.0, 360.0)},
        "objectives": {
            "five-days": {
                "pass": False, **triple(0.963, 0.958, 0.968), "margin": -0.032,
                "undue": triple(2.0, 1.0, 3.0),
            },
            "quick": {
                "pass": True, **triple(8040.0, 7980.0, 8100.0), "margin": 900.0,
                "undue": triple(0.0, None, None),
            },
        },
        "checks": [{"name": "flow", "pass": True, "detail": "100 = 90 + 4 + 6"}],
    }  # fmt: skip


def test_order_is_that_of_the_report_whatever_the_order_of_figures() -> None:
    shuffled = tiny(figures=dict(reversed(FIGURES.items())))
    assert as_json(summary(shuffled)) == as_json(summary(tiny()))
    assert list(summary(shuffled)["journeys"]["registration"]["time"]) == [
        "mean", "p50", "p90", "p95", "p99",
    ]  # fmt: skip


def test_one_replication_has_null_intervals() -> None:
    assert summary(without_intervals())["retry_amplification"] == triple(1.05, None, None)


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_figures_that_are_no_numbers_become_null(broken: float) -> None:
    figures = FIGURES | {"retry_amplification": Figure(broken, broken, broken, 2)}
    written = json.loads(as_json(summary(tiny(figures=figures))))
    assert written["retry_amplification"] == triple(None, None, None)


def test_not_a_number_never_gets_into_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"value": math.nan})
