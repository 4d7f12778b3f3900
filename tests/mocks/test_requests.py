"""Bodies of requests as handlers read them: what cannot be read, and what could not be written."""

from typing import Any

import pytest

from mocks.core.damage import malformed
from mocks.core.http import Answer, Refusal, Request


def read(body: bytes) -> Any:
    return Request("POST", "/", body=body).json()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "bad-json"),
        (b"\xff", "bad-encoding"),
        (b"NaN", "bad-json"),
        (b"[-Infinity]", "bad-json"),
        (b"1e999", "bad-json"),
        (b'{"a": -1E400}', "bad-json"),
        (b"9" * 5_000, "bad-json"),
        (b"[" * 65 + b"]" * 65, "too-deep"),
        (b"[" * 100_000, "too-deep"),
        (rb'"\ud83d"', "bad-encoding"),
        (rb'{"a": ["\uDE00\uD83D"]}', "bad-encoding"),
        (rb'{"\ud800": 1}', "bad-encoding"),
    ],
)
def test_json_that_no_answer_could_repeat_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(body)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_json_is_read_with_large_numbers_and_characters_of_two_escapes() -> None:
    assert read(rb'{"a": [1e308, "\ud83d\ude00", "\\ud83d", "\u0444"], "b": {}}') == {
        "a": [1e308, "😀", "\\ud83d", "ф"],
        "b": {},
    }
    assert read(b"[" * 64 + b"]" * 64) is not None


def test_an_answer_without_a_body_has_nothing_to_spoil() -> None:
    empty = Answer(204)
    assert malformed(empty) == empty
    assert malformed(Answer(200, b'{"a":1}')).body == b'{"a":1'
