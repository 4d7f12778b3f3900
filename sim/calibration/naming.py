"""Names that a scenario may have, made of the words of a log."""

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["Names", "slug"]

_LONGEST: Final = 40  # characters: a name may be made of two of them, and has 100 at most


def slug(words: str, otherwise: str) -> str:
    """Letters, digits and underscores of `words`, in lower case; `otherwise` if there are none."""
    name = re.sub(r"\W+", "_", words.casefold()).strip("_")[:_LONGEST].strip("_")
    return name or otherwise


class Names:
    """Gives each name once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def free(self, wanted: str) -> str:
        """The name, or with a number behind it if it is taken."""
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}_{number}", number + 1
        self._taken.add(name)
        return name

    def all(self, words: Iterable[str], otherwise: str) -> list[str]:
        """A name for each of `words`."""
        return [self.free(slug(word, otherwise)) for word in words]
