"""The journal: what it keeps, how it is asked, and "called exactly so"."""

import pytest

from mocks.core.http import Answer, Request
from mocks.core.journal import KEPT_BODY, Journal, NotCalledSo, Pattern


def journal() -> Journal:
    """Four calls: a search, its result twice, a message that failed."""
    log = Journal()
    calls = [
        ("egrul", Request("POST", "/", "", {"x-client": "портал"}, b"query=7707083893"), 200),
        ("egrul", Request("GET", "/search-result/t1", "r=1&r=2"), 200),
        (
            "sms",
            Request("POST", "/v1/messages", "", {}, b'{"to":"+7","n":{"a":[1,2]}}'),
            503,
        ),
        ("egrul", Request("GET", "/search-result/t1"), 200),
    ]
    for number, (service, request, status) in enumerate(calls):
        entry = log.open(service, request, "1/2/3/4", number * 10)
        log.close(entry, Answer(status, b"{}"))
    return log


def found(**pattern: object) -> list[int]:
    return [entry.number for entry in journal().find(Pattern.model_validate(pattern))]


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"service": "egrul"}, [1, 2, 4]),
        ({"method": "post"}, [1, 3]),
        ({"path": "/search-result/*"}, [2, 4]),
        ({"query": {"r": "2"}}, [2]),
        ({"headers": {"X-Client": "портал"}}, [1]),
        ({"headers": {"X-Client": "other"}}, []),
        ({"body": "7707083893"}, [1]),
        ({"json_body": {"n": {"a": [1, 2]}}}, [3]),
        ({"json_body": {"n": {"a": [1]}}}, []),
        ({"json_body": {"n": {"a": [1, True]}}}, []),
        ({"status": 503}, [3]),
        ({"after": 3}, [4]),
        ({"service": "egrul", "method": "GET", "after": 2}, [4]),
        ({"outcome": "reset"}, []),
    ],
)
def test_a_pattern_means_the_calls_that_have_what_it_names(
    pattern: dict[str, object], numbers: list[int]
) -> None:
    assert found(**pattern) == numbers


def test_the_latest_calls_are_given_when_fewer_are_asked_for() -> None:
    assert [entry.number for entry in journal().find(limit=2)] == [3, 4]
    assert journal().find(limit=0) == []


def test_an_unknown_key_of_a_pattern_is_an_error() -> None:
    with pytest.raises(ValueError, match="servise"):
        Pattern.model_validate({"servise": "egrul"})


def test_calls_are_counted_against_what_was_expected() -> None:
    log = journal()
    pattern = Pattern(path="/search-result/*")
    assert len(log.verify(pattern)) == 2
    assert len(log.verify(pattern, times=2)) == 2
    assert len(log.verify(pattern, at_least=1, at_most=2)) == 2
    assert log.verify(Pattern(service="mvd"), times=0) == []


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"times": 1}, r"expected exactly 1 calls of \(path='/search-result/\*'\), found 2"),
        ({"at_least": 3}, "expected at least 3 calls"),
        ({"at_most": 1}, "expected at most 1 calls"),
        ({"at_least": 3, "at_most": 5}, "expected at least 3 and at most 5 calls"),
    ],
)
def test_a_wrong_number_of_calls_is_told_with_the_journal(
    bounds: dict[str, int], said: str
) -> None:
    with pytest.raises(NotCalledSo, match=said) as error:
        journal().verify(Pattern(path="/search-result/*"), **bounds)
    assert "  3. sms POST /v1/messages -> 503" in str(error.value)


SEARCH = Pattern(service="egrul", method="POST", body="query=")
RESULT = Pattern(path="/search-result/t1")


def test_called_exactly_so_takes_these_calls_in_this_order_and_no_others() -> None:
    log = journal()
    assert [e.number for e in log.verify_exactly([SEARCH, RESULT, RESULT], ["egrul"])] == [1, 2, 4]
    assert log.verify_exactly([], ["mvd"]) == []


@pytest.mark.parametrize(
    ("patterns", "services", "first"),
    [
        ([RESULT, SEARCH, RESULT], ["egrul"], 1),
        ([SEARCH, RESULT], ["egrul"], 3),
        ([SEARCH, RESULT, RESULT, RESULT], ["egrul"], 4),
        ([SEARCH, RESULT, RESULT], None, 3),
    ],
)
def test_another_order_or_another_call_is_named_by_its_place(
    patterns: list[Pattern], services: list[str] | None, first: int
) -> None:
    with pytest.raises(NotCalledSo, match=f"calls differ from number {first} on"):
        journal().verify_exactly(patterns, services)


def test_long_bodies_are_cut_and_their_sizes_are_kept() -> None:
    log = Journal()
    entry = log.open("egrul", Request("POST", "/", body=b"a" * (KEPT_BODY + 1)), "", 0)
    log.close(entry, Answer(200, b"b" * (KEPT_BODY + 5)))
    assert (len(entry.body), entry.body_size) == (KEPT_BODY, KEPT_BODY + 1)
    assert (len(entry.answer_body), entry.answer_size) == (KEPT_BODY, KEPT_BODY + 5)


def test_the_oldest_calls_are_forgotten_and_counted_while_numbers_go_on() -> None:
    log = Journal()
    for _ in range(10_003):
        log.open("egrul", Request("GET", "/"), "", 0)
    numbers = [entry.number for entry in log]
    assert (numbers[0], numbers[-1], len(log), log.forgotten) == (4, 10_003, 10_000, 3)


def test_an_answer_to_a_forgotten_call_takes_no_room() -> None:
    log = Journal()
    forgotten = log.open("egrul", Request("POST", "/", body=b"a"), "", 0)
    for _ in range(10_000):
        log.open("egrul", Request("GET", "/"), "", 0)
    before = log._bytes
    log.close(forgotten, Answer(200, b"b" * KEPT_BODY))
    assert log._bytes == before


def test_large_bodies_make_the_journal_forget_sooner() -> None:
    log = Journal()
    for _ in range(8_000):
        entry = log.open("egrul", Request("POST", "/", body=b"a" * KEPT_BODY), "", 0)
        log.close(entry, Answer(200, b"b" * KEPT_BODY))
    kept = sum(len(entry.body) + len(entry.answer_body) for entry in log)
    assert kept <= 64 * 2**20
    assert len(log) == 2047  # 64 MB would hold 2048 without the paths
    assert len(log) + log.forgotten == 8_000


def test_large_heads_make_the_journal_forget_sooner() -> None:
    log = Journal()
    for _ in range(1_100):
        entry = log.open("egrul", Request("GET", "/", "", {"x": "a" * 65_535}), "", 0)
        log.close(entry, Answer(204))
    assert len(log) == 1023  # 64 MB would hold 1024 without the paths
