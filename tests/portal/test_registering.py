"""Registering an organization: what is refused, what begins, who has the cabinet at once."""

import base64
import datetime as dt
import json

import pytest

from portal.organizations.organization import Membership, Organization, membership_id
from portal.ports.store import Store
from portal.store.unit import Unit
from rulebook import load
from tests.portal.applicants import Applicant, applicant
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL, SOLE, filing
from tests.portal.wiring import Stand, broken, portal_with
from world.defects import apply
from world.filings import Filing

BOOK = load()
MORNING = dt.datetime.combine(FILED_ON, dt.time(10))


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Applicant:
    made = applicant(stand, LEGAL[0])
    made.prepare()
    return made


@pytest.fixture
def sole(stand: Stand) -> Applicant:
    made = applicant(stand, SOLE[0])
    made.prepare()
    return made


def kept(stand: Stand, organization: str) -> Organization:
    found = Unit(stand.store).get(Organization, organization)
    assert found is not None
    return found


def role(made: Applicant) -> str:
    """The applicant's, in the organization that they have registered."""
    membership = membership_id(made.actor.account or "", made.organization)
    found = Unit(made.stand.store).get(Membership, membership)
    assert found is not None
    return found.role


# --- codes and links that come before


def test_the_register_fills_in_what_it_knows_once_the_code_is_entered(stand: Stand) -> None:
    made = applicant(stand, LEGAL[0])
    outcome = made.confirm_inn()
    record = made.record
    assert outcome.data["requisites"] == {
        "full_name": record.full_name,
        "inn": record.inn,
        "ogrn": record.ogrn,
        "kpp": record.kpp,
        "legal_address": record.address,
        "founding_date": record.registered.isoformat(),
        "head_name": record.head_name,
        "head_inn": record.head_inn,
        "head_position": record.head_position,
    }


def test_a_wrong_code_confirms_nothing(stand: Stand) -> None:
    made = applicant(stand, LEGAL[0])
    numbers = {"kind": "legal", "inn": made.filed.form.inn}
    stand.act("request_inn_code", made.actor, **numbers)
    wrong = stand.act("confirm_organization_inn", made.actor, **numbers, code="000000")
    assert broken(wrong) == ["AUTH-05 code"]
    made.confirm_email()
    made.upload()
    assert broken(made.register()) == ["REG-14 inn"]


def test_an_inn_is_confirmed_while_the_register_is_silent(stand: Stand) -> None:
    made = applicant(stand, LEGAL[0])
    stand.registers.down = True
    outcome = made.confirm_inn()
    assert (outcome.state, outcome.data["requisites"]) == ("confirmed", None)


def test_a_link_that_a_later_letter_has_replaced_confirms_nothing(stand: Stand) -> None:
    made = applicant(stand, LEGAL[0])
    email = made.filed.form.email
    for _ in range(2):
        stand.act("send_corporate_email_link", made.actor, email=email)
    first, second = (text.rpartition("/")[2] for text in stand.messenger.sent_to(email))
    assert broken(stand.act("confirm_corporate_email", token=first)) == ["REG-13 email"]
    assert stand.act("confirm_corporate_email", token=second).state == "confirmed"


# --- a legal entity


def test_a_good_application_begins_the_verification(stand: Stand, firm: Applicant) -> None:
    outcome = firm.register()
    assert (outcome.state, outcome.violations) == ("verifying", ())
    organization = kept(stand, firm.organization)
    assert (organization.state, organization.owner) == ("verifying", None)
    assert organization.requisites.full_name == firm.filed.form.full_name
    member = Unit(stand.store).get(
        Membership, membership_id(firm.actor.account or "", firm.organization)
    )
    assert member is not None
    assert member.role == "rep"


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(firm: Applicant) -> None:
    outcome = firm.register(
        phone="8", full_name="ООО", terms_accepted=False, capital="", head_position=""
    )
    assert outcome.refusal == "wrong"
    assert broken(outcome) == [
        "ID-09 phone",
        "REG-01 head_position",
        "REG-12 terms_accepted",
        "REG-03 full_name",
        "REG-05 capital",
    ]
    assert firm.organization == ""
    assert firm.stand.read("registrations", firm.actor).data["items"] == []


def test_the_refusal_is_in_the_journal_with_its_rules_and_no_more(firm: Applicant) -> None:
    firm.register(terms_accepted=False)
    lines = [json.loads(each.body) for each in firm.stand.store.journal(firm.actor.account)]
    filed = [each for each in lines if each["action"] == "register_organization"]
    assert [(each["result"], each["rules"]) for each in filed] == [("refused", ["REG-12"])]


def test_a_second_application_is_not_filed_while_the_first_is_undecided(
    stand: Stand, firm: Applicant
) -> None:
    firm.register()
    again = firm.register()
    assert (again.refusal, broken(again)) == ("state", ["REG-11 ogrn"])
    assert len(stand.store.find("organization", "ogrn", firm.filed.form.ogrn)) == 1


