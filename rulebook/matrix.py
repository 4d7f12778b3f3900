"""The matrix rule × use: where each rule of the book has to work."""

from __future__ import annotations

from dataclasses import dataclass

from rulebook.book import RuleBook
from rulebook.kinds import USES, Language, Use


@dataclass(frozen=True)
class MatrixRow:
    """One rule's line: its id, its text in Russian and English, and the uses it is marked for."""

    rule: str
    chapter: str
    ru: str
    en: str
    uses: frozenset[Use]

    def text(self, language: Language) -> str:
        """The rule's text in `language`."""
        return self.ru if language == "ru" else self.en

    def marks(self) -> tuple[bool, ...]:
        """For each use of `USES` in order: whether the rule has to work there."""
        return tuple(use in self.uses for use in USES)


def matrix(book: RuleBook) -> list[MatrixRow]:
    """A row per rule, in the order of the book."""
    return [
        MatrixRow(rule.id, rule.chapter, rule.rule, rule.rule_en, frozenset(rule.use))
        for rule in book.rules.values()
    ]
