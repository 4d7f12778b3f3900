"""Folders of reports: where they are, whether they can be made, what the system refuses in them."""

import errno
import os
import tempfile
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
    else:
        try:  # the rights of a place do not tell all: nothing can be made in /proc
            tempfile.TemporaryDirectory(prefix=".poligon-", dir=place).cleanup()
        except OSError as error:
            reason = f"{place}: {error.strerror}"
        else:
            return []
    return [OptionProblem("option_folder", option, folder, {"reason": reason})]


def existing(folder: Path) -> Path:
    """`folder`, or the nearest place above it that exists."""
    absolute = folder.absolute()
    return next(place for place in (absolute, *absolute.parents) if os.path.lexists(place))
