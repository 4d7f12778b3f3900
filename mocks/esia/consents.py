"""What people have let systems see: they are asked once."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, TypeAlias

from mocks.core.tenant import Tenant
from mocks.esia.scopes import Scope

__all__ = ["Consents"]

_Area: TypeAlias = tuple[str, int | None]  # however the client writes it

_MOST: Final = 10_000  # pairs of a system and a person, the latest asked


class Consents:
    """Consents of one tenant, of the latest 10,000 pairs of a system (mnemonic) and a person
    (index)."""

    def __init__(self, _: Tenant) -> None:
        self._given: OrderedDict[tuple[str, int], frozenset[_Area]] = OrderedDict()

    def missing(self, client: str, person: int, scopes: Iterable[Scope]) -> list[Scope]:
        """Those of `scopes` that the person has not yet agreed to."""
        given = self._given.get((client, person), frozenset())
        return [scope for scope in scopes if (scope.name, scope.oid) not in given]

    def give(self, client: str, person: int, scopes: Iterable[Scope]) -> None:
        """The person agrees."""
        before = self._given.pop((client, person), frozenset())
        self._given[client, person] = before | {(scope.name, scope.oid) for scope in scopes}
        if len(self._given) > _MOST:
            self._given.popitem(last=False)
