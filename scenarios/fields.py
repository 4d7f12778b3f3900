"""Field types of the scenario format: each reads what a person writes or raises a coded error.

The codes are those of `scenarios.problems`, where their texts are.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from scenarios.durations import WorkingDays, parse_deadline, parse_duration
from world.shifts import MINUTES_PER_DAY, parse_time_of_day

__all__ = [
    "MOST_SEED",
    "Bound",
    "Count",
    "Deadline",
    "Duration",
    "Factor",
    "FailNode",
    "Horizon",
    "HttpStatus",
    "LocalTime",
    "Name",
    "NonNegative",
    "PositiveCount",
    "PositiveDuration",
    "Probability",
    "Section",
    "Seed",
    "ServerCount",
    "ShiftStart",
    "Stages",
    "Text",
    "TimeOfDay",
    "Variation",
    "Warmup",
    "Whole",
    "YesNo",
    "among",
    "by_key",
    "by_shape",
    "wrong",
]

_MOST: Final = 10**9  # servers, cases, organizations: beyond any country, far inside 64 bits
MOST_SEED: Final = 2**63 - 1
_MOST_RATE: Final = 1e12
_MOST_FACTOR: Final = 1e6
_MOST_BOUND: Final = 1e18
_YEARS: Final = range(1900, 2201)  # within them every local time has an instant and a calendar
_LOCAL_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?", re.ASCII
)
_NAME: Final = re.compile(r"\w(?:[\w-]{0,98}\w)?")


def wrong(code: str, **params: object) -> PydanticCustomError:
    """The error `code` of the table in `scenarios.problems` with the parameters of its text."""
    return PydanticCustomError(code, "{code}", {"code": code, **params})


class Section(BaseModel):
    """A mapping of the scenario file: unknown keys are errors, values do not change later."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        arbitrary_types_allowed=True,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _name_allowed_keys(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Errors of unknown keys get the keys that are known here."""
        try:
            return handler(value)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if not any(e["type"] == "extra_forbidden" for e in errors):
                raise
            allowed = [field.alias or name for name, field in cls.model_fields.items()]
            raise ValidationError.from_exception_data(
                cls.__name__, [_raised_again(dict(e), allowed) for e in errors]
            ) from None


def _raised_again(error: dict[str, Any], allowed: list[str]) -> InitErrorDetails:
    kind: str = error["type"]
    if kind == "extra_forbidden":
        kind, context = "unknown_key", {"allowed": allowed}
    else:
        context = error.get("ctx", {})
    again = PydanticCustomError(kind, "{code}", {"code": kind, **context})
    return InitErrorDetails(type=again, loc=error["loc"], input=error["input"])


# --- variants -------------------------------------------------------------------------------------


def by_key(*keys: str, code: str) -> Discriminator:
    """Which variant a mapping is, by the key it has; the variants are tagged `<key>`.

    `code` is the error unless a mapping has exactly one of `keys`.
    """

    def choose(value: Any) -> str | None:
        has = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
        found = [key for key in keys if key in has]
        return f"<{found[0]}>" if len(found) == 1 else None

    return Discriminator(choose, custom_error_type=code, custom_error_message=code)


def by_shape(shape: type[dict[Any, Any]] | type[list[Any]]) -> Discriminator:
    """Whether a value is of `shape` (tag `<shape>`) or a single word or number (tag `<word>`)."""

    def choose(value: Any) -> str:
        composite = isinstance(value, shape) or (shape is dict and isinstance(value, BaseModel))
        return "<shape>" if composite else "<word>"

    return Discriminator(choose)


def among(code: str, words: object) -> BeforeValidator:
    """The error `code` for anything that is no value of the type `words`, a Literal, and of the
    value's own type."""
    allowed = get_args(words)

    def check(value: Any) -> Any:
        if not any(type(value) is type(word) and value == word for word in allowed):
            params = {"allowed": list(allowed)} if code == "choice" else {}
            raise wrong(code, **params)
        return value

    return BeforeValidator(check)


# --- numbers and text -----------------------------------------------------------------------------


def _number(code: str, accepts: Callable[[float], bool], most: float) -> BeforeValidator:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(code)
        if not accepts(value):  # never true of a NaN
            raise wrong(code)
        if value > most:
            raise wrong("too_large", most=f"{most:g}")
        return float(value)

    return BeforeValidator(check)


def _whole(code: str, least: int, most: int = _MOST) -> BeforeValidator:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise wrong(code)
        if value > most:
            raise wrong("too_large", most=most)
        return value

    return BeforeValidator(check)


def _text(code: str, parse: Callable[[str], Any], *parsed: type) -> BeforeValidator:
    """Text that `parse` reads; values that Python code gives already parsed pass as they are."""

    def check(value: Any) -> Any:
        if isinstance(value, parsed) and not isinstance(value, bool):
            return value
        if not isinstance(value, str):
            raise wrong(code)
        try:
            return parse(value)
        except ValueError:
            raise wrong(code) from None

    return BeforeValidator(check)


