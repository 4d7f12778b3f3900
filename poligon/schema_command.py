"""`poligon schema`: the scenario format for editors."""

import sys

import typer

from poligon.exits import ExitCode, Work
from poligon.texts import text
from rulebook import Language
from scenarios.schema import json_schema_text

__all__ = ["register"]


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    @app.command("schema", help=text("help_schema", lang))
    def command() -> Work:
        return _print


def _print() -> int:
    sys.stdout.write(json_schema_text())
    return ExitCode.DONE
