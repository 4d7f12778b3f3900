"""Documents are signed with bound certificates, actions opened by kinds of signature."""

import datetime as dt
from typing import Any

import pytest

from portal.organizations.organization import Membership, membership_id
from portal.ports.signatures import CertificateFacts, SignatureFacts
from portal.ports.store import Store
from portal.ports.unavailable import Unavailable
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet, encoded
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.file_formats import file_content

SECOND = dt.timedelta(seconds=1)


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="cabinet")
def _cabinet(stand: Stand) -> Cabinet:
    return Cabinet(stand)


class Desk:
    """A head with an active certificate and documents to sign."""

    def __init__(self, stand: Stand, cabinet: Cabinet) -> None:
        self.stand, self.cabinet = stand, cabinet
        self.head = cabinet.member()
        self.facts = cabinet.certificate()
        self.certificate = cabinet.active(self.head, self.facts)
        self.contents = [file_content("pdf", [f"Договор {number}"]) for number in (1, 2)]
        self.documents = [self._uploaded(each) for each in self.contents]

    def _uploaded(self, content: bytes) -> str:
        outcome = self.stand.act(
            "upload_document",
            self.head,
            context="library",
            document_type="contract",
            file_name="Договор.pdf",
            content=encoded(content),
        )
        return str(outcome.data["document"])

    def files(self, *facts: CertificateFacts, over: bytes | None = None) -> list[dict[str, str]]:
        signers = facts or (self.facts, self.facts)
        return [
            {"document": document, "signature": self.cabinet.signed(over or content, signer)}
            for document, content, signer in zip(
                self.documents, self.contents, signers, strict=True
            )
        ]

    def sign(self, **changes: Any) -> Outcome:
        actor = changes.pop("actor", self.head)
        given = {"certificate": self.certificate, "files": self.files(), **changes}
        return self.stand.act("sign_documents", actor, **given)


@pytest.fixture(name="desk")
def _desk(stand: Stand, cabinet: Cabinet) -> Desk:
    return Desk(stand, cabinet)


def shown(desk: Desk, number: int) -> Outcome:
    return desk.stand.read("signed_document", desk.head, document=desk.documents[number])


# --- documents


def test_many_documents_are_signed_in_one_session_and_marked(desk: Desk) -> None:
    files = desk.files()
    outcome = desk.sign(files=files)
    expected = [
        {
            "document": document,
            "certificate": desk.certificate,
            "mark": "подписан ЭП",
            "status": "Подписан",
            "signed_at": "2026-02-02T10:00:00+03:00",
            "stamped": None,
        }
        for document in desk.documents
    ]
    assert (outcome.state, list(outcome.data["signed"])) == ("signed", expected)
    for number, document in enumerate(desk.documents):
        told = shown(desk, number)
        assert told.state == "Подписан"
        assert told.data == {
            "document": document,
            "mark": "подписан ЭП",
            "signatures": [{**expected[number], "signature": files[number]["signature"]}],
        }
    assert journal(desk.stand, desk.cabinet.id)[-2:] == [("sign_documents", "Подписан")] * 2


def test_a_document_that_nobody_has_signed_has_no_mark(desk: Desk) -> None:
    told = shown(desk, 0)
    assert (broken(told), told.refusal) == (["SIG-07 document"], "state")


def test_a_document_changed_after_signing_is_refused_and_nothing_is_signed(desk: Desk) -> None:
    good, changed = desk.files()[0], desk.files(over=b"%PDF-1.7 other")[1]
    outcome = desk.sign(files=[good, changed])
    assert broken(outcome) == ["SIG-06 files.1.signature"]
    assert [broken(shown(desk, number)) for number in (0, 1)] == [["SIG-07 document"]] * 2


def test_every_broken_signature_is_named_at_once(desk: Desk) -> None:
    late = desk.stand.clock.now() - 301 * SECOND
    files = desk.files(over=b"%PDF-1.7 other")
    files[0]["signature"] = desk.cabinet.signed(desk.contents[0], desk.facts, at=late)
    assert broken(desk.sign(files=files)) == [
        "CERT-10 files.0.signature",
        "SIG-06 files.1.signature",
    ]


@pytest.mark.parametrize("certificate", ["", "nobody's"])
def test_a_set_is_signed_with_a_certificate_chosen_from_the_bound_ones(
    desk: Desk, certificate: str
) -> None:
    assert broken(desk.sign(certificate=certificate)) == ["SIG-08 certificate"]


