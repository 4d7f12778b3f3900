"""Options of `poligon simulate` that are wrong: all are told, and nothing is done."""

from pathlib import Path

import pytest

from poligon import options as option_words
from poligon.app import run
from poligon.options import OptionError, read_options
from poligon.simulation.simulate import simulate
from tests.cli.running import SMALL, options, write

WRONG_OPTIONS = [
    (["--replications", "0"], "--replications: expected a whole number from 1 to 1000, got \"0\""),
    (["--replications", "1001"], "from 1 to 1000, got \"1001\""),
    (["--replications", "ten"], "got \"ten\""),
    (["--replications", "1.5"], "got \"1.5\""),
    (["--jobs", "0"], "--jobs: expected a whole number from 1 to 256, got \"0\""),
    (["--jobs", "-2"], "got \"-2\""),
    (["--seed", "-1"], "--seed: expected a whole number from 0 to 9223372036854775807"),
    (["--seed", "9223372036854775808"], "--seed: expected"),
    (["--scale", "0"], "--scale: expected a finite number above 0, got \"0.0\""),
    (["--scale", "-1"], "--scale: expected"),
    (["--scale", "inf"], "got \"inf\""),
    (["--scale", "nan"], "got \"nan\""),
    (["--scale", "half"], "got \"half\""),
    (["--until-precision", "journeys.j.time.mean"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "journeys.j.time.mean=0"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "journeys.j.time.mean=1"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "=0.1"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "journeys.j.time.men=0.1"], "similar: journeys.j.time.mean"),
    (["--until-precision", "journeys.k.time.mean=0.1"], "no metric \"journeys.k.time.mean\""),
    (["--engine", "fast"], "--engine: got \"fast\"; allowed: auto, simpy, compiled"),
    (["--fidelity", "high"], "--fidelity: got \"high\"; allowed: flow, twin"),
    (["--backend", "dask"], "--backend dask: needs the scheduler's address: --scheduler tcp://"),
    (["--backend", "cloud"], "--backend: got \"cloud\"; allowed: local, dask"),
    (["--scheduler", "tcp://a:1"], "--scheduler: goes together with --backend dask only"),
    (["--events", "json"], "--events: got \"json\"; allowed: csv, parquet, xes"),
    (["--out", ""], "--out: expected the name of a folder, got \"\""),
    (["--out", "/proc/nothing"], "\"/proc/nothing\" is no folder and can't be made one: /proc: "),
    (["--set", "seed"], "--set"),
    (["--set", "stations.desk.servers=many"], "stations.desk.servers"),
    (["--sed", "1"], "error: --sed: there is no such option; similar: --scale, --seed, --set"),
    (["--seed"], "error: --seed: needs a value"),
    (["more.yaml"], "error: unexpected words: more.yaml"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "told"), WRONG_OPTIONS, ids=[" ".join(w) for w, _ in WRONG_OPTIONS]
)
def test_wrong_option_is_exit_2_and_says_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], told: str
) -> None:
    path = write(tmp_path, SMALL)
    out = [] if "--out" in wrong else ["--out", str(tmp_path / "r")]
    assert run(["simulate", str(path), *out, "--lang", "en", *wrong]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert not (tmp_path / "r").exists()


def test_wrong_options_are_told_all_at_once_in_russian(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", "x.yaml", "--jobs", "0", "--lang", "de", "--scale", "x"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "--scale: ожидалось конечное число больше 0, получено «x»",
        "--lang: получено «de»; допустимо: ru, en",
        "--jobs: ожидалось целое число от 1 до 256, получено «0»",
        "3 ошибки; ничего не сделано",
    ]


def test_parquet_without_its_package_is_refused_before_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(option_words, "missing_extra", lambda _: "parquet")
    with pytest.raises(OptionError) as caught:
        read_options(events="parquet")
    (problem,) = caught.value.problems
    assert problem.code == "option_extra"
    assert "pip install -e '.[parquet]'" in problem.text("ru")


def test_file_in_the_place_of_the_report_folder_is_refused_before_the_run(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    with pytest.raises(OptionError) as caught:
        simulate(path, options(tmp_path, out=path / "r"))
    assert [problem.code for problem in caught.value.problems] == ["option_folder"]
