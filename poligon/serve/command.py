"""`poligon serve`: words into options, then the server until it is asked to stop."""

from functools import partial
from typing import Annotated

import typer

from poligon import declarations
from poligon.declarations import lang_option
from poligon.exits import Work
from poligon.serve.options import ServeOptions, read_serve_options
from poligon.texts import text
from rulebook import Language

__all__ = ["register"]


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command to `app` with its help in `lang`."""

    option = partial(declarations.option, lang=lang, of="serve")
    flag = partial(declarations.flag, lang=lang, of="serve")

    @app.command("serve", help=text("help_serve", lang))
    def command(
        scenario: Annotated[str | None, option("--scenario", "FILE")] = None,
        overrides: Annotated[list[str] | None, option("--set", "KEY=VALUE", key="help_set")] = None,
        scale: Annotated[str | None, option("--scale", "F")] = None,
        port: Annotated[str | None, option("--port", "P")] = None,
        host: Annotated[str | None, option("--host", "H")] = None,
        tls: Annotated[bool, flag("--tls")] = False,
        seed: Annotated[str | None, option("--seed", "S")] = None,
        start: Annotated[str | None, option("--start", "TIME|now")] = None,
        speed: Annotated[str | None, option("--speed", "F")] = None,
        faults: Annotated[str | None, option("--faults", "FILE")] = None,
        db: Annotated[str | None, option("--db", "URL")] = None,
        request_log: Annotated[str | None, option("--request-log", "FILE|-")] = None,
        cheap_passwords: Annotated[bool, flag("--cheap-passwords")] = False,
        lang_: Annotated[str | None, lang_option(lang)] = None,
    ) -> Work:
        options = read_serve_options(
            scenario=scenario,
            overrides=overrides or (),
            scale=scale,
            port=port,
            host=host,
            tls=tls,
            seed=seed,
            start=start,
            speed=speed,
            faults=faults,
            db=db,
            request_log=request_log,
            cheap_passwords=cheap_passwords,
            lang=lang_,
        )
        return partial(_serve, options, lang)


def _serve(options: ServeOptions, lang: Language) -> int:
    from poligon.serve.foreground import serve  # noqa: PLC0415 - other commands do not wait for web libraries

    return serve(options, lang)
