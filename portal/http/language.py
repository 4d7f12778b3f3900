"""In which language to answer: Russian, unless English is preferred (RFC 9110, 12.5.4)."""

from typing import Final

from rulebook import Language

__all__ = ["language_of"]

_MOST_READ: Final = 1000  # characters


def language_of(accepted: str) -> Language:
    """The language that an Accept-Language prefers; Russian where both are as welcome, where
    neither is, and where the header makes no sense."""
    wishes = dict(_wish(part) for part in accepted[:_MOST_READ].lower().split(","))
    others = wishes.get("*", 0.0)
    return "en" if wishes.get("en", others) > wishes.get("ru", others) else "ru"


def _wish(part: str) -> tuple[str, float]:
    """A primary tag and how welcome it is."""
    tag, _, weight = part.strip().partition(";")
    try:
        quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
    except ValueError:
        quality = 0.0
    return tag.strip().partition("-")[0], quality
