"""Standard seconds: time that is counted by what a processor can do in it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.validation.processor import ProcessorPace, read_pieces
from poligon.children import child

PACE = ProcessorPace(np.array([-1.0, 1.0, 3.0]), np.array([1.0, 0.5, 2.0]))


def test_standard_seconds_pass_by_the_speed_of_the_moment() -> None:
    moments_s = np.array([-2.0, 0.0, 1.0, 3.0, 4.0])
    assert PACE.standard_s(moments_s).tolist() == [-2.0, 0.0, 1.0, 2.0, 4.0]
    assert PACE.mean_speed(0.0, 4.0) == 1.0
    assert PACE.mean_speed(1.0, 3.0) == 0.5


@given(
    speeds=st.lists(st.floats(0.1, 5.0), min_size=1, max_size=8),
    moments_s=st.lists(st.floats(-5.0, 20.0), min_size=1, max_size=8),
)
def test_moment_of_so_many_standard_seconds_is_the_inverse(
    speeds: list[float], moments_s: list[float]
) -> None:
    pace = ProcessorPace(np.arange(float(len(speeds))), np.array(speeds))
    back = pace.moments_s(pace.standard_s(np.array(moments_s)))
    assert back == pytest.approx(np.array(moments_s), abs=1e-9)


def test_speed_is_the_inverse_of_what_a_piece_takes_and_one_outlier_is_none() -> None:
    taken_ns = [400, 400, 9_000, 400, 400, 800, 800, 800, 800]
    pieces = np.array([(5_000_000 + 50_000 * n, ns) for n, ns in enumerate(taken_ns)])
    pace = ProcessorPace.of_pieces(pieces, 5_000_000, reference_ns=400.0)
    assert pace.speeds[:3].tolist() == [1.0, 1.0, 1.0]
    assert pace.speeds[-3:].tolist() == [0.5, 0.5, 0.5]
    assert pace.since_s[:2].tolist() == [0.0, 0.05]


def test_pieces_are_noted_until_the_program_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "pieces"
    words = [sys.executable, "-m", "loadtests.validation.processor", str(file)]
    with child(words, tmp_path / "log") as program:
        while not file.exists() or file.stat().st_size < 3 * 16:
            assert program.wait(0.05) is None, program.said()
    pieces = read_pieces(file, 0, 2**62)
    assert len(pieces) >= 3
    assert (pieces > 0).all()
    middle_us = int(pieces[1, 0])
    assert read_pieces(file, middle_us, middle_us).tolist() == [pieces[1].tolist()]
