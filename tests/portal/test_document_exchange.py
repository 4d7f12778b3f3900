"""Signed documents go to counterparties and services, and into the archive, from which they come
back as they were."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from portal.archive.archived_copy import ArchivedCopy
from portal.document_exchange.exchange import Exchange
from portal.documents.stored_document import StoredContent
from portal.organizations.organization import Organization
from portal.portal import Done
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, SOLE, Cabinet, encoded
from tests.portal.told_events import events_of
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.file_formats import file_content

pytestmark = pytest.mark.usefixtures("kept_events")

BORIS, VERA = "500100732260", "500100732261"
STAFF = Actor(operator="Олег")
CONTENT = file_content("pdf", ["Договор"])


class Desk:
    """An organization with a signed document, its counterparty, and a stranger."""

    def __init__(self, store: Store) -> None:
        self.stand: Stand = portal_with(store=store)
        self.cabinet = Cabinet(self.stand)
        self.head = self.cabinet.member()
        self.change(self.cabinet, owner=self.head.account)
        self.facts = self.cabinet.certificate()
        self.certificate = self.cabinet.active(self.head, self.facts)
        self.others = Cabinet(self.stand, numbers=dict(OTHER_LEGAL))
        self.other = self.others.member("head", BORIS)
        self.stranger = Cabinet(self.stand, "sole_proprietor", dict(SOLE)).member("head", VERA)

    def change(self, cabinet: Cabinet, **changes: Any) -> None:
        unit = Unit(self.stand.store)
        kept = unit.get(Organization, cabinet.id)
        assert kept is not None
        unit.put(replace(kept, **changes))
        unit.commit()

    def act(self, use_case: str, actor: Actor | None = None, **form: Any) -> Outcome:
        who = actor or self.head
        return self.stand.act(use_case, who, organization=who.organization, **form)

    def read(self, view: str, actor: Actor | None = None, **query: Any) -> Outcome:
        who = actor or self.head
        return self.stand.read(view, who, organization=who.organization, **query)

    def uploaded(self, content: bytes = CONTENT, **changes: Any) -> str:
        form: dict[str, Any] = {
            "context": "library",
            "document_type": "contract",
            "file_name": "Договор.pdf",
            "content": encoded(content),
            **changes,
        }
        return str(self.stand.act("upload_document", self.head, **form).data["document"])

    def signed(self, document: str, content: bytes = CONTENT) -> str:
        files = [{"document": document, "signature": self.cabinet.signed(content, self.facts)}]
        form: dict[str, Any] = {"certificate": self.certificate, "files": files}
        assert self.stand.act("sign_documents", self.head, **form).state == "signed"
        return document

    def send(self, document: str, actor: Actor | None = None, **changes: str) -> Outcome:
        form: dict[str, Any] = {"document": document, "counterparty": OTHER_LEGAL["inn"], **changes}
        return self.act("send_document", actor, **form)

    def sent(self) -> tuple[str, str]:
        """A document that has been sent and archived, and the number of its exchange."""
        document = self.signed(self.uploaded())
        exchange = str(self.send(document).data["exchange"])
        self.stand.portal.tick()
        return document, exchange

    def events(self, cabinet: Cabinet) -> list[tuple[str, str]]:
        found = events_of(self.stand.store, cabinet.id)
        return [(each.kind, each.title) for each in found if each.kind == "document"]

    def copies(self, document: str) -> dict[str, ArchivedCopy]:
        found = Unit(self.stand.store).find(ArchivedCopy, "document", document)
        return {each.id.removeprefix(f"{document}/"): each for each in found}

    def damage(self, copy: ArchivedCopy) -> None:
        """The first copy loses its last byte but one."""
        sealed = bytearray(base64.b64decode(copy.sealed))
        sealed[-2] ^= 1
        unit = Unit(self.stand.store)
        unit.put(replace(copy, sealed=base64.b64encode(bytes(sealed)).decode()))
        unit.commit()

    def restore(self, document: str, **form: Any) -> Outcome:
        return self.act("restore_document", document=document, **form)


@pytest.fixture(name="desk")
def _desk(store: Store) -> Desk:
    return Desk(store)


# --- EDI-01


def test_a_document_gets_a_number_and_its_counterparty_sees_the_bytes_at_once(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    outcome = desk.send(document)
    exchange = outcome.data["exchange"]
    assert outcome.state == "delivered"
    assert desk.events(desk.others) == [("document", "Новый документ от ООО «Ромашка»")]
    shown = desk.read("exchanged_document", desk.other, exchange=exchange)
    assert (shown.state, base64.b64decode(shown.data["content"])) == ("delivered", CONTENT)
    lists = {
        (who.organization, direction): [
            each["exchange"]
            for each in desk.read("exchanges", who, direction=direction).data["items"]
        ]
        for who in (desk.head, desk.other)
        for direction in ("incoming", "outgoing")
    }
    assert lists == {
        (desk.cabinet.id, "incoming"): [],
        (desk.cabinet.id, "outgoing"): [exchange],
        (desk.others.id, "incoming"): [exchange],
        (desk.others.id, "outgoing"): [],
    }


def test_the_same_to_the_same_one_again_is_the_exchange_that_there_is(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    first, again = desk.send(document), desk.send(document)
    other = desk.send(desk.signed(desk.uploaded()))
    assert first.data == again.data
    assert other.data["exchange"] != first.data["exchange"]
    assert len(Unit(desk.stand.store).find(Exchange, "recipient", desk.others.id)) == 2


def test_an_unsigned_document_goes_nowhere(desk: Desk) -> None:
    assert broken(desk.send(desk.uploaded())) == ["EDI-01 signature"]


def test_a_document_altered_since_it_was_signed_is_refused(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    unit = Unit(desk.stand.store)
    kept = unit.get(StoredContent, document)
    assert kept is not None
    unit.put(replace(kept, content=encoded(CONTENT + b" ")))
    unit.commit()
    assert broken(desk.send(document)) == ["EDI-01 document", "EDI-01 signature"]


def test_a_signature_whose_certificate_was_revoked_since_is_refused(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    desk.stand.signatures.statuses[desk.facts.fingerprint] = "revoked"
    outcome = desk.send(document)
    assert (outcome.refusal, broken(outcome)) == (
        "wrong",
        ["EDI-01 signature", "CERT-03 signature"],
    )


def test_while_the_status_is_unknown_sending_is_put_off(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    desk.stand.signatures.down = True
    outcome = desk.send(document)
    assert (outcome.refusal, broken(outcome)) == ("later", ["CERT-08 signature"])
    desk.stand.signatures.down = False
    assert desk.send(document).state == "delivered"


def test_a_format_that_the_exchange_has_not_is_refused(desk: Desk) -> None:
    content = b"<report/>"
    form: dict[str, Any] = {
        "context": "report",
        "document_type": "report",
        "file_name": "Отчёт.xml",
    }
    document = desk.signed(desk.uploaded(content, **form), content)
    assert broken(desk.send(document)) == ["EDI-01 document"]


@pytest.mark.parametrize("state", ["unbound", "verifying"])
def test_a_counterparty_has_an_open_cabinet(desk: Desk, state: Any) -> None:
    document = desk.signed(desk.uploaded())
    desk.change(desk.others, state=state)
    assert broken(desk.send(document)) == ["EDI-01 counterparty"]


@pytest.mark.parametrize("inn", ["7707083893", "7700000000", ""])
def test_a_counterparty_is_another_organization_of_the_portal(desk: Desk, inn: str) -> None:
    document = desk.signed(desk.uploaded())
    assert broken(desk.send(document, counterparty=inn)) == ["EDI-01 counterparty"]


def test_the_recipient_signs_once_and_the_sender_is_told(desk: Desk) -> None:
    _, exchange = desk.sent()
    facts = desk.others.certificate(inn=BORIS)
    form: dict[str, Any] = {"exchange": exchange, "signature": desk.others.signed(CONTENT, facts)}
    outcomes = [desk.act("sign_exchange", desk.other, **form) for _ in range(2)]
    assert [(each.state, each.refusal) for each in outcomes] == [
        ("signed", None),
        ("signed", "state"),
    ]
    assert desk.events(desk.cabinet) == [
        ("document", "Документ для ООО «Ромашка»: подписан обеими сторонами")
    ]


def test_the_recipient_signs_the_bytes_that_were_sent_with_their_own_certificate(
    desk: Desk,
) -> None:
    _, exchange = desk.sent()
    own = desk.others.certificate(inn=BORIS)
    signatures = [desk.others.signed("other", own), desk.cabinet.signed(CONTENT, desk.facts)]
    outcomes = [
        desk.act("sign_exchange", desk.other, exchange=exchange, signature=each)
        for each in signatures
    ]
    assert [broken(each) for each in outcomes] == [["SIG-06 signature"], ["CERT-04 signature"]]


def test_what_was_declined_is_not_signed_any_more(desk: Desk) -> None:
    _, exchange = desk.sent()
    form: dict[str, Any] = {"exchange": exchange, "reason": "Не наш договор"}
    assert desk.act("decline_exchange", desk.other, **form).state == "declined"
    signed = desk.act("sign_exchange", desk.other, exchange=exchange, signature="")
    assert (signed.state, signed.refusal) == ("declined", "state")


def test_the_sender_does_not_answer_for_the_recipient(desk: Desk) -> None:
    _, exchange = desk.sent()
    outcome = desk.act("decline_exchange", exchange=exchange, reason="")
    assert (outcome.state, outcome.refusal) == ("delivered", "state")


# --- EDI-02


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("exchanged_document", {}),
        ("sign_exchange", {"signature": ""}),
        ("decline_exchange", {"reason": ""}),
    ],
)
def test_a_stranger_is_told_of_nothing_and_every_side_of_the_attempt(
    desk: Desk, name: str, more: dict[str, str]
) -> None:
    _, exchange = desk.sent()
    ask = desk.read if name == "exchanged_document" else desk.act
    theirs, none = (
        ask(name, desk.stranger, exchange=each, **more) for each in (exchange, "no such")
    )
    assert (theirs.refusal, broken(theirs)) == ("absent", ["EDI-02 exchange"])
    assert theirs == none
    for subject in (desk.cabinet.id, desk.others.id, desk.stranger.account or ""):
        assert (name, "another's") in journal(desk.stand, subject)[-2:]


def test_a_stranger_does_not_send_what_is_anothers(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    outcome = desk.send(document, desk.stranger)
    assert (outcome.refusal, broken(outcome)) == ("absent", ["EDI-02 document"])
    assert journal(desk.stand, desk.cabinet.id)[-1] == ("send_document", "another's")
    assert desk.events(desk.others) == []


# --- EDI-03


@pytest.mark.parametrize(
    ("kind", "recipient"),
    [("registration", "registration"), ("contract", "procurement"), ("tax", "tax")],
)
def test_a_document_goes_to_its_service_as_soon_as_it_is_signed(
    desk: Desk, kind: str, recipient: str
) -> None:
    document = desk.uploaded()
    stated = desk.act("state_document_kind", document=document, kind=kind)
    assert (stated.state, stated.data["recipient"]) == ("unsigned", recipient)
    waiting = desk.read("forwarded_document", document=document)
    assert (waiting.refusal, broken(waiting)) == ("state", ["EDI-03 signature"])
    desk.signed(document)
    assert desk.read("forwarded_document", document=document).state == "going"
    desk.stand.portal.tick()
    passed = desk.read("forwarded_document", document=document)
    assert (passed.state, passed.data["receipt"]) == ("passed", "R-1")
    taken = desk.stand.document_services.taken[f"{document}-1"]
    assert (taken.kind, taken.inn, taken.content) == (kind, desk.cabinet.numbers["inn"], CONTENT)


def test_a_signed_document_goes_as_soon_as_it_is_known_where_it_belongs(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    assert broken(desk.read("forwarded_document", document=document)) == ["EDI-03 kind"]
    assert desk.act("state_document_kind", document=document, kind="tax").state == "going"


def test_a_kind_that_no_service_takes_is_refused(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    outcome = desk.act("state_document_kind", document=document, kind="poem")
    assert broken(outcome) == ["EDI-03 kind"]


def test_a_silent_service_gets_the_document_later_and_once(desk: Desk) -> None:
    desk.stand.document_services.down = True
    document = desk.signed(desk.uploaded())
    desk.act("state_document_kind", document=document, kind="tax")
    desk.stand.after(minutes=5)
    assert desk.read("forwarded_document", document=document).state == "going"
    desk.stand.document_services.down = False
    desk.stand.after(hours=2)
    assert desk.read("forwarded_document", document=document).state == "passed"
    assert list(desk.stand.document_services.taken) == [f"{document}-1"]


def test_what_a_service_has_refused_says_why_and_is_sent_anew_as_another(desk: Desk) -> None:
    desk.stand.document_services.refusing = "Извещения с таким номером нет"
    document = desk.signed(desk.uploaded())
    desk.act("state_document_kind", document=document, kind="bid", notice="1")
    desk.stand.portal.tick()
    outcome = desk.read("forwarded_document", document=document)
    reasons = [each.reason.ru for each in outcome.violations if each.reason]
    assert (broken(outcome), reasons) == (
        ["EDI-03 document"],
        ["Извещения с таким номером нет"],
    )
    desk.stand.document_services.refusing = ""
    desk.act("state_document_kind", document=document, kind="contract")
    desk.stand.portal.tick()
    assert desk.read("forwarded_document", document=document).state == "passed"
    assert list(desk.stand.document_services.taken) == [f"{document}-2"]


def test_a_document_on_its_way_is_not_sent_elsewhere(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    desk.act("state_document_kind", document=document, kind="tax")
    again = desk.act("state_document_kind", document=document, kind="contract")
    assert (again.state, again.refusal) == ("going", "state")


# --- EDI-04


def test_document_signatures_protocol_and_confirmations_lie_in_two_places(desk: Desk) -> None:
    document, exchange = desk.sent()
    copies = desk.copies(document)
    assert {name: copy.part for name, copy in copies.items()} == {
        "document": "document",
        f"signature/{desk.certificate}": "signature",
        f"protocol/{exchange}": "protocol",
        f"delivery/{exchange}": "confirmation",
    }
    assert set(desk.stand.archive.second) == {each.id for each in copies.values()}
    assert all(base64.b64decode(each.sealed).find(CONTENT) < 0 for each in copies.values())
    desk.act("decline_exchange", desk.other, exchange=exchange, reason="Нет")
    desk.stand.portal.tick()
    assert set(desk.copies(document)) == {*copies, f"answer/{exchange}"}
    shown = desk.read("archived_copies", document=document).data["items"]
    assert len(shown) == 5


def test_a_restored_document_is_not_remembered_in_the_clear(desk: Desk) -> None:
    document, _ = desk.sent()
    form = {"organization": desk.cabinet.id, "document": document}
    for _ in range(2):
        outcome = desk.stand.act("restore_document", desk.head, key="k", **form)
        assert outcome.state == "restored"
    assert Unit(desk.stand.store).get(Done, f"{desk.head.account}/restore_document/k") is None


def test_a_restored_document_is_equal_and_its_signature_holds(desk: Desk) -> None:
    document, _ = desk.sent()
    outcomes = [
        desk.restore(document),
        desk.stand.act("restore_for_organization", STAFF, document=document),
    ]
    for outcome in outcomes:
        assert outcome.state == "restored"
        assert base64.b64decode(outcome.data["content"]) == CONTENT
        assert len(outcome.data["signatures"]) == 1


def test_a_damaged_first_copy_is_noticed_and_healed_from_the_second(desk: Desk) -> None:
    document, _ = desk.sent()
    whole = desk.copies(document)["document"]
    desk.damage(whole)
    assert base64.b64decode(desk.restore(document).data["content"]) == CONTENT
    assert ("archive", "first copy healed") in journal(desk.stand, desk.cabinet.id)
    assert desk.copies(document)["document"].sealed == whole.sealed


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_a_damaged_second_copy_is_healed_from_the_first(desk: Desk, damage: str) -> None:
    document, _ = desk.sent()
    second = desk.stand.archive.second
    whole = second.pop(f"{document}/document")
    if damage == "altered":
        second[f"{document}/document"] = whole[:-1] + bytes([whole[-1] ^ 1])
    assert desk.restore(document).state == "restored"
    assert second[f"{document}/document"] == whole
    assert ("archive", "second copy healed") in journal(desk.stand, desk.cabinet.id)


def test_if_no_copy_opens_it_is_told(desk: Desk) -> None:
    document, _ = desk.sent()
    desk.damage(desk.copies(document)["document"])
    del desk.stand.archive.second[f"{document}/document"]
    outcome = desk.restore(document)
    assert (outcome.refusal, broken(outcome)) == ("state", ["EDI-04 document"])
    assert ("archive", "damaged") in journal(desk.stand, desk.cabinet.id)


def test_while_the_second_place_is_silent_the_first_copy_does(desk: Desk) -> None:
    document, _ = desk.sent()
    desk.stand.archive.down = True
    assert desk.restore(document).state == "restored"
    desk.damage(desk.copies(document)["document"])
    assert desk.restore(document).refusal == "later"


def test_second_copies_are_made_once_their_place_answers(desk: Desk) -> None:
    desk.stand.archive.down = True
    document, _ = desk.sent()
    assert [each.backed_up_at for each in desk.copies(document).values()] == [None] * 4
    desk.stand.archive.down = False
    desk.stand.after(hours=1)
    assert len(desk.stand.archive.second) == 4


def test_what_was_never_sent_is_not_in_the_archive(desk: Desk) -> None:
    document = desk.signed(desk.uploaded())
    assert broken(desk.restore(document)) == ["EDI-04 document"]


def test_a_stranger_restores_nothing(desk: Desk) -> None:
    document, _ = desk.sent()
    outcome = desk.act("restore_document", desk.stranger, document=document)
    assert broken(outcome) == ["EDI-04 document"]
    assert journal(desk.stand, desk.cabinet.id)[-1] == ("restore_document", "another's")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(CONTENT, []), (CONTENT[:-1], ["EDI-04 content"]), (CONTENT + b"\n", ["EDI-04 content"])],
)
def test_a_file_is_compared_with_the_archive_byte_for_byte(
    desk: Desk, content: bytes, expected: list[str]
) -> None:
    document, _ = desk.sent()
    outcome = desk.act("compare_with_archive", document=document, content=encoded(content))
    assert broken(outcome) == expected
