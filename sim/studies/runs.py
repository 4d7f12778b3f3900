"""Runs of a study: replications of its points, each made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scenarios.completion import CompleteScenario
from sim.engines.choice import Engine, chosen
from sim.experiments.backends import Backend, LocalBackend
from sim.experiments.experiment import Fidelity, experiment
from sim.experiments.replication import Replication
from sim.experiments.warmup import PILOTS
from sim.model.model import compile_model
from sim.studies.journal import Journal, point_key
from sim.studies.listening import Listener, Unheard
from sim.studies.samples import Sample, sample_of

__all__ = ["Enough", "Runs"]

Enough = Callable[[Sequence[Sample]], bool]


@dataclass
class Runs:
    """How runs are made (`seed` None: the scenario's), and those that were made already: here,
    and in the `journal` if there is one."""

    backend: Backend = field(default_factory=LocalBackend)
    scale: float = 1.0
    seed: int | None = None
    listener: Listener = field(default_factory=Unheard)
    journal: Journal | None = None
    engine: Engine = "auto"
    fidelity: Fidelity = "flow"
    _made: dict[str, list[Sample]] = field(default_factory=dict, init=False)

    def of(self, name: str, scenario: CompleteScenario, replications: int) -> list[Sample]:
        """Replications 0 to `replications` - 1 of a point; raises what `experiment` raises, and
        BrokenLaws."""
        return self.until(name, scenario, lambda samples: True, replications, replications)

    def until(
        self,
        name: str,
        scenario: CompleteScenario,
        enough: Enough,
        at_least: int,
        at_most: int,
    ) -> list[Sample]:
        """Replications of a point from 0 on, until they are `enough`, which is asked from
        `at_least` on after each one, or `at_most`."""
        seed = scenario.scenario.seed if self.seed is None else self.seed
        key = point_key(scenario, self.scale, seed, min(PILOTS, at_least), self.fidelity)
        known = self._known(key)
        self.listener.point(name)
        samples: list[Sample] = []
        for sample in known[:at_most]:
            samples.append(sample)
            self.listener.run()
            if len(samples) >= at_least and enough(samples):
                return samples
        if len(samples) >= at_most:
            return samples

        def keep(replication: Replication) -> None:
            sample = sample_of(replication, name)
            if self.journal is not None:
                self.journal.add(key, sample)
            samples.append(sample)
            known.append(sample)
            self.listener.run()

        engine = self.engine
        if samples and (engine, self.fidelity) == ("auto", "flow"):
            # That of an unbroken study: by what is asked of the point, not by what is left.
            engine = chosen(engine, compile_model(scenario, self.scale, seed), at_least)
        self._experiment(
            scenario,
            engine,
            keep,
            replications=max(at_least - len(samples), 1),
            first=len(samples),
            enough=lambda _: enough(samples),
            at_most=at_most - len(samples),
        )
        return samples

    def whole(self, name: str, scenario: CompleteScenario, replications: int) -> list[Replication]:
        """As `of`, with the courses over time that a sample lacks: made anew, kept by nobody."""
        self.listener.point(name)
        found: list[Replication] = []

        def keep(replication: Replication) -> None:
            found.append(replication)
            self.listener.run()

        self._experiment(scenario, self.engine, keep, replications=replications)
        return found

    def _experiment(
        self,
        scenario: CompleteScenario,
        engine: Engine,
        keep: Callable[[Replication], None],
        *,
        replications: int,
        first: int = 0,
        enough: Callable[[Sequence[Replication]], bool] | None = None,
        at_most: int | None = None,
    ) -> None:
        """Make replications as this object says; `listener` is told."""
        experiment(
            scenario,
            replications=replications,
            first=first,
            enough=enough,
            at_most=at_most,
            backend=self.backend,
            scale=self.scale,
            engine=engine,
            fidelity=self.fidelity,
            seed=scenario.scenario.seed if self.seed is None else self.seed,
            on_compile=self.listener.compiling,
            on_pilot=self.listener.reach,
            on_progress=self.listener.reach,
            on_replication=keep,
        )

    def _known(self, key: str) -> list[Sample]:
        """Those from replication 0 on without a gap."""
        if key not in self._made:
            kept = {} if self.journal is None else self.journal.samples(key)
            self._made[key] = []
            while (number := len(self._made[key])) in kept:
                self._made[key].append(kept[number])
        return self._made[key]