def test_anothers_certificate_is_absent_and_the_attempt_is_noted(desk: Desk) -> None:
    other = Cabinet(desk.stand, numbers=dict(OTHER_LEGAL))
    certificate = other.active(other.member())  # of the same person
    assert desk.sign(certificate=certificate).refusal == "absent"
    assert journal(desk.stand, other.id)[-1] == ("sign_documents", "another's")


def test_a_set_is_signed_with_one_certificate(desk: Desk) -> None:
    other = desk.cabinet.certificate()
    desk.cabinet.active(desk.head, other)
    assert broken(desk.sign(files=desk.files(desk.facts, other))) == ["SIG-08 certificate"]


def test_a_certificate_that_was_not_tried_signs_nothing(desk: Desk) -> None:
    facts = desk.cabinet.certificate()
    bound = desk.cabinet.bind(desk.head, facts).data["certificate"]
    outcome = desk.sign(certificate=bound, files=desk.files(facts, facts))
    assert broken(outcome) == ["CERT-14 certificate"]


@pytest.mark.parametrize(("seconds", "expected"), [(0, []), (1, ["CERT-12 certificate"])])
def test_a_bound_certificate_signs_to_its_last_second_and_a_new_one_at_once(
    desk: Desk, seconds: int, expected: list[str]
) -> None:
    desk.stand.clock.move_to(desk.facts.not_after + seconds * SECOND)
    assert broken(desk.sign()) == expected
    fresh = desk.cabinet.certificate()
    renewed = desk.cabinet.active(desk.head, fresh)
    assert broken(desk.sign(certificate=renewed, files=desk.files(fresh, fresh))) == []


def test_a_certificate_revoked_meanwhile_signs_no_more(desk: Desk) -> None:
    desk.stand.signatures.statuses[desk.facts.fingerprint] = "revoked"
    assert broken(desk.sign()) == ["CERT-03 files.0.signature", "CERT-03 files.1.signature"]


def test_while_the_status_is_unknown_signing_is_put_off(desk: Desk) -> None:
    desk.stand.signatures.down = True
    outcome = desk.sign()
    assert (outcome.refusal, {each.rule for each in outcome.violations}) == ("later", {"CERT-08"})
    desk.stand.signatures.down = False
    assert desk.sign().state == "signed"


@pytest.mark.parametrize(
    ("report", "expected"),
    [("wrong_pin", ["CERT-09 pin"]), ("unavailable", ["CERT-16 key"])],
)
def test_a_wrong_pin_and_a_missing_key_are_told_apart_when_signing(
    desk: Desk, report: str, expected: list[str]
) -> None:
    assert broken(desk.sign(key_report=report)) == expected


@pytest.mark.parametrize("role", ["admin", "tech", "mgr", "acc", "oper", "rep", "emp"])
def test_nobody_signs_for_the_organization_without_the_right(desk: Desk, role: str) -> None:
    member = desk.cabinet.member(role)  # the same person in another role
    outcome = desk.sign(actor=member)
    assert outcome.refusal == "forbidden"
    assert journal(desk.stand, desk.cabinet.id)[-1] == ("sign_documents", "forbidden")


def test_anothers_documents_and_those_that_are_not_there_are_absent(desk: Desk) -> None:
    other = Cabinet(desk.stand, numbers=dict(OTHER_LEGAL)).member("head", "500100732260")
    assert desk.sign(actor=other).refusal == "absent"
    missing = [{"document": "none", "signature": ""}]
    assert desk.sign(files=missing).refusal == "absent"
    assert desk.stand.read("signed_document", other, document=desk.documents[0]).refusal == (
        "absent"
    )


# --- actions


def begun(stand: Stand, actor: Actor, action: str) -> str:
    outcome = stand.act("begin_action", actor, action=action)
    assert outcome.state == "to_sign"
    return str(outcome.data["request"])


def opened(desk: Desk, action: str, kind: str, **given: Any) -> Outcome:
    """A new request for the action, signed with the head's certificate."""
    request = begun(desk.stand, desk.head, action)
    content = given.pop("content", request)
    facts = given.pop("facts", desk.facts)
    stamped = given.pop("stamped", None)
    if kind == "qualified":
        given["signature"] = desk.cabinet.signed(content, facts, stamped=stamped)
    if kind == "nonqualified":
        document = f"<request>{content}</request>".encode()
        desk.stand.signatures.sign_xml(document, facts)
        given.setdefault("document", encoded(document))
    return desk.stand.act("open_action", desk.head, request=request, kind=kind, **given)


