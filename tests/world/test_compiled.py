"""What is compiled is kept between runs where it can be, and works where it cannot."""

from typing import Any

import numba
import pytest

from world import compiled


def test_without_a_place_to_keep_it_a_function_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []
    compile_really: Any = numba.njit

    def nowhere(*signature: str, cache: bool = False, **options: Any) -> Any:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_really(*signature, **options)

    monkeypatch.setattr(compiled, "njit", nowhere)

    @compiled.compiled("i8(i8)")
    def twice(x: int) -> int:
        return 2 * x

    assert (twice(21), asked) == (42, [True, False])
