"""Who decides at a gate: the flow model by the defects of a case, or somebody who looks at more."""

from typing import TYPE_CHECKING, Protocol

from sim.model.graph import CheckNode, Traits

if TYPE_CHECKING:
    from sim.model.model import Model

__all__ = ["CaseAtGate", "FlowJudge", "Judge", "Judges"]


class CaseAtGate(Protocol):
    """What is known of a case: its journey and number there, the key of its draws, when it arrived
    (µs), the kind and tier of the applicant, and the defects that are left, as bits."""

    journey: int
    number: int
    key: int
    arrived: int
    traits: Traits
    defects: int


class Judge(Protocol):
    """Decides at the gates of one replication."""

    needs_traits: bool
    """Whether cases need kind and tier, even if no node of the graph asks for them."""

    def found(self, case: CaseAtGate, node: CheckNode, now: int) -> int:
        """The defects, as bits, that gate `node` reports at `now` (µs); 0 lets the case pass."""

    def forget(self, case: CaseAtGate) -> None:
        """The case has ended."""


class Judges(Protocol):
    """Gives each replication its judge; pickled to workers with the model."""

    def of_replication(self, model: "Model", replication: int) -> Judge:
        """The judge of a replication that is about to begin."""


class FlowJudge:
    """A gate finds every defect that one of its rules catches."""

    needs_traits = False

    def found(self, case: CaseAtGate, node: CheckNode, now: int) -> int:
        """As the protocol says."""
        return case.defects and case.defects & node.gates[case.traits.kind].mask

    def forget(self, case: CaseAtGate) -> None:
        """As the protocol says."""
