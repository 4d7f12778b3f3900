"""What a person reads when a load test is over, and the exit code behind it."""

from collections.abc import Iterator
from pathlib import Path

from loadtests.results.result import LoadResult
from poligon.exits import ExitCode, say
from poligon.load.load_test import LoadOutcome, load_test
from poligon.load.locust_run import LoaderBroken
from poligon.load.options import LoadOptions
from poligon.load.stand import StandBroken
from poligon.load.watching import Shown
from poligon.telling import MARKS, short
from poligon.terminal import Terminal
from poligon.texts import text
from reports.formatting import duration, number
from reports.load.checks import check_in_words
from reports.load.notes import notes_in_words
from reports.load.objectives_in_words import bound_in_words, objective_in_words, value_in_words
from reports.load.page import cut_off_in_words, people_in_words, preparation_in_words
from rulebook import Language

__all__ = ["broken_off", "run_load", "tell_load"]


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


def broken_off(error: StandBroken | LoaderBroken, lang: Language) -> int:
    """Tell which of the processes has ended by itself."""
    key = "load_stand_broken" if isinstance(error, StandBroken) else "load_loader_broken"
    say(text("error", lang, message=text(key, lang)))
    for line in error.said.strip().splitlines()[-10:]:
        say(f"  {line}")
    return ExitCode.FAULT


def tell_load(outcome: LoadOutcome, terminal: Terminal, lang: Language) -> None:
    """The report's path, what was answered, objectives and checks."""
    result = outcome.result
    terminal.say(text("report", lang, path=short(outcome.report)))
    for note in notes_in_words(result.notes, lang):
        say(text("note", lang, note=note))
    for line in _answers(result, lang):
        terminal.say(line)
    terminal.say(text("objectives", lang))
    for each in result.objectives:
        words = {
            "mark": MARKS[each.passed],
            "id": each.id,
            "asked": objective_in_words(each, lang),
            "value": value_in_words(each, lang),
            "bound": bound_in_words(each, lang),
        }
        terminal.say(f"  {text('load_objective', lang, **words)}")
    if result.checks:
        terminal.say(text("load_checks_head", lang))
    for check in result.checks:
        words = {"mark": MARKS[check.passed], "name": check.name}
        detail = check_in_words(check, lang)
        terminal.say(f"  {text('load_check', lang, **words, detail=detail)}")


def _answers(result: LoadResult, lang: Language) -> Iterator[str]:
    """Requests, cases, people; what was cut off, and the preparation."""
    total, latency = result.total, result.latency
    yield text(
        "load_answers",
        lang,
        requests=number(total.requests, lang),
        good=number(total.ok + total.refused, lang),
        shed=number(total.shed, lang),
        failed=number(total.failed, lang),
        p50=duration(latency.p50, lang),
        p95=duration(latency.p95, lang),
        done=duration(result.until_done.p95, lang),
    )
    yield text(
        "load_cases",
        lang,
        cases=result.cases,
        completed=result.completed,
        refused=result.refused_cases,
        failed=result.failed_cases,
        abandoned=result.abandoned_cases,
    )
    people, cut_off = people_in_words(result, lang), cut_off_in_words(result, lang)
    if people is not None:
        yield text("load_people", lang, told=people)
    if cut_off is not None:
        yield text("load_cut_off", lang, told=cut_off)
    if result.preparation is not None:
        yield preparation_in_words(result.preparation, lang)
