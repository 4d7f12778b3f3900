"""What Typer finds wrong with the words of a command line, in the reader's language."""

import re
from collections.abc import Sequence
from typing import Final

from typer import TyperException

from poligon.texts import text
from rulebook import Language

__all__ = ["usage_in_words"]

_QUOTED: Final = re.compile(r"'([^']*)'")
_IN_BRACKETS: Final = re.compile(r"unexpected extra \S+ \((.*)\)")


def usage_in_words(error: TyperException, lang: Language) -> str:
    """What is wrong; as Typer says it, if that is nothing known here.

    Typer keeps the classes of its errors to itself: they are told by their attributes, and by the
    message where it alone says more.
    """
    match vars(error):
        case {"option_name": option, "possibilities": similar}:
            return text("usage_unknown_option", lang, option=option) + _closest(similar or (), lang)
        case {"option_name": option, "message": message}:
            key = "usage_takes_no_value" if "not take a value" in message else "usage_needs_value"
            return text(key, lang, option=option)
        case {"param": param, "param_type": _}:
            return text("usage_missing", lang, name=param.get_error_hint().strip("'"))
        case {"cmd": command, "message": message} if hasattr(command, "commands"):
            if not (named := _QUOTED.findall(message)):
                return text("usage_no_command", lang)
            return text("usage_unknown_command", lang, name=named[0]) + _closest(named[1:], lang)
        case {"message": message} if extra := _IN_BRACKETS.search(message):
            return text("usage_extra", lang, words=extra[1])
    return error.format_message()


def _closest(names: Sequence[str], lang: Language) -> str:
    return text("option_closest", lang, names=", ".join(sorted(names))) if names else ""
