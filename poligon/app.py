"""The commands together: words are read here, errors become exit codes here."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from poligon import journal_command, rules_command, schema_command
from poligon.calibration import command as calibrate_command
from poligon.country import filing_command, world_command
from poligon.exits import ExitCode, told
from poligon.interruption import heed
from poligon.load import command as load_command
from poligon.manifest import own_version
from poligon.serve import command as serve_command
from poligon.simulation import command as simulate_command
from poligon.studies import compare_command, plan_command, sweep_command
from poligon.texts import language_of, text
from rulebook import Language

__all__ = ["run"]


def run(argv: Sequence[str]) -> int:
    """Run a command and return its exit code; errors are told on standard error."""
    lang = language_of(argv)
    if not argv:
        run(["--help"])
        return ExitCode.BAD_INPUT
    app = _app(lang, list(argv))
    try:
        # Typer reads the words; the work is done outside of it, where no error becomes another.
        work = app(args=list(argv), prog_name="poligon", standalone_mode=False)
        return work() if callable(work) else ExitCode.DONE
    except BrokenPipeError:
        raise
    except Exception as error:
        heed()
        commands = {command.name for command in app.registered_commands}
        commands |= {group.name for group in app.registered_groups}
        known = argv[0] if argv[0] in commands else ""
        return told(error, f"poligon {known}".strip(), lang)


def _app(lang: Language, argv: list[str]) -> typer.Typer:
    """All commands, with help in `lang`."""
    app = typer.Typer(add_completion=False, help=text("about", lang))

    def show_version(asked: bool) -> None:
        if asked:
            sys.stdout.write(f"poligon {own_version()}\n")
            raise typer.Exit

    @app.callback()
    def about(
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                callback=show_version,
                is_eager=True,
                help=text("help_version", lang),
            ),
        ] = False,
    ) -> None:
        pass

    simulate_command.register(app, lang, argv)
    compare_command.register(app, lang)
    sweep_command.register(app, lang)
    plan_command.register(app, lang)
    calibrate_command.register(app, lang)
    rules_command.register(app, lang)
    schema_command.register(app, lang)
    filing_command.register(world_command.register(app, lang), lang)
    serve_command.register(app, lang)
    load_command.register(app, lang, argv)
    journal_command.register(app, lang)
    return app
