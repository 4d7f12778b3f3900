"""The country inside the process of a test: what `requests` sends reaches the services without a
socket."""

from mocks.in_process.running import RunningCountry, running

__all__ = ["RunningCountry", "running"]
