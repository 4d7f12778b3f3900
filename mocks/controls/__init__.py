"""What a test does with a running country: move the clock, break services, read what happened.

Every act takes the lock of its tenant, so that threads may do it while others call services. What
is returned is a copy that does not change later.
"""

from mocks.controls.clock import ClockControls, local_time
from mocks.controls.faults import FaultControls, PlannedFault, planned_fault
from mocks.controls.journal import JournalControls, PatternError
from mocks.controls.records import RecordControls
from mocks.controls.tenants import CountryControls, TenantControls

__all__ = [
    "ClockControls",
    "CountryControls",
    "FaultControls",
    "JournalControls",
    "PatternError",
    "PlannedFault",
    "RecordControls",
    "TenantControls",
    "local_time",
    "planned_fault",
]
