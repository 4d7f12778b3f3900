"""What a person reads when a load test is over, and the exit code behind it."""

from pathlib import Path

from rich.console import Console

from poligon.exits import ExitCode, say
from poligon.load.load_test import LoadOutcome, load_test
from poligon.load.locust_run import LoaderBroken
from poligon.load.options import LoadOptions
from poligon.load.stand import StandBroken
from poligon.load.watching import Shown
from poligon.telling import short
from poligon.terminal import Terminal
from poligon.texts import text
from poligon.validation.validate import validate
from reports.formatting import duration, number
from reports.load.page import (
    bound_in_words,
    cut_off_in_words,
    objective_in_words,
    people_in_words,
    preparation_in_words,
    value_in_words,
)
from reports.load.validation_page import judged_in_words
from rulebook import Language

__all__ = ["broken_off", "run_load", "run_validation", "tell_load"]

_MARKS = {True: "✓", False: "✗"}


def run_load(path: Path, options: LoadOptions, argv: list[str], check: bool, lang: Language) -> int:
    """The load test, told; its exit code."""
    watch = Shown(Terminal(stderr=True), lang)
    try:
        outcome = load_test(path, options, watch, argv)
    except (StandBroken, LoaderBroken) as error:
        return broken_off(error, lang)
    finally:
        watch.stop()
    tell_load(outcome, Terminal(), lang)
    if outcome.broken_checks:
        say(text("error", lang, message=text("load_broken_checks", lang)))
        return ExitCode.FAULT
    return ExitCode.FAILED if check and not outcome.is_met else ExitCode.DONE


def run_validation(
    path: Path, options: LoadOptions, argv: list[str], quick: bool, lang: Language
) -> int:
    """The validation, told; its exit code."""
    watch = Shown(Terminal(stderr=True), lang)
    try:
        found = validate(path, options, watch, argv, quick=quick)
    except (StandBroken, LoaderBroken) as error:
        return broken_off(error, lang)
    finally:
        watch.stop()
    console = Terminal()

    def line(told: str) -> None:
        console.print(told, markup=False, highlight=False, soft_wrap=True)

    line(text("report", lang, path=short(found.report)))
    for level in found.result.levels:
        for row in judged_in_words(level, lang):
            noise = text("validate_noise", lang) if level.is_noisy else ""
            mark = _MARKS[row.is_met and not level.is_noisy]
            line(f"  {text('validate_level', lang, mark=mark, noise=noise, **row.words)}")
    return ExitCode.DONE if found.result.is_met else ExitCode.FAILED


def broken_off(error: StandBroken | LoaderBroken, lang: Language) -> int:
    """Tell which of the processes has ended by itself."""
    key = "load_stand_broken" if isinstance(error, StandBroken) else "load_loader_broken"
    say(text("error", lang, message=text(key, lang)))
    for line in error.said.strip().splitlines()[-10:]:
        say(f"  {line}")
    return ExitCode.FAULT


def tell_load(outcome: LoadOutcome, console: Console, lang: Language) -> None:
    """The report's path, what was answered, objectives and checks."""
    result, total = outcome.result, outcome.result.total

    def line(told: str) -> None:
        console.print(told, markup=False, highlight=False, soft_wrap=True)

    line(text("report", lang, path=short(outcome.report)))
    for note in result.notes:
        say(text("note", lang, note=note))
    latency = outcome.result.latency
    line(
        text(
            "load_answers",
            lang,
            requests=number(total.requests, lang),
            good=number(total.ok + total.refused, lang),
            shed=number(total.shed, lang),
            failed=number(total.failed, lang),
            p50=duration(latency.p50, lang),
            p95=duration(latency.p95, lang),
        )
    )
    line(
        text(
            "load_cases",
            lang,
            cases=result.cases,
            completed=result.completed,
            refused=result.refused_cases,
            failed=result.failed_cases,
            abandoned=result.abandoned_cases,
        )
    )
    people, cut_off = people_in_words(result, lang), cut_off_in_words(result, lang)
    if people is not None:
        line(text("load_people", lang, told=people))
    if cut_off is not None:
        line(text("load_cut_off", lang, told=cut_off))
    if result.preparation is not None:
        line(preparation_in_words(result.preparation, lang))
    line(text("objectives", lang))
    for each in result.objectives:
        words = {
            "mark": _MARKS[each.passed],
            "id": each.id,
            "asked": objective_in_words(each, lang),
            "value": value_in_words(each, lang),
            "bound": bound_in_words(each, lang),
        }
        line(f"  {text('load_objective', lang, **words)}")
    if result.checks:
        line(text("load_checks_head", lang))
    for check in result.checks:
        words = {"mark": _MARKS[check.passed], "name": check.name, "detail": check.detail}
        line(f"  {text('load_check', lang, **words)}")
