"""How notices read: one by itself, several as a digest, in as many messages as a channel needs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from portal.notifications.notice import Notice
from portal.ports.messenger import Channel

__all__ = ["subject_of", "texts_of"]

_LONGEST: Final[Mapping[Channel, int]] = {"email": 60_000, "push": 1_000, "sms": 600}
"""Characters of a message: of ten segments of SMS in Cyrillic, of 4 KB of a push."""
_LONGEST_SUBJECT: Final = 200
_CUT: Final = "…"


def subject_of(notices: Sequence[Notice]) -> str:
    """What a message is about."""
    if len(notices) == 1:
        return _cut(notices[0].title, _LONGEST_SUBJECT)
    return f"Сводка уведомлений: {len(notices)}"


def texts_of(notices: Sequence[Notice], channel: Channel) -> Iterator[tuple[list[Notice], str]]:
    """Notices with the texts of messages that a channel takes, each notice in one of them."""
    longest = _LONGEST[channel]
    part: list[Notice] = []
    lines: list[str] = []
    for each in notices:
        line = _line(each, longest)
        if part and sum(map(len, lines)) + len(lines) + len(line) > longest:
            yield part, "\n".join(lines)
            part, lines = [], []
        part.append(each)
        lines.append(line)
    if part:
        yield part, "\n".join(lines)


def _line(notice: Notice, longest: int) -> str:
    return _cut(". ".join(each for each in (notice.title, notice.text) if each), longest)


def _cut(text: str, longest: int) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= longest else whole[: longest - len(_CUT)] + _CUT
