"""What machine code is made of, in a few letters: bytecode, constants, and whatever global values
are frozen into it, wherever they come from."""

import hashlib
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

__all__ = ["fingerprint"]

_PROJECT = ("sim.", "world.")


def fingerprint(function: Callable[..., Any]) -> str:
    """SHA-256, in hex, of `function` as it is in memory and of all functions of this project that
    it calls; the same in every process that has read the same sources."""
    digest = hashlib.sha256()
    seen: set[int] = set()
    ahead = [_source(function)]
    while ahead:
        each = ahead.pop()
        if not isinstance(each, FunctionType) or id(each) in seen:
            continue
        seen.add(id(each))
        digest.update("".join(_parts(each.__code__)).encode())
        for name, value in _frozen(each):
            source = _source(value)
            digest.update(f"{name}={_name(source)};".encode())
            if getattr(source, "__module__", None) and source.__module__.startswith(_PROJECT):
                ahead.append(source)
    return digest.hexdigest()


def _source(value: Any) -> Any:
    """The Python function of one that numba compiles or whose code it is told to generate."""
    return getattr(value, "py_func", None) or getattr(value, "_defn", value)


def _name(value: Any) -> str:
    """Without addresses: they differ from process to process."""
    if isinstance(value, ModuleType):
        return value.__name__
    return getattr(value, "__qualname__", None) or repr(value)


def _parts(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield from (*code.co_names, *code.co_varnames, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)
        else:
            yield repr(constant)


def _frozen(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Global values and those of a closure, by name."""
    names = sorted(_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        yield name, value
        if isinstance(value, ModuleType):
            yield from ((at, getattr(value, at)) for at in names if hasattr(value, at))
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield name, cell.cell_contents


def _names(code: CodeType) -> set[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(_names, inner))
