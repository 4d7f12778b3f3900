"""Which services are silent, by the circuit breakers of their clients."""

from collections.abc import Collection

from portal.registries.http_client import HttpClient

__all__ = ["BreakersHealth"]


class BreakersHealth:
    """The port `Health` over clients of services."""

    def __init__(self, clients: Collection[HttpClient]) -> None:
        self._clients = clients

    def silent(self) -> Collection[str]:
        """As the port says."""
        return {client.system for client in self._clients if client.is_silent}
