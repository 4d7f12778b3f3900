"""All ports of a portal whose registries are services at one address."""

from typing import Any

from portal.ports.clock import Clock
from portal.ports.entropy import Entropy
from portal.ports.passwords import Passwords
from portal.ports.ports import Ports
from portal.ports.store import Store
from portal.ports.unavailable import Unavailable

__all__ = ["ports_at"]


class _NotYet:
    """A registry whose client is not written yet: it never answers."""

    def __init__(self, system: str) -> None:
        self._system = system

    def __getattr__(self, name: str) -> Any:
        raise Unavailable(self._system, f"no client yet, asked to {name}")


def ports_at(
    address: str, *, clock: Clock, entropy: Entropy, passwords: Passwords, store: Store
) -> Ports:
    """Ports whose services are at `{address}/{service}/…`."""
    names = ("messenger", "registers", "fns", "mvd", "verification", "signatures", "antivirus")
    absent: dict[str, Any] = {name: _NotYet(name) for name in (*names, "bank", "video", "esia")}
    return Ports(clock=clock, entropy=entropy, passwords=passwords, store=store, **absent)