@pytest.mark.parametrize(
    ("action", "kind", "expected"),
    [
        ("register_organization", "simple", ["SIG-01 signature"]),
        ("bind_organization", "simple", ["SIG-01 signature"]),
        ("file_application", "simple", ["SIG-04 signature"]),
        ("change_account_data", "none", ["SIG-04 signature"]),
        ("confirm_cabinet", "none", ["SIG-04 signature"]),
        ("file_application", "nonqualified", ["SIG-02 signature"]),
        ("static_reports", "nonqualified", []),
        ("reference", "nonqualified", []),
        ("notification_settings", "nonqualified", []),
        ("file_application", "qualified", []),
        ("register_organization", "qualified", []),
        ("transfer_authority", "qualified", ["SIG-05 signature", "SIG-05 code"]),
    ],
)
def test_an_action_is_opened_by_the_kind_of_signature_that_it_takes(
    desk: Desk, action: str, kind: str, expected: list[str]
) -> None:
    outcome = opened(desk, action, kind)
    assert broken(outcome) == expected
    if not expected:
        assert (outcome.state, outcome.data) == ("opened", {"action": action, "kind": kind})


@pytest.mark.parametrize(("seconds", "expected"), [(0, []), (1, ["SIG-03 signature"])])
def test_a_nonqualified_signature_opens_for_a_year(
    desk: Desk, seconds: int, expected: list[str]
) -> None:
    issued = desk.stand.clock.now() - dt.timedelta(days=365) - seconds * SECOND
    facts = desk.cabinet.certificate(
        not_before=issued, not_after=issued + dt.timedelta(days=1000), issuer="Портал"
    )
    assert broken(opened(desk, "reference", "nonqualified", facts=facts)) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"no XML", ["SIG-09 document"]),
        (b"<request>1</request>", ["SIG-06 document"]),
    ],
)
def test_a_nonqualified_signature_of_another_form_is_told_from_a_broken_one(
    desk: Desk, document: bytes, expected: list[str]
) -> None:
    outcome = opened(desk, "reference", "nonqualified", document=encoded(document))
    assert broken(outcome) == expected


def test_a_nonqualified_signature_over_another_request_opens_nothing(desk: Desk) -> None:
    assert broken(opened(desk, "reference", "nonqualified", content="another")) == [
        "SIG-06 document"
    ]


def sms_code(desk: Desk) -> str:
    return desk.stand.messenger.sent_to("+70100732259")[-1].split(": ")[1][:6]


def test_a_time_stamp_and_a_code_make_a_signature_an_enhanced_one(desk: Desk) -> None:
    now = desk.stand.clock.now()
    request = begun(desk.stand, desk.head, "transfer_authority")
    code = sms_code(desk)
    stamped = desk.cabinet.signed(request, desk.facts, stamped=now)
    plain = desk.cabinet.signed(request, desk.facts)
    attempts = [
        desk.stand.act("open_action", desk.head, request=request, kind="qualified", **given)
        for given in (
            {"signature": plain, "code": code},
            {"signature": stamped},
            {"signature": stamped, "code": "999999"},
            {"signature": stamped, "code": code},
            {"signature": stamped, "code": code},
        )
    ]
    assert [(each.state, each.refusal, broken(each)) for each in attempts] == [
        ("refused", "wrong", ["SIG-05 signature"]),
        ("refused", "wrong", ["SIG-05 code"]),
        ("refused", "wrong", ["AUTH-05 code"]),
        ("opened", None, []),
        ("absent", "absent", []),
    ]
    assert attempts[3].data == {"action": "transfer_authority", "kind": "enhanced"}


def test_while_the_service_of_a_stamp_cannot_be_checked_the_answer_is_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(message: bytes, content: bytes) -> SignatureFacts:
        raise Unavailable("ca_registry", "503")

    monkeypatch.setattr(desk.stand.signatures, "verify", silent)
    outcome = opened(desk, "file_application", "qualified")
    assert (outcome.refusal, broken(outcome)) == ("later", ["CERT-08 signature"])


def test_a_broken_signature_is_named_once(desk: Desk) -> None:
    outcome = opened(desk, "transfer_authority", "qualified", content="another", code="1")
    assert broken(outcome) == ["SIG-06 signature"]


