"""Typed face of numba's compiler: one place decides how scalar functions are compiled and
cached."""

from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numba.core import types
from numba.core.typing import templates
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")

__all__ = [
    "called", "compiled", "float_of_bits", "float_to_bits", "inlined", "int64", "uint64", "woven",
]  # fmt: skip


def compiled(signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile ahead for exactly `signature`, so that a Python int never silently becomes a
    float64."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return _kept(function, signature)

    return decorate


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on demand inside other compiled functions of the same file."""
    return _kept(function)


def woven(function: Callable[P, R]) -> Callable[P, R]:
    """Compile into every compiled function that calls it, whatever its size; never kept by
    itself."""
    return _part(function, forceinline=True)


def called(function: Callable[P, R]) -> Callable[P, R]:
    """Compile for other compiled functions to call; never kept by itself."""
    return _part(function)


def _part(function: Callable[P, R], **how: bool) -> Callable[P, R]:
    # Wrappers would let Python call it.
    how |= {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiler: Any = njit
    return cast(Callable[P, R], compiler(error_model="numpy", **how)(function))


def _kept(function: Callable[P, R], *signature: str) -> Callable[P, R]:
    compile_with: Any = partial(njit, *signature, error_model="numpy", nogil=True)
    try:
        return cast(Callable[P, R], compile_with(cache=True)(function))
    except RuntimeError:
        # Nowhere to keep what is compiled: neither the checkout nor a home can be written to.
        return cast(Callable[P, R], compile_with()(function))


# The machine's words as the type checker is to see them: whole numbers. Inside compiled code they
# fix the width.
int64: Callable[[int | float], int] = cast(Any, np.int64)
uint64: Callable[[int], int] = cast(Any, np.uint64)


def _bitcast(source: Any, target: Any) -> Any:
    def typed(typing_context: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.bitcast(args[0], context.get_value_type(target))

        signature: Any = templates.signature
        return signature(target, source), generate

    return intrinsic(typed)


# The 64 bits of a float64 as a uint64, and back; inside compiled code only.
float_to_bits: Callable[[float], int] = cast(Any, _bitcast(types.float64, types.uint64))
float_of_bits: Callable[[int], float] = cast(Any, _bitcast(types.uint64, types.float64))
