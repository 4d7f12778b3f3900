"""YAML text into plain Python values, with the place in the file of every key and list item.

Scalars follow the core schema of YAML 1.2 (true, null, numbers, .inf, .nan), so `09:00`, dates,
`yes` and `on` stay text. The parser's events are read one by one and never recurse, and aliases are
expanded against a bound: a hostile file costs no more than a long one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from scenarios.problems import KeyPath, Problem, ScenarioError

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Document",
    "Position",
    "decode",
    "parse_value",
    "parse_yaml",
    "read_bytes",
]

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 60
MAX_NODES: Final = 200_000  # a country-wide scenario has a few thousand
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL: Final = re.compile(r"~|null|Null|NULL|")
_TRUE: Final = re.compile(r"true|True|TRUE")
_FALSE: Final = re.compile(r"false|False|FALSE")
_INT: Final = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY: Final = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NOT_A_NUMBER: Final = re.compile(r"\.(nan|NaN|NAN)")
# YAML 1.2, production c-printable, from the other side.
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
# Every key and name of the format is of this form, so that key paths can be told and overridden.
_KEY: Final = re.compile(r"[\w.-]+")
_TEXT_TAGS: Final = (None, "!", "tag:yaml.org,2002:str")


@dataclass(frozen=True)
class Position:
    """A place in a file: line and column from 1, None where the place has no lines (`--set`)."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass
