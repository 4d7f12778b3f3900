"""How the commands of studies show what they do and what came of it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text as Styled

from poligon.exits import ExitCode
from poligon.terminal import Terminal, wide
from reports.summary import as_json

__all__ = ["add_figures", "show"]


def show(data: Mapping[str, Any], as_json_: bool, tell: Callable[[Terminal], None]) -> int:
    """Tell a study that is done; with `as_json_` its data alone go to standard output."""
    if as_json_:
        sys.stdout.write(as_json(data))
    tell(wide(Terminal(stderr=as_json_)))
    return ExitCode.DONE


def add_figures(table: Table, titles: Sequence[str]) -> None:
    """Columns of numbers."""
    for title in titles:
        table.add_column(Styled(title), justify="right")
