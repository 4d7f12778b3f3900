"""Stand-ins for the registries and services around the portal: faults, a journal, one clock.

`mocks.running(...)` runs them in this process.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mocks.in_process import RunningCountry, running

__all__ = ["RunningCountry", "running"]


def __getattr__(name: str) -> Any:
    # Services and their libraries take seconds to load; the pytest plugin is loaded by every run.
    if name in __all__:
        from mocks import in_process  # noqa: PLC0415

        return getattr(in_process, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
