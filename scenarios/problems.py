"""Problems of a scenario: where they are and how they are told."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from rulebook import Language
from scenarios.problem_texts import TEXTS

__all__ = ["KeyPath", "Problem", "ScenarioError", "TextTable", "closest"]


KeyPath = tuple[str | int, ...]
TextTable = Mapping[str, tuple[str, str]]
"""Texts by code, in Russian and English."""
_LANGUAGES: Final = {"ru": 0, "en": 1}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # would break the line
_LONGEST_QUOTE: Final = 60  # characters of a wrong value that a message repeats
_LONGEST_LIST: Final = 40  # names offered to choose from; more would hide the message


@dataclass(frozen=True)
class Problem:
    """One thing wrong: `code` of `texts`, place (line and column from 1, or None), key, parameters
    of the text."""

    texts: ClassVar[TextTable] = TEXTS
    code: str
    file: str
    line: int | None = None
    column: int | None = None
    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def text(self, lang: Language = "ru") -> str:
        """One line for a person: place, key, what was expected and what was met."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = (part for part in (place, self.key, self._message(lang)) if part)
        return _CONTROL.sub(" ", ": ".join(parts))

    def _message(self, lang: Language) -> str:
        russian = lang == "ru"
        words = {
            name: _quoted(value, lang) if name == "got" else str(value)
            for name, value in self.params.items()
        }
        text = self.texts[self.code][_LANGUAGES[lang]].format_map(words)
        if suggestion := self.params.get("closest"):
            text += f"; возможно, {suggestion}" if russian else f"; did you mean {suggestion}?"
        if allowed := self.params.get("allowed"):
            assert isinstance(allowed, list | tuple)
            names = ", ".join(map(str, allowed[:_LONGEST_LIST]))
            more = ", …" if len(allowed) > _LONGEST_LIST else ""
            text += f"; допустимо: {names}{more}" if russian else f"; allowed: {names}{more}"
        return text


class ScenarioError(Exception):
    """A scenario that cannot be used: all its `problems`, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=_order)
        super().__init__(self.problems)

    def text(self, lang: Language = "ru") -> str:
        """Every problem on its line."""
        return "\n".join(problem.text(lang) for problem in self.problems)

    def __str__(self) -> str:
        return self.text("en")


def closest(word: object, names: Iterable[str]) -> str | None:
    """The name most like `word`, if any is like it."""
    found = difflib.get_close_matches(str(word)[:_LONGEST_QUOTE], list(names), 1)
    return found[0] if found else None


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    return (problem.file, problem.line or 0, problem.column or 0, problem.key, problem.code)


def _quoted(value: object, lang: Language) -> str:
    russian = lang == "ru"
    if isinstance(value, dict):
        text = ("ключи " if russian else "the keys ") + ", ".join(map(str, value))
        return _cut(text) if value else ("пустой набор ключей" if russian else "no keys")
    if isinstance(value, list | tuple):
        text = ", ".join(_quoted(item, lang) for item in value)
        return _cut(f"список [{text}]" if russian else f"the list [{text}]")
    if value is None:
        return "пусто" if russian else "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _cut(str(value))
    text = _cut(" ".join(str(value).split()))
    return f"«{text}»" if russian else f'"{text}"'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
