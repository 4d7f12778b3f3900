"""How tables of words are asked: a phrase by its key, a counted noun by its number."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rulebook import Language, Text

__all__ = ["Nouns", "Phrases"]


class Phrases(Mapping[str, Text]):
    """Texts by their keys, of several tables together; ValueError for a key that two of them have.

    Called, it says one of them. Braces in a text are filled by `str.format`.
    """

    def __init__(self, *tables: Mapping[str, Text]) -> None:
        self._texts: dict[str, Text] = {}
        for table in tables:
            if twice := self._texts.keys() & table.keys():
                raise ValueError(f"given twice: {', '.join(sorted(twice))}")
            self._texts.update(table)

    def __call__(self, key: str, lang: Language, **values: object) -> str:
        """The phrase `key` in `lang`, filled with `values`; KeyError for a key not in the table."""
        found = self._texts[key].in_language(lang)
        return found.format(**values) if values else found

    def __getitem__(self, key: str) -> Text:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Nouns(NamedTuple):
    """A counted noun: one, few (and fractions), many in Russian; one, many in English."""

    ru: tuple[str, str, str]
    en: tuple[str, str]

    def after(self, amount: float, lang: Language) -> str:
        """The form behind an amount that is shown as `formatting.count` does."""
        decimals = 0 if abs(amount) >= 100 else 1 if abs(amount) >= 1 else 2
        shown = round(amount, decimals)
        if lang == "en":
            return self.en[0] if shown == 1 else self.en[1]
        one, few, many = self.ru
        if shown != int(shown):
            return few
        last_two = int(abs(shown)) % 100
        if 11 <= last_two <= 14:
            return many
        last = last_two % 10
        return one if last == 1 else few if 2 <= last <= 4 else many

    def counted(self, number: int, lang: Language) -> str:
        """The number with its noun."""
        return f"{number} {self.after(number, lang)}"
