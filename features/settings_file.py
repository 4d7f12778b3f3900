"""Files that describe a foreign portal: YAML read strictly, mistakes told with their place."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from scenarios.positions import Document, decode, parse_yaml, read_bytes
from scenarios.problems import KeyPath, ScenarioError

__all__ = ["SettingsFile", "WrongFile"]

_VERSION: Final = 1
_FEW: Final = 16


class WrongFile(ValueError):
    """A file says what it cannot say; the message names file, line and key."""


class SettingsFile:
    """The mapping that is in a YAML file of version 1; WrongFile for anything else."""

    def __init__(self, path: Path, keys: Collection[str]) -> None:
        try:
            self._document: Document = parse_yaml(decode(read_bytes(path), str(path)), str(path))
        except ScenarioError as error:
            raise WrongFile(error.text("ru")) from None
        for problem in self._document.problems:
            raise WrongFile(f"{problem.file}:{problem.line}: {problem.key}: ключ дважды или не имя")
        self.value: Mapping[str, Any] = self._document.value
        self.only((), self.value, {"version", *keys})
        if self.value.get("version") != _VERSION:
            raise self.wrong(("version",), f"нужна версия {_VERSION}")

    def wrong(self, key: KeyPath, what: str) -> WrongFile:
        """The mistake at a key."""
        place = self._document.position(key)
        return WrongFile(f"{place.file}:{place.line}: {'.'.join(map(str, key)) or 'файл'}: {what}")

    def only(self, key: KeyPath, value: object, names: Collection[str]) -> Mapping[str, Any]:
        """The mapping at a key, which has no names but these."""
        if not isinstance(value, dict):
            raise self.wrong(key, "ожидались ключи и значения")
        for name in value:
            if name not in names:
                raise self.wrong((*key, name), f"нет такого; есть: {_near(name, names)}")
        return value

    def text(self, key: KeyPath, value: object) -> str:
        """The text at a key."""
        if not isinstance(value, str) or not value:
            raise self.wrong(
                key, f"ожидался непустой текст, получено {value!r}; числа — в кавычках"
            )
        return value

    def count(self, key: KeyPath, value: object) -> int:
        """The whole number at a key, 0 or more."""
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(key, f"ожидалось целое число от 0, получено {value!r}")
        return value


def _near(name: str, names: Collection[str]) -> str:
    """All of a few names, of many those most like it."""
    if len(names) <= _FEW:
        return ", ".join(sorted(names))
    return ", ".join(get_close_matches(name, names, n=3)) or "их больше, похожих нет"
