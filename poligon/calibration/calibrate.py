"""A calibration from a log to a scenario and its report: what `poligon calibrate` does, as one
call."""

import math
import secrets
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol, get_args

from poligon.folders import REPORTS, folder_problems, writing
from poligon.manifest import command_words, versions
from poligon.options import OptionError, OptionProblem
from reports.calibration.data import calibration_data
from reports.calibration.page import calibration_page
from reports.provenance import Provenance
from reports.summary import as_json
from reports.writer import write_folder
from rulebook import Language
from scenarios.problems import ScenarioError
from sim.calibration.activity_log import ActivityLog
from sim.calibration.calibration import ArrivalsAs, Calibration, Limit, calibrate_log
from sim.calibration.csv_log import ROLES
from sim.calibration.holdout import Holdout, Unpredictable, hold_out, scenario_of, split
from sim.calibration.log_problems import LogError, LogProblem
from sim.calibration.reading import read_log
from sim.calibration.scenario_text import Generated, generated

__all__ = ["CalibrateOptions", "CalibrateWatch", "Calibrated", "calibrate", "read_columns"]


_SUFFIXES: Final = (".yaml", ".yml")
_PAGE: Final = "calibration.html"
_DATA: Final = "calibration.json"


@dataclass(frozen=True, kw_only=True)
class CalibrateOptions:
    """How to calibrate; None means the default of docs/calibration.md. `columns` are by role."""

    report: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    country: str = "RU"
    arrivals: ArrivalsAs = ArrivalsAs.RATE
    holdout: float | None = None
    recent: float | None = None
    name: str | None = None
    lang: Language = "ru"


class CalibrateWatch(Protocol):
    """Hears how far a calibration is."""

    def reading(self, log: Path) -> None:
        """The log is about to be read."""

    def read(self, events: int) -> None:
        """So many events were read so far."""

    def fitting(self) -> None:
        """The log is read; parameters are fitted."""

    def compiling(self) -> None:
        """The engine is compiled for the prediction, once for a version."""

    def predicted(self, replication: int) -> None:
        """That replication of the prediction is done."""


class Unwatched:
    """Nobody is told."""

    def reading(self, log: Path) -> None:
        """Nothing."""

    def read(self, events: int) -> None:
        """Nothing."""

    def fitting(self) -> None:
        """Nothing."""

    def compiling(self) -> None:
        """Nothing."""

    def predicted(self, replication: int) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Calibrated:
    """What a calibration left: the scenario and its files, `calibration.html` and, as `data`, the
    content of `calibration.json`."""

    found: Calibration
    holdout: Holdout | None
    scenario: Path
    report: Path
    data: dict[str, Any]


def calibrate(
    log: Path,
    out: Path,
    options: CalibrateOptions | None = None,
    watch: CalibrateWatch | None = None,
) -> Calibrated:
    """Learn from `log`, write the scenario `out` with its files beside it, and the report.

    The scenario is of the whole log, or of its recent part; with `holdout` another one, of the
    earlier cases, is judged by the later ones; if it can't be, the first of `found.limits` says
    why. Nothing is ever written over `log`. Raises LogError, OptionError, UnwritableError.
    """
    options = options or CalibrateOptions()
    watch = watch or Unwatched()
    folder = options.report or REPORTS / f"calibrate_{out.stem}"
    pages = [folder / name for name in (_PAGE, _DATA)]
    problems = [*_problems(options, log, out), *folder_problems(folder, "--report")]
    problems += _over_log(log, "--report", pages)
    if problems:
        raise OptionError(problems)
    watch.reading(log)
    activities = read_log(log, options.columns, options.timezone, watch.read)
    watch.fitting()
    title = options.name or log.name.split(".")[0]
    held, left_out = _held(activities, log, title, options, watch)
    _, learned = split(activities, options.recent or 1.0)
    found = calibrate_log(learned, title, options.country, options.arrivals, str(log))
    found = replace(found, limits=(*left_out, *found.limits))
    made = generated(found, out.stem)
    _check(made, log)
    if problems := _over_log(log, "--out", [out.parent / name for name in made.files]):
        raise OptionError(problems)
    files = {"log": str(log), "scenario": str(out)}
    about = Provenance(command=_command(log, out, options), versions=versions())
    data = {**calibration_data(found, held), **files, **about.as_data()}
    with writing(out.parent):
        _write_scenario(out, made)
    with writing(folder):
        written = write_folder(
            folder,
            {
                _PAGE: lambda: calibration_page(found, held, about, files, options.lang),
                _DATA: lambda: as_json(data),
            },
        )
    return Calibrated(found, held, out, folder / (written / _PAGE).name, data)


