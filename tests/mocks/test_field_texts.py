"""Refusals of wrong fields: Russian, all of them at once, with the name of the field."""

import datetime as dt
import json
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from mocks.core.http import Refusal, Request


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=2, max_length=3)] = "ab"
    digits: Annotated[str, Field(pattern=r"^[0-9]{2}$")] = "12"
    count: Annotated[int, Field(ge=1, le=9)] = 1
    flag: bool = True
    day: dt.date = dt.date(2026, 1, 1)
    moment: dt.datetime = dt.datetime(2026, 1, 1)
    word: Literal["a", "b"] = "a"
    some: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    inner: dict[str, int] = {}
    odd: int = 1

    @field_validator("odd")
    @classmethod
    def _odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("ожидается нечётное число")
        return value


def refusal(body: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        Request("POST", "/", body=json.dumps(body).encode()).read(Asked)
    return caught.value


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("text", "a", "ожидается не меньше знаков, чем 2"),
        ("text", "abcd", "ожидается не больше знаков, чем 3"),
        ("text", 1, "ожидается строка"),
        ("digits", "1x", "ожидается строка вида ^[0-9]{2}$"),
        ("count", 0, "ожидается не меньше 1"),
        ("count", 10, "ожидается не больше 9"),
        ("count", "1", "ожидается целое число"),
        ("count", 1.5, "ожидается целое число"),
        ("flag", "yes", "ожидается true или false"),
        ("day", "2026-02-30", "ожидается дата вида ГГГГ-ММ-ДД"),
        ("day", 5, "ожидается дата вида ГГГГ-ММ-ДД"),
        ("moment", "noon", "ожидается время вида ГГГГ-ММ-ДДTЧЧ:ММ:СС+03:00"),
        ("word", "c", "ожидается одно из: 'a' или 'b'"),
        ("some", [], "ожидается не меньше элементов, чем 1"),
        ("some", [1, 2, 3], "ожидается не больше элементов, чем 2"),
        ("some", 1, "ожидается список"),
        ("inner", [], "ожидается объект"),
        ("odd", 2, "ожидается нечётное число"),
        ("more", 1, "лишнее поле"),
    ],
)
def test_a_wrong_field_is_named_in_russian(field: str, value: object, text: str) -> None:
    refused = refusal({field: value})
    assert (refused.status, refused.code, refused.field) == (422, "invalid", field)
    assert refused.message == f"Неверный запрос: {field}: {text}"


def test_all_wrong_fields_are_told_at_once() -> None:
    assert refusal({"text": "a", "some": [1, "x"]}).message == (
        "Неверный запрос: text: ожидается не меньше знаков, чем 2; some.1: ожидается целое число"
    )


def test_a_body_that_is_no_object_is_told_so() -> None:
    assert refusal([]).message == "Неверный запрос: тело: ожидается объект"
