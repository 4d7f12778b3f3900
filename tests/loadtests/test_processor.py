"""Standard seconds: time that is counted by what a processor can do in it."""

import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.validation import processor
from loadtests.validation.processor import ProcessorPace, StandardClock, read_pieces
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


def test_speed_is_the_mean_of_the_inverses_of_what_pieces_around_take() -> None:
    taken_ns = [400] * 6 + [800] * 6
    pieces = np.array([(5_000_000 + 10_000 * n, ns, 0) for n, ns in enumerate(taken_ns)])
    pace = ProcessorPace.of_pieces(pieces, 5_000_000, reference_ns=400.0)
    assert pace.speeds.tolist() == pytest.approx([1.0] * 4 + [0.9, 0.8, 0.7, 0.6] + [0.5] * 4)
    assert pace.since_s[:2].tolist() == [0.0, 0.01]


def test_time_that_was_stolen_is_none_of_the_servers() -> None:
    stolen_us = [0] * 15 + [10_000] * 15  # one tick
    pieces = np.array([(10_000 * n, 400, stolen) for n, stolen in enumerate(stolen_us)])
    pace = ProcessorPace.of_pieces(pieces, 0, reference_ns=400.0)
    assert pace.standard_s(np.array([0.29])) == pytest.approx(0.29 - 0.01)
    assert pace.felt(3.0).standard_s(np.array([0.29])) == pytest.approx(0.29 - 0.01)
    assert pace.mean_speed(0.0, 0.29) == 1.0


class Noted:
    """Pieces in a file, and the wall's clock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.now_s = 0.0
        self.at_us = 0
        self.stolen_us = 0

    def note(self, *taken_ns: int) -> None:
        with self.file.open("ab") as output:
            for taken in taken_ns:
                output.write(struct.pack("<3q", self.at_us, taken, self.stolen_us))


def test_clock_goes_by_the_latest_pieces_while_they_are_noted(tmp_path: Path) -> None:
    noted = Noted(tmp_path / "pieces")
    noted.note(9_000, 400, 400, 400, 400, 400)
    clock = StandardClock(noted.file, 400.0, 1.0, lambda: noted.now_s)
    assert clock.wall_s(2.0) == 2.0
    noted.now_s = 1.0
    noted.note(800, 800, 800, 800, 800)
    with noted.file.open("ab") as output:
        output.write(b"half of")
    # One standard second has passed; from now on the wall needs two for each.
    assert clock.wall_s(2.0) == pytest.approx(3.0)
    noted.now_s = 2.0
    assert clock.wall_s(2.0) == pytest.approx(3.0)
    assert clock.wall_s(1.0) == pytest.approx(1.0)


def test_clock_of_a_server_that_feels_more_of_it_is_slower(tmp_path: Path) -> None:
    noted = Noted(tmp_path / "pieces")
    noted.note(800, 800, 800, 800, 800)
    clock = StandardClock(noted.file, 400.0, 2.0, lambda: 0.0)
    assert clock.wall_s(1.0) == pytest.approx(4.0)
    assert PACE.felt(2.0).speeds.tolist() == [1.0, 0.25, 4.0]
    assert PACE.felt(2.0, 0.5).speeds.tolist() == [0.5, 0.125, 2.0]


def test_clock_leaves_out_what_is_stolen(tmp_path: Path) -> None:
    noted = Noted(tmp_path / "pieces")
    for _ in range(5):
        noted.note(400)
        noted.at_us, noted.stolen_us = noted.at_us + 10_000, noted.stolen_us + 5_000
    assert StandardClock(noted.file, 400.0, 1.0, lambda: 0.0).wall_s(1.0) == pytest.approx(2.0)


def test_what_the_hypervisor_takes_is_read_of_the_processors_that_one_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = sorted(os.sched_getaffinity(0))
    stat = tmp_path / "stat"
    lines = ["cpu  9 9 9 9 9 9 9 999 9 9", f"cpu{max(own) + 1} 0 0 0 0 0 0 0 500 0 0"]
    stat.write_text("\n".join([*lines, *(f"cpu{n} 1 2 3 4 5 6 7 40 9 0" for n in own)]))
    monkeypatch.setattr(processor, "_STAT", stat)
    assert processor._stolen_us() == 40 * 1_000_000 // os.sysconf("SC_CLK_TCK")
    monkeypatch.setattr(processor, "_STAT", tmp_path / "none")
    assert processor._stolen_us() == 0


def test_pieces_are_noted_until_the_program_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "pieces"
    words = [sys.executable, "-m", "loadtests.validation.processor", str(file)]
    with child(words, tmp_path / "log") as program:
        while not file.exists() or file.stat().st_size < 3 * 24:
            assert program.wait(0.05) is None, program.said()
    pieces = read_pieces(file, 0, 2**62)
    assert len(pieces) >= 3
    assert (pieces[:, :2] > 0).all()
    assert (np.diff(pieces[:, 2]) >= 0).all()
    middle_us = int(pieces[1, 0])
    assert read_pieces(file, middle_us, middle_us).tolist() == [pieces[1].tolist()]
