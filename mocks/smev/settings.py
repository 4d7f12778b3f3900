"""What a tenant sets of its СМЭВ."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from mocks.core.tenant import Tenant
from world.certificate_profiles import KeyAlgorithm

__all__ = ["STALE_S", "VISIBILITY_S", "Settings"]

VISIBILITY_S: Final = 900
"""Seconds until an unacknowledged message is handed out again; an assumption."""

STALE_S: Final = 172_800
"""Seconds after which an identifier is stale: two days, the text of the fault StaleMessageId."""


@dataclass
class Settings:
    """Settings of a tenant: times in seconds, `algorithm` of СМЭВ's own signature.

    `stale_s` is None from the start: clients make identifiers by their own clocks, which a
    tenant's clock has nothing to do with.
    """

    tenant: Tenant
    visibility_s: int = VISIBILITY_S
    stale_s: int | None = None
    algorithm: KeyAlgorithm = "rsa"

    def is_stale(self, made: dt.datetime, now: dt.datetime) -> bool:
        """Whether an identifier made at that moment is too old."""
        return self.stale_s is not None and now - made >= dt.timedelta(seconds=self.stale_s)
