"""Recovery after a fault: when the number of cases at the station is back to what it was before."""

from sim.model.stations import FaultSpec
from world.microseconds import HOUR_US

__all__ = ["RecoveryWatch"]


class RecoveryWatch:
    """Counts cases at a station with faults: waiting, in service, suspended, backing off, or in the
    pause of `fail: {after: …}` after a failure there, wherever that leads.

    A fault has recovered at the first moment after its end when the number is at most the mean of
    the hour before it (rounded up). `recovered_us[fault]` is the time from the fault's end to that
    moment.
    """

    def __init__(self, faults: tuple[FaultSpec, ...]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.to_us, fault.id))
        self.recovered_us: dict[str, int] = {}
        self._present = 0
        self._since = 0
        self._before = {fault.id: 0 for fault in faults}
        self._open = list(self.faults)

    def change(self, now: int, by: int) -> None:
        """`by` cases came (or left, when negative) at `now` (µs)."""
        self._pass_time(now)
        self._present += by

    def finish(self, now: int) -> None:
        """The run ends at `now`: settle the faults that recovered by then."""
        self._pass_time(now)

    def _pass_time(self, now: int) -> None:
        for fault in list(self._open):
            hour = min(HOUR_US, fault.from_us)
            begin, end = max(self._since, fault.from_us - hour), min(now, fault.from_us)
            if end > begin:
                self._before[fault.id] += self._present * (end - begin)
            usual = -(-self._before[fault.id] // hour) if hour else 0
            # A number that stood for no time does not count: a case that asks again leaves and
            # comes back at one instant.
            begin = max(self._since, fault.to_us)
            if now > begin and self._present <= usual:
                self.recovered_us[fault.id] = begin - fault.to_us
                self._open.remove(fault)
        self._since = now
