"""Notes of a run in words."""

from collections.abc import Sequence
from typing import Final

from reports.formatting import exact
from reports.texts import TEXTS, text
from rulebook import Language

__all__ = ["notes_in_words"]

# `scale-rounding:<station>=<actual>/<wanted>`, servers of one station.
_ROUNDING: Final = "scale-rounding:"


def notes_in_words(notes: Sequence[str], lang: Language) -> list[str]:
    """A line for each note, one for all capacities that the scale rounded; a note without a text
    stands as it is.
    """
    rounded = [_rounded(note, lang) for note in notes if note.startswith(_ROUNDING)]
    lines = [_in_words(note, lang) for note in notes if not note.startswith(_ROUNDING)]
    if rounded:
        lines.append(text("scale_rounding", lang, stations="; ".join(rounded)))
    return lines


def _in_words(note: str, lang: Language) -> str:
    code, _, name = note.partition(":")
    key = f"note_{code}"
    return text(key, lang, name=name) if key in TEXTS else note


def _rounded(note: str, lang: Language) -> str:
    station, _, numbers = note.removeprefix(_ROUNDING).partition("=")
    actual, wanted = (exact(float(part), lang) for part in numbers.split("/"))
    return text("rounded_capacity", lang, station=station, actual=actual, wanted=wanted)
