"""Letters: MIME parts, mailboxes, the recipient's filter."""

import base64
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.mail_server.service import service
from mocks.mail_server.spam_filter import Letter, SenderHistory, signs_of
from tests.mocks.asking import ask, ask_json

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
DAY_US = 86_400 * SECOND_US
MESSAGES = "/mail_server/v1/messages"
SENDER = {"email": "no-reply@portal.test", "name": "Портал"}


@pytest.fixture
def mocks() -> Country:
    return Country([service])


def address(mocks: Country) -> str:
    return mocks.world.organization(0).email


def submission(mocks: Country, **changes: Any) -> dict[str, Any]:
    letter = {
        "from": SENDER,
        "to": address(mocks),
        "subject": "Подтверждение почты",
        "text": "Перейдите по ссылке https://portal.test/confirm/1",
    }
    return {**letter, **changes}


def sent(mocks: Country, **changes: Any) -> Any:
    return ask_json(mocks, "POST", MESSAGES, submission(mocks, **changes))


def seen(mocks: Country, message: Any) -> Any:
    return ask_json(mocks, "GET", f"{MESSAGES}/{message['message_id']}")


def put(mocks: Country, mailbox: str, **change: Any) -> Any:
    return ask_json(mocks, "PUT", f"/mail_server/v1/mailboxes/{mailbox}", change)


def plan(mocks: Country, kind: str, **more: Any) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "mail_server", "kind": kind, **more}
    mocks.tenant().plan_fault(Fault.model_validate(fault))


def folders(mocks: Country, mailbox: str) -> list[str]:
    return [message.folder for message in mocks.tenant().inboxes.of(mailbox, folder=None)]


def test_letter_arrives_in_the_inbox(mocks: Country) -> None:
    assert ask(mocks, "POST", MESSAGES, submission(mocks)).status == 202
    (message,) = mocks.tenant().inboxes.of(address(mocks))
    assert (message.channel, message.subject, message.sender, message.text) == (
        "email",
        "Подтверждение почты",
        "no-reply@portal.test",
        "Перейдите по ссылке https://portal.test/confirm/1",
    )


@pytest.mark.parametrize("person", [0, 1, 63])
def test_mailboxes_of_people_and_of_sole_proprietors_exist(mocks: Country, person: int) -> None:
    assert sent(mocks, to=mocks.world.person(person).email)["status"] == "delivered"


def test_case_of_an_address_does_not_matter(mocks: Country) -> None:
    message = sent(mocks, to=address(mocks).upper())
    assert (message["to"], message["status"]) == (address(mocks), "delivered")


def test_unknown_mailbox_bounces_for_good(mocks: Country) -> None:
    message = sent(mocks, to="nobody.999@post.test")
    assert message["status"] == "failed"
    assert message["error"] == {"code": "5.1.1", "message": "Почтового ящика не существует"}


def test_mailbox_opened_by_a_test_exists(mocks: Country) -> None:
    assert put(mocks, "clerk@firm.example", state="open") == {
        "address": "clerk@firm.example",
        "state": "open",
        "trusted": [],
    }
    assert sent(mocks, to="clerk@firm.example")["status"] == "delivered"


def test_changed_address_of_a_person_exists_and_the_old_one_does_not(mocks: Country) -> None:
    old = mocks.world.person(0).email
    mocks.tenant().records.change_person(0, {"email": "new@home.example"})
    assert sent(mocks, to="new@home.example")["status"] == "delivered"
    assert sent(mocks, to=old)["error"]["code"] == "5.1.1"


def test_full_mailbox_is_tried_again_in_five_minutes_then_ten(mocks: Country) -> None:
    put(mocks, address(mocks), state="full")
    message = sent(mocks)
    assert (message["status"], message["error"]["code"]) == ("sent", "4.2.2")
    attempts = []
    for pause_us in (5 * MINUTE_US - 1, 1, 10 * MINUTE_US - 1, 1):
        mocks.tenant().advance(pause_us)
        attempts.append(seen(mocks, message)["attempts"])
    assert attempts == [1, 2, 2, 3]


def test_emptied_mailbox_gets_what_was_put_off(mocks: Country) -> None:
    put(mocks, address(mocks), state="full")
    message = sent(mocks)
    put(mocks, address(mocks), state="open")
    assert seen(mocks, message)["status"] == "delivered"


