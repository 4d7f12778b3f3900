"""The backend that options ask for."""

from collections.abc import Iterator
from contextlib import contextmanager

from poligon.options import Options
from sim.experiments.backends import Backend, LocalBackend

__all__ = ["backend_of"]


@contextmanager
def backend_of(options: Options) -> Iterator[Backend]:
    """Where `options` want runs to be computed, as long as the context lasts."""
    yield LocalBackend(options.jobs)
