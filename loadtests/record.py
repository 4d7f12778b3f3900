"""Where what happens to cases is written: the files of a worker, or nothing while it prepares."""

from dataclasses import replace
from typing import Protocol

from loadtests.samples import Acknowledged, JourneyEnd, Sample, SampleWriter, Unanswered

__all__ = ["Record", "Recorded", "Unrecorded"]


class Record(Protocol):
    """What a case tells of itself."""

    def sample(self, sample: Sample) -> None:
        """A request was answered, or was not."""

    def acknowledge(self, acknowledged: Acknowledged) -> None:
        """The portal has taken something."""

    def leave_open(self, unanswered: Unanswered) -> None:
        """The portal may have taken something."""

    def end(self, journey: JourneyEnd) -> None:
        """The case has ended."""


class Recorded:
    """Everything goes to the files; under the name of `journey` if that is given."""

    def __init__(self, writer: SampleWriter, journey: str | None = None) -> None:
        self._writer = writer
        self._journey = journey

    def sample(self, sample: Sample) -> None:
        """As the protocol says."""
        if self._journey is not None:
            sample = replace(sample, journey=self._journey)
        self._writer.write(sample)

    def acknowledge(self, acknowledged: Acknowledged) -> None:
        """As the protocol says."""
        self._writer.acknowledge(acknowledged)

    def leave_open(self, unanswered: Unanswered) -> None:
        """As the protocol says."""
        self._writer.leave_open(unanswered)

    def end(self, journey: JourneyEnd) -> None:
        """As the protocol says."""
        self._writer.end(journey)


class Unrecorded:
    """Before the run: what the portal takes counts, how long it takes does not."""

    def __init__(self, writer: SampleWriter) -> None:
        self._writer = writer

    def sample(self, sample: Sample) -> None:
        """Nothing."""

    def acknowledge(self, acknowledged: Acknowledged) -> None:
        """As the protocol says."""
        self._writer.acknowledge(acknowledged)

    def leave_open(self, unanswered: Unanswered) -> None:
        """As the protocol says."""
        self._writer.leave_open(unanswered)

    def end(self, journey: JourneyEnd) -> None:
        """Nothing."""
