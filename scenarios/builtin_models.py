"""The journeys and default stations that come with Poligon, read from folder `builtin`.

Their figures that the rule book fixes are written as its parameters,
`$(BND-06.head_confirm_ttl_h)h` or `$(VER-02.typical_h.0)h` for the end of a range, so a policy that
overrides one changes them.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from rulebook import Policy
from scenarios.journey_format import JourneyGraph
from scenarios.positions import Document, decode, parse_yaml, read_bytes
from scenarios.problems import ScenarioError
from scenarios.sections import problems_of, validated
from scenarios.station_format import Station

__all__ = ["BUILTIN_FOLDER", "BUILTIN_JOURNEYS", "builtin_journey", "default_stations"]

BUILTIN_JOURNEYS: Final = (
    "account",
    "registration",
    "verification",
    "activation",
    "binding",
    "sign_in",
    "recovery",
    "certificate",
    "head_change",
    "employees",
    "application",
    "support",
    "whole_path",
)
BUILTIN_FOLDER: Final = Path(__file__).parent / "builtin"
_ROOT: Final = Path(__file__).parents[1]
_PARAMETER: Final = re.compile(r"\$\(([^()]+?)(?:\.(\d+))?\)")


@cache
def builtin_journey(name: str, policy: Policy) -> tuple[JourneyGraph, Document]:
    """The graph and the file of built-in journey `name` under `policy`.

    ScenarioError if the file is wrong, or the policy makes it so.
    """
    if name not in BUILTIN_JOURNEYS:
        raise KeyError(name)
    graph, document = _read(BUILTIN_FOLDER / "journeys" / f"{name}.yaml", JourneyGraph, policy)
    return graph, document


@cache
def default_stations(policy: Policy) -> tuple[dict[str, Station], Document]:
    """The default stations by system id under `policy`, and their file; ScenarioError as above."""
    stations, document = _read(BUILTIN_FOLDER / "stations.yaml", dict[str, Station], policy)
    return stations, document


def _read(path: Path, kind: Any, policy: Policy) -> tuple[Any, Document]:
    name = path.relative_to(_ROOT).as_posix()
    text = _with_parameters(decode(read_bytes(path), name), policy)
    document = parse_yaml(text, name)
    if document.problems:
        raise ScenarioError(document.problems)
    try:
        return validated(kind, document.value, path.parent), document
    except ValidationError as error:
        raise ScenarioError(problems_of(document, error)) from None


def _with_parameters(text: str, policy: Policy) -> str:
    """`text` with the policy's values in place of its references; UnknownEntryError for a wrong
    one."""

    def value(reference: re.Match[str]) -> str:
        key, place = reference.groups()
        found = policy[key]
        return str(found[int(place)] if isinstance(found, tuple) and place else found)

    return _PARAMETER.sub(value, text)
