"""Which metrics runs of a model have, and how their figures are called."""

from collections.abc import Sequence

from scenarios.completion import CompleteScenario
from scenarios.metrics import metric_paths
from sim.model.model import Model

__all__ = ["UnknownMetric", "figure_path", "known_metrics"]


class UnknownMetric(ValueError):
    """Runs of a scenario do not have `metric`; it is none of the `known` ones."""

    def __init__(self, metric: str, known: Sequence[str]) -> None:
        super().__init__(metric)
        self.metric = metric
        self.known = known


def known_metrics(model: Model) -> list[str]:
    """Paths of all figures of a run of `model`."""
    stations = model.stations
    return [
        *metric_paths(
            model.graph.names,
            sorted(model.rules_at_gates),
            [station.name for station in stations],
            [fault.id for station in stations for fault in station.faults],
        )
    ]


def figure_path(metric: str, scenario: CompleteScenario, model: Model) -> str:
    """`metric`, which may name a station as the scenario does, under the name its figure has;
    UnknownMetric."""
    try:
        path = scenario.metric_of(metric)
    except KeyError:
        path = metric
    known = known_metrics(model)
    if path not in known:
        raise UnknownMetric(path, known)
    return path
