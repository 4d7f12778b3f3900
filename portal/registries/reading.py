"""Answers that are JSON and yet not what was agreed."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.ports.unavailable import Unavailable

__all__ = ["reading"]


@contextmanager
def reading(system: str) -> Iterator[None]:
    """While an answer is taken apart: what is missing or of another type in it makes the `system`
    Unavailable."""
    try:
        yield
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as failure:
        why = f"an answer that makes no sense ({type(failure).__name__}: {failure})"
        raise Unavailable(system, why) from failure
