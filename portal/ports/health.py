"""Which outside systems do not answer, as the portal's own calls have seen it."""

from collections.abc import Collection
from typing import Protocol

__all__ = ["Health"]


class Health(Protocol):
    """What is known of systems without asking them."""

    def silent(self) -> Collection[str]:
        """Systems (ids of the rule book) that have failed again and again, and not answered
        since."""
