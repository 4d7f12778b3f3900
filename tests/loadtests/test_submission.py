"""A submission whose answers are lost on the way: what is told of it, and what it may have done."""

import json
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from loadtests.answers import Reply
from loadtests.case import CaseFailed
from loadtests.results.figures import whole_answers
from loadtests.samples import (
    SAMPLE,
    SampleWriter,
    read_acknowledged,
    read_samples,
    read_unanswered,
)
from tests.loadtests.answering import case_at, told

SECOND = 1_000_000
LOST = Reply(status=0, error="ConnectionResetError")
BROKEN = Reply(status=500, body=b"no json")
REFUSED = Reply(status=422, body=b'{"violations": [{"rule": "ID-02"}]}')
SHED = Reply(status=503, headers={"retry-after": "0"}, body=b'{"code": "busy"}')


def submitted(tmp_path: Path, *replies: Reply) -> tuple[list[str], list[str]]:
    """Ids that were told, kinds of what may have been done."""
    with SampleWriter(tmp_path, 0) as writer:
        case = case_at(writer, replies)
        with suppress(CaseFailed):
            case.act("draft_application", {}, into=("draft",), submits="application")
    acknowledged = [each.id for each in read_acknowledged(tmp_path)]
    return acknowledged, [each.kind for each in read_unanswered(tmp_path)]


def drafted(state: str = "draft") -> Reply:
    return told(state, application="x")


@pytest.mark.parametrize(
    ("replies", "acknowledged", "may_be_done"),
    [
        ([drafted()], ["x"], []),
        ([LOST, drafted()], ["x"], []),
        ([LOST, SHED, drafted()], ["x"], []),
        ([LOST] * 6, [], ["application"]),
        ([LOST, REFUSED], [], ["application"]),
        ([BROKEN], [], ["application"]),
        ([REFUSED], [], []),
        ([SHED] * 6, [], []),
        ([drafted("another")], ["x"], []),
        ([told("draft")], [], ["application"]),
    ],
    ids=lambda value: None,
)
def test_submission_may_be_done_if_an_answer_was_lost_and_none_acknowledged_it(
    replies: list[Reply], acknowledged: list[str], may_be_done: list[str], tmp_path: Path
) -> None:
    assert submitted(tmp_path, *replies) == (acknowledged, may_be_done)


def test_all_attempts_bear_one_key_and_it_is_kept(tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        case = case_at(writer, [LOST] * 6)
        with pytest.raises(CaseFailed):
            case.act("draft_application", {}, submits="application")
        keys = {each["Idempotency-Key"] for each in case.wire.headers}  # type: ignore[attr-defined]
    assert keys == {each.key for each in read_unanswered(tmp_path)} == {"run/application/7/1"}


def test_look_that_is_lost_and_an_act_that_submits_nothing_may_have_done_nothing(
    tmp_path: Path,
) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        for asks in ("read", "act"):
            case = case_at(writer, [LOST] * 6)
            with pytest.raises(CaseFailed):
                case.read("my_account") if asks == "read" else case.act("close_session", {})
    assert read_unanswered(tmp_path) == []


def test_request_killed_on_its_way_may_have_been_done(tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        case = case_at(writer, [])  # whoever waits for an answer is killed
        with pytest.raises(KeyboardInterrupt):
            case.act("draft_application", {}, submits="application")
    assert [each.kind for each in read_unanswered(tmp_path)] == ["application"]
    assert json.loads((tmp_path / "unanswered-0.jsonl").read_text())["entity"] == 7


def test_request_killed_with_its_user_has_a_sample_with_its_age(tmp_path: Path) -> None:
    # Long before the end of the run: a shape has taken its user away.
    with SampleWriter(tmp_path, 0) as writer:
        case = case_at(writer, [], began_us=time.time_ns() // 1000 - 12 * SECOND)
        with pytest.raises(KeyboardInterrupt):
            case.read("my_account")
    (row,) = read_samples(tmp_path)
    assert (row["operation"], row["status"], row["detail"]) == (b"GET my-account", 0, b"abandoned")
    assert row["ended_us"] - row["intended_us"] >= 12 * SECOND
    assert len(whole_answers(read_samples(tmp_path))) == 1  # one so old is counted as wrong


def test_attempts_know_when_the_first_of_them_should_have_left(tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        case = case_at(writer, [SHED, LOST, drafted(), told("active")])
        case.act("draft_application", {}, into=("draft",), submits="application")
        case.read("my_account", into=("active",))
    attempts = np.frombuffer((tmp_path / "samples-0.bin").read_bytes(), SAMPLE)
    assert attempts["attempt"].tolist() == [0, 1, 2, 0]
    first, second, third, other = attempts["intended_us"].tolist()
    assert 0 == first < second <= third <= other
    assert attempts["first_us"].tolist() == [0, 0, 0, other]
