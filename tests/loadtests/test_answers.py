"""Answers of a portal are judged by what they say, not by their status."""

import json
from typing import Any

import pytest

from loadtests.answers import Expected, Reply, judged, retry_after_s


def reply(status: int, body: Any = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=json.dumps(body).encode())


def done(state: str) -> Reply:
    return reply(200, {"state": state, "data": {"account": "a1"}})


def refusal(*rules: str, status: int = 422, code: str = "wrong") -> Reply:
    violations = [{"rule": rule, "field": "", "message": "…", "reason": None} for rule in rules]
    return reply(status, {"state": "refused", "code": code, "violations": violations})


NEW = Expected(states=frozenset({"new"}))
TYPO = Expected(
    states=frozenset({"new"}),
    refusals=frozenset({"ID-01", "ID-09"}),
    consequences=frozenset({"REG-14"}),
    has_to_refuse=True,
)


@pytest.mark.parametrize(
    ("answer", "expected", "outcome", "detail"),
    [
        (done("new"), NEW, "ok", ""),
        (done("active"), NEW, "failed", "state active"),
        (done("whatever"), Expected(), "ok", ""),
        (reply(200, {"violations": []}), NEW, "failed", "state none"),
        (reply(200, [1]), NEW, "failed", "200 no-json"),
        (Reply(status=200, body=b"<html>"), NEW, "failed", "200 no-json"),
        (Reply(status=500, body=b""), NEW, "failed", "500 no-json"),
        (refusal("ID-01"), NEW, "failed", "422 wrong ID-01"),
        (refusal("ID-01"), TYPO, "refused", "ID-01"),
        (refusal("ID-09", "ID-01"), TYPO, "refused", "ID-01 ID-09"),
        (refusal("ID-01", "REG-14"), TYPO, "refused", "ID-01"),
        (refusal("REG-14"), TYPO, "failed", "422 wrong REG-14"),
        (refusal("ID-01", "REG-02"), TYPO, "failed", "422 wrong ID-01 REG-02"),
        (refusal(status=403, code="forbidden"), TYPO, "failed", "403 forbidden"),
        (done("new"), TYPO, "failed", "accepted despite ID-01 ID-09"),
        (reply(503, {"code": "busy"}, retry_after="1"), NEW, "shed", "503 busy"),
        (Reply(status=429, headers={"retry-after": "7"}), NEW, "shed", "429"),
        (reply(503, {"code": "busy"}), NEW, "failed", "503 busy"),
        (reply(500, {"code": "failure"}, retry_after="1"), NEW, "failed", "500 failure"),
        (Reply(status=0, error="ConnectionResetError"), NEW, "failed", "ConnectionResetError"),
    ],
)
def test_the_verdict_follows_from_the_content(
    answer: Reply, expected: Expected, outcome: str, detail: str
) -> None:
    verdict = judged(answer, expected)
    assert (verdict.outcome, verdict.detail) == (outcome, detail)
    assert verdict.is_good is (outcome in ("ok", "refused"))


def test_the_data_of_an_answer_are_kept() -> None:
    assert judged(done("new"), NEW).told.data == {"account": "a1"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "30"}, 30.0), ({"retry-after": "-1"}, 0.0), ({}, None),
     ({"retry-after": "Fri, 27 Nov 2026 12:00:00 GMT"}, None)],
)  # fmt: skip
def test_retry_after_is_read_in_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(Reply(status=503, headers=headers)) == seconds


def test_a_problem_without_rules_may_be_right_by_its_code() -> None:
    gone = Expected(codes=frozenset({"absent"}))
    assert judged(refusal(status=404, code="absent"), gone).outcome == "refused"
    assert judged(refusal(status=404, code="no-such-path"), gone).outcome == "failed"
    assert judged(refusal("ID-01", status=404, code="absent"), gone).outcome == "failed"
