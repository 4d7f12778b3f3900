"""The path of a URL as it is written, into the path that services know."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from mocks.core.http import Refusal

__all__ = ["decoded_path"]

_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def decoded_path(raw: str) -> str:
    """`raw` without percent-escapes; Refusal 400 for a broken escape or for bytes that are not
    UTF-8."""
    if "%" not in raw:
        return raw
    if _BROKEN_ESCAPE.search(raw):
        raise Refusal(400, "bad-path", "В пути после % ожидались две шестнадцатеричные цифры")
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "bad-path", "Путь — не UTF-8") from None
