"""The recipient's filter: points for what a letter looks like and for what its sender is known for.

Names of the signs and the threshold follow SpamAssassin (`required_score` 5.0); the points are
assumptions. All are in tenths.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["THRESHOLD", "Letter", "SenderHistory", "signs_of"]

THRESHOLD: Final = 50
"""From so many points on a letter is spam."""

_POINTS: Final = {
    "SUBJ_ALL_CAPS": 15,
    "EXCESS_EXCLAMATION": 10,
    "MIME_HTML_ONLY": 11,
    "NUMERIC_HTTP_ADDR": 20,
    "URL_SHORTENER": 15,
    "SPAM_WORDS": 12,  # each, at most three of them
    "EXECUTABLE_ATTACHED": 50,
    "BAD_REPUTATION": 25,
}
_MOST_WORDS: Final = 3

_SHOUTED: Final = 10  # letters
_EXCLAMATIONS: Final = 3
_WORDS: Final = re.compile(r"выигра|бесплатн|розыгрыш|лотере|легки\w+ деньг|казино|кредит", re.I)
_NUMERIC_LINK: Final = re.compile(r"https?://\d{1,3}(?:\.\d{1,3}){3}\b", re.ASCII)
_SHORTENER: Final = re.compile(r"https?://(?:bit\.ly|goo\.gl|clck\.ru|tinyurl\.com|u\.to)/", re.I)
_EXECUTABLE: Final = re.compile(r"\.(?:exe|scr|js|vbs|bat|cmd|jar|lnk)$", re.I)

# A sender with many addresses that do not exist has bought a list; shares that mail services warn
# of are 5 to 10%.
_JUDGED_FROM: Final = 20
_WORST_BOUNCE_PERCENT: Final = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """What the filter reads."""

    subject: str
    text: str
    html: str | None
    attachments: tuple[str, ...] = ()


@dataclass(slots=True)
class SenderHistory:
    """How many letters of a sender's domain came, and how many went to nobody."""

    letters: int = 0
    bounced: int = 0

    @property
    def is_bad(self) -> bool:
        """Whether more than a tenth of at least twenty letters went to nobody."""
        judged = self.letters >= _JUDGED_FROM
        return judged and self.bounced * 100 > self.letters * _WORST_BOUNCE_PERCENT


def signs_of(letter: Letter, history: SenderHistory) -> dict[str, int]:
    """The signs of spam that the letter has, with their points in tenths."""
    body = f"{letter.subject}\n{letter.text}\n{letter.html or ''}"
    words = len({match.lower() for match in _WORDS.findall(body)})
    signs = {name: _POINTS[name] for name in _named(letter, body, history)}
    if words:
        signs["SPAM_WORDS"] = _POINTS["SPAM_WORDS"] * min(words, _MOST_WORDS)
    return signs


def _named(letter: Letter, body: str, history: SenderHistory) -> Iterator[str]:
    letters = [char for char in letter.subject if char.isalpha()]
    if len(letters) >= _SHOUTED and all(char.isupper() for char in letters):
        yield "SUBJ_ALL_CAPS"
    if body.count("!") >= _EXCLAMATIONS:
        yield "EXCESS_EXCLAMATION"
    if letter.html is not None and not letter.text:
        yield "MIME_HTML_ONLY"
    if _NUMERIC_LINK.search(body):
        yield "NUMERIC_HTTP_ADDR"
    if _SHORTENER.search(body):
        yield "URL_SHORTENER"
    if any(_EXECUTABLE.search(name) for name in letter.attachments):
        yield "EXECUTABLE_ATTACHED"
    if history.is_bad:
        yield "BAD_REPUTATION"
