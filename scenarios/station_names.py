"""Which station a name means: a given one, by any of its system's names, or the default."""

from collections.abc import Iterable, Mapping

from rulebook import RuleBook

__all__ = ["StationNames"]


class StationNames:
    """Resolves references: `given` are names in the order of the scenario, `defaults` system ids.

    `clashes` are pairs (earlier, later) of given stations that name one system.
    """

    def __init__(self, given: Iterable[str], defaults: Iterable[str], book: RuleBook) -> None:
        self._given = dict.fromkeys(given)
        self._defaults = frozenset(defaults)
        self._system_by_name = _systems_by_name(book)
        self._given_by_system: dict[str, str] = {}
        self.clashes: list[tuple[str, str]] = []
        for name in self._given:
            system = self._system_by_name.get(name)
            if system is not None:
                first = self._given_by_system.setdefault(system, name)
                if first != name:
                    self.clashes.append((first, name))

    def resolve(self, name: str) -> str | None:
        """The name the station runs under: the given one, else the system's id; None if unknown."""
        if name in self._given:
            return name
        system = self.system(name)
        if system is None:
            return None
        if system in self._given_by_system:
            return self._given_by_system[system]
        return system if system in self._defaults else None

    def system(self, name: str) -> str | None:
        """The rule book's system that `name` is the id or an alias of."""
        return self._system_by_name.get(name)

    def known(self) -> list[str]:
        """Every name that resolves, for suggestions."""
        systems = (name for name in self._system_by_name if self.resolve(name) is not None)
        return [*self._given, *systems]


def _systems_by_name(book: RuleBook) -> Mapping[str, str]:
    aliases = {alias: each.id for each in book.systems.values() for alias in each.aliases}
    return {**aliases, **{name: name for name in book.systems}}
