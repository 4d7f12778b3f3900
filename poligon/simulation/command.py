"""`poligon simulate`: words into options, the call, its outcome in words."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from poligon.exits import ExitCode, Work, say
from poligon.options import Options, read_options
from poligon.progress import watch_for
from poligon.simulation.simulate import Outcome, simulate
from poligon.studies.progress import StudyProgress
from poligon.telling import tell
from poligon.terminal import Terminal
from poligon.texts import text
from reports.notes import notes_in_words
from reports.summary import as_json, summary
from rulebook import Language
from scenarios.completion import CompleteScenario
from sim.experiments.experiment import IMPRECISE

__all__ = ["register"]


def register(app: typer.Typer, lang: Language, argv: list[str]) -> None:
    """Add the command to `app` with its help in `lang`; `argv` goes into the manifest."""

    def option(name: str, metavar: str) -> Any:
        key = f"help_{name.strip('-').replace('-', '_')}"
        return typer.Option(name, metavar=metavar, help=text(key, lang), show_default=False)

    def flag(name: str) -> Any:
        return typer.Option(name, help=text(f"help_{name.strip('-')}", lang))

    @app.command("simulate", help=text("help_simulate", lang))
    def command(
        scenario: Annotated[
            str, typer.Argument(metavar="SCENARIO", help=text("help_scenario", lang))
        ],
        replications: Annotated[str | None, option("--replications", "N")] = None,
        until_precision: Annotated[str | None, option("--until-precision", "METRIC=0.05")] = None,
        jobs: Annotated[str | None, option("--jobs", "J")] = None,
        backend: Annotated[str | None, option("--backend", "local|dask")] = None,
        scheduler: Annotated[str | None, option("--scheduler", "ADDR")] = None,
        scale: Annotated[str | None, option("--scale", "F")] = None,
        engine: Annotated[str | None, option("--engine", "auto|simpy|compiled")] = None,
        fidelity: Annotated[str | None, option("--fidelity", "flow|twin")] = None,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        overrides: Annotated[list[str] | None, option("--set", "KEY=VALUE")] = None,
        events: Annotated[str | None, option("--events", "csv|parquet|xes")] = None,
        out: Annotated[str | None, option("--out", "DIR")] = None,
        check: Annotated[bool, flag("--check")] = False,
        sensitivity: Annotated[bool, flag("--sensitivity")] = False,
        as_json_: Annotated[bool, flag("--json")] = False,
        lang_: Annotated[str | None, option("--lang", "ru|en")] = None,
    ) -> Work:
        options = read_options(
            replications=replications,
            until_precision=until_precision,
            jobs=jobs,
            backend=backend,
            scheduler=scheduler,
            scale=scale,
            engine=engine,
            fidelity=fidelity,
            seed=seed,
            overrides=overrides or (),
            events=events,
            out=out,
            lang=lang_,
            sensitivity=sensitivity,
        )
        return partial(_simulate, Path(scenario), options, argv, check, as_json_, lang)


def _simulate(
    path: Path, options: Options, argv: list[str], check: bool, as_json_: bool, lang: Language
) -> int:
    def listening(scenario: CompleteScenario) -> StudyProgress:
        title = text("sensitivity", lang)
        return StudyProgress(Terminal(stderr=True), title, scenario.calendar, lang)

    outcome = simulate(path, options, watch_for(Terminal(stderr=True), lang), argv, listening)
    if as_json_:
        sys.stdout.write(as_json(summary(outcome.result)))
    tell(outcome, Terminal(stderr=as_json_), lang)
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
