"""Notes of a load test in words."""

from collections.abc import Sequence

from loadtests.results.result import LoadNote
from reports.formatting import duration
from reports.load.texts import load_text
from rulebook import Language

__all__ = ["notes_in_words"]


def notes_in_words(notes: Sequence[LoadNote], lang: Language) -> list[str]:
    """A line for each."""
    return [_in_words(note, lang) for note in notes]


def _in_words(note: LoadNote, lang: Language) -> str:
    words = dict(note.params)
    if note.code == "lag":
        words = {"lag": duration(note.params["p99_s"], lang)}
    return load_text(f"note_{note.code}", lang, **words)