def read_columns(words: Sequence[str]) -> tuple[dict[str, str], list[OptionProblem]]:
    """Columns by role of words such as `case=ID,time=When`; what is wrong with them."""
    columns: dict[str, str] = {}
    problems = []
    for part in (part for word in words for part in word.split(",")):
        role, equals, column = part.partition("=")
        if role.strip() in ROLES and equals and column.strip():
            columns[role.strip()] = column.strip()
        else:
            allowed = {"allowed": ", ".join(ROLES)}
            problems.append(OptionProblem("option_columns", "--columns", part, allowed))
    return columns, problems


def _problems(options: CalibrateOptions, log: Path, out: Path) -> list[OptionProblem]:
    found = [
        OptionProblem("option_share_open", option, value)
        for option, value in (("--holdout", options.holdout), ("--recent", options.recent))
        if value is not None and not (math.isfinite(value) and 0 < value < 1)
    ]
    if options.arrivals not in ArrivalsAs:
        allowed = {"allowed": ", ".join(ArrivalsAs)}
        found.append(OptionProblem("option_choice", "--arrivals", options.arrivals, allowed))
    if options.lang not in get_args(Language):
        allowed = {"allowed": ", ".join(get_args(Language))}
        found.append(OptionProblem("option_choice", "--lang", options.lang, allowed))
    if out.is_dir() or not out.name or not out.stem.strip("."):
        found.append(OptionProblem("option_file_name", "--out", out))
    elif over := _over_log(log, "--out", [out]):
        found += over
    elif out.suffix.casefold() not in _SUFFIXES:
        found.append(OptionProblem("option_yaml", "--out", out))
    else:
        found += folder_problems(out.parent)
    return found


def _over_log(log: Path, option: str, written: Sequence[Path]) -> list[OptionProblem]:
    """Those of the files to be written that are the log, under whatever name."""
    return [
        OptionProblem("option_is_log", option, path) for path in written if _is_one_file(path, log)
    ]


def _is_one_file(path: Path, log: Path) -> bool:
    try:
        return path.samefile(log)
    except (OSError, ValueError):
        return False  # one of them is not there


def _held(
    activities: ActivityLog, log: Path, title: str, options: CalibrateOptions, watch: CalibrateWatch
) -> tuple[Holdout | None, tuple[Limit, ...]]:
    """The prediction that was asked for, or why there is none."""
    if options.holdout is None:
        return None, ()
    try:
        _, held = hold_out(
            activities,
            options.holdout,
            title,
            options.country,
            options.recent or 1.0,
            str(log),
            watch.predicted,
            watch.compiling,
        )
    except Unpredictable as error:
        return None, (error.limit,)
    return held, ()


def _check(made: Generated, log: Path) -> None:
    """LogError if the scenario would not be loaded."""
    with tempfile.TemporaryDirectory() as name:
        try:
            scenario_of(made, Path(name))
        except ScenarioError as error:
            params = {"reason": error.problems[0].text("en")}
            raise LogError([LogProblem("log_unusable", str(log), params=params)]) from error


def _write_scenario(out: Path, made: Generated) -> None:
    """Write each file whole or not at all; the scenario, which names the others, last."""
    out.parent.mkdir(parents=True, exist_ok=True)
    contents = {**{out.parent / name: text for name, text in made.files.items()}, out: made.text}
    for path, text in contents.items():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            fresh.write_text(text, encoding="utf-8", newline="\n")
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def _command(log: Path, out: Path, options: CalibrateOptions) -> str:
    words = ["calibrate", str(log), "--out", str(out)]
    for role, column in options.columns.items():
        words += ["--columns", f"{role}={column}"]
    given: dict[str, object | None] = {
        "--timezone": options.timezone,
        "--country": None if options.country == "RU" else options.country,
        "--arrivals": None if options.arrivals == ArrivalsAs.RATE else options.arrivals,
        "--holdout": options.holdout,
        "--recent": options.recent,
        "--name": options.name,
    }
    return shlex.join(command_words(words, given))
