"""The manifest beside a report, and the command in it that makes the same figures."""

import json
import shlex
from pathlib import Path

import pytest

from poligon.app import run
from poligon.manifest import repeating_command
from poligon.options import OptionError, Options
from poligon.simulation import command as simulate_command
from poligon.simulation.simulate import simulate
from sim.experiments.event_log import EventFormat
from sim.experiments.experiment import Precision
from tests.cli.running import SMALL, options, write


def test_manifest_tells_how_to_get_the_same_figures(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    given = options(
        tmp_path, seed=7, scale=0.5, overrides=("name=Two words",), events=EventFormat.CSV
    )
    simulate(path, given, argv=["simulate", "small.yaml"])
    manifest = json.loads((tmp_path / "r/manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == (
        f"poligon simulate {path} --scale 0.5 --seed 7 --set 'name=Two words'"
    )
    assert {
        key: manifest[key] for key in ("seed", "scale", "replications", "argv", "event_log")
    } == {
        "seed": 7,
        "scale": 0.5,
        "replications": 3,
        "argv": ["simulate", "small.yaml"],
        "event_log": "events.csv",
    }
    assert set(manifest["versions"]) == {
        "poligon", "python", "numpy", "numba", "simpy", "rulebook"
    }  # fmt: skip


@pytest.mark.parametrize("number", [0.012345678, 1 / 3, 1e-07])
def test_command_of_the_manifest_gives_the_options_back_to_the_last_digit(
    number: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[Path, Options]] = []

    def note(path: Path, given: Options, *_: object) -> None:
        read.append((path, given))
        raise OptionError([])

    monkeypatch.setattr(simulate_command, "simulate", note)
    given = Options(
        replications=4,
        until_precision=Precision("journeys.j.time.mean", number),
        scale=number,
        seed=7,
        overrides=("name=Two words", "seed=1"),
    )
    program, *words = shlex.split(repeating_command(Path("a b.yaml"), given))
    run(words)
    assert (program, read) == ("poligon", [(Path("a b.yaml"), given)])
