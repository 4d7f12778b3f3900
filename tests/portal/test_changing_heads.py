"""Another head: named, confirmed by a code, signing after the first signature; the former one does
not sign from that very moment."""

import base64
import dataclasses
import datetime as dt
import re
from typing import Any

import pytest

from portal.accounts.account import Account
from portal.organizations.rights import rights_of
from portal.ports.signatures import CertificateFacts
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from tests.portal.applicants import open_account
from tests.portal.binders import Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))
PERSON = COUNTRY.person(11)


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    """An organization that its head has bound."""
    made = binder(stand, LEGAL[0])
    made.put_organization()
    assert made.bind_signed(made.head, role="head", documents=[]).state == "bound"
    return made


@pytest.fixture
def order(stand: Stand, firm: Binder) -> str:
    """An uploaded order of appointment."""
    content = base64.b64encode(firm.filed.documents[0].content).decode()
    outcome = stand.act(
        "upload_document",
        firm.head,
        context="registration",
        document_type="appointment_order",
        file_name=firm.filed.documents[0].file_name,
        content=content,
    )
    return str(outcome.data["document"])


def certificate(firm: Binder, **facts: Any) -> CertificateFacts:
    """One of the organization whose key is the new head's."""
    return firm.certificate(**{"inn": PERSON.inn, **facts})


def form(firm: Binder, order: str, **changes: Any) -> dict[str, Any]:
    passport = PERSON.passport
    return {
        "organization": firm.organization,
        "full_name": str(PERSON.name),
        "inn": PERSON.inn,
        "birth_date": f"{PERSON.birth_date:%d.%m.%Y}",
        "phone": PERSON.phone,
        "email": PERSON.email,
        "position": "Генеральный директор",
        "snils": PERSON.snils,
        "passport_series": passport.series,
        "passport_number": passport.number,
        "passport_issued": f"{passport.issued:%d.%m.%Y}",
        "passport_issued_by": passport.issued_by,
        "documents": [order],
        "certificate": base64.b64encode(certificate(firm).der).decode(),
        "consent": True,
        **changes,
    }


def code(stand: Stand) -> str:
    found = re.search(r"\d{6}", stand.messenger.sent_to(PERSON.phone)[-1])
    assert found is not None
    return found[0]


def change(stand: Stand, firm: Binder, order: str) -> Outcome:
    asked = stand.act("appoint_head", firm.head, **form(firm, order))
    assert broken(asked) == []
    return stand.act("confirm_head", firm.head, organization=firm.organization, code=code(stand))


def account_of(stand: Stand) -> Account:
    found = Unit(stand.store).one(Account, "inn", PERSON.inn)
    assert found is not None
    return found


def new_head(stand: Stand, firm: Binder) -> Actor:
    """The new head, who has confirmed who they are and come in by signature."""
    unit = Unit(stand.store)
    account = unit.put(dataclasses.replace(account_of(stand), state="confirmed"))
    unit.commit()
    return Actor(
        account=account.id,
        organization=firm.organization,
        session="new",
        signed_in_by="signature",
    )


def may_sign(stand: Stand, firm: Binder, actor: Actor) -> bool:
    context = Context(
        portal=stand.portal, unit=Unit(stand.store), actor=actor, now=stand.clock.now()
    )
    return "sign_and_submit" in rights_of(context, firm.role_of(actor))


def sign_first(
    stand: Stand, firm: Binder, facts: CertificateFacts, actor: Actor | None = None
) -> Outcome:
    actor = actor or new_head(stand, firm)
    ask = {"organization": firm.organization}
    text = stand.read("head_signature_text", actor, **ask).data["text"]
    signature = stand.signatures.sign(text.encode(), facts, stand.clock.now())
    return stand.act(
        "confirm_head_signature",
        actor,
        organization=firm.organization,
        signature=base64.b64encode(signature).decode(),
    )


def signing(stand: Stand, firm: Binder, actor: Actor) -> Outcome:
    acting = Actor(account=actor.account, organization=firm.organization, session="s")
    return stand.act("sign_documents", acting, certificate="none", files=[])


# --- who


