"""Inboxes: what a contact has received, by folder, and how much of it is kept."""

from dataclasses import replace

from mocks.core.inboxes import Inboxes, Message


def message(number: int, to: str, spam: bool = False) -> Message:
    return Message(
        id=str(number),
        channel="email",
        to=to,
        text="код 1234",
        sent_us=0,
        delivered_us=number,
        folder="spam" if spam else "inbox",
    )


def ids(inboxes: Inboxes, contact: str, folder: str | None = "inbox") -> list[str]:
    return [each.id for each in inboxes.of(contact, folder)]


def test_messages_are_read_by_contact_and_folder_oldest_first() -> None:
    inboxes = Inboxes()
    for each in (message(1, "a"), message(2, "b"), message(3, "a", spam=True), message(4, "a")):
        inboxes.deliver(each)
    assert ids(inboxes, "a") == ["1", "4"]
    assert ids(inboxes, "a", "spam") == ["3"]
    assert ids(inboxes, "a", None) == ["1", "3", "4"]
    assert ids(inboxes, "nobody") == []
    assert dict(inboxes.contacts()) == {"a": 3, "b": 1}


def test_clearing_one_contact_leaves_the_others() -> None:
    inboxes = Inboxes()
    for each in (message(1, "a"), message(2, "b")):
        inboxes.deliver(each)
    inboxes.clear("a")
    inboxes.clear("nobody")
    assert dict(inboxes.contacts()) == {"b": 1}
    inboxes.clear()
    assert dict(inboxes.contacts()) == {}


def test_the_latest_thousand_of_a_contact_are_kept() -> None:
    inboxes = Inboxes()
    for number in range(1_001):
        inboxes.deliver(message(number, "a"))
    kept = ids(inboxes, "a")
    assert (len(kept), kept[0], kept[-1]) == (1_000, "1", "1000")


def test_beyond_fifty_thousand_whoever_received_nothing_for_longest_is_forgotten() -> None:
    inboxes = Inboxes()
    inboxes.deliver(message(0, "old"))
    inboxes.deliver(message(1, "renewed"))
    for number in range(2, 50_000):
        inboxes.deliver(message(number, f"c{number}"))
    inboxes.deliver(message(50_000, "renewed"))
    assert ids(inboxes, "old") == []
    assert ids(inboxes, "renewed") == ["1", "50000"]
    assert sum(count for _, count in inboxes.contacts()) == 50_000


def test_beyond_32_million_characters_the_oldest_of_the_silent_are_forgotten() -> None:
    inboxes = Inboxes()
    megabyte = "я" * 2**20
    for number in range(33):
        inboxes.deliver(replace(message(number, "a" if number < 20 else "b"), text=megabyte))
    assert ids(inboxes, "a") == [str(number) for number in range(1, 20)]
    assert len(ids(inboxes, "b")) == 13
    inboxes.clear("a")
    for number in range(33, 52):
        inboxes.deliver(replace(message(number, "c"), text=megabyte))
    assert dict(inboxes.contacts()) == {"b": 13, "c": 19}
    inboxes.clear()
    assert list(inboxes.contacts()) == []


def test_a_contact_alone_loses_its_own_oldest_messages() -> None:
    inboxes = Inboxes()
    for number in range(40):
        inboxes.deliver(replace(message(number, "a"), text="я" * 2**20))
    assert ids(inboxes, "a") == [str(number) for number in range(8, 40)]
