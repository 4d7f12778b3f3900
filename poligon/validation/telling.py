"""What a person reads when a validation is over, and the exit code behind it."""

from pathlib import Path

from poligon.exits import ExitCode, say
from poligon.load.locust_run import LoaderBroken
from poligon.load.options import LoadOptions
from poligon.load.stand import StandBroken
from poligon.load.telling import broken_off
from poligon.load.watching import Shown
from poligon.telling import MARKS, short
from poligon.terminal import Terminal
from poligon.texts import text
from poligon.validation.portal_runs import NotMeasured
from poligon.validation.validate import validate
from reports.validation.figures import judged_in_words
from rulebook import Language

__all__ = ["run_validation"]


def run_validation(
    path: Path, options: LoadOptions, argv: list[str], quick: bool, lang: Language
) -> int:
    """The validation, told; its exit code."""
    watch = Shown(Terminal(stderr=True), lang)
    try:
        found = validate(path, options, watch, argv, quick=quick)
    except (StandBroken, LoaderBroken) as error:
        return broken_off(error, lang)
    except NotMeasured as error:
        say(text("error", lang, message=error.why.in_language(lang)))
        return ExitCode.FAULT
    finally:
        watch.stop()
    terminal = Terminal()
    terminal.say(text("report", lang, path=short(found.report)))
    for level in found.result.levels:
        for row in judged_in_words(level, lang):
            noise = text("validate_noise", lang) if level.is_noisy else ""
            mark = MARKS[row.is_met and not level.is_noisy]
            terminal.say(f"  {text('validate_level', lang, mark=mark, noise=noise, **row.words)}")
    return ExitCode.DONE if found.result.is_met else ExitCode.FAILED
