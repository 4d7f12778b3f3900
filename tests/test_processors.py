"""A server and those who measure it keep to processors of their own."""

import os
import sys
from pathlib import Path

import pytest

from poligon.children import child
from poligon.validation.processors import processors_apart

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processors are told on Linux only")
_TELL = "import os; print(sorted(os.sched_getaffinity(0)))"


def kept_by_child(folder: Path, processors: frozenset[int] | None) -> set[int]:
    with child([sys.executable, "-c", _TELL], folder / "log", processors=processors) as program:
        assert program.wait(30.0) == 0
        return set(map(int, program.said().strip("[]\n").split(", ")))


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one processor")
def test_server_has_half_of_the_processors_and_the_others_what_is_left(tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    with processors_apart() as served:
        assert served is not None
        assert len(served) == len(before) // 2
        ours = os.sched_getaffinity(0)
        assert ours == before - served
        assert kept_by_child(tmp_path, None) == ours
        assert kept_by_child(tmp_path, served) == served
    assert os.sched_getaffinity(0) == before


def test_one_processor_is_for_both(tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    one = {min(before)}
    os.sched_setaffinity(0, one)
    try:
        with processors_apart() as served:
            assert served is None
            assert os.sched_getaffinity(0) == one
            assert kept_by_child(tmp_path, served) == one
    finally:
        os.sched_setaffinity(0, before)
