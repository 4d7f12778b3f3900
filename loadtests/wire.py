"""How requests travel: what a case needs of a client, whichever it is."""

from collections.abc import Callable, Mapping
from typing import Protocol

from loadtests.answers import Reply, Verdict

__all__ = ["Judge", "Wire"]

Judge = Callable[[Reply], Verdict]


class Wire(Protocol):
    """A client of one user: connections that are kept, no state besides. Failures of the network
    are replies too."""

    def send(
        self,
        method: str,
        url: str,
        *,
        name: str,
        headers: Mapping[str, str],
        body: bytes | None,
        judge: Judge,
        timeout_s: float | None = None,
    ) -> Verdict:
        """Send a request that is measured: `name` groups it in statistics, `judge` says what its
        answer is worth. Without an answer in `timeout_s` of the wall (None: as long as the client
        itself waits) it has failed."""

    def fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """Send a request that belongs to the stand, not to the load."""
