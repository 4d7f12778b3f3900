"""What is wrong with a field of a request, in Russian: services answer in the language of the
agencies."""

from typing import Any, Final

from pydantic_core import ErrorDetails

__all__ = ["field_text"]

# By pydantic's types of errors; the fields in braces are their context.
_TEXTS: Final = {
    "missing": "обязательное поле",
    "extra_forbidden": "лишнее поле",
    "string_type": "ожидается строка",
    "string_too_short": "ожидается не меньше знаков, чем {min_length}",
    "string_too_long": "ожидается не больше знаков, чем {max_length}",
    "string_pattern_mismatch": "ожидается строка вида {pattern}",
    "int_type": "ожидается целое число",
    "int_from_float": "ожидается целое число",
    "int_parsing_size": "слишком большое число",
    "float_type": "ожидается число",
    "finite_number": "ожидается конечное число",
    "bool_type": "ожидается true или false",
    "none_required": "ожидается null",
    "date_type": "ожидается дата вида ГГГГ-ММ-ДД",
    "date_parsing": "ожидается дата вида ГГГГ-ММ-ДД",
    "date_from_datetime_parsing": "ожидается дата вида ГГГГ-ММ-ДД",
    "date_from_datetime_inexact": "ожидается дата без времени",
    "datetime_type": "ожидается время вида ГГГГ-ММ-ДДTЧЧ:ММ:СС+03:00",
    "datetime_parsing": "ожидается время вида ГГГГ-ММ-ДДTЧЧ:ММ:СС+03:00",
    "datetime_from_date_parsing": "ожидается время вида ГГГГ-ММ-ДДTЧЧ:ММ:СС+03:00",
    "timezone_aware": "ожидается время со смещением от UTC",
    "timezone_naive": "ожидается местное время без смещения",
    "literal_error": "ожидается одно из: {expected}",
    "enum": "ожидается одно из: {expected}",
    "union_tag_invalid": "ожидается одно из: {expected_tags}",
    "union_tag_not_found": "не указан вид: {discriminator}",
    "greater_than": "ожидается больше {gt}",
    "greater_than_equal": "ожидается не меньше {ge}",
    "less_than": "ожидается меньше {lt}",
    "less_than_equal": "ожидается не больше {le}",
    "multiple_of": "ожидается кратное {multiple_of}",
    "list_type": "ожидается список",
    "tuple_type": "ожидается список",
    "too_short": "ожидается не меньше элементов, чем {min_length}",
    "too_long": "ожидается не больше элементов, чем {max_length}",
    "dict_type": "ожидается объект",
    "model_type": "ожидается объект",
    "model_attributes_type": "ожидается объект",
    "dataclass_type": "ожидается объект",
    "invalid_key": "ожидается строка в качестве ключа",
    "value_error": "{error}",
    "assertion_error": "{error}",
}


def field_text(error: ErrorDetails) -> str:
    """The text of one of pydantic's `errors()`; its own English one for a type not met before."""
    text = _TEXTS.get(error["type"])
    if text is None:
        return error["msg"]
    context: dict[str, Any] = error.get("ctx", {})
    return text.format_map({name: _printed(value) for name, value in context.items()})


def _printed(value: Any) -> str:
    return str(value).replace(" or ", " или ")
