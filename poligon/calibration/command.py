"""`poligon calibrate`: words into options, the call, its outcome in words."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from poligon import declarations
from poligon.calibration.calibrate import Calibrated, CalibrateOptions, calibrate, read_columns
from poligon.declarations import flag, lang_option
from poligon.exits import ExitCode, Work
from poligon.interruption import heed
from poligon.options import OptionError, OptionProblem, Words
from poligon.telling import short
from poligon.terminal import Terminal
from poligon.texts import LANGUAGES, text
from reports.calibration.sentences import answers, limit_in_words, repair_in_words
from reports.formatting import number
from reports.summary import as_json
from rulebook import Language
from sim.calibration.calibration import ArrivalsAs
from sim.calibration.holdout import REPLICATIONS

__all__ = ["register"]


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""
    option = partial(declarations.option, lang=lang, of="calibrate")

    @app.command("calibrate", help=text("help_calibrate", lang))
    def command(
        log: Annotated[str, typer.Argument(metavar="LOG", help=text("help_calibrate_log", lang))],
        out: Annotated[str, option("--out", "FILE.yaml")],
        columns: Annotated[list[str] | None, option("--columns", "ROLE=NAME,…")] = None,
        timezone: Annotated[str | None, option("--timezone", "ZONE")] = None,
        country: Annotated[str | None, option("--country", "CODE")] = None,
        arrivals: Annotated[str | None, option("--arrivals", "rate|instants")] = None,
        holdout: Annotated[str | None, option("--holdout", "SHARE")] = None,
        recent: Annotated[str | None, option("--recent", "SHARE")] = None,
        name: Annotated[str | None, option("--name", "NAME")] = None,
        report: Annotated[str | None, option("--report", "DIR")] = None,
        as_json_: Annotated[bool, flag("--json", lang, of="calibrate")] = False,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        words = Words()
        by_role, problems = read_columns(columns or ())
        path = words.file("out", out)
        options = CalibrateOptions(
            report=words.folder("report", report),
            columns=by_role,
            timezone=timezone,
            country=country or "RU",
            arrivals=words.choice("arrivals", arrivals, list(ArrivalsAs), ArrivalsAs.RATE),
            holdout=_share("holdout", holdout, problems),
            recent=_share("recent", recent, problems),
            name=name,
            lang=words.choice("lang", lang_, LANGUAGES, "ru"),
        )
        if (found := [*words.problems, *problems]) or path is None:
            raise OptionError(found)
        return partial(_calibrate, Path(log), path, options, as_json_, lang)


def _share(name: str, word: str | None, problems: list[OptionProblem]) -> float | None:
    if word is None:
        return None
    try:
        return float(word)
    except ValueError:
        problems.append(OptionProblem("option_share_open", f"--{name}", word))
        return None


def _calibrate(
    log: Path, out: Path, options: CalibrateOptions, as_json_: bool, lang: Language
) -> int:
    watch = _Lines(Terminal(stderr=True), lang)
    done = calibrate(log, out, options, watch)
    if as_json_:
        sys.stdout.write(as_json(done.data))
    _tell(done, Terminal(stderr=as_json_), lang)
    return ExitCode.DONE


class _Lines:
    """Tells each stage on a console."""

    def __init__(self, console: Terminal, lang: Language) -> None:
        self._console = console
        self._lang = lang

    def reading(self, log: Path) -> None:
        self._say("calibrate_reading", log=str(log))

    def read(self, events: int) -> None:
        self._say("calibrate_read", events=number(events, self._lang))

    def fitting(self) -> None:
        self._say("calibrate_fitting")

    def compiling(self) -> None:
        self._say("compiling")

    def predicted(self, replication: int) -> None:
        heed()
        if replication + 1 in (1, REPLICATIONS // 2, REPLICATIONS):
            self._say("calibrate_predicting", done=replication + 1, total=REPLICATIONS)

    def _say(self, key: str, **values: object) -> None:
        heed()
        line = text(key, self._lang, **values)
        self._console.say(line)


def _tell(done: Calibrated, console: Terminal, lang: Language) -> None:
    found = done.found

    def say(lines: Sequence[str]) -> None:
        for line in lines:
            console.say(line)

    say(
        [
            text("calibrate_scenario", lang, path=short(done.scenario)),
            text("report", lang, path=short(done.report)),
        ]
    )
    say([f"  • {row['topic']}: {row['text']}" for row in answers(found, done.holdout, lang)])
    say([text("calibrate_limits", lang, count=len(found.limits))])
    say([f"  • {limit_in_words(limit, lang)}" for limit in found.limits])
    if found.repairs:
        say([text("calibrate_repairs", lang)])
        say(
            [
                f"  • {repair_in_words(repair, found, lang)}: {number(repair.count, lang)}"
                for repair in found.repairs
            ]
        )
