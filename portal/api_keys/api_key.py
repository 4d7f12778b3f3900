"""A key of the API as the portal keeps it: the key itself is seen once, when it is issued."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from portal.accounts.token_digest import token_digest
from portal.store.entity import Entity

__all__ = ["PREFIX", "ApiKey", "key_id"]

PREFIX: Final = "poligon_"
"""Every key begins so, for whoever looks for keys that have got into the open."""


@dataclass(frozen=True, kw_only=True)
class ApiKey(Entity):
    """A key of an `organization` with the rights that it is limited to, `issued_by` an account: it
    never does more than they may. Its id is the SHA-256 of the key."""

    KIND: ClassVar[str] = "api_key"

    organization: str
    title: str
    rights: tuple[str, ...]
    issued_by: str
    issued_at: dt.datetime
    expires: dt.datetime
    revoked_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}

    def is_in_force(self, now: dt.datetime) -> bool:
        """Whether it can be used."""
        return self.revoked_at is None and now < self.expires

    def shown(self, now: dt.datetime) -> dict[str, Any]:
        """As those see it who manage access."""
        revoked = None if self.revoked_at is None else self.revoked_at.isoformat()
        return {
            "api_key": self.id,
            "title": self.title,
            "rights": list(self.rights),
            "in_force": self.is_in_force(now),
            "issued_by": self.issued_by,
            "issued_at": self.issued_at.isoformat(),
            "expires": self.expires.isoformat(),
            "revoked_at": revoked,
        }


def key_id(key: str) -> str:
    """The id of a key."""
    return token_digest(key)
