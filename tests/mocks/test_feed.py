"""Messages in order, and the faults that double them, drop them or change their order."""

import pytest

from mocks.core.draw_keys import DrawKey
from mocks.core.feed import Feed


def feed(**hits: set[int]) -> Feed:
    """A feed whose faults hit the messages with these numbers, by kind."""
    return Feed(lambda kind, key, _: (key.entity in hits.get(kind, set())) or None)


def published(of: Feed, count: int) -> list[str]:
    for number in range(count):
        of.publish(f"m{number}", {"n": number}, DrawKey(number, 0, 0, 0), number)
    return [event.id for event in of.after(0, 100)]


@pytest.mark.parametrize(
    ("hits", "ids"),
    [
        ({}, ["m0", "m1", "m2"]),
        ({"duplicate": {1}}, ["m0", "m1", "m1", "m2"]),
        ({"loss": {1}}, ["m0", "m2"]),
        ({"reorder": {0}}, ["m1", "m0", "m2"]),
        ({"reorder": {0, 1}}, ["m2", "m0", "m1"]),
        ({"reorder": {1}, "duplicate": {2}}, ["m0", "m2", "m2", "m1"]),
        ({"reorder": {0}, "loss": {1}}, ["m2", "m0"]),
    ],
)
def test_faults_reach_messages(hits: dict[str, set[int]], ids: list[str]) -> None:
    assert published(feed(**hits), 3) == ids


def test_a_message_that_nothing_overtakes_comes_when_the_reader_has_read_all() -> None:
    of = feed(reorder={2})
    assert published(of, 3) == ["m0", "m1"]
    assert [(event.id, event.at_us) for event in of.after(2, 100)] == [("m2", 2)]


def test_no_more_than_ten_thousand_wait_for_another_to_overtake_them() -> None:
    of = feed(reorder=set(range(10_003)))
    assert published(of, 10_003) == ["m0", "m1", "m2"]


def test_numbers_go_on_and_a_reader_continues_after_what_it_has_seen() -> None:
    of = feed(duplicate={0})
    published(of, 4)
    assert [(event.number, event.id) for event in of.after(1, 2)] == [(2, "m0"), (3, "m1")]
    assert [event.number for event in of.after(4, 100)] == [5]
    assert of.after(5, 100) == []


def test_the_latest_ten_thousand_are_kept_and_the_oldest_is_known() -> None:
    of = feed()
    published(of, 10_002)
    first = of.after(0, 1)[0]
    assert (of.oldest, first.number, first.id) == (3, 3, "m2")
