"""How a report was made, so that it can be repeated and its figures traced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Provenance"]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """`command` gives the same figures again, `versions` are of what they depend on.

    None where there is nothing to say. Of the scenario: its `file`, the `changes` to it (words of
    `--set`), its hash, who decides at gates (`fidelity`), the `defaults` that were used. Of the
    run: its words as they were given (`argv`), when it began (ISO 8601), how long it took in
    seconds, on which `machine`.
    """

    command: str
    versions: Mapping[str, str]
    file: str | None = None
    changes: Sequence[str] | None = None
    scenario_hash: str | None = None
    fidelity: str | None = None
    defaults: Sequence[str] | None = None
    argv: Sequence[str] | None = None
    started_at: str | None = None
    elapsed_s: float | None = None
    machine: str | None = None

    def as_data(self) -> dict[str, Any]:
        """For a file of the report, without what there is nothing to say of."""
        return {key: value for key, value in vars(self).items() if value is not None}
