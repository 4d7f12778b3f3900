"""Whom requests are about."""

from collections.abc import Iterator

from world.country import World

__all__ = ["legal_inns"]


def legal_inns() -> Iterator[str]:
    """ИНН of the country's legal entities, each once."""
    world = World(1)
    for index in range(world.organizations):
        if world.population.kind(index) == "legal":
            yield world.organization(index).inn
