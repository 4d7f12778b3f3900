"""What every command tells when it is done: where its files are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from poligon.terminal import Terminal
from poligon.texts import text
from reports.formatting import exact
from rulebook import Language

__all__ = ["MARKS", "short", "tell_written"]

MARKS: Final = {True: "✓", False: "✗"}
"""Of an objective that is met, and of one that is not."""


def tell_written(
    written: Mapping[str, Path], scale: float, terminal: Terminal, lang: Language
) -> None:
    """Where the files of a run are, by the key of the text about each, and what was scaled."""
    for key, path in written.items():
        terminal.say(text(key, lang, path=short(path)))
    if scale != 1.0:
        terminal.say(text("scaled", lang, scale=exact(scale, lang)))


def short(path: Path) -> Path:
    """As seen from the current folder, if it is inside."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path
