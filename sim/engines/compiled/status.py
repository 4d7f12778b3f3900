"""Why the compiled loop comes back."""

from enum import IntEnum

__all__ = [
    "ENDLESS",
    "FULL",
    "GOES_ON",
    "LEARNS",
    "NO_CHOICE",
    "OVER",
    "PAUSED",
    "STOPPED",
    "Status",
]


class Status(IntEnum):
    """Nothing is left to happen; `stop_us` is reached; an array is full; changes of a capacity or
    arrivals are to be filled in; somebody may want to know how far it is, or stop it. The last two
    are errors of the model: a case came to a node more often than can be recorded, or to a choice
    without an open arm."""

    GOES_ON = 0
    OVER = 1
    STOPPED = 2
    FULL = 3
    LEARNS = 4
    PAUSED = 5
    ENDLESS = 6
    NO_CHOICE = 7


# Plain numbers: members of an enum would have a type of their own in compiled code.
GOES_ON, OVER, STOPPED, FULL, LEARNS, PAUSED, ENDLESS, NO_CHOICE = (
    int(status) for status in Status
)
