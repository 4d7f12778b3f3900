"""What a client has sent: a JSON object, a query, headers; read strictly."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from portal.http.problems import Refused
from rulebook import Text

__all__ = ["idempotency_key", "json_object", "matched_version", "query_values", "request_id_given"]

_JSON_TYPE: Final = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;.*)?", re.ASCII)
_KEY: Final = re.compile(r'([!#-~]{1,200})|"([!#-~]{1,200})"')  # with or without the draft's quotes
_REQUEST_ID: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)
_VERSION: Final = re.compile(r'"([0-9]{1,9})"')
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_JSON: Final = Text("application/json", "application/json")
_NO_NUL: Final = Text("без знака U+0000", "no character U+0000")
_UNKNOWN: Final = Text("такого параметра нет", "no such parameter")
_ONCE: Final = Text("указан один раз", "given once")
_KEY_FORM: Final = Text("от 1 до 200 видимых знаков ASCII", "1 to 200 visible ASCII characters")
_ENTITY_TAG: Final = Text(
    'ETag того, что было прочитано, как "3"', 'the ETag of what was read, like "3"'
)


def json_object(media_type: str, body: bytes) -> dict[str, Any]:
    """The object of a body; an empty body is an empty one. Refused: media-type, not-json, and
    unreadable for characters that databases do not keep."""
    if not body:
        return {}
    if not _JSON_TYPE.fullmatch(media_type.strip().lower()):
        raise Refused("media-type", (("Content-Type", _JSON),))
    try:
        found = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused("not-json") from None
    if not isinstance(found, dict):
        raise Refused("not-json")
    problems = [(place, _NO_NUL) for place in _with_nul(found, "")]
    if problems:
        raise Refused("unreadable", tuple(problems))
    return found


def query_values(given: Iterable[tuple[str, str]], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a query by their schemas: numbers, booleans, and lists (a name repeated) of
    what is written in texts. What has another form stays a text, for whoever reads it strictly to
    refuse. Refused for a parameter that the query has not, or that is given twice."""
    lists = [name for name, schema in properties.items() if "array" in _kinds(schema)]
    values: dict[str, Any] = {name: [] for name in lists if "default" not in properties[name]}
    problems = []
    for name, text in given:
        kinds = _kinds(properties.get(name, {}))
        if name not in properties:
            problems.append((name, _UNKNOWN))
        elif "\0" in text:
            problems.append((name, _NO_NUL))
        elif "array" in kinds:
            values.setdefault(name, []).append(text)
        elif name in values:
            problems.append((name, _ONCE))
        else:
            values[name] = _scalar(text, kinds)
    if problems:
        raise Refused("unreadable", tuple(problems))
    return values


def idempotency_key(header: str | None) -> str | None:
    """The key of an Idempotency-Key header; Refused for one of another form."""
    if header is None:
        return None
    match = _KEY.fullmatch(header)
    if match is None:
        raise Refused("bad-header", (("Idempotency-Key", _KEY_FORM),))
    return match[1] or match[2]


def matched_version(header: str | None) -> int | None:
    """The version that If-Match asks for; Refused for anything but one entity tag of ours."""
    if header is None:
        return None
    match = _VERSION.fullmatch(header.strip())
    if match is None:
        raise Refused("bad-header", (("If-Match", _ENTITY_TAG),))
    return int(match[1])


def request_id_given(header: str | None) -> str | None:
    """The request's id that the client has chosen, if it is one."""
    return header if header is not None and _REQUEST_ID.fullmatch(header) else None


def _scalar(text: str, kinds: frozenset[str]) -> Any:
    if "integer" in kinds and _WHOLE.fullmatch(text):
        return int(text)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    return text


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    """The types that a schema allows."""
    own = {schema["type"]} if isinstance(schema.get("type"), str) else set()
    return frozenset(own.union(*(_kinds(each) for each in schema.get("anyOf", ()))))


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are none of JSON's


def _with_nul(value: Any, place: str) -> Iterable[str]:
    match value:
        case str():
            if "\0" in value:
                yield place
        case dict():
            for name, each in value.items():
                inner = f"{place}.{name}" if place else name
                if "\0" in name:
                    yield place
                yield from _with_nul(each, inner)
        case list():
            for number, each in enumerate(value):
                yield from _with_nul(each, f"{place}.{number}" if place else str(number))
