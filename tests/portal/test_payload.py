"""What is sent is read strictly; what was expected of a field is told in both languages."""

import datetime as dt
import re
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

import pytest
from pydantic import AwareDatetime, Base64Bytes

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from portal import payload
from portal.payload import UnreadablePayload, read_payload
from portal.use_case import USE_CASES, VIEWS
from rulebook import Text

FORMS: Final = sorted(
    {*(each.form for each in USE_CASES.values()), *(each.query for each in VIEWS.values())},
    key=lambda form: f"{form.__module__}.{form.__name__}",
)
JUNK: Final[list[Any]] = [
    *(None, True, 7, -1.5, 10**30, "", "нет", "Ж===", "2026-02-02", "2026-02-30T99:99:99"),
    *("2026-02-02T10:00:00", 1e300, [], [7], [None], [{}], {}, {"a": []}, {"": None}, "\ud800"),
]


@dataclass(frozen=True, kw_only=True)
class Everything:
    """A field of every type that forms have."""

    text: str = ""
    whole: int = 0
    number: float = 0.0
    flag: bool = False
    day: dt.date = dt.date(2026, 2, 2)
    moment: AwareDatetime | None = None
    channel: Literal["sms", "email"] = "sms"
    step: Literal[1, 2, 3] = 1
    file: Base64Bytes = b""
    several: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    inner: tuple["Everything", ...] = ()


@pytest.mark.parametrize(
    ("sent", "field_named", "ru", "en"),
    [
        ({"text": 1}, "text", "текст", "a text"),
        ({"whole": 1.5}, "whole", "целое число", "a whole number"),
        ({"whole": "1"}, "whole", "целое число", "a whole number"),
        ({"number": "1"}, "number", "число", "a number"),
        ({"flag": 1}, "flag", "true или false", "true or false"),
        ({"day": "02.02.2026"}, "day", "дата вида ГГГГ-ММ-ДД", "a date like YYYY-MM-DD"),
        ({"channel": "owl"}, "channel", "одно из: sms, email", "one of: sms, email"),
        ({"step": 4}, "step", "одно из: 1, 2, 3", "one of: 1, 2, 3"),
        ({"file": "YQ"}, "file", "содержимое в Base64", "a content in Base64"),
        ({"several": "a"}, "several", "список", "a list"),
        ({"several": ["a", 1]}, "several.1", "текст", "a text"),
        ({"named": []}, "named", "объект", "an object"),
        ({"inner": [{"whole": None}]}, "inner.0.whole", "целое число", "a whole number"),
        ({"inner": [1]}, "inner.0", "объект", "an object"),
        (
            {"moment": "2026-02-02T10:00:00"},
            "moment",
            "время с часовым поясом, как 2026-02-02T10:00:00+03:00",
            "a time with its zone, like 2026-02-02T10:00:00+03:00",
        ),
    ],
)
def test_what_was_expected_of_a_field_is_told_in_both_languages(
    sent: dict[str, Any], field_named: str, ru: str, en: str
) -> None:
    with pytest.raises(UnreadablePayload) as caught:
        read_payload(Everything, sent)
    told = [(place, expected.ru, expected.en) for place, expected in caught.value.problems]
    assert told == [(field_named, ru, en)]


def test_what_is_of_the_right_form_is_read() -> None:
    sent = {"moment": "2026-02-02T10:00:00+03:00", "file": "YQ==", "step": 3}
    read = read_payload(Everything, sent)
    assert (read.file, read.step, read.moment.isoformat()) == (b"a", 3, sent["moment"])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_whatever_is_wrong_in_a_form_is_told_in_russian_by_a_text_of_its_own(
    form: type[Any],
) -> None:
    told = [expected for junk in JUNK for expected in wrong_in(form, junk)]
    assert payload._OTHER not in told
    assert all(re.search("[а-я]", expected.ru) for expected in told)


def wrong_in(form: type[Any], junk: Any) -> list[Text]:
    """What was expected in place of `junk` in every field."""
    try:
        read_payload(form, {each.name: junk for each in fields(form)})
    except UnreadablePayload as unreadable:
        return [expected for _, expected in unreadable.problems]
    return []
