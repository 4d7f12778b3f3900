"""The module of a tenant: its keys, who is logged in, what the log says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mocks.core.draw_keys import DrawKey
from mocks.core.tenant import Tenant
from mocks.hsm.sessions import Sessions
from signatures.memory_key_store import MemoryKeyStore

__all__ = ["SERVICE", "HsmModule", "KeyTimes"]

SERVICE: Final = "hsm"


@dataclass(slots=True)
class KeyTimes:
    """When the versions of a key were made, and when it was destroyed (model time, µs)."""

    made_us: list[int] = field(default_factory=list)
    destroyed_us: int | None = None


class HsmModule:
    """What the module of `tenant` keeps. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self.store = MemoryKeyStore(tenant.seed, tenant.policy.count("SEC-02.rsa_bits"))
        self.times: dict[str, KeyTimes] = {}
        self.sessions = Sessions()
        self._tenant = tenant
        self._lines = 0

    def note(self, line: Mapping[str, Any], key: DrawKey, now_us: int) -> None:
        """Write a line of the log; faults of messages reach it."""
        self._lines += 1
        self._tenant.feed(SERVICE).publish(f"log-{self._lines}", line, key, now_us)
