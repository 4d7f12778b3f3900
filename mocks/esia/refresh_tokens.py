"""Refresh tokens: each good once, replaced by a new one."""

from collections import OrderedDict
from typing import Final

from mocks.core.draw_keys import DrawKey
from mocks.core.register import new_id
from mocks.core.tenant import Tenant
from mocks.esia.errors import Declined
from mocks.esia.grants import Grant

__all__ = ["RefreshTokens"]

_MOST: Final = 10_000  # the latest, used ones among them


class RefreshTokens:
    """Refresh tokens of one tenant, the latest 10,000; they have no term."""

    def __init__(self, _: Tenant) -> None:
        self._tokens: OrderedDict[str, Grant] = OrderedDict()
        self._used: set[str] = set()

    def issue(self, grant: Grant, key: DrawKey) -> str:
        """A token for `grant`."""
        token = new_id(key, "refresh token")
        self._tokens[token] = grant
        if len(self._tokens) > _MOST:
            dropped, _ = self._tokens.popitem(last=False)
            self._used.discard(dropped)
        return token

    def find(self, token: str, client: str) -> Grant:
        """What it was given for. Declined 007011 if it is unknown, another client's or revoked; a
        used one that comes again revokes all that was made from the grant (RFC 9700, 4.14.2)."""
        grant = self._tokens.get(token)
        if grant is None or grant.client != client:
            raise Declined("007011", "маркер обновления неизвестен")
        if token in self._used:
            grant.revoked = True
            raise Declined("007011", "маркер обновления уже использован, маркеры отозваны")
        if grant.revoked:
            raise Declined("007011", "маркер обновления отозван")
        return grant

    def use_up(self, token: str) -> None:
        """It is not good any more."""
        self._used.add(token)
