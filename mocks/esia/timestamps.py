"""The time that a client writes into a request: `2025.09.02 13:00:29 +0300`."""

import datetime as dt
import re
from typing import Final

from mocks.core.service import Call
from mocks.esia.errors import Declined

__all__ = ["TOLERANCE_S", "check_timestamp"]

TOLERANCE_S: Final = 300
"""How far a client's clock may be from that of ЕСИА, before or after; assumption."""

_FORM: Final = re.compile(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}")


def check_timestamp(call: Call, text: str) -> None:
    """Declined 007003 for another form, 007015 if it is too far from now."""
    if not _FORM.fullmatch(text):
        raise Declined("007003", "timestamp: ожидается гггг.ММ.дд ЧЧ:мм:сс +0300")
    try:
        written = dt.datetime.strptime(text, "%Y.%m.%d %H:%M:%S %z")
    except ValueError:
        raise Declined("007003", "timestamp: такого времени нет") from None
    now = call.tenant.clock.calendar.local(call.now_us)
    if abs(now - written) > dt.timedelta(seconds=TOLERANCE_S):
        raise Declined("007015", f"часы ЕСИА показывают {now:%Y.%m.%d %H:%M:%S %z}")
