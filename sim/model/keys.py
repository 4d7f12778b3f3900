"""Keys of the model's draws beside those of `world.attempts`: streams that are not nodes, and
numbers of a visit that are not an attempt's."""

from world import draws

__all__ = [
    "AFTER",
    "APPLICANT",
    "DEFECTS",
    "arrival_stream",
    "entity_stream",
    "replication_key",
]

AFTER = 1 << 30  # pause before a `fail` leads on; mending at a check uses k = number of the defect
DEFECTS = draws.text_key("applicant/defects")
APPLICANT = draws.text_key("applicant/organization")


def replication_key(seed: int, replication: int) -> int:
    """Key of everything random in one replication."""
    return draws.combine(draws.combine(draws.text_key("poligon"), seed), replication)


def entity_stream(replication: int, journey: str) -> int:
    """Key from which `draws.combine(stream, number)` makes the key of a journey's case."""
    return draws.combine(replication, draws.text_key(f"journey/{journey}"))


def arrival_stream(replication: int, journey: str, index: int) -> int:
    """Key of the gaps of the `index`-th arrival stream of a journey."""
    return draws.combine(replication, draws.text_key(f"arrivals/{journey}/{index}"))
