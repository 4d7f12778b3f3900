"""Whatever is signed, its lines of the journal bear the signature's kind and its certificate
(AUD-01)."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from portal.organizations.membership import join
from portal.ports.signatures import CertificateFacts
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from tests.portal.applicants import applicant, open_account
from tests.portal.binders import PASSWORD, Binder, binder
from tests.portal.cabinets import Cabinet, encoded
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL
from tests.portal.wiring import Stand, portal_with
from world.file_formats import file_content

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))


@pytest.fixture(name="stand")
def _stand(store: Store) -> Iterator[Stand]:
    """A portal whose journal is whole at the end, and whose lines say all that they should."""
    stand = portal_with(clock=MovedClock(MORNING), store=store)
    yield stand
    assert stand.read("check_journal", Actor(operator="Ольга")).state == "whole"


@pytest.fixture(name="firm")
def _firm(stand: Stand) -> Binder:
    """A legal entity that the portal has and nobody has bound."""
    made = binder(stand, LEGAL[0])
    made.put_organization()
    return made


def line(stand: Stand, subject: str, action: str) -> dict[str, Any]:
    """The latest line of that action."""
    lines = [json.loads(each.body) for each in stand.store.journal(subject)]
    found: dict[str, Any] = [each for each in lines if each["action"] == action][-1]
    return found


def told(facts: CertificateFacts, kind: str = "qualified") -> list[dict[str, str]]:
    return [{"kind": kind, "serial": facts.serial, "fingerprint": facts.fingerprint}]


# --- the certificates of a cabinet


def test_trial_signatures_and_signed_documents(stand: Stand) -> None:
    cabinet = Cabinet(stand)
    head, facts = cabinet.member(), cabinet.certificate()
    certificate = cabinet.active(head, facts)
    assert line(stand, cabinet.id, "trial_signature")["signatures"] == told(facts)
    content = file_content("pdf", ["Договор"])
    given = {"context": "library", "document_type": "contract", "file_name": "Договор.pdf"}
    kept = stand.act("upload_document", head, **given, content=encoded(content)).data["document"]
    files = [{"document": kept, "signature": cabinet.signed(content, facts)}]
    stand.act("sign_documents", head, certificate=certificate, files=files)
    signed = line(stand, cabinet.id, "sign_documents")
    assert (signed["document"], signed["signatures"]) == (kept, told(facts))


def test_a_refused_signature_too(stand: Stand) -> None:
    cabinet = Cabinet(stand)
    head, facts = cabinet.member(), cabinet.certificate()
    bound = cabinet.bind(head, facts).data
    stand.signatures.statuses[facts.fingerprint] = "revoked"
    signature = cabinet.signed(bound["challenge"], facts)
    stand.act("trial_signature", head, certificate=bound["certificate"], signature=signature)
    refused = line(stand, cabinet.id, "trial_signature")
    assert (refused["result"], refused["rules"]) == ("refused", ["CERT-03"])
    assert refused["signatures"] == told(facts)


def test_what_is_not_signed_bears_none(stand: Stand) -> None:
    cabinet = Cabinet(stand)
    cabinet.bind(cabinet.member(), cabinet.certificate())
    assert "signatures" not in line(stand, cabinet.id, "bind_certificate")


@pytest.mark.parametrize(
    ("action", "kind", "told_kind"),
    [
        ("reference", "nonqualified", "nonqualified"),
        ("file_application", "qualified", "qualified"),
        ("transfer_authority", "qualified", "enhanced"),
    ],
)
def test_actions_by_the_kind_that_opens_them(
    stand: Stand, action: str, kind: str, told_kind: str
) -> None:
    cabinet = Cabinet(stand)
    head, facts = cabinet.member(), cabinet.certificate()
    request = stand.act("begin_action", head, action=action).data["request"]
    document = f"<request>{request}</request>".encode()
    stand.signatures.sign_xml(document, facts)
    is_enhanced = told_kind == "enhanced"
    stamped = stand.clock.now() if is_enhanced else None
    by_kind = {
        "qualified": {"signature": cabinet.signed(request, facts, stamped=stamped)},
        "nonqualified": {"document": encoded(document)},
    }
    code = stand.messenger.sent_to("+70100732259")[-1].split(": ")[1][:6] if is_enhanced else ""
    given = {"request": request, "kind": kind, "code": code}
    assert stand.act("open_action", head, **given, **by_kind[kind]).state == "opened"
    assert line(stand, cabinet.id, "open_action")["signatures"] == told(facts, told_kind)


def test_a_simple_signature_has_no_certificate(stand: Stand) -> None:
    cabinet = Cabinet(stand)
    head = cabinet.member()
    request = stand.act("begin_action", head, action="reference").data["request"]
    assert stand.act("open_action", head, request=request, kind="simple").state == "opened"
    assert line(stand, cabinet.id, "open_action")["signatures"] == [{"kind": "simple"}]


# --- an organization's life


def test_registration(stand: Stand) -> None:
    firm = applicant(stand, LEGAL[0])
    firm.prepare()
    facts = firm.certificate()
    assert firm.register(facts).state == "verifying"
    filed = line(stand, firm.organization, "register_organization")
    assert filed["signatures"] == told(facts)


def test_authority(stand: Stand, firm: Binder) -> None:
    form, person, facts = firm.filed.form, firm.filed.subject.applicant, firm.certificate()
    text = f"ОГРН {form.ogrn}: представитель {person.name}, ИНН {person.inn}"
    numbers = {"inn": form.inn, "ogrn": form.ogrn, "code": ""}
    for content, result in ((text, "confirmed"), (f"{text}!", "refused")):
        signature = encoded(stand.signatures.sign(content.encode(), facts))
        stand.act("confirm_authority", firm.actor, **numbers, signature=signature)
        confirmed = line(stand, form.ogrn, "confirm_authority")
        assert (confirmed["result"], confirmed.get("signatures", [])) == (
            (result, told(facts)) if result == "confirmed" else (result, [])
        )


def test_binding(stand: Stand, firm: Binder) -> None:
    facts = firm.certificate()
    signature = firm.sign_binding(facts=facts)
    firm.bind(confirmation="signature", signature=signature)
    assert line(stand, firm.organization, "bind_organization")["signatures"] == told(facts)


def test_unbinding_by_a_token(stand: Stand, firm: Binder) -> None:
    firm.bind_signed(firm.head, role="head", documents=[])
    firm.with_password(firm.head)
    facts = firm.certificate(inn=firm.record.head_inn)
    ask = {"organization": firm.organization}
    text = stand.read("unbinding_to_sign", firm.head, **ask).data["text"]
    signature = encoded(stand.signatures.sign(text.encode(), facts, stand.clock.now()))
    form = {"password": PASSWORD, "second": "token", "code": "", "signature": signature}
    assert stand.act("unbind_organization", firm.head, **ask, **form).state == "unbound"
    assert line(stand, firm.organization, "unbind_organization")["signatures"] == told(facts)


def test_the_first_signature_of_a_new_head(stand: Stand, firm: Binder) -> None:
    unit = Unit(stand.store)
    context = Context(portal=stand.portal, unit=unit, actor=Actor(), now=stand.clock.now())
    account = firm.head.account or ""
    join(context, account, firm.organization, "head", signature_confirmed=False)
    unit.commit()
    facts = firm.certificate(inn=firm.record.head_inn)
    ask = {"organization": firm.organization}
    text = stand.read("head_signature_text", firm.head, **ask).data["text"]
    signature = encoded(stand.signatures.sign(text.encode(), facts, stand.clock.now()))
    stand.act("confirm_head_signature", firm.head, **ask, signature=signature)
    confirmed = line(stand, firm.organization, "confirm_head_signature")
    assert (confirmed["result"], confirmed["signatures"]) == ("confirmed", told(facts))


# --- an account


def test_sign_in_and_a_level_that_is_raised(stand: Stand) -> None:
    person = COUNTRY.person(3)
    account = open_account(stand, person).account or ""
    facts = stand.signatures.issue(stand.clock, inn=person.inn)
    signed_in = stand.act("sign_in_by_signature", **challenged(stand, facts))
    assert signed_in.state == "signed_in"
    assert line(stand, account, "sign_in")["signatures"] == told(facts)
    inside = Actor(account=account, session=signed_in.data["session"])
    assert stand.act("raise_level", inside, **challenged(stand, facts)).state == "raised"
    assert line(stand, account, "raise_level")["signatures"] == told(facts)


def test_a_sign_in_with_a_certificate_that_is_not_good(stand: Stand) -> None:
    person = COUNTRY.person(3)
    account = open_account(stand, person).account or ""
    facts = stand.signatures.issue(stand.clock, inn=person.inn)
    stand.signatures.statuses[facts.fingerprint] = "revoked"
    assert stand.act("sign_in_by_signature", **challenged(stand, facts)).refusal is not None
    refused = line(stand, account, "sign_in")
    assert (refused["result"], refused["rules"]) == ("refused", ["CERT-03"])
    assert refused["signatures"] == told(facts)


def challenged(stand: Stand, facts: CertificateFacts) -> dict[str, Any]:
    """A new challenge, signed."""
    given = stand.act("begin_signature_sign_in").data
    message = stand.signatures.sign(given["text"].encode(), facts)
    return {"challenge": given["challenge"], "signature": base64.b64encode(message).decode()}


# --- who


def test_work_that_was_planned_is_told_as_the_portals_own(stand: Stand) -> None:
    firm = applicant(stand, LEGAL[0])
    firm.prepare()
    firm.register()
    stand.after(minutes=1)
    sent = line(stand, firm.organization, "send_to_agency")
    assert (sent["account"], "operator" in sent, bool(sent["task"])) == (None, False, True)
