"""Exit codes of the commands, and how each error becomes a code and lines on standard error."""

import os
import sys
import traceback
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from enum import IntEnum

from typer import TyperException

from poligon.folders import UnwritableError
from poligon.options import OptionError
from poligon.texts import PROBLEMS, text
from poligon.usage_errors import usage_in_words
from reports.formatting import number
from rulebook import Language
from scenarios.durations import WorkingDays, format_duration
from scenarios.problems import ScenarioError
from sim.calibration.log_problems import LogError
from sim.engines.run import EndlessCase
from sim.experiments.backends import ClusterLost
from sim.experiments.experiment import MOST_ARRIVALS, TooManyArrivals
from sim.studies.plan import NothingDue
from sim.studies.samples import BrokenLaws

__all__ = ["DEBUG", "ExitCode", "Work", "say", "told"]

DEBUG = "POLIGON_DEBUG"  # in the environment: show where a fault of the program comes from


Work = Callable[[], int]
"""What a command does once its words are read; returns the exit code."""


class ExitCode(IntEnum):
    """What a command ends with; a signal ends it with 128 + its number (Ctrl-C: 130)."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    FAULT = 3


def say(line: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"{line}\n")


def told(error: Exception, command: str, lang: Language) -> int:
    """Tell an error that ended `command` and return the exit code it means."""
    match error:
        case ScenarioError() | OptionError() | LogError():
            for problem in error.problems:
                say(problem.text(lang))
            say(_nothing_done(len(error.problems), lang))
        case EndlessCase():
            words = {"journey": error.journey, "number": error.number, "node": error.node}
            say(text("error", lang, message=text("endless", lang, **words)))
        case TooManyArrivals():
            words = {
                "expected": _readable(error.expected, lang),
                "most": _readable(MOST_ARRIVALS, lang),
            }
            say(text("error", lang, message=text("too_many", lang, **words)))
        case NothingDue():
            say(text("error", lang, message=_nothing_due(error, lang)))
        case UnwritableError():
            words = {"folder": error.folder, "reason": error.reason}
            say(text("error", lang, message=text("unwritable", lang, **words)))
        case TyperException():
            say(text("error", lang, message=usage_in_words(error, lang)))
            say(text("see_help", lang, command=command))
        case BrokenLaws():
            words = {"point": error.point, "number": error.number}
            say(text("error", lang, message=text("study_broken", lang, **words)))
            for detail in error.details:
                say(f"  {detail}")
            return ExitCode.FAULT
        case ClusterLost() | BrokenProcessPool():
            lost = "cluster_lost" if isinstance(error, ClusterLost) else "worker_lost"
            say(text("error", lang, message=text(lost, lang)))
            return ExitCode.FAULT
        case _:
            return _crash(error, lang)
    return ExitCode.BAD_INPUT


def _nothing_done(problems: int, lang: Language) -> str:
    return text("problems", lang, problems=PROBLEMS.counted(problems, lang))


def _nothing_due(error: NothingDue, lang: Language) -> str:
    asked, horizon = error.objective, error.horizon_us
    if horizon is None:
        return text("study_no_cases", lang, id=asked.id, journey=asked.journey)
    term = asked.within if isinstance(asked.within, WorkingDays) else format_duration(asked.within)
    return text("study_nothing_due", lang, id=asked.id, term=term, horizon=format_duration(horizon))


def _readable(large: float, lang: Language) -> str:
    """Two digits and a power of ten: only how large it is matters."""
    digits, power = f"{large:.1e}".split("e")
    return f"{number(float(digits), lang, 0 if digits.endswith('.0') else 1)}·10^{int(power)}"


def _crash(error: Exception, lang: Language) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    message = " ".join(str(error).split())
    say(text("crash", lang, kind=type(error).__name__, message=message))
    say(text("crash_hint", lang))
    return ExitCode.FAULT
