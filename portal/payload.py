"""What somebody has sent, read strictly into the form of a use case or the query of a view."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from rulebook import Text

__all__ = ["UnreadablePayload", "read_payload"]

_REQUIRED: Final = Text("обязательное поле", "a required field")
_TEXT: Final = Text("текст", "a text")
_WHOLE: Final = Text("целое число", "a whole number")
_NUMBER: Final = Text("число", "a number")
_FLAG: Final = Text("true или false", "true or false")
_DAY: Final = Text("дата вида ГГГГ-ММ-ДД", "a date like YYYY-MM-DD")
_MOMENT: Final = Text(
    "время с часовым поясом, как 2026-02-02T10:00:00+03:00",
    "a time with its zone, like 2026-02-02T10:00:00+03:00",
)
_LIST: Final = Text("список", "a list")
_OBJECT: Final = Text("объект", "an object")
_FILE: Final = Text("содержимое в Base64", "a content in Base64")
_UNICODE: Final = Text("текст в Юникоде, без половин суррогатных пар", "no lone surrogates")

_EXPECTED: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "missing": _REQUIRED,
        "string_type": _TEXT,
        "int_type": _WHOLE,
        "int_from_float": _WHOLE,
        "int_parsing_size": _WHOLE,
        "float_type": _NUMBER,
        "finite_number": _NUMBER,
        "bool_type": _FLAG,
        "date_type": _DAY,
        "date_parsing": _DAY,
        "date_from_datetime_parsing": _DAY,
        "date_from_datetime_inexact": _DAY,
        "datetime_type": _MOMENT,
        "datetime_parsing": _MOMENT,
        "datetime_from_date_parsing": _MOMENT,
        "timezone_aware": _MOMENT,
        "tuple_type": _LIST,
        "dict_type": _OBJECT,
        "mapping_type": _OBJECT,
        "dataclass_type": _OBJECT,
        "bytes_type": _FILE,
        "base64_decode": _FILE,
        "json_invalid": _UNICODE,
    }
)
"""By the types of pydantic's errors that strict reading of JSON gives for the types of forms."""
_OTHER: Final = Text("значение другого вида", "a value of another kind")
_NAMED: Final = re.compile(r"'[^']*'|\d+")


class UnreadablePayload(ValueError):
    """What was sent has not the form of the use case; `problems` name each field and what was
    expected."""

    def __init__(self, problems: list[tuple[str, Text]]) -> None:
        super().__init__("; ".join(f"{place}: {expected.ru}" for place, expected in problems))
        self.problems = problems


def read_payload(form: type[Any], payload: Mapping[str, Any]) -> Any:
    """The `form` with what was sent in its fields; UnreadablePayload."""
    try:
        return _adapter(form).validate_json(json.dumps(dict(payload)), strict=True)
    except ValidationError as error:
        problems = [
            (".".join(map(str, each["loc"])), _expected(each["type"], each.get("ctx", {})))
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise UnreadablePayload(problems) from None


def _expected(kind: str, context: Mapping[str, Any]) -> Text:
    if kind == "literal_error":
        listed = ", ".join(_NAMED.findall(context["expected"])).replace("'", "") or "—"
        return Text(f"одно из: {listed}", f"one of: {listed}")
    return _EXPECTED.get(kind, _OTHER)


_forms: Final[dict[type[Any], TypeAdapter[Any]]] = {}


def _adapter(form: type[Any]) -> TypeAdapter[Any]:
    found = _forms.get(form)
    if found is None:
        found = _forms[form] = TypeAdapter(form)
    return found
