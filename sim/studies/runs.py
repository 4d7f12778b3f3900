"""Runs of a study: replications of its points, each made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from scenarios.completion import CompleteScenario
from sim.engines.choice import chosen
from sim.experiments.backends import Backend, LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.replication import Replication
from sim.experiments.setting import Setting
from sim.experiments.warmup import PILOTS
from sim.experiments.watch import Watch
from sim.model.model import compile_model
from sim.studies.journal import Journal, point_key
from sim.studies.listening import Listener, Unheard
from sim.studies.samples import Sample, sample_of

__all__ = ["Enough", "Runs"]

Enough = Callable[[Sequence[Sample]], bool]


@dataclass
class Runs:
    """How runs are made, and those that were made already: here, and in the `journal` if there is
    one."""

    backend: Backend = field(default_factory=LocalBackend)
    setting: Setting = field(default_factory=Setting)
    listener: Listener = field(default_factory=Unheard)
    journal: Journal | None = None
    _made: dict[str, list[Sample]] = field(default_factory=dict, init=False)

    def seed_of(self, scenario: CompleteScenario) -> int:
        """The seed that a point runs with."""
        return scenario.scenario.seed if self.setting.seed is None else self.setting.seed

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
        setting = replace(self.setting, seed=self.seed_of(scenario))
        key = point_key(scenario, setting, min(PILOTS, at_least))
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

        if samples and (setting.engine, setting.fidelity) == ("auto", "flow"):
            # That of an unbroken study: by what is asked of the point, not by what is left.
            model = compile_model(scenario, setting.scale, setting.seed)
            setting = replace(setting, engine=chosen("auto", model, at_least))
        experiment(
            scenario,
            setting,
            replications=max(at_least - len(samples), 1),
            first=len(samples),
            until=lambda _: enough(samples),
            at_most=at_most - len(samples),
            backend=self.backend,
            watch=_Heard(self.listener, keep),
        )
        return samples

    def whole(self, name: str, scenario: CompleteScenario, replications: int) -> list[Replication]:
        """As `of`, with the courses over time that a sample lacks: made anew, kept by nobody."""
        self.listener.point(name)
        found: list[Replication] = []

        def keep(replication: Replication) -> None:
            found.append(replication)
            self.listener.run()

        experiment(
            scenario,
            self.setting,
            replications=replications,
            backend=self.backend,
            watch=_Heard(self.listener, keep),
        )
        return found

    def _known(self, key: str) -> list[Sample]:
        """Those from replication 0 on without a gap."""
        if key not in self._made:
            kept = {} if self.journal is None else self.journal.samples(key)
            self._made[key] = []
            while (number := len(self._made[key])) in kept:
                self._made[key].append(kept[number])
        return self._made[key]


class _Heard(Watch):
    """Lets a listener know how far runs are, and has each one kept."""

    def __init__(self, listener: Listener, keep: Callable[[Replication], None]) -> None:
        self._listener = listener
        self._keep = keep

    def compile(self) -> None:
        """Pass it on."""
        self._listener.compiling()

    def pilot(self, number: int, us: int) -> None:
        """Pass it on."""
        self._listener.reach(number, us)

    def reach(self, number: int, us: int) -> None:
        """Pass it on."""
        self._listener.reach(number, us)

    def replication(self, replication: Replication) -> None:
        """Keep it."""
        self._keep(replication)