def test_a_signature_with_anothers_certificate_opens_nothing(desk: Desk) -> None:
    foreign = desk.cabinet.certificate(legal_inn=OTHER_LEGAL["inn"], ogrn=OTHER_LEGAL["ogrn"])
    assert broken(opened(desk, "file_application", "qualified", facts=foreign)) == [
        "CERT-04 signature"
    ]


def test_a_request_is_its_own_persons_and_lasts_a_quarter_of_an_hour(desk: Desk) -> None:
    request = begun(desk.stand, desk.head, "reference")
    other = desk.cabinet.member("admin", "500100732260")
    assert desk.stand.act("open_action", other, request=request, kind="none").refusal == "absent"
    desk.stand.after(minutes=15, seconds=-1)
    assert desk.stand.act("open_action", desk.head, request=request, kind="none").state == "opened"
    late = begun(desk.stand, desk.head, "reference")
    desk.stand.after(minutes=15)
    assert desk.stand.act("open_action", desk.head, request=late, kind="none").refusal == "absent"


def opened_by(desk: Desk, actor: Actor, action: str) -> Outcome:
    """A new request of anybody's, with a good signature of the organization."""
    request = begun(desk.stand, actor, action)
    signature = desk.cabinet.signed(request, desk.facts)
    given = {"request": request, "kind": "qualified", "signature": signature}
    return desk.stand.act("open_action", actor, **given)


@pytest.mark.parametrize(
    ("role", "action", "expected"),
    [
        ("head", "file_application", []),
        ("mgr", "file_application", ["ROLE-03 organization"]),  # sends, but does not sign
        ("admin", "change_account_data", ["ROLE-03 organization"]),
        ("acc", "static_reports", []),
        ("oper", "static_reports", ["ROLE-03 organization"]),
        ("oper", "notification_settings", []),
        ("emp", "reference", []),
    ],
)
def test_an_action_wants_the_right_to_it_beside_the_signature(
    desk: Desk, role: str, action: str, expected: list[str]
) -> None:
    outcome = opened_by(desk, desk.cabinet.member(role, "500100732260"), action)
    assert broken(outcome) == expected
    assert outcome.refusal == ("forbidden" if expected else None)
    last = "forbidden" if expected else "opened"
    assert journal(desk.stand, desk.cabinet.id)[-1] == ("open_action", last)


@pytest.mark.parametrize(
    ("action", "expected"),
    [("file_application", []), ("change_account_data", ["ROLE-03 organization"])],
)
def test_a_power_of_attorney_to_sign_opens_what_its_bearer_may_otherwise(
    desk: Desk, action: str, expected: list[str]
) -> None:
    bearer = desk.cabinet.member("rep", "500100732260", extra_rights=("sign_and_submit",))
    assert broken(opened_by(desk, bearer, action)) == expected


def test_everyday_actions_stay_open_to_a_former_head_and_no_others(desk: Desk) -> None:
    former = desk.cabinet.member("emp", headed_until=desk.stand.clock.now())
    assert opened_by(desk, former, "reference").state == "opened"
    assert broken(opened_by(desk, former, "file_application")) == ["HEAD-02 signature"]


def test_a_request_is_opened_in_the_organization_that_it_is_for(desk: Desk) -> None:
    other = Cabinet(desk.stand, numbers=dict(OTHER_LEGAL))
    there = other.member()  # the same person
    request = begun(desk.stand, desk.head, "reference")
    assert desk.stand.act("open_action", there, request=request, kind="none").refusal == "absent"
    assert desk.stand.act("open_action", desk.head, request=request, kind="none").state == "opened"


def test_who_has_left_an_organization_opens_nothing_for_it(desk: Desk) -> None:
    member = desk.cabinet.member("emp", "500100732260")
    request = begun(desk.stand, member, "reference")
    unit = Unit(desk.stand.store)
    left = unit.get(Membership, membership_id(member.account or "", desk.cabinet.id))
    assert left is not None
    unit.delete(left)
    unit.commit()
    assert desk.stand.act("open_action", member, request=request, kind="none").refusal == "absent"
    assert journal(desk.stand, desk.cabinet.id)[-1] == ("open_action", "another's")


def test_codes_of_sensitive_actions_are_not_sent_one_after_another(desk: Desk) -> None:
    begun(desk.stand, desk.head, "close_cabinet")
    again = desk.stand.act("begin_action", desk.head, action="close_cabinet")
    assert broken(again) == ["AUTH-06 channel"]
