"""Which `k` of a visit's draws belongs to which random number of an attempt: one table for the
model, the mocks and the load test."""

from collections.abc import Iterable

__all__ = ["any_error_hits", "attempt_of", "backoff_k", "error_k", "patience_k", "service_k"]

_NUMBERS_PER_ATTEMPT = 4


def service_k(attempt: int) -> int:
    """Service time of an attempt (0 is the first) inside one visit."""
    return _NUMBERS_PER_ATTEMPT * attempt


def patience_k(attempt: int) -> int:
    """How long the applicant waits in an attempt."""
    return _NUMBERS_PER_ATTEMPT * attempt + 1


def backoff_k(attempt: int) -> int:
    """Jitter of the pause after `attempt` failed."""
    return _NUMBERS_PER_ATTEMPT * attempt + 2


def error_k(attempt: int) -> int:
    """Whether an `error` fault hits this attempt."""
    return _NUMBERS_PER_ATTEMPT * attempt + 3


def attempt_of(k: int) -> int:
    """The attempt whose number `k` is."""
    return k // _NUMBERS_PER_ATTEMPT


def any_error_hits(probabilities: Iterable[float], u: float) -> bool:
    """Whether at least one of several independent errors hits, decided by one number `u` in (0, 1).

    The order of `probabilities` matters to the last bit: faults go by id.
    """
    well = 1.0
    for probability in probabilities:
        well *= 1.0 - probability
    return u >= well