def test_the_code_makes_the_new_head_and_the_former_one_signs_no_more(
    stand: Stand, firm: Binder, order: str
) -> None:
    assert may_sign(stand, firm, firm.head)
    changed = change(stand, firm, order)
    assert (changed.state, broken(changed)) == ("changed", [])
    assert not may_sign(stand, firm, firm.head)
    refused = signing(stand, firm, firm.head)
    assert (refused.refusal, broken(refused)) == ("forbidden", ["HEAD-02 signature"])
    kept = firm.kept()
    assert (kept.requisites.head_inn, kept.owner) == (PERSON.inn, account_of(stand).id)
    member = firm.role_of(firm.head)
    assert member is not None
    assert (member.role, member.headed_until) == ("emp", stand.clock.now())


def test_until_the_code_is_entered_the_head_is_head(stand: Stand, firm: Binder, order: str) -> None:
    stand.act("appoint_head", firm.head, **form(firm, order))
    wrong = stand.act("confirm_head", firm.head, organization=firm.organization, code="999999")
    assert broken(wrong) == ["HEAD-01 code"]
    assert may_sign(stand, firm, firm.head)
    assert Unit(stand.store).one(Account, "inn", PERSON.inn) is None


def test_both_heads_are_told(stand: Stand, firm: Binder, order: str) -> None:
    change(stand, firm, order)
    former = COUNTRY.person(firm.filed.subject.organization.head.person)
    assert stand.messenger.sent_to(former.email)[-1].startswith("Вы больше не руководитель")
    assert any(
        text.startswith("Вы — руководитель") for text in stand.messenger.sent_to(PERSON.email)
    )


def test_the_account_of_a_new_head_is_activated_by_the_link(
    stand: Stand, firm: Binder, order: str
) -> None:
    change(stand, firm, order)
    assert (account_of(stand).state, account_of(stand).phone_confirmed) == ("new", True)
    letter = next(text for text in stand.messenger.sent_to(PERSON.email) if "/activation/" in text)
    token = letter.rpartition("/")[2]
    assert stand.act("activate_head_account", token=token).state == "activated"
    assert (account_of(stand).state, account_of(stand).email_confirmed) == ("active", True)


def test_who_has_an_account_keeps_it(stand: Stand, firm: Binder, order: str) -> None:
    known = open_account(stand, PERSON)
    changed = change(stand, firm, order)
    assert changed.data["head"] == known.account
    assert account_of(stand).state == "confirmed"
    again = stand.act("appoint_head", known, **form(firm, order))
    assert (again.state, again.refusal) == ("head", "state")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"full_name": ""}, ["HEAD-01 full_name"]),
        ({"inn": ""}, ["HEAD-01 inn", "HEAD-04 certificate"]),
        ({"phone": ""}, ["HEAD-01 phone"]),
        ({"email": ""}, ["HEAD-01 email"]),
        ({"phone": "8 916"}, ["ID-09 phone"]),
        ({"position": ""}, ["HEAD-04 position"]),
        ({"snils": ""}, ["HEAD-04 snils"]),
        ({"passport_number": ""}, ["HEAD-04 passport_number"]),
        ({"documents": []}, ["HEAD-04 documents.appointment_order"]),
        ({"certificate": ""}, ["HEAD-04 certificate"]),
        ({"certificate": "bm9uZQ=="}, ["HEAD-04 certificate"]),
        ({"consent": False}, ["HEAD-04 consent"]),
        ({"phone": "", "consent": False}, ["HEAD-01 phone", "HEAD-04 consent"]),
    ],
)
def test_what_lacks_is_named_and_nobody_is_appointed(
    stand: Stand, firm: Binder, order: str, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(stand.act("appoint_head", firm.head, **form(firm, order, **changes))) == expected
    assert stand.messenger.sent_to(PERSON.phone) == []


def test_a_certificate_of_somebody_else_or_expired_is_not_the_heads(
    stand: Stand, firm: Binder, order: str
) -> None:
    other = base64.b64encode(certificate(firm, inn="500100732259").der).decode()
    found = stand.act("appoint_head", firm.head, **form(firm, order, certificate=other))
    assert broken(found) == ["HEAD-04 certificate"]
    old = certificate(
        firm,
        not_before=stand.clock.now() - dt.timedelta(days=2),
        not_after=stand.clock.now() - dt.timedelta(days=1),
    )
    expired = base64.b64encode(old.der).decode()
    found = stand.act("appoint_head", firm.head, **form(firm, order, certificate=expired))
    assert broken(found) == ["CERT-02 certificate"]


def test_an_organization_whose_inn_is_not_confirmed_has_no_other_head(
    stand: Stand, firm: Binder, order: str
) -> None:
    firm.with_state("verifying")
    found = stand.act("appoint_head", firm.head, **form(firm, order))
    assert broken(found) == ["HEAD-04 organization"]


def test_registers_know_the_new_head_or_are_waited_for(
    stand: Stand, firm: Binder, order: str
) -> None:
    stand.fns.people[PERSON.inn] = ("mismatch", ("birth_date",))
    passport = (PERSON.passport.series, PERSON.passport.number)
    stand.mvd.passports[passport] = ("lost", ())
    found = stand.act("appoint_head", firm.head, **form(firm, order))
    assert broken(found) == ["BND-09 head_birth_date", "ACC-08 passport_number"]
    del stand.fns.people[PERSON.inn], stand.mvd.passports[passport]
    stand.mvd.down = True
    assert stand.act("appoint_head", firm.head, **form(firm, order)).refusal == "later"


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("valid", []),
        ("mismatch", ["BND-09 passport_number"]),
        ("lost", ["ACC-08 passport_number"]),
        ("expired", ["ACC-08 passport_number"]),
        ("invalid", ["ACC-08 passport_number"]),
        ("not_found", ["ACC-08 passport_number"]),
    ],
)
def test_what_the_register_of_passports_says_against_a_new_head_is_named_once(
    stand: Stand, firm: Binder, order: str, verdict: Any, expected: list[str]
) -> None:
    stand.mvd.passports[PERSON.passport.series, PERSON.passport.number] = (verdict, ())
    assert broken(stand.act("appoint_head", firm.head, **form(firm, order))) == expected


