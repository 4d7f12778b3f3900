"""Whoever has titles: what words about metrics and objectives need to know of a result."""

from collections.abc import Mapping, Sequence
from typing import Protocol

__all__ = ["Titled", "WithTitles"]


class Titled(Protocol):
    """A journey or a station: its name, and what people call it by language."""

    @property
    def name(self) -> str:
        """As scenarios and metric paths have it."""
        ...

    @property
    def title(self) -> Mapping[str, str]:
        """By language."""
        ...


class WithTitles(Protocol):
    """A result of a simulation, or of a study."""

    @property
    def journeys(self) -> Sequence[Titled]:
        """Those that have figures."""
        ...

    @property
    def stations(self) -> Sequence[Titled]:
        """Those that have figures."""
        ...
