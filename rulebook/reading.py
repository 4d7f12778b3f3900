"""Reading one YAML file of the book into records, collecting every fault with its place."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from rulebook.errors import BookProblem

try:
    from yaml import CSafeLoader as _YamlLoader
except ImportError:  # PyYAML built without libyaml: same result, slower
    from yaml import SafeLoader as _YamlLoader  # type: ignore[assignment]

T = TypeVar("T")

_REASONS = {"missing": "missing field", "unexpected_keyword_argument": "unknown field"}


class _UniqueKeyLoader(_YamlLoader):
    """Refuses a key that occurs twice in a mapping; plain PyYAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                continue  # refused by the base class
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} occurs twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


@dataclass
class Reading:
    """The state of reading one book from `folder`: problems so far and the bytes of files read."""

    folder: Path
    problems: list[BookProblem] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def report(self, code: str, file: str, entry: str, reason: str) -> None:
        """Adds a problem; see `errors.CODES` for the codes."""
        self.problems.append(BookProblem(code, file, entry, reason))

    def record(self, file: str, record_type: type[T]) -> T | None:
        """The whole of `file` as one `record_type`; None, with problems reported, if it is not."""
        raw = self._raw(file)
        if raw is None:
            return None
        try:
            return TypeAdapter(record_type).validate_python(raw)
        except ValidationError as error:
            for fault in error.errors():
                entry, rest = _place(raw, fault["loc"])
                reason = _REASONS.get(fault["type"], fault["msg"])
                self.report("shape", file, entry, f"{rest}: {reason}" if rest else reason)
            return None

    def _raw(self, file: str) -> object:
        path = self.folder / file
        if not path.is_file():
            self.report("missing-file", file, "file", "no such file in the rule book")
            return None
        self.contents[file] = path.read_bytes()
        try:
            raw: object = yaml.load(self.contents[file], Loader=_UniqueKeyLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"line {mark.line + 1}" if mark else "file"
            self.report("syntax", file, place, str(getattr(error, "problem", None) or error))
            return None
        if raw is None:
            self.report("shape", file, "file", "the file is empty")
        return raw


def _place(raw: object, location: Sequence[str | int]) -> tuple[str, str]:
    """Splits a fault's location into the entry people know (by id, if any) and the field."""
    entry, node, rest = "file", raw, list(location)
    for depth, step in enumerate(location):
        node = _child(node, step)
        if isinstance(step, int) and isinstance(node, Mapping):
            entry, rest = str(node.get("id", f"entry {step + 1}")), list(location[depth + 1 :])
    return entry, ".".join(str(step) for step in rest)


def _child(node: object, step: str | int) -> object:
    if isinstance(node, Mapping):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None
