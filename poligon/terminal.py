"""Consoles that leave a broken pipe to the program, as the rest of its output does."""

from typing import NoReturn

from rich.console import Console

__all__ = ["Terminal", "wide"]

_PIPED_WIDTH = 160  # characters: without a terminal nobody says how wide a line may be


class Terminal(Console):
    """A console of Rich that raises BrokenPipeError; Rich itself would exit with 1."""

    def on_broken_pipe(self) -> NoReturn:
        """Called while the error is handled."""
        raise  # noqa: PLE0704


def wide(console: Terminal) -> Terminal:
    """`console`, with room for a table where it is no terminal."""
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    return console
