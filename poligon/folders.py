"""Folders of reports: where they are, whether they can be made, what the system refuses in them."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from poligon.options import OptionProblem

__all__ = ["REPORTS", "UnwritableError", "existing", "folder_problems", "writing"]

REPORTS: Final = Path("reports/out")


class UnwritableError(Exception):
    """The report cannot be written to `folder`; `reason` is the system's."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.reason = reason


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What the system refuses in here is told as a report that cannot be written."""
    try:
        yield
    except OSError as error:
        raise UnwritableError(folder, error.strerror or str(error)) from error


def folder_problems(folder: Path, option: str = "--out") -> list[OptionProblem]:
    """Whatever keeps `folder`, which `option` names, from being made, found before the work instead
    of after it."""
    place = existing(folder)
    if not place.is_dir():
        reason = f"{place}: {os.strerror(errno.ENOTDIR)}"
    elif not os.access(place, os.W_OK | os.X_OK):
        reason = f"{place}: {os.strerror(errno.EACCES)}"
    else:
        return []
    return [OptionProblem("option_folder", option, folder, {"reason": reason})]


def existing(folder: Path) -> Path:
    """`folder`, or the nearest place above it that exists."""
    absolute = folder.absolute()
    return next(place for place in (absolute, *absolute.parents) if os.path.lexists(place))
