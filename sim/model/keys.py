"""Which `k` of a (entity, node, visit) belongs to which random number, and the streams that are
not nodes: the whole key space in one table."""

from world import draws

__all__ = [
    "AFTER",
    "APPLICANT",
    "DEFECTS",
    "arrival_stream",
    "backoff_k",
    "entity_stream",
    "error_k",
    "patience_k",
    "replication_key",
    "service_k",
]

AFTER = 1 << 30  # pause before a `fail` leads on; mending at a check uses k = number of the defect
DEFECTS = draws.text_key("applicant/defects")
APPLICANT = draws.text_key("applicant/organization")


def service_k(attempt: int) -> int:
    """Service time of an attempt (0 is the first) inside one visit."""
    return 4 * attempt


def patience_k(attempt: int) -> int:
    """How long the applicant waits in an attempt."""
    return 4 * attempt + 1


def backoff_k(attempt: int) -> int:
    """Jitter of the pause after `attempt` failed."""
    return 4 * attempt + 2


def error_k(attempt: int) -> int:
    """Whether an `error` fault hits this attempt."""
    return 4 * attempt + 3


def replication_key(seed: int, replication: int) -> int:
    """Key of everything random in one replication."""
    return draws.combine(draws.combine(draws.text_key("poligon"), seed), replication)


def entity_stream(replication: int, journey: str) -> int:
    """Key from which `draws.combine(stream, number)` makes the key of a journey's case."""
    return draws.combine(replication, draws.text_key(f"journey/{journey}"))


def arrival_stream(replication: int, journey: str, index: int) -> int:
    """Key of the gaps of the `index`-th arrival stream of a journey."""
    return draws.combine(replication, draws.text_key(f"arrivals/{journey}/{index}"))
