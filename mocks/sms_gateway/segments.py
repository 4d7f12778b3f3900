"""How many short messages a text takes (3GPP TS 23.038, alphabets; TS 23.040, 9.2.3.24.1)."""

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Segments", "segments_of"]

_GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_EXTENSION: Final = frozenset("\f^{}\\[~]|€")  # an escape goes before each of them

# Characters of a single message and of each part of a longer one, whose header takes the rest.
_GSM_7_SIZES: Final = (160, 153)
_UCS_2_SIZES: Final = (70, 67)

_BEYOND_UCS_2: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Segments:
    """`count` messages in `encoding`."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int


def segments_of(text: str) -> Segments:
    """The encoding that the text needs, and its parts; a pair of codes is never torn apart."""
    if all(char in _GSM_7 or char in _GSM_7_EXTENSION for char in text):
        widths = [2 if char in _GSM_7_EXTENSION else 1 for char in text]
        return Segments("GSM-7", _parts(widths, *_GSM_7_SIZES))
    widths = [2 if ord(char) > _BEYOND_UCS_2 else 1 for char in text]
    return Segments("UCS-2", _parts(widths, *_UCS_2_SIZES))


def _parts(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1
    count, left = 1, part
    for width in widths:
        if width > left:
            count, left = count + 1, part
        left -= width
    return count
