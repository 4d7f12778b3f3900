"""The arrays of a run, which grow with the cases in flight, and the record with their addresses."""

from typing import Any, Final

import numpy as np

from sim.engines.compiled import layout
from sim.engines.compiled.lowering import Lowered, records
from sim.engines.compiled.words import WORD_BITS, TooLarge

__all__ = ["CHANGES", "Arrays"]

ROWS = 8192  # of a block: numpy's work on it costs little beside the rows' own simulation
SLOTS = 1024
FRAMES = 256
CHANGES: Final = 256  # of a station's capacity, known beforehand
_MARGIN = 64


class Arrays:
    """Arrays by name, and `st`, the record that the loop is given; `others` are events that are
    nobody's. Raises TooLarge when cells no longer fit into words."""

    def __init__(self, lowered: Lowered, journeys: int, others: int, cell_bits: int) -> None:
        self.state = records(layout.STATE, 1)
        self.st: Any = self.state[0]
        self._lowered = lowered
        self._others = others
        self._most_cells = 1 << cell_bits
        self._by_name: dict[str, Any] = {}
        stations = len(lowered.stations)
        self.st["changes_each"], self.st["instants_each"] = CHANGES, 1
        for name, count in (
            ("changes", CHANGES * stations),
            ("instants", journeys),
            ("terms", 1),
            ("midnights", 1),
            ("slots", 0),
            ("visits", 0),
            ("failures", 0),
            ("inner", 0),
            ("cells", 1),
            ("heap", 1),
            ("frames", FRAMES),
            ("sorting", FRAMES),
            ("rows", ROWS),
            ("cases", ROWS),
            ("overtimes", FRAMES + stations),
            ("flows", len(lowered.edges)),
            ("rejections", len(lowered.rules)),
        ):
            self.place(name, np.zeros(count, layout.ARRAYS[name]))
        self.st["free_slot"] = self.st["free_cell"] = layout.ABSENT
        self._more_slots(SLOTS)
        self._more_cells(2 * SLOTS)

    def __getitem__(self, name: str) -> Any:
        return self._by_name[name]

    def place(self, name: str, array: Any) -> None:
        """Let `array` be the one of this name from now on."""
        self._by_name[name] = array
        self.st[name] = array.ctypes.data
        if name in layout.SIZES:
            self.st[f"{name}_size"] = len(array)

    def written(self, name: str) -> Any:
        """What the loop has written into `rows`, `cases` or `overtimes`."""
        return self[name][: int(self.st[f"written_{name}"])]

    def make_room(self) -> None:
        """Enlarge what is too small for the next event, nothing being left to be emptied."""
        st, stations = self.st, self["stations"]
        most = int(stations["busy"].max()) + _MARGIN
        begins = np.minimum(
            stations["waiting"] + stations["suspended"],
            stations["capacity"] + stations["next_capacity"],
        )
        cells = int((2 * begins + stations["busy"]).max()) + 2 * _MARGIN
        while st["cells_free"] < cells:
            self._more_cells(2 * len(self["cells"]))
        if st["slots_free"] < _MARGIN:
            self._more_slots(2 * len(self["slots"]))
        frames = int(st["waiting_frames"]) + most
        for name, least in (("frames", frames), ("sorting", most), ("rows", most)):
            if len(self[name]) < least:
                self._enlarge(name, 2 * least)

    def refuse_overrun(self) -> None:
        """Raise RuntimeError if the loop took more room than there is: an error of its own."""
        st = self.st
        for name in ("rows", "cases", "overtimes"):
            if st[f"written_{name}"] > st[f"{name}_size"]:
                raise RuntimeError(f"the loop wrote past the end of {name}")
        if st["slots_free"] < 0 or st["cells_free"] < 0:
            raise RuntimeError("the loop took more slots or cells than there are")

    def _enlarge(self, name: str, count: int) -> None:
        old = self[name]
        new = np.zeros(count, old.dtype)
        new[: len(old)] = old
        self.place(name, new)

    def _more_slots(self, count: int) -> None:
        old = len(self["slots"])
        for name, each in (
            ("slots", 1),
            ("visits", self._lowered.width),
            ("failures", self._lowered.counters),
            ("inner", self._lowered.nesting),
        ):
            self._enlarge(name, count * each)
        slots = self["slots"]
        slots["after"][old:] = np.arange(old + 1, count + 1)
        slots["after"][-1] = self.st["free_slot"]
        self.st["free_slot"] = old
        self.st["slots_free"] += count - old

    def _more_cells(self, count: int) -> None:
        old = max(len(self["cells"]), 1)
        if count > self._most_cells:
            missing = count.bit_length() - self._most_cells.bit_length() + 1
            raise TooLarge(WORD_BITS + missing)
        self._enlarge("cells", count)
        cells = self["cells"]
        cells["slot"][old:] = np.arange(old + 1, count + 1)
        cells["slot"][-1] = self.st["free_cell"]
        self.st["free_cell"] = old
        self.st["cells_free"] += count - old
        self._enlarge("heap", count + self._others)
