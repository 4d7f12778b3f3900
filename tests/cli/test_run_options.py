"""Options that several commands share: declared once, read for each command that takes them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from poligon.app import run
from poligon.declarations import option
from poligon.exits import Work
from poligon.options import OptionError, Options
from poligon.run_options import with_run_options
from poligon.studies.compare import Side, compare
from poligon.studies.plan import Wish, plan
from poligon.studies.sweep import sweep
from sim.experiments.event_log import EventFormat
from sim.experiments.experiment import Precision
from tests.cli.running import SMALL, write

BEFORE_OWN = ["replications", "jobs", "backend", "scheduler", "scale", "engine", "fidelity", "seed"]


def asked(*words: str) -> dict[str, Any]:
    """What a command without `--events` is called with, its own option being `--own`."""
    seen: dict[str, Any] = {}
    app = typer.Typer(add_completion=False)

    @app.command()
    @with_run_options("en", without=("events",))
    def command(
        path: str,
        *,
        options: Options,
        as_json: bool,
        own: Annotated[str | None, option("--own", "X", "en", "help_seed")] = None,
    ) -> Work:
        seen.update(path=path, options=options, as_json=as_json, own=own)
        return lambda: 0

    app(args=[*words], standalone_mode=False)
    return seen


def test_command_gets_its_own_words_and_the_shared_ones_read() -> None:
    words = ["a.yaml", "--jobs", "2", "--own", "x", "--set", "a=1", "--set", "b=2", "--json"]
    assert asked(*words, "--out", "there") == {
        "path": "a.yaml",
        "options": Options(jobs=2, overrides=("a=1", "b=2"), out=Path("there")),
        "as_json": True,
        "own": "x",
    }
    assert asked("a.yaml")["options"] == Options()


def test_every_wrong_word_is_told_before_the_command_is_called() -> None:
    with pytest.raises(OptionError) as caught:
        asked("a.yaml", "--jobs", "0", "--scale", "x", "--lang", "fr")
    assert [problem.option for problem in caught.value.problems] == ["--scale", "--lang", "--jobs"]


def test_wrong_words_of_a_command_and_shared_ones_are_told_together(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["plan", "x.yaml", "--confidence", "high", "--jobs", "0", "--lang", "en"]) == 2
    assert [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()] == [
        "--jobs",
        "--confidence",
        "2 errors; nothing was done",
    ]


def test_study_refuses_settings_that_only_a_simulation_has(tmp_path: Path) -> None:
    path, out = write(tmp_path, SMALL), tmp_path / "out"
    precision = Precision("journeys.j.time.mean", 0.1)
    options = Options(until_precision=precision, events=EventFormat.CSV, sensitivity=True, out=out)
    calls: list[Callable[[], object]] = [
        lambda: sweep(path, ["stations.desk.servers=1"], options),
        lambda: compare(Side(path), Side(path, ("stations.desk.servers=1",)), options),
        lambda: plan(path, Wish(["stations.desk.servers=1"], ["easy"]), options),
    ]
    for call in calls:
        with pytest.raises(OptionError) as caught:
            call()
        assert [problem.option for problem in caught.value.problems] == [
            "--until-precision",
            "--events",
            "--sensitivity",
        ]
    assert not out.exists()


def test_option_that_a_command_goes_without_is_unknown_to_it() -> None:
    with pytest.raises(typer.TyperException, match="--events"):
        asked("a.yaml", "--events", "csv")


@pytest.mark.parametrize(
    ("command", "before", "behind"),
    [
        ("compare", [], ["set", "set-a", "set-b", "out", "json"]),
        ("sweep", ["vary", "metric"], ["set", "out", "json"]),
        ("plan", ["vary", "objective", "cost", "confidence"], ["set", "out", "json"]),
    ],
)
def test_help_has_the_options_of_a_command_around_those_of_all(
    command: str,
    before: list[str],
    behind: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    assert run([command, "--help", "--lang", "en"]) == 0
    found = re.findall(r"^│ --([a-z-]+)", capsys.readouterr().out, re.MULTILINE)
    assert found == [*before, *BEFORE_OWN, *behind, "lang", "help"]