def test_a_phone_of_another_person_is_occupied(stand: Stand, firm: Binder, order: str) -> None:
    taken = COUNTRY.person(firm.filed.subject.organization.head.person).phone
    found = stand.act("appoint_head", firm.head, **form(firm, order, phone=taken))
    assert broken(found) == ["ACC-09 phone"]


def test_only_who_manages_users_appoints(stand: Stand, firm: Binder, order: str) -> None:
    stranger = open_account(stand, COUNTRY.person(9))
    assert stand.act("appoint_head", stranger, **form(firm, order)).refusal == "absent"
    change(stand, firm, order)
    former = stand.act("appoint_head", firm.head, **form(firm, order))
    assert former.refusal == "forbidden"
    nothing = stand.act(
        "confirm_head", new_head(stand, firm), organization=firm.organization, code="000000"
    )
    assert nothing.refusal == "state"


# --- the first signature


def test_a_new_head_signs_once_their_signature_is_confirmed(
    stand: Stand, firm: Binder, order: str
) -> None:
    change(stand, firm, order)
    head = new_head(stand, firm)
    assert not may_sign(stand, firm, head)
    early = signing(stand, firm, head)
    assert (early.refusal, broken(early)) == ("forbidden", ["HEAD-03 signature"])
    assert sign_first(stand, firm, certificate(firm)).state == "confirmed"
    assert may_sign(stand, firm, head)
    assert "HEAD-03" not in " ".join(broken(signing(stand, firm, head)))
    assert sign_first(stand, firm, certificate(firm)).refusal == "state"


def test_a_signature_by_anothers_key_confirms_nothing(
    stand: Stand, firm: Binder, order: str
) -> None:
    change(stand, firm, order)
    former = firm.certificate(inn=firm.record.head_inn)
    assert broken(sign_first(stand, firm, former)) == ["HEAD-03 signature"]
    unsigned = stand.act(
        "confirm_head_signature", new_head(stand, firm), organization=firm.organization
    )
    assert broken(unsigned) == ["HEAD-03 signature"]
    assert not may_sign(stand, firm, new_head(stand, firm))


def test_a_certificate_of_another_organization_and_a_silent_status_confirm_nothing(
    stand: Stand, firm: Binder, order: str
) -> None:
    change(stand, firm, order)
    foreign = certificate(firm, legal_inn="7736050003", ogrn="1027700070518")
    assert broken(sign_first(stand, firm, foreign)) == ["CERT-04 signature"]
    stand.signatures.down = True
    waits = sign_first(stand, firm, certificate(firm))
    assert (waits.refusal, broken(waits)) == ("later", ["CERT-08 signature"])


def test_only_the_new_head_confirms(stand: Stand, firm: Binder, order: str) -> None:
    change(stand, firm, order)
    assert sign_first(stand, firm, certificate(firm), firm.head).refusal == "forbidden"
