"""How long certificates are valid."""

import datetime as dt
from typing import Final

__all__ = ["end_of_term"]

_NEVER: Final = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


def end_of_term(begin: dt.datetime, term: dt.timedelta) -> dt.datetime:
    """The last second of a term; of one beyond the year 9999 what RFC 5280, 4.1.2.5 has for it."""
    try:
        return begin + term
    except OverflowError:
        return _NEVER
