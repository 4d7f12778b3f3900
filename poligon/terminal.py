"""Consoles that leave a broken pipe to the program, as the rest of its output does."""

from typing import NoReturn

from rich.console import Console

__all__ = ["Terminal"]


class Terminal(Console):
    """A console of Rich that raises BrokenPipeError; Rich itself would exit with 1."""

    def on_broken_pipe(self) -> NoReturn:
        """Called while the error is handled."""
        raise  # noqa: PLE0704
