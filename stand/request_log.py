"""The log of the portal's requests (`portal.http.watching`) into a file or onto standard output."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from portal.http.watching import REQUESTS

__all__ = ["STANDARD_OUTPUT", "request_log"]

STANDARD_OUTPUT: Final = "-"


@contextmanager
def request_log(place: str | None) -> Iterator[None]:
    """Inside, a line of JSON for each request goes to the end of the file `place`, to standard
    output if that is `-`, nowhere if there is none. OSError if the file cannot be written."""
    if place is None:
        yield
        return
    handler = (
        logging.StreamHandler(sys.stdout)
        if place == STANDARD_OUTPUT
        else logging.FileHandler(Path(place), encoding="utf-8")
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger(REQUESTS)
    before = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
        handler.close()