def test_the_same_submission_under_one_key_is_filed_once(firm: Applicant) -> None:
    payload = firm.signed()
    first, second = (
        firm.stand.act("register_organization", firm.actor, "k1", **payload) for _ in range(2)
    )
    assert first == second
    assert first.state == "verifying"


def test_an_organization_that_is_decided_is_only_bound(stand: Stand, sole: Applicant) -> None:
    sole.register()
    again = sole.register()
    assert (again.refusal, broken(again)) == ("state", ["BND-01 ogrn"])


def test_without_a_signature_an_application_is_refused(firm: Applicant) -> None:
    payload = {**firm.form, "documents": firm.documents}
    outcome = firm.stand.act("register_organization", firm.actor, **payload)
    assert broken(outcome) == ["REG-10 signature"]


def test_a_signature_over_another_application_is_refused(firm: Applicant) -> None:
    payload = {**firm.signed(), "site": "https://firm.test"}
    outcome = firm.stand.act("register_organization", firm.actor, **payload)
    assert broken(outcome) == ["SIG-06 signature"]


def test_a_strangers_signature_is_refused_by_one_rule(firm: Applicant) -> None:
    stranger = firm.certificate(inn="500100732259", legal_inn=None, ogrn=None)
    assert broken(firm.register(stranger)) == ["REG-10 signature"]


def test_a_personal_certificate_of_who_applies_is_refused_as_such(firm: Applicant) -> None:
    personal = firm.certificate(legal_inn=None, ogrn=None)
    assert broken(firm.register(personal)) == ["CERT-04 signature"]


@pytest.mark.parametrize(("status", "rule"), [("revoked", "CERT-03"), ("on_hold", "CERT-03")])
def test_a_certificate_that_is_not_good_is_refused(firm: Applicant, status: str, rule: str) -> None:
    certificate = firm.certificate()
    firm.stand.signatures.statuses[certificate.fingerprint] = status  # type: ignore[assignment]
    assert broken(firm.register(certificate)) == [f"{rule} signature"]


def test_while_the_status_of_the_certificate_is_unknown_later_is_said(firm: Applicant) -> None:
    firm.stand.signatures.down = True
    outcome = firm.register()
    assert (outcome.refusal, broken(outcome)) == ("later", ["CERT-08 signature"])


def test_an_application_is_taken_while_the_register_is_silent(firm: Applicant) -> None:
    firm.stand.registers.down = True
    outcome = firm.register()
    assert (outcome.state, outcome.refusal) == ("verifying", None)


@pytest.mark.parametrize("down", [False, True])
def test_of_a_mistyped_number_its_form_is_told_and_no_other_owner_of_the_signature(
    firm: Applicant, *, down: bool
) -> None:
    firm.stand.registers.down = down
    inn = firm.form["inn"]
    told = broken(firm.register(inn=f"{inn[:4]} {inn[4:]}"))
    assert "ID-07 inn" in told
    assert not [each for each in told if each.endswith("signature")]


def test_the_head_needs_no_paper_of_authority(stand: Stand) -> None:
    made = applicant(stand, LEGAL[1])
    stand.registers.change(made.record.ogrn, head_inn=made.filed.subject.applicant.inn)
    made.prepare()
    outcome = made.register(
        head_inn=made.filed.subject.applicant.inn, documents=made.documents[:-1]
    )
    assert outcome.state == "verifying"


def test_another_persons_document_is_none(stand: Stand, firm: Applicant, sole: Applicant) -> None:
    outcome = firm.register(documents=[*firm.documents[1:], *sole.documents])
    assert broken(outcome) == ["REG-08 documents.charter"]


def test_a_document_that_was_uploaded_for_another_purpose_is_checked_once_more(
    firm: Applicant,
) -> None:
    scan = firm.stand.act(
        "upload_document",
        firm.actor,
        context="library",
        document_type="charter",
        file_name="Устав.png",
        content="iVBORw0KGgo" + "A" * 41,
    )
    outcome = firm.register(documents=[scan.data["document"], *firm.documents[1:]])
    assert broken(outcome) == ["DOC-01 documents.charter"]


# --- authority through the tax service (REG-16)


def test_a_code_of_the_tax_service_stands_for_a_paper(firm: Applicant) -> None:
    numbers = {"inn": firm.filed.form.inn, "ogrn": firm.filed.form.ogrn}
    without = firm.documents[:-1]
    refused = firm.register(documents=without)
    assert broken(refused) == ["REG-07 documents", "REG-08 documents.authority"]
    firm.stand.act("ask_authority_code", firm.actor, **numbers)
    wrong = firm.stand.act("confirm_authority", firm.actor, **numbers, code="000000", signature="")
    assert broken(wrong) == ["REG-16 code"]
    right = firm.stand.act("confirm_authority", firm.actor, **numbers, code="135790", signature="")
    assert right.state == "confirmed"
    assert firm.register(documents=without).state == "verifying"


def test_a_signature_of_the_organization_confirms_authority_as_well(firm: Applicant) -> None:
    form, person = firm.filed.form, firm.filed.subject.applicant
    text = f"ОГРН {form.ogrn}: представитель {person.name}, ИНН {person.inn}"
    signature = firm.stand.signatures.sign(text.encode(), firm.certificate())
    outcome = firm.stand.act(
        "confirm_authority",
        firm.actor,
        inn=form.inn,
        ogrn=form.ogrn,
        code="",
        signature=base64.b64encode(signature).decode(),
    )
    assert (outcome.state, outcome.violations) == ("confirmed", ())


