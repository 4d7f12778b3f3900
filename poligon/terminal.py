"""Consoles that leave a broken pipe to the program, as the rest of its output does."""

from typing import Final, NoReturn

from rich.console import Console
from rich.text import Text as Styled

__all__ = ["LINE_EVERY_S", "Terminal", "wide"]

LINE_EVERY_S: Final = 10.0  # without a terminal: often enough to see that work goes on
_PIPED_WIDTH = 160  # characters: without a terminal nobody says how wide a line may be


class Terminal(Console):
    """A console of Rich that raises BrokenPipeError; Rich itself would exit with 1."""

    def on_broken_pipe(self) -> NoReturn:
        """Called while the error is handled."""
        raise  # noqa: PLE0704

    def say(self, line: str | Styled) -> None:
        """A line as it is: brackets are no markup, and where to break it the terminal knows."""
        self.print(line, markup=False, highlight=False, soft_wrap=True)


def wide(console: Terminal) -> Terminal:
    """`console`, with room for a table where it is no terminal."""
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    return console
