"""Records and tables by address: what `pointer[index]` is in C, for compiled code.

A record got this way is a reference; nothing is counted and nothing is checked.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba.core import types
from numba.extending import intrinsic

from sim.engines.compiled.layout import ARRAYS, Record
from world.compiled import woven

__all__ = [
    "arm_at",
    "bound_at",
    "case_row_at",
    "cell_at",
    "change_at",
    "event_at",
    "fault_at",
    "floats_at",
    "flow_at",
    "frame_at",
    "gate_at",
    "inner_at",
    "instant_at",
    "level_at",
    "node_at",
    "overtime_at",
    "row_at",
    "short_at",
    "slot_at",
    "station_at",
    "stream_at",
]  # fmt: skip


def _at(dtype: np.dtype[Any]) -> Callable[[int, int], Record]:
    """A function of (address, index) for arrays of `dtype`."""
    record: Any = numba.from_dtype(dtype)

    def typed(typing_context: Any, address: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            size = context.get_constant(types.int64, dtype.itemsize)
            place = builder.add(args[0], builder.mul(args[1], size))
            return builder.inttoptr(place, context.get_value_type(record))

        return record(types.int64, types.int64), generate

    made: Any = intrinsic(typed)
    return made  # type: ignore[no-any-return]


def _to_pointer() -> Callable[[int], Any]:
    def typed(typing_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(types.voidptr))

        return types.voidptr(types.int64), generate

    made: Any = intrinsic(typed)
    return made  # type: ignore[no-any-return]


node_at = _at(ARRAYS["nodes"])
arm_at = _at(ARRAYS["arms"])
bound_at = _at(ARRAYS["bounds"])
gate_at = _at(ARRAYS["gates"])
station_at = _at(ARRAYS["stations"])
level_at = _at(ARRAYS["levels"])
fault_at = _at(ARRAYS["faults"])
stream_at = _at(ARRAYS["streams"])
change_at = _at(ARRAYS["changes"])
instant_at = _at(ARRAYS["instants"])
slot_at = _at(ARRAYS["slots"])
cell_at = _at(ARRAYS["cells"])
event_at = _at(ARRAYS["heap"])
short_at = _at(ARRAYS["visits"])
inner_at = _at(ARRAYS["inner"])
frame_at = _at(ARRAYS["frames"])
row_at = _at(ARRAYS["rows"])
case_row_at = _at(ARRAYS["cases"])
overtime_at = _at(ARRAYS["overtimes"])
flow_at = _at(ARRAYS["flows"])

_pointer = _to_pointer()
_carray: Any = getattr(numba, "carray")  # noqa: B009 - not declared by numba


@woven
def floats_at(address: int, first: int, size: int) -> npt.NDArray[np.float64]:
    """`size` floats from place `first` on."""
    made: npt.NDArray[np.float64] = _carray(_pointer(address + 8 * first), (size,), np.float64)
    return made
