"""Requests and answers as handlers see them, carried by a socket or by a call in process."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError

from mocks.core.field_texts import field_text

__all__ = ["Answer", "Refusal", "Request", "json_answer", "problem_answer", "text_answer"]

T = TypeVar("T")

JSON: Final = "application/json; charset=utf-8"
_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
DEEPEST_JSON: Final = 64  # levels: no service's message is half as deep
_HALF_CHARACTER: Final = re.compile(rb"\\u[dD][89a-fA-F]")  # escaped, of a pair or alone


class Refusal(Exception):
    """A service declines a request: HTTP `status`, a stable `code`, a Russian `message`.

    `field` names the part of the request that is wrong; `retry_after_s` becomes Retry-After.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        retry_after_s: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = dict(headers or {})
        if retry_after_s is not None:
            self.headers["Retry-After"] = str(retry_after_s)


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request to one service: `path` begins after the service's name; header names are
    lower case; `scheme` is that of the URL which was asked."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    scheme: str = "http"

    def parameter(self, name: str) -> str | None:
        """The first query parameter of that name."""
        return next(
            (v for n, v in parse_qsl(self.query, keep_blank_values=True) if n == name), None
        )

    def header(self, name: str) -> str | None:
        """The header of that name, written in any case."""
        return self.headers.get(name.lower())

    def form(self) -> dict[str, str]:
        """Fields of an `application/x-www-form-urlencoded` body; Refusal 400 for a wrong one."""
        try:
            text = self.body.decode("utf-8")
            return dict(
                parse_qsl(text, keep_blank_values=True, max_num_fields=1000, errors="strict")
            )
        except ValueError:
            raise Refusal(400, "bad-form", "Тело запроса — не форма в UTF-8") from None

    def json(self) -> Any:
        """The body as JSON; Refusal 400 says where it is wrong."""
        try:
            text = self.body.decode("utf-8")
            value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        except UnicodeDecodeError as error:
            message = f"Тело запроса — не UTF-8: байт {error.start}"
            raise Refusal(400, "bad-encoding", message) from None
        except RecursionError:
            raise Refusal(400, "too-deep", "Слишком глубокая вложенность JSON") from None
        except json.JSONDecodeError as error:
            message = f"Тело запроса — не JSON: строка {error.lineno}, знак {error.colno}"
            raise Refusal(400, "bad-json", message) from None
        except ValueError:
            raise Refusal(400, "bad-json", "Тело запроса — не JSON: недопустимое число") from None
        if _deeper_than(value, DEEPEST_JSON):
            raise Refusal(400, "too-deep", f"Вложенность JSON больше {DEEPEST_JSON}")
        if _HALF_CHARACTER.search(self.body) and not _is_text(value):
            raise Refusal(400, "bad-encoding", "В строке JSON половина знака: суррогат без пары")
        return value

    def read(self, model: type[T]) -> T:
        """The JSON body as `model` (a pydantic model or a dataclass); Refusal 422 names each wrong
        field, 400 is of a body that is no JSON. A number is no text and no date, a text no number.
        """
        self.json()  # refuses what pydantic would take, or refuse in other words
        try:
            return _adapter(model).validate_json(self.body, strict=True)
        except ValidationError as error:
            raise _invalid(error) from None


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; `headers` come in this order after Content-Type."""

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, written in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """`value` as compact JSON with Russian letters as they are."""
    return Answer(status, _COMPACT.encode(value).encode(), JSON, tuple((headers or {}).items()))


def text_answer(text: str, status: int = 200, media_type: str = "text/plain") -> Answer:
    """`text` in UTF-8."""
    return Answer(status, text.encode(), f"{media_type}; charset=utf-8")


def problem_answer(refusal: Refusal) -> Answer:
    """How services without a format of their own refuse: `{"error", "message", "field"}`."""
    problem = {"error": refusal.code, "message": refusal.message}
    if refusal.field is not None:
        problem["field"] = refusal.field
    return json_answer(problem, refusal.status, refusal.headers)


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(model: type[T]) -> TypeAdapter[T]:
    found = _adapters.get(model)
    if found is None:
        found = _adapters.setdefault(model, TypeAdapter(model))
    return found


def _invalid(error: ValidationError) -> Refusal:
    problems = error.errors(include_url=False, include_input=False)
    named = [(".".join(str(part) for part in p["loc"]) or "тело", field_text(p)) for p in problems]
    message = "; ".join(f"{place}: {text}" for place, text in named)
    return Refusal(422, "invalid", f"Неверный запрос: {message}", field=named[0][0])


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _is_text(value: Any) -> bool:
    """Whether all its strings are of whole characters, which alone can be written down again."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)
