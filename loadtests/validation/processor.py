"""How fast the server's processor is from moment to moment.

A virtual processor shares its core with strangers: from one second to the next it does as much
work as before or half of it, and nothing in the guest tells why. So a small fixed piece of work is
done beside the server, on its processors, a hundred times a second, and the CPU time that it takes
is kept: the inverse of it is the processor's speed. `python -m loadtests.validation.processor FILE`
does that until it is ended, and takes about a fiftieth of one processor.

Work is then counted in *standard seconds*, those of the processor at its reference speed: a control
variate for what the machine does, not for what the server does. What the hypervisor takes away
altogether (steal) counts as well, as far as the system tells. `StandardClock` tells them as they
pass, so that a load is as heavy for a slow processor as for a fast one; `ProcessorPace` tells them
afterwards.
"""

import json
import os
import statistics
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

__all__ = ["ProcessorPace", "StandardClock", "read_pieces"]

_EVERY_S: Final = 0.01
# When (µs of the Unix epoch), the CPU time of it (ns), what was stolen so far (µs).
_ROW: Final = struct.Struct("<3q")
_STAT: Final = Path("/proc/stat")
_STOLEN: Final = 8  # the column of a processor's line (proc_stat(5)), in ticks
_LEAST_SHARE: Final = 0.05  # of the time that is left: a clock must go on
_STEPS: Final = 800
_DOCUMENT: Final = json.dumps({f"field-{n}": [n, str(n), {"value": n / 7}] for n in range(10)})
_FUNCTIONS: Final = 200
_FUNCTION: Final = """
def function_{number}(said):
    value = said.get("a{number}", {number})
    said["last"] = value + {number}
    words = f"{{value}}-{number}"
    return [each for each in (words, value, len(words)) if each]
"""
_SMOOTHED: Final = 5  # pieces in a mean: a twentieth of a second
_AROUND: Final = 5  # pieces either way that a stolen tick, which is as long as one, is spread over

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ProcessorPace:
    """The speed of a processor: 1 is the reference, `speeds[i]` holds from `since_s[i]` on, to the
    next; the first holds before as well. `left` is the share of the time that nobody stole."""

    since_s: Floats
    speeds: Floats
    left: Floats | float = 1.0

    @classmethod
    def of_pieces(cls, pieces: npt.NDArray[np.int64], epoch_us: int, reference_ns: float) -> Self:
        """From rows of a file (`read_pieces`), in seconds since `epoch_us`; a piece takes
        `reference_ns` at speed 1."""
        at_us, taken_ns, stolen_us = pieces.T
        around = np.pad(reference_ns / taken_ns, _SMOOTHED // 2, mode="edge")
        smooth = np.lib.stride_tricks.sliding_window_view(around, _SMOOTHED).mean(axis=1)
        ends = np.clip(np.arange(len(pieces))[:, None] + [-_AROUND, _AROUND], 0, len(pieces) - 1)
        passed_us, lost_us = (np.diff(each[ends])[:, 0] for each in (at_us, stolen_us))
        return cls((at_us - epoch_us) / 1e6, smooth, _left(lost_us, passed_us))

    def felt(self, elasticity: float, times: float = 1.0) -> "ProcessorPace":
        """As a server has it that slows down by so many per cent for one per cent, and was so many
        `times` as fast as that all along."""
        return replace(self, speeds=times * self.speeds**elasticity)

    @property
    def _rates(self) -> Floats:
        """Standard seconds a second."""
        rates: Floats = self.speeds * self.left
        return rates

    def standard_s(self, moments_s: Floats) -> Floats:
        """Standard seconds passed from 0 to each of `moments_s` (seconds; negative before 0)."""
        passed = np.concatenate([[0.0], np.cumsum(np.diff(self.since_s) * self._rates[:-1])])
        begun = _piecewise(np.zeros(1), self.since_s, passed, self._rates)
        return _piecewise(moments_s, self.since_s, passed, self._rates) - begun

    def moments_s(self, standard_s: Floats) -> Floats:
        """The moments (s) at which so many standard seconds have passed: the inverse."""
        passed = self.standard_s(self.since_s)
        return _piecewise(standard_s, passed, self.since_s, 1.0 / self._rates)

    def mean_speed(self, first_s: float, last_s: float) -> float:
        """Over a stretch of time, whatever was stolen of it."""
        whole = replace(self, left=1.0)
        first, last = whole.standard_s(np.array([first_s, last_s]))
        return float((last - first) / (last_s - first_s))


class StandardClock:
    """Standard seconds as they pass, by the latest pieces of `file` while it is written, for a
    server of that `elasticity`. `now_s` tells the wall's, from 0 on; `reference_ns` is what a piece
    takes at speed 1."""

    def __init__(
        self, file: Path, reference_ns: float, elasticity: float, now_s: Callable[[], float]
    ) -> None:
        self._file = file
        self._reference_ns = reference_ns
        self._elasticity = elasticity
        self._now_s = now_s
        self._looked_s = 0.0
        self._passed_s = 0.0
        self._speed = self._latest()

    def wall_s(self, standard_s: float) -> float:
        """The moment of the wall at which so many standard seconds have passed, or will have if
        the processor goes on as it does now."""
        now_s = self._now_s()
        if now_s - self._looked_s >= _EVERY_S:
            self._passed_s += (now_s - self._looked_s) * self._speed
            self._looked_s, self._speed = now_s, self._latest()
        return self._looked_s + (standard_s - self._passed_s) / self._speed

    def _latest(self) -> float:
        with self._file.open("rb") as pieces:
            size = pieces.seek(0, os.SEEK_END)
            pieces.seek(max(size - size % _ROW.size - _SMOOTHED * _ROW.size, 0))
            latest = pieces.read(_SMOOTHED * _ROW.size)
        rows = [*_ROW.iter_unpack(latest)]
        speed = statistics.fmean(self._reference_ns / taken_ns for _, taken_ns, _ in rows)
        (first_us, _, before_us), (last_us, _, stolen_us) = rows[0], rows[-1]
        left = _left(np.array(stolen_us - before_us), np.array(last_us - first_us))
        return float(speed**self._elasticity * left)


def _left(lost_us: npt.NDArray[np.int64], passed_us: npt.NDArray[np.int64]) -> Floats:
    """The share of time that nobody stole."""
    left: Floats = np.clip(1.0 - lost_us / np.maximum(passed_us, 1), _LEAST_SHARE, 1.0)
    return left


def _piecewise(moments: Floats, knots: Floats, values: Floats, slopes: Floats) -> Floats:
    """A piecewise linear function: at each of `knots` it has a value and the slope from there."""
    place = np.maximum(np.searchsorted(knots, moments, "right") - 1, 0)
    found: Floats = values[place] + (moments - knots[place]) * slopes[place]
    return found


def read_pieces(file: Path, first_us: int, last_us: int) -> npt.NDArray[np.int64]:
    """Rows (µs of the Unix epoch, ns of CPU, µs stolen so far) of a file from `first_us` to
    `last_us`."""
    content = file.read_bytes()
    whole = len(content) - len(content) % _ROW.size
    rows = np.frombuffer(content[:whole], np.int64).reshape(-1, 3)
    return rows[(rows[:, 0] >= first_us) & (rows[:, 0] <= last_us)]


def _functions() -> list[Callable[[dict[str, object]], object]]:
    """So much code that it does not stay near the processor."""
    names: dict[str, Any] = {}
    for number in range(_FUNCTIONS):
        exec(_FUNCTION.format(number=number), names)
    return [names[f"function_{number}"] for number in range(_FUNCTIONS)]


def _piece(functions: Sequence[Callable[[dict[str, object]], object]]) -> int:
    """The fixed work: what servers in Python do, on a small scale. Its CPU time in ns.

    A stranger on the same core slows code down that is decoded anew each time, as most of a server
    is, more than a loop: this has so much of both that it becomes slower as the portal does.
    """
    begun_ns = time.thread_time_ns()
    total = 0
    for step in range(_STEPS):
        total += step
    json.dumps(json.loads(_DOCUMENT))
    said: dict[str, object] = {}
    for function in functions:
        function(said)
    return time.thread_time_ns() - begun_ns


def _stolen_us() -> int:
    """What the hypervisor has given others of this program's processors so far, all together; 0
    where the system doesn't tell."""
    if not _STAT.exists():
        return 0
    own = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    lines = (line.split() for line in _STAT.read_text(encoding="ascii").splitlines())
    ticks = sum(int(words[_STOLEN]) for words in lines if words and words[0] in own)
    return ticks * 1_000_000 // os.sysconf("SC_CLK_TCK") // len(own)


def main(file: Path) -> None:
    """Note the pieces, for ever."""
    functions = _functions()
    with file.open("ab", buffering=0) as output:
        while True:
            output.write(_ROW.pack(time.time_ns() // 1000, _piece(functions), _stolen_us()))
            time.sleep(_EVERY_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