def test_while_the_tax_service_is_silent_later_is_said(firm: Applicant) -> None:
    firm.stand.fns.down = True
    outcome = firm.stand.act(
        "ask_authority_code", firm.actor, inn=firm.filed.form.inn, ogrn=firm.filed.form.ogrn
    )
    assert outcome.refusal == "later"


# --- a sole proprietor (REG-09)


def test_a_sole_proprietor_has_the_cabinet_at_once_and_without_a_signature(
    stand: Stand, sole: Applicant
) -> None:
    outcome = sole.register()
    assert (outcome.state, outcome.violations) == ("active", ())
    organization = kept(stand, sole.organization)
    assert organization.owner == sole.actor.account
    assert organization.activated_at == stand.clock.now()


def test_without_the_code_a_sole_proprietor_has_none(stand: Stand) -> None:
    made = applicant(stand, SOLE[0])
    made.upload()
    assert broken(made.register()) == ["REG-09 inn"]


def test_a_sole_proprietor_has_the_cabinet_once_the_register_answers(
    stand: Stand, sole: Applicant
) -> None:
    stand.registers.down = True
    assert sole.register().state == "registered"
    stand.after(minutes=1)
    assert (sole.card().state, broken(sole.card())) == ("registered", ["VER-09 egrip"])
    stand.registers.down = False
    stand.after(hours=1)
    assert kept(stand, sole.organization).state == "active"
    assert role(sole) == "head"


def test_what_the_register_does_not_bear_out_then_is_corrected(
    stand: Stand, sole: Applicant
) -> None:
    stand.registers.down = True
    sole.register(full_name="Индивидуальный предприниматель Некто")
    stand.registers.down = False
    stand.after(hours=1)
    card = sole.card()
    assert (card.state, broken(card)) == ("remarks", ["VER-03 full_name"])
    assert [each["rule"] for each in card.data["differences"]] == ["REG-03"]
    assert sole.resubmit().state == "active"


def test_a_head_who_registers_while_the_register_is_silent_leads_once_it_answers(
    stand: Stand,
) -> None:
    made = applicant(stand, LEGAL[1])
    stand.registers.change(made.record.ogrn, head_inn=made.filed.subject.applicant.inn)
    made.prepare()
    stand.registers.down = True
    inn = made.filed.subject.applicant.inn
    assert made.register(head_inn=inn, documents=made.documents[:-1]).state == "verifying"
    assert role(made) == "rep"
    stand.registers.down = False
    stand.after(hours=1)
    assert role(made) == "head"


def test_a_representative_who_registers_while_the_register_is_silent_stays_one(
    stand: Stand, firm: Applicant
) -> None:
    stand.registers.down = True
    firm.register()
    stand.registers.down = False
    stand.after(hours=1)
    assert role(firm) == "rep"


# --- every mistake, through the use cases

CERTIFICATE_RULES = ("CERT-01", "CERT-02", "CERT-03", "CERT-04", "CERT-10")
CHAPTERS = ("ID", "REG", "DOC", "ACC-07", *CERTIFICATE_RULES)
CASES = [
    (defect.id, index)
    for defect in BOOK.defects.values()
    for index in (LEGAL[1], LEGAL[2], SOLE[1])
    if filing(index).kind in defect.kinds
]


def found_by(stand: Stand, filed: Filing, index: int) -> set[str]:
    """The rules that are named from the first upload to the submission of a filing."""
    made = applicant(stand, index, filed)
    made.confirm_inn()
    if filed.kind == "legal":
        made.confirm_email()
    uploads = made.upload()
    profile = filed.certificate
    end = dt.datetime.combine(profile.not_after, dt.time.max, stand.clock.now().tzinfo)
    certificate = made.certificate(not_after=end)
    if profile.revoked_on is not None:
        stand.signatures.statuses[certificate.fingerprint] = "revoked"
    elif not profile.authority.accredited:
        stand.signatures.statuses[certificate.fingerprint] = "not_accredited"
    refused = [each.rule for outcome in uploads for each in outcome.violations]
    if refused:
        return set(refused)
    return {each.rule for each in made.register(certificate).violations}


@pytest.mark.parametrize(("name", "index"), CASES)
def test_each_mistake_is_refused_by_exactly_its_rule(stand: Stand, name: str, index: int) -> None:
    good, defect = filing(index), BOOK.defects[name]
    rule = defect.caught_by_kind.get(good.kind, defect.caught_by)
    is_signed = good.kind == "legal"
    if rule.startswith("CERT") and not is_signed:
        rule = "-"  # a sole proprietor's application has no signature (REG-09)
    expected = {rule} if rule.startswith(CHAPTERS) else set()
    wrong = apply(defect, good, world=COUNTRY, policy=BOOK.policy(), key=3)
    assert found_by(stand, wrong, index) == expected