def test_letter_to_a_full_mailbox_is_given_up_after_five_days(mocks: Country) -> None:
    put(mocks, address(mocks), state="full")
    message = sent(mocks)
    mocks.tenant().advance(5 * DAY_US - 1)
    assert seen(mocks, message)["status"] == "sent"
    mocks.tenant().advance(1)
    ended = seen(mocks, message)
    assert (ended["status"], ended["error"]["code"]) == ("expired", "4.2.2")


def test_closed_mailbox_refuses_for_good(mocks: Country) -> None:
    put(mocks, address(mocks), state="closed")
    assert sent(mocks)["error"] == {"code": "5.2.1", "message": "Почтовый ящик отключён"}


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "nobody"},
        {"to": "a@b"},
        {"to": "a..b@c.test"},
        {"to": ".a@c.test"},
        {"to": f"{'a' * 65}@c.test"},
        {"to": f"a@{'b' * 64}.test"},
        {"to": "a@-b.test"},
        {"to": "a@b.test\n"},
        {"to": "почта@b.test"},
        {"subject": ""},
        {"subject": "a\r\nBcc: x@y.test"},
        {"from": {"email": "a@b.test", "name": "x\ny"}},
        {"text": ""},
        {"attachments": [{"name": "a.pdf", "type": "application/pdf", "content": "%"}]},
        {"bcc": "x@y.test"},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_wrong_letter_is_refused(mocks: Country, changes: dict[str, Any]) -> None:
    assert ask(mocks, "POST", MESSAGES, submission(mocks, **changes)).status == 422


def test_longest_local_part_and_label_are_accepted(mocks: Country) -> None:
    to = f"{'a' * 64}@{'b' * 63}.test"
    assert sent(mocks, to=to)["error"]["code"] == "5.1.1"


def test_source_has_every_part_of_the_letter(mocks: Country) -> None:
    file = {
        "name": "выписка.pdf",
        "type": "application/pdf",
        "content": base64.b64encode(b"%PDF-1.7").decode(),
    }
    message = sent(mocks, html="<p>Ссылка</p>", attachments=[file])
    source = ask(mocks, "GET", f"{MESSAGES}/{message['message_id']}/source")
    assert source.media_type == "message/rfc822"
    letter = message_from_bytes(source.body, policy=default)
    assert letter["From"] == "Портал <no-reply@portal.test>"
    assert letter["To"] == address(mocks)
    assert letter["Subject"] == "Подтверждение почты"
    assert letter["Date"] == "Mon, 02 Feb 2026 10:00:00 +0300"
    assert letter["Message-ID"] == f"<{message['message_id']}@portal.test>"
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    attached = next(letter.iter_attachments())
    assert (attached.get_filename(), attached.get_content()) == ("выписка.pdf", b"%PDF-1.7")


def test_source_is_the_same_bytes_for_the_same_seed() -> None:
    def source() -> bytes:
        mocks = Country([service])
        message = sent(mocks, html="<p>x</p>")
        return ask(mocks, "GET", f"{MESSAGES}/{message['message_id']}/source").body

    assert source() == source()


def test_repeated_client_id_sends_nothing_more(mocks: Country) -> None:
    first = sent(mocks, id="l-1")
    assert sent(mocks, id="l-1") == first
    assert len(mocks.tenant().inboxes.of(address(mocks))) == 1
    other = submission(mocks, id="l-1", text="other")
    assert ask(mocks, "POST", MESSAGES, other).status == 409


# --- the filter


GOOD = Letter("Код входа", "Ваш код 1234", None)


