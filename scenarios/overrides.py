"""`--set KEY=VALUE`: changes to the raw tree of a scenario before it is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rulebook import RuleBook
from scenarios.builtin_models import default_stations
from scenarios.positions import Document, Position, parse_value
from scenarios.problems import KeyPath, Problem, ScenarioError, closest
from scenarios.station_names import StationNames

__all__ = ["OVERRIDES_FILE", "apply_overrides"]

OVERRIDES_FILE: Final = "--set"
# Mappings whose keys have dots: all that follows is one key.
_DOTTED: Final = ("policy",)


def apply_overrides(document: Document, overrides: Sequence[str], book: RuleBook) -> list[Problem]:
    """Changes `document` in place, override after override; returns what cannot be applied.

    A key is given as a path (`stations.operators.servers.shifts.0.count`); what a path goes through
    and the scenario does not have is made, list items excepted. A path into a station that the
    scenario does not give starts from the default station of that system. A new station that has no
    service in the end, and nearly the name of one that there is, is that one mistyped.
    """
    stations = document.value.get("stations") if isinstance(document.value, dict) else None
    given = [*stations] if isinstance(stations, dict) else []
    begun: dict[str, str] = {}
    problems = []
    for override in overrides:
        path, separator, text = override.partition("=")
        keys = path.strip().split(".")
        if not separator or not all(keys):
            problems.append(_problem("override_syntax", override))
            continue
        try:
            value = parse_value(text, OVERRIDES_FILE)
        except ScenarioError as error:
            empty = [problem.code for problem in error.problems] == ["yaml_empty"]
            if not empty:
                problems.append(_problem("override_value", override, got=text))
                continue
            value = Document(OVERRIDES_FILE, None)  # type: ignore[arg-type]
        if value.problems:
            problems.append(_problem("override_value", override, got=text))
            continue
        _begin_default_station(document, keys, book)
        problem = _set(document, keys, value.value, override)
        if problem is not None:
            problems.append(problem)
        elif len(keys) > 2 and keys[0] == "stations" and keys[1] not in given:
            begun.setdefault(keys[1], override)
    return [*problems, *_mistyped_stations(document, given, begun, book)]


def _problem(code: str, override: str, **params: object) -> Problem:
    return Problem(code, OVERRIDES_FILE, key=override, params=params)


def _begin_default_station(document: Document, keys: list[str], book: RuleBook) -> None:
    """A path into a system's station leads to the one given for it, or to a copy of its default."""
    stations = document.value.get("stations")
    if len(keys) < 3 or keys[0] != "stations" or not isinstance(stations, dict):
        return
    defaults, source = default_stations(book.policy())
    names = StationNames(stations, defaults, book)
    resolved = names.resolve(keys[1])
    if resolved is None:
        return
    if resolved not in stations:
        place(document, ("stations", resolved), source.value[resolved])
    keys[1] = resolved


def _mistyped_stations(
    document: Document, given: Sequence[str], begun: Mapping[str, str], book: RuleBook
) -> Iterator[Problem]:
    """Stations that overrides have `begun` and left without a service; they are taken away."""
    stations = document.value.get("stations")
    if not begun or not isinstance(stations, dict):
        return
    known = StationNames(given, default_stations(book.policy())[0], book).known()
    for name, override in begun.items():
        station, meant = stations.get(name), closest(name, known)
        if meant is not None and isinstance(station, dict) and "service" not in station:
            del stations[name]
            yield _problem("override_station", override, got=name, closest=meant)


def _set(document: Document, keys: list[str], value: object, override: str) -> Problem | None:
    parent: Any = document.value
    path: KeyPath = ()
    rest = keys
    while True:
        key, rest = _next_key(parent, path, rest)
        if isinstance(parent, list) and isinstance(key, int) and key >= len(parent):
            key = None
        if key is None:
            shown = ".".join(map(str, (*path, *(rest or keys[-1:]))))
            return _problem("override_path", override, got=shown)
        path = (*path, key)
        if not rest:
            place(document, path, value)
            return None
        if isinstance(parent, dict) and parent.get(key) is None:
            place(document, path, {})
        parent = parent[key]


def _next_key(parent: object, path: KeyPath, keys: list[str]) -> tuple[str | int | None, list[str]]:
    """The key of `parent` that the path goes to (None if it can have none) and what follows it."""
    if isinstance(parent, list):
        index = keys[0]
        return (int(index), keys[1:]) if index.isdecimal() and len(index) < 9 else (None, keys)
    if not isinstance(parent, dict):
        return None, keys
    for length in range(len(keys), 0, -1):
        key = ".".join(keys[:length])
        if key in parent:
            return key, keys[length:]
    if path and path[-1] in _DOTTED:
        return ".".join(keys), []
    return keys[0], keys[1:]


def place(document: Document, path: KeyPath, value: object) -> None:
    """Puts `value` at `path`, whose parent exists; the new part's position is the command line."""
    parent: Any = document.value
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = _copied(value)
    depth = len(path)
    for known in [known for known in document.positions if known[:depth] == path]:
        del document.positions[known]
    document.positions[path] = Position(OVERRIDES_FILE)


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
