"""How a command declares its words to Typer, with help in the language asked for."""

from typing import Any

import typer

from poligon.texts import text
from rulebook import Language

__all__ = ["flag", "lang_option", "option", "scenario_argument"]


def option(name: str, metavar: str, lang: Language, key: str = "", of: str = "") -> Any:
    """An option with a value; its help is the text `key`, by default named after the option: that
    of one command after the command too, which is `of`."""
    told = text(key or _help_of(name, of), lang)
    return typer.Option(name, metavar=metavar, help=told, show_default=False)


def flag(name: str, lang: Language, key: str = "", of: str = "") -> Any:
    """An option without a value; its help as that of `option`."""
    return typer.Option(name, help=text(key or _help_of(name, of), lang))


def lang_option(lang: Language) -> Any:
    """The language of what a command says; `texts.language_of` has found it before."""
    return option("--lang", "ru|en", lang)


def scenario_argument(lang: Language) -> Any:
    """The scenario file that a command is about."""
    return typer.Argument(metavar="SCENARIO", help=text("help_scenario", lang))


def _help_of(name: str, of: str) -> str:
    words = ["help", of, *name.strip("-").split("-")]
    return "_".join(word for word in words if word)