@pytest.mark.parametrize(
    ("letter", "history", "signs"),
    [
        (GOOD, SenderHistory(), {}),
        (Letter("СРОЧНО ВСЕМ", "x", None), SenderHistory(), {"SUBJ_ALL_CAPS": 15}),
        (Letter("СРОЧНО ВС", "x", None), SenderHistory(), {}),  # nine letters
        (Letter("a", "!!", None), SenderHistory(), {}),
        (Letter("a", "!!!", None), SenderHistory(), {"EXCESS_EXCLAMATION": 10}),
        (Letter("a", "", "<p>x</p>"), SenderHistory(), {"MIME_HTML_ONLY": 11}),
        (Letter("a", "http://10.0.0.1/x", None), SenderHistory(), {"NUMERIC_HTTP_ADDR": 20}),
        (Letter("a", "https://clck.ru/x", None), SenderHistory(), {"URL_SHORTENER": 15}),
        (Letter("Лотерея", "казино", None), SenderHistory(), {"SPAM_WORDS": 24}),
        (Letter("a", "x", None, ("a.EXE",)), SenderHistory(), {"EXECUTABLE_ATTACHED": 50}),
        (GOOD, SenderHistory(letters=20, bounced=2), {}),
        (GOOD, SenderHistory(letters=20, bounced=3), {"BAD_REPUTATION": 25}),
        (GOOD, SenderHistory(letters=19, bounced=19), {}),
    ],
)
def test_filter_counts_the_signs_of_spam(
    letter: Letter, history: SenderHistory, signs: dict[str, int]
) -> None:
    assert signs_of(letter, history) == signs


def test_letter_with_five_points_lands_in_spam_and_the_sender_is_not_told(mocks: Country) -> None:
    # 1.5 + 1.0 + 2.0 = 4.5 points, then a fifth of a point more than needed with a spam word.
    loud = {"subject": "ПОДТВЕРДИТЕ ПОЧТУ!!!", "text": "http://10.0.0.1/confirm"}
    assert sent(mocks, **loud)["status"] == "delivered"
    assert folders(mocks, address(mocks)) == ["inbox"]
    message = sent(mocks, **{**loud, "text": "http://10.0.0.1/confirm бесплатно"})
    assert message["status"] == "delivered"
    assert "error" not in message
    assert folders(mocks, address(mocks)) == ["inbox", "spam"]
    url = f"{MESSAGES}/{message['message_id']}/spam-signs"
    assert ask_json(mocks, "GET", url) == {
        "signs": {
            "SUBJ_ALL_CAPS": 1.5,
            "EXCESS_EXCLAMATION": 1.0,
            "NUMERIC_HTTP_ADDR": 2.0,
            "SPAM_WORDS": 1.2,
        },
        "score": 5.7,
        "required_score": 5.0,
    }


def test_filter_that_errs_once_lets_the_repeated_letter_pass(mocks: Country) -> None:
    plan(mocks, "spam", times=1)
    sent(mocks)
    sent(mocks)
    assert folders(mocks, address(mocks)) == ["spam", "inbox"]


def test_trusted_sender_passes_the_filter(mocks: Country) -> None:
    plan(mocks, "spam")
    put(mocks, address(mocks), trusted=["no-reply@portal.test"])
    sent(mocks)
    assert folders(mocks, address(mocks)) == ["inbox"]


def test_sender_whose_letters_go_to_nobody_loses_reputation(mocks: Country) -> None:
    for n in range(20):
        sent(mocks, to=f"nobody{n}@post.test")
    message = sent(mocks)
    url = f"{MESSAGES}/{message['message_id']}/spam-signs"
    assert ask_json(mocks, "GET", url)["signs"] == {"BAD_REPUTATION": 2.5}


def test_greylisted_letter_passes_at_the_second_attempt(mocks: Country) -> None:
    plan(mocks, "greylisting")
    message = sent(mocks)
    assert (message["status"], message["error"]["code"]) == ("sent", "4.7.1")
    mocks.tenant().advance(5 * MINUTE_US - 1)
    assert folders(mocks, address(mocks)) == []
    mocks.tenant().advance(1)
    assert folders(mocks, address(mocks)) == ["inbox"]
    assert seen(mocks, message)["attempts"] == 2


def test_blocked_sender_is_refused_by_the_recipient(mocks: Country) -> None:
    plan(mocks, "sender_blocked")
    assert sent(mocks)["error"]["code"] == "5.7.1"


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x1e", "\x7f", "\x85", "\u2028", "\u2029"])
def test_a_head_of_a_letter_that_somebody_would_break_is_refused_and_nothing_is_sent(
    mocks: Country, end: str
) -> None:
    for wrong in ({"subject": f"a{end}b"}, {"from": {**SENDER, "name": f"a{end}b"}}):
        assert ask(mocks, "POST", MESSAGES, submission(mocks, **wrong)).status == 422
    assert list(mocks.tenant().inboxes.contacts()) == []
