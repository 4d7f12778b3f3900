"""The backend that options ask for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from poligon.options import OptionError, OptionProblem, Options
from sim.experiments.backends import Backend, KeptBackend, NoCluster
from sim.experiments.parallel import Workers

__all__ = ["backend_of"]


@contextmanager
def backend_of(options: Options) -> Iterator[Backend]:
    """Where `options` want runs to be computed, as long as the context lasts.

    Raises OptionError if the scheduler of a cluster cannot be used.
    """
    if options.backend == "local":
        with Workers(options.jobs) as pool:
            yield KeptBackend(pool)
        return
    # Only here: importing Dask takes a second, and it may not be installed.
    from sim.experiments.dask_backend import connected  # noqa: PLC0415

    address = options.scheduler or ""
    with ExitStack() as stack:
        try:
            backend = stack.enter_context(connected(address, options.jobs))
        except NoCluster as error:
            code = f"option_scheduler_{error.reason}"
            told = {"reason": error.detail}
            problem = OptionProblem(code, "--scheduler", address, told)
            raise OptionError([problem]) from error
        yield backend
