"""`RecoveryWatch` in compiled code, on the faults of a station."""

from sim.engines.compiled.layout import Record
from sim.engines.compiled.memory import fault_at
from world.compiled import called, int64
from world.microseconds import HOUR_US

__all__ = ["presence_changes"]


@called
def presence_changes(st: Record, q: Record, now: int, by: int) -> None:
    """`by` cases came to the station (or left, when negative) at `now`; 0 lets time pass."""
    for f in range(q.watch, q.watch_end):
        fault = fault_at(st.faults, f)
        if fault.recovered >= 0:
            continue
        hour = min(HOUR_US, fault.begin)
        begin, end = max(q.since, fault.begin - hour), min(now, fault.begin)
        if end > begin:
            fault.before += q.present * (end - begin)
        usual = int64(0)
        if hour > 0:
            usual = (fault.before + hour - 1) // hour
        begin = max(q.since, fault.end)
        if now > begin and q.present <= usual:
            fault.recovered = begin - fault.end
    q.since = now
    q.present += by
