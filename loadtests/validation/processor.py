"""How fast the server's processor is from moment to moment.

A virtual processor shares its core with strangers: from one second to the next it does as much
work as before or half of it, and nothing in the guest tells why. So a small fixed piece of work is
done beside the server, on its processors, some twenty times a second, and the CPU time that it
takes is kept: the inverse of it is the processor's speed. `python -m loadtests.validation.processor
FILE` does that until it is ended, and takes about a hundredth of one processor.

Work is then counted in *standard seconds*, those of the processor at its reference speed: a control
variate for what the machine does, not for what the server does.
"""

import json
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

__all__ = ["ProcessorPace", "read_pieces"]

_EVERY_S: Final = 0.05
_ROW: Final = struct.Struct("<2q")  # when (µs of the Unix epoch), the CPU time of it (ns)
_STEPS: Final = 4_000
_DOCUMENT: Final = json.dumps({f"field-{n}": [n, str(n), {"value": n / 7}] for n in range(60)})
_SMOOTHED: Final = 5  # pieces in a median: a quarter of a second

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ProcessorPace:
    """The speed of a processor: 1 is the reference, `speeds[i]` holds from `since_s[i]` on, to the
    next; the first holds before as well."""

    since_s: Floats
    speeds: Floats

    @classmethod
    def of_pieces(cls, pieces: npt.NDArray[np.int64], epoch_us: int, reference_ns: float) -> Self:
        """From rows (µs of the epoch, ns of CPU), in seconds since `epoch_us`; `reference_ns` is
        what a piece takes at speed 1."""
        taken = pieces[:, 1].astype(np.float64)
        around = np.pad(taken, _SMOOTHED // 2, mode="edge")
        smooth = np.median(np.lib.stride_tricks.sliding_window_view(around, _SMOOTHED), axis=1)
        return cls((pieces[:, 0] - epoch_us) / 1e6, reference_ns / smooth)

    def standard_s(self, moments_s: Floats) -> Floats:
        """Standard seconds passed from 0 to each of `moments_s` (seconds; negative before 0)."""
        passed = np.concatenate([[0.0], np.cumsum(np.diff(self.since_s) * self.speeds[:-1])])
        begun = _piecewise(np.zeros(1), self.since_s, passed, self.speeds)
        return _piecewise(moments_s, self.since_s, passed, self.speeds) - begun

    def moments_s(self, standard_s: Floats) -> Floats:
        """The moments (s) at which so many standard seconds have passed: the inverse."""
        passed = self.standard_s(self.since_s)
        return _piecewise(standard_s, passed, self.since_s, 1.0 / self.speeds)

    def mean_speed(self, first_s: float, last_s: float) -> float:
        """Over a stretch of time."""
        first, last = self.standard_s(np.array([first_s, last_s]))
        return float((last - first) / (last_s - first_s))


def _piecewise(moments: Floats, knots: Floats, values: Floats, slopes: Floats) -> Floats:
    """A piecewise linear function: at each of `knots` it has a value and the slope from there."""
    place = np.maximum(np.searchsorted(knots, moments, "right") - 1, 0)
    found: Floats = values[place] + (moments - knots[place]) * slopes[place]
    return found


def read_pieces(file: Path, first_us: int, last_us: int) -> npt.NDArray[np.int64]:
    """Rows (µs of the Unix epoch, ns of CPU) of a file from `first_us` to `last_us`."""
    content = file.read_bytes()
    whole = len(content) - len(content) % _ROW.size
    rows = np.frombuffer(content[:whole], np.int64).reshape(-1, 2)
    return rows[(rows[:, 0] >= first_us) & (rows[:, 0] <= last_us)]


def _piece() -> int:
    """The fixed work: what servers in Python do, on a small scale. Its CPU time in ns."""
    begun_ns = time.thread_time_ns()
    total = 0
    for step in range(_STEPS):
        total += step
    json.dumps(json.loads(_DOCUMENT))
    return time.thread_time_ns() - begun_ns


def main(file: Path) -> None:
    """Note the pieces, for ever."""
    with file.open("ab", buffering=0) as output:
        while True:
            output.write(_ROW.pack(time.time_ns() // 1000, _piece()))
            time.sleep(_EVERY_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