def _positive_duration(text: str) -> int:
    us = parse_duration(text)
    if us == 0:
        raise ValueError(text)
    return us


def _local_time(text: str) -> datetime:
    if _LOCAL_TIME.fullmatch(text) is None:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if moment.year not in _YEARS:
        raise ValueError(text)
    return moment


def _nonempty(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _shift_start(text: str) -> int:
    minutes = parse_time_of_day(text)
    if minutes == MINUTES_PER_DAY:
        raise ValueError(text)
    return minutes


def _horizon(text: str) -> Any:
    if text == "until_empty":
        return text
    return _local_time(text) if _LOCAL_TIME.fullmatch(text) else _positive_duration(text)


def _warmup(text: str) -> Any:
    return text if text == "auto" else parse_duration(text)


def _bound(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return parse_duration(value)
        except ValueError:
            raise wrong("bound") from None
    return _NON_NEGATIVE_BOUND.func(value)  # type: ignore[call-arg]


_NON_NEGATIVE_BOUND: Final = _number("bound", lambda x: x >= 0, _MOST_BOUND)

_DURATION_PATTERN: Final = r"\d+(\.\d+)?(us|ms|s|m|h|d)"
_TIME_PATTERN: Final = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"


def _pattern(*patterns: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({'|'.join(patterns)})$"})


def _numeric(kind: str, **limits: float) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **limits})


Text = Annotated[
    str, _text("text", _nonempty), WithJsonSchema({"type": "string", "pattern": r"\S"})
]
Name = Annotated[str, _text("name", _name), _pattern(r"\w([\w-]{0,98}\w)?")]
Duration = Annotated[int, _text("duration", parse_duration), _pattern(_DURATION_PATTERN)]
PositiveDuration = Annotated[
    int, _text("positive_duration", _positive_duration), _pattern(_DURATION_PATTERN)
]
Deadline = Annotated[
    int | WorkingDays,
    _text("deadline", parse_deadline),
    _pattern(_DURATION_PATTERN, r"[1-9]\d{0,3}wd"),
]
LocalTime = Annotated[datetime, _text("local_time", _local_time, datetime), _pattern(_TIME_PATTERN)]
Horizon = Annotated[
    Literal["until_empty"] | int | datetime,
    _text("horizon", _horizon, datetime),
    _pattern("until_empty", _DURATION_PATTERN, _TIME_PATTERN),
]
Warmup = Annotated[
    Literal["auto"] | int, _text("warmup", _warmup), _pattern("auto", _DURATION_PATTERN)
]
TimeOfDay = Annotated[
    int, _text("time_of_day", parse_time_of_day), _pattern(r"([01]\d|2[0-3]):[0-5]\d", "24:00")
]
ShiftStart = Annotated[
    int, _text("start_of_shift", _shift_start), _pattern(r"([01]\d|2[0-3]):[0-5]\d")
]
YesNo = Annotated[bool, among("yes_no", Literal[True, False])]
Probability = Annotated[
    float,
    _number("probability", lambda x: 0 <= x <= 1, 1),
    _numeric("number", minimum=0, maximum=1),
]
NonNegative = Annotated[
    float, _number("non_negative", lambda x: x >= 0, _MOST_RATE), _numeric("number", minimum=0)
]
Variation = Annotated[
    float,
    _number("variation", lambda x: 0 <= x <= 1000, 1000),
    _numeric("number", minimum=0, maximum=1000),
]
Factor = Annotated[
    float,
    _number("positive", lambda x: x > 0, _MOST_FACTOR),
    _numeric("number", exclusiveMinimum=0),
]
Whole = Annotated[int, _whole("whole", -_MOST), _numeric("integer")]
Seed = Annotated[int, _whole("count", 0, MOST_SEED), _numeric("integer", minimum=0)]
Count = Annotated[int, _whole("count", 0), _numeric("integer", minimum=0)]
ServerCount = Annotated[int, _whole("servers", 0), _numeric("integer", minimum=0)]
FailNode = Annotated[
    str, _text("fail", _nonempty), WithJsonSchema({"type": "string", "pattern": r"\S"})
]
PositiveCount = Annotated[int, _whole("positive_count", 1), _numeric("integer", minimum=1)]
Stages = Annotated[int, _whole("stages", 1, 1000), _numeric("integer", minimum=1, maximum=1000)]
HttpStatus = Annotated[
    int, _whole("http_status", 400, 599), _numeric("integer", minimum=400, maximum=599)
]
Bound = Annotated[
    int | float,
    BeforeValidator(_bound),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{_DURATION_PATTERN}$"},
                {"type": "number", "minimum": 0},
            ]
        }
    ),
]