class Document:
    """What `file` holds: plain values, positions of keys and list items by path, bad keys."""

    file: str
    value: dict[str, object]
    positions: dict[KeyPath, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def position(self, path: KeyPath) -> Position:
        """The position of `path`, or of the nearest thing around it that is in the file."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return self.positions.get((), Position(self.file, 1, 1))

    def problem(self, code: str, path: KeyPath, **params: object) -> Problem:
        """The problem `code` at `path`, placed."""
        place = self.position(path)
        key = ".".join(map(str, path))
        return Problem(code, place.file, place.line, place.column, key, params)


@dataclass
class _Scalar:
    line: int
    column: int
    value: object


@dataclass
class _Sequence:
    line: int
    column: int
    items: "list[_Node]" = field(default_factory=list)


@dataclass
class _Mapping:
    line: int
    column: int
    items: "list[tuple[_Node, _Node]]" = field(default_factory=list)
    key: "_Node | None" = None


_Node = _Scalar | _Sequence | _Mapping


def read_bytes(path: Path) -> bytes:
    """The content of a file of at most MAX_BYTES; ScenarioError naming the file otherwise."""
    name = str(path)
    try:
        if path.is_dir():
            raise _failed("file_folder", name)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _failed("file_missing", name) from None
    except (OSError, ValueError):  # ValueError: a NUL in the name
        raise _failed("file_unreadable", name) from None
    if len(content) > MAX_BYTES:
        raise _failed("file_size", name, most=MAX_BYTES)
    return content


def decode(content: bytes, file: str) -> str:
    """`content` as UTF-8 text without a byte order mark; ScenarioError at the line that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _failed("file_encoding", file, line) from None


def parse_yaml(text: str, file: str) -> Document:
    """The mapping that is the only document of `text`.

    Keys that are not text or come twice are left out and noted in `problems`; ScenarioError for
    anything that cannot be read at all.
    """
    parsed = parse_value(text, file)
    if not isinstance(parsed.value, dict):
        raise _failed("yaml_top", file, 1, 1, got=parsed.value)
    return parsed


def parse_value(text: str, file: str) -> Document:
    """Like `parse_yaml`, for a value of any kind."""
    if forbidden := _FORBIDDEN.search(text):
        before = text[: forbidden.start()]
        column = len(before) - before.rfind("\n")
        line = before.count("\n") + 1
        raise _failed("yaml_character", file, line, column, got=f"U+{ord(forbidden[0]):04X}")
    try:
        root = _Graph(_events(text, file), file).root
    except yaml.MarkedYAMLError as error:
        raise _syntax_problem(error, text, file) from None
    except yaml.YAMLError:
        raise _failed("yaml_syntax", file) from None
    expansion = _Expansion(file)
    value = expansion.value(root, ())
    expansion.positions[()] = Position(file, root.line, root.column)
    return Document(file, value, expansion.positions, expansion.problems)  # type: ignore[arg-type]


def _failed(
    code: str, file: str, line: int | None = None, column: int | None = None, **params: object
) -> ScenarioError:
    return ScenarioError([Problem(code, file, line, column, "", params)])


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> ScenarioError:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return _failed("yaml_syntax", file)
    lines = text.split("\n")
    rest = lines[mark.line][mark.column :] if mark.line < len(lines) else ""
    if "quoted scalar" in str(error.context) and error.context_mark is not None:
        mark = error.context_mark
        return _failed("yaml_quote", file, mark.line + 1, mark.column + 1)
    code = "yaml_tab" if rest.startswith("\t") else "yaml_syntax"
    if "undefined alias" in str(error.problem):
        code = "yaml_anchor"
    return _failed(code, file, mark.line + 1, mark.column + 1)


def _events(text: str, file: str) -> Iterator[yaml.Event]:
    """The events inside the only document of `text`."""
    documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _failed("yaml_documents", file, *_place(event))
        elif isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event
    if documents == 0:
        raise _failed("yaml_empty", file)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    assert mark is not None  # events of a parser have marks
    return mark.line + 1, mark.column + 1


class _Graph:
    """The node graph of the events; an alias is the very node it names."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self._file = file
        self._anchors: dict[str, _Node | None] = {}
        self._open: list[tuple[_Sequence | _Mapping, str | None]] = []
        self._root: _Node | None = None
        nodes = 0
        for event in events:
            if isinstance(event, yaml.CollectionEndEvent):
                node, anchor = self._open.pop()
                self._name(anchor, node)
                continue
            nodes += 1
            if nodes > MAX_NODES:
                raise self._failed("yaml_nodes", event, most=MAX_NODES)
            if isinstance(event, yaml.AliasEvent):
                self._append(self._aliased(event))
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._collection(event)

    @property
    def root(self) -> _Node:
        if self._root is None:
            raise _failed("yaml_empty", self._file)
        return self._root

    def _failed(self, code: str, event: yaml.Event, **params: object) -> ScenarioError:
        line, column = _place(event)
        return _failed(code, self._file, line, column, **params)

    def _name(self, anchor: str | None, node: _Node | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _aliased(self, event: yaml.AliasEvent) -> _Node:
        node = self._anchors.get(str(event.anchor))
        if node is None:
            known = event.anchor in self._anchors
            code = "yaml_alias_loop" if known else "yaml_anchor"
            raise self._failed(code, event, name=event.anchor)
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag not in _TEXT_TAGS:
            raise self._failed("yaml_tag", event, got=tag)
        text = str(event.value)
        value = _plain(text) if event.implicit[0] and tag is None else text
        node = _Scalar(*_place(event), value)
        self._name(event.anchor, node)
        self._append(node)

    def _collection(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            raise self._failed("yaml_tag", event, got=event.tag)
        if len(self._open) == MAX_DEPTH:
            raise self._failed("yaml_depth", event, most=MAX_DEPTH)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        node = _Sequence(*_place(event)) if is_list else _Mapping(*_place(event))
        self._name(event.anchor, None)  # it is open: an alias to it would be a loop
        self._append(node)
        self._open.append((node, event.anchor))

    def _append(self, node: _Node) -> None:
        self._root = self._root or node
        if not self._open:
            return
        parent = self._open[-1][0]
        if isinstance(parent, _Sequence):
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            parent.items.append((parent.key, node))
            parent.key = None


def _plain(text: str) -> object:
    value: object = text
    if _NULL.fullmatch(text):
        value = None
    elif _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        value = bool(_TRUE.fullmatch(text))
    elif _INT.fullmatch(text):
        value = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    elif _FLOAT.fullmatch(text) or _NOT_A_NUMBER.fullmatch(text):
        value = float(text.replace(".nan", "nan").replace(".NaN", "nan").replace(".NAN", "nan"))
    elif infinity := _INFINITY.fullmatch(text):
        value = float(infinity[1] + "inf")
    return value


class _Expansion:
    """Copies the node graph into plain values, every alias anew; notes positions and bad keys."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.positions: dict[KeyPath, Position] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def value(self, node: _Node, path: KeyPath) -> object:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _failed("yaml_nodes", self.file, node.line, node.column, most=MAX_NODES)
        if len(path) > MAX_DEPTH:
            raise _failed("yaml_depth", self.file, node.line, node.column, most=MAX_DEPTH)
        if isinstance(node, _Scalar):
            return node.value
        if isinstance(node, _Mapping):
            return self._mapping(node, path)
        items = []
        for index, item in enumerate(node.items):
            here = (*path, index)
            self.positions[here] = Position(self.file, item.line, item.column)
            items.append(self.value(item, here))
        return items

    def _mapping(self, node: _Mapping, path: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.items:
            place = Position(self.file, key_node.line, key_node.column)
            key = key_node.value if isinstance(key_node, _Scalar) else None
            if not isinstance(key, str) or not isinstance(key_node, _Scalar):
                got = key if isinstance(key_node, _Scalar) else "[…]"
                self._note("yaml_key", place, path, got=got)
                continue
            here = (*path, key)
            if _KEY.fullmatch(key) is None:
                self._note("name", place, here, got=key)
                continue
            if key in values:
                first = self.positions[here].line
                self._note("yaml_duplicate_key", place, here, first=first)
                continue
            self.positions[here] = place
            values[key] = self.value(value_node, here)
        return values

    def _note(self, code: str, place: Position, path: KeyPath, **params: object) -> None:
        key = ".".join(map(str, path))
        self.problems.append(Problem(code, self.file, place.line, place.column, key, params))
