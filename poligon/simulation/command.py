"""`poligon simulate`: words into options, the call, its outcome in words."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from poligon.declarations import flag, scenario_argument
from poligon.exits import ExitCode, Work, say
from poligon.options import Options
from poligon.run_options import with_run_options
from poligon.simulation.progress import watch_for
from poligon.simulation.simulate import Outcome, simulate
from poligon.simulation.telling import tell
from poligon.studies.progress import progress_titled
from poligon.terminal import Terminal
from poligon.texts import text
from reports.notes import notes_in_words
from reports.summary import as_json as json_of
from reports.summary import summary
from rulebook import Language
from sim.experiments.experiment import IMPRECISE

__all__ = ["register"]


def register(app: typer.Typer, lang: Language, argv: list[str]) -> None:
    """Add the command to `app` with its help in `lang`; `argv` goes into the manifest."""

    @app.command("simulate", help=text("help_simulate", lang))
    @with_run_options(lang, own_after="out")
    def command(
        scenario: Annotated[str, scenario_argument(lang)],
        *,
        options: Options,
        as_json: bool,
        check: Annotated[bool, flag("--check", lang)] = False,
    ) -> Work:
        return partial(_simulate, Path(scenario), options, argv, check, as_json, lang)


def _simulate(
    path: Path, options: Options, argv: list[str], check: bool, as_json: bool, lang: Language
) -> int:
    listening = progress_titled(lambda scenario: text("sensitivity", lang), lang)
    outcome = simulate(path, options, watch_for(Terminal(stderr=True), lang), argv, listening)
    if as_json:
        sys.stdout.write(json_of(summary(outcome.result)))
    tell(outcome, Terminal(stderr=as_json), lang)
    return _judged(outcome, check, lang)


def _judged(outcome: Outcome, check: bool, lang: Language) -> int:
    """The exit code, and on standard error what stands behind it."""
    result = outcome.result
    for line in notes_in_words([n for n in result.notes if n != IMPRECISE], lang):
        say(text("note", lang, note=line))
    if not outcome.precise:
        say(text("imprecise", lang, replications=result.replications))
    if outcome.broken_checks:
        say(text("error", lang, message=text("broken_checks", lang)))
        for broken in outcome.broken_checks:
            say(text("broken_check", lang, name=broken.name, detail=broken.detail))
        return ExitCode.FAULT
    return ExitCode.FAILED if check and outcome.failed_objectives else ExitCode.DONE
