"""`poligon load`: words into options, the load test, its outcome in words."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from poligon import declarations
from poligon.declarations import lang_option, scenario_argument
from poligon.exits import Work
from poligon.load.options import read_load_options
from poligon.options import OptionError, OptionProblem
from poligon.texts import text
from rulebook import Language

__all__ = ["register"]


def register(app: typer.Typer, lang: Language, argv: list[str]) -> None:
    """Add the command to `app` with its help in `lang`; `argv` goes into the manifest."""

    option = partial(declarations.option, lang=lang, of="load")
    flag = partial(declarations.flag, lang=lang, of="load")

    @app.command("load", help=text("help_load", lang))
    def command(
        scenario: Annotated[str, scenario_argument(lang)],
        target: Annotated[str | None, option("--target", "URL")] = None,
        mine: Annotated[bool, flag("--i-own-this-target", key="help_load_mine")] = False,
        port: Annotated[str | None, option("--port", "P")] = None,
        workers: Annotated[str | None, option("--workers", "N")] = None,
        scale: Annotated[str | None, option("--scale", "F")] = None,
        speed: Annotated[str | None, option("--speed", "F")] = None,
        for_: Annotated[str | None, option("--for", "DURATION")] = None,
        seed: Annotated[str | None, option("--seed", "S", key="help_seed")] = None,
        overrides: Annotated[list[str] | None, option("--set", "KEY=VALUE", key="help_set")] = None,
        faults: Annotated[str | None, option("--faults", "FILE")] = None,
        out: Annotated[str | None, option("--out", "DIR")] = None,
        validate: Annotated[bool, flag("--validate")] = False,
        quick: Annotated[bool, flag("--quick")] = False,
        check: Annotated[bool, flag("--check", key="help_check")] = False,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        options = read_load_options(
            target=target,
            is_mine=mine,
            port=port,
            workers=workers,
            scale=scale,
            speed=speed,
            duration=for_,
            seed=seed,
            overrides=overrides or (),
            faults=faults,
            out=out,
            lang=lang_,
        )

        if quick and not validate:
            raise OptionError([OptionProblem("load_quick_alone", "--quick", "")])
        if check and validate:
            raise OptionError([OptionProblem("load_validate_without", "--check", "")])
        # Imported when there is work for them: web libraries take a second.
        if validate:

            def validated() -> int:
                from poligon.validation.telling import run_validation  # noqa: PLC0415 - as above

                return run_validation(Path(scenario), options, argv, quick, lang)

            return validated

        def loaded() -> int:
            from poligon.load.telling import run_load  # noqa: PLC0415 - as above

            return run_load(Path(scenario), options, argv, check, lang)

        return loaded
