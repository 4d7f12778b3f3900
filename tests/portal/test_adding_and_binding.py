"""Adding an organization and binding it: all that is wrong at once, who has it afterwards."""

import datetime as dt
from typing import Any

import pytest

from portal.organizations.organization import Membership, membership_id
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.verification.verification import Verification
from tests.portal.applicants import open_account
from tests.portal.binders import PASSWORD, Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL, SOLE
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    return binder(stand, LEGAL[0])


@pytest.fixture
def sole(stand: Stand) -> Binder:
    return binder(stand, SOLE[0])


# --- adding


def test_a_signature_adds_a_legal_entity_whose_checks_then_begin(
    stand: Stand, firm: Binder
) -> None:
    outcome = firm.add(confirmation="signature", signature=firm.sign_binding())
    assert (outcome.state, broken(outcome)) == ("bound", [])
    assert outcome.data["title"] == "Привязана"
    kept = firm.kept()
    assert (kept.owner, kept.state) == (firm.actor.account, "verifying")
    assert Unit(stand.store).get(Verification, kept.id) is not None
    mine = stand.read("my_organizations", firm.actor).data["items"]
    assert [(each["organization"], each["status"]) for each in mine] == [(kept.id, "Привязана")]


def test_a_code_adds_a_sole_proprietor_whose_cabinet_is_open(stand: Stand, sole: Binder) -> None:
    asked = sole.add(role="head")
    assert (asked.state, asked.data["confirmation"]) == ("confirming", "sms")
    assert stand.read("my_organizations", sole.actor).data["items"] == []
    confirmed = stand.act(
        "confirm_binding", sole.actor, binding=asked.data["binding"], code=sole.code()
    )
    assert (confirmed.state, confirmed.data["organization_state"]) == ("bound", "active")
    assert sole.kept().owner == sole.actor.account


def test_what_the_portal_has_is_not_added(firm: Binder) -> None:
    firm.put_organization()
    outcome = firm.add(confirmation="signature", signature=firm.sign_binding())
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["BND-01 ogrn"])


def test_every_error_of_full_details_is_told_at_once(stand: Stand, firm: Binder) -> None:
    stand.fns.foreign_accounts.add(firm.form["account"])
    stand.mvd.passports[firm.form["passport_series"], firm.form["passport_number"]] = ("lost", ())
    stand.fns.people[firm.form["head_inn"]] = ("mismatch", ("birth_date",))
    outcome = firm.add(
        contact_name="", legal_address="г. Тверь", full_name="ООО «Не то»", phone="8 916"
    )
    assert broken(outcome) == [
        "ID-09 phone",
        "BND-14 contact_name",
        "REG-03 full_name",
        "BND-16 account",
        "BND-16 legal_address",
        "BND-09 head_birth_date",
        "BND-09 passport_number",
        "BND-05 signature",
    ]


def test_what_the_register_has_not_is_said_to_be_absent(stand: Stand, firm: Binder) -> None:
    stand.registers.records.clear()
    outcome = firm.add(confirmation="signature", signature=firm.sign_binding())
    assert broken(outcome) == ["BND-13 ogrn"]


def test_the_account_of_who_adds_is_confirmed(stand: Stand, firm: Binder) -> None:
    other = open_account(stand, COUNTRY.person(3), confirmed=False)
    outcome = firm.add(other, role="rep", documents=[])
    assert "ACC-07 account" in broken(outcome)
    assert stand.act("add_organization", **firm.form).refusal == "unauthenticated"


def test_two_who_add_the_same_have_one_organization(stand: Stand, sole: Binder) -> None:
    asked = sole.add(role="head")
    code = sole.code()
    sole.put_organization(owner="another")
    late = stand.act("confirm_binding", sole.actor, binding=asked.data["binding"], code=code)
    assert (late.refusal, broken(late)) == ("state", ["BND-01 ogrn"])
    assert sole.kept().owner == "another"


# --- binding


def test_a_signature_binds_what_the_portal_has(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    assert firm.bind_signed().state == "bound"
    assert firm.kept().owner == firm.actor.account
    member = firm.role_of(firm.actor)
    assert member is not None
    assert (member.role, "sign_and_submit" in member.extra_rights) == ("rep", True)


def test_the_head_by_the_register_binds_without_a_paper(firm: Binder) -> None:
    firm.put_organization()
    assert firm.bind_signed(firm.head, role="head", documents=[]).state == "bound"
    member = firm.role_of(firm.head)
    assert member is not None
    assert (member.role, member.extra_rights) == ("head", ())


def test_the_inn_does_as_well_as_the_ogrn(firm: Binder) -> None:
    firm.put_organization()
    assert firm.bind_signed(number=firm.filed.form.inn).state == "bound"


def test_what_another_has_stays_theirs_and_ones_own_is_bound_once(firm: Binder) -> None:
    firm.put_organization()
    assert firm.bind_signed().state == "bound"
    assert broken(firm.bind_signed(firm.head, role="head", documents=[])) == ["BND-03 organization"]
    again = firm.bind_signed()
    assert (again.state, again.refusal) == ("bound", "state")
    assert firm.kept().owner == firm.actor.account


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("7707083893", "BND-13"),
        ("1027700132195", "BND-13"),
        ("500100732259", "BND-13"),
        ("304500116000157", "BND-13"),
        ("7707083894", "ID-01"),
        ("77070838", "ID-03"),
    ],
)
def test_a_number_of_nobody_is_not_bound(firm: Binder, number: str, rule: str) -> None:
    outcome = firm.bind(number=number)
    assert [each.rule for each in outcome.violations] == [rule]


def test_what_is_in_the_register_alone_can_be_added(firm: Binder) -> None:
    assert broken(firm.bind()) == ["BND-02 number"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"role": ""}, ["BND-15 role"]),
        ({"role": "king"}, ["BND-15 role"]),
        ({"role": "head"}, ["BND-15 role"]),
        ({"documents": []}, ["BND-15 role"]),
    ],
)
def test_a_role_that_nothing_shows_binds_nothing(
    firm: Binder, changes: dict[str, Any], expected: list[str]
) -> None:
    firm.put_organization()
    assert broken(firm.bind_signed(**changes)) == expected


def test_an_accountant_has_not_the_rights_to_bind(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    unit = Unit(stand.store)
    unit.put(
        Membership(
            id=membership_id(firm.actor.account or "", firm.organization),
            account=firm.actor.account or "",
            organization=firm.organization,
            role="acc",
            since=stand.clock.now(),
        )
    )
    unit.commit()
    outcome = firm.bind_signed(role="acc", documents=[])
    assert {each.split()[0] for each in broken(outcome)} == {"BND-08"}
    assert "BND-08 rights.sign_and_submit" in broken(outcome)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("active", []),
        ("unbound", []),
        ("verified", ["BND-07 organization"]),
        ("verifying", ["BND-07 organization"]),
    ],
)
def test_an_active_account_of_the_organization_is_bound(
    firm: Binder, state: str, expected: list[str]
) -> None:
    firm.put_organization(state=state)
    assert broken(firm.bind_signed()) == expected


def test_a_liquidated_organization_is_not_bound(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    stand.registers.change(firm.record.ogrn, standing="liquidated")
    assert broken(firm.bind_signed()) == ["REG-06 ogrn"]


def test_a_division_is_named_where_there_are_several(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    stand.registers.change(firm.record.ogrn, branches=("500101001",))
    assert broken(firm.bind_signed()) == ["BND-12 branch_code", "BND-12 branch_address"]
    wrong = firm.bind_signed(branch_code="780101001", branch_address="Химки")
    assert broken(wrong) == ["BND-12 branch_code"]
    assert firm.bind_signed(branch_code="500101001", branch_address="Химки").state == "bound"


def test_the_account_and_the_address_are_the_registers(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    stand.fns.foreign_accounts.add(firm.form["account"])
    stand.registers.change(firm.record.ogrn, address="г. Тверь")
    assert broken(firm.bind_signed()) == ["BND-16 account", "BND-16 legal_address"]


# --- how it is confirmed


def test_a_code_is_not_enough_for_a_legal_entity_unless_the_policy_says_so(stand: Stand) -> None:
    firm = binder(stand, LEGAL[0])
    firm.put_organization()
    assert broken(firm.bind(confirmation="sms")) == ["BND-02 confirmation"]
    easy = portal_with(
        clock=stand.clock,
        entropy=stand.entropy,
        store=stand.store,
        overrides={"BND.confirmation": "sms"},
    )
    assert binder(easy, LEGAL[0]).bind().state == "confirming"


def test_a_certificate_of_another_organization_does_not_fit(firm: Binder) -> None:
    firm.put_organization()
    facts = firm.certificate(legal_inn="7736050003", ogrn="1027700070518", common_name="ООО")
    signature = firm.sign_binding(facts=facts)
    outcome = firm.bind(confirmation="signature", signature=signature)
    assert [each.reason and each.reason.ru for each in outcome.violations] == [
        "в сертификате другой ИНН",
        "в сертификате другой ОГРН",
        "в сертификате другое название",
    ]
    assert {each.rule for each in outcome.violations} == {"BND-05"}


def test_an_expired_certificate_and_a_torn_signature_are_named(firm: Binder, stand: Stand) -> None:
    firm.put_organization()
    expired = firm.certificate(
        not_before=stand.clock.now() - dt.timedelta(days=2),
        not_after=stand.clock.now() - dt.timedelta(days=1),
    )
    outcome = firm.bind(signature=firm.sign_binding(facts=expired))
    assert broken(outcome) == ["CERT-02 signature"]
    assert broken(firm.bind(signature="bm9uZQ==")) == ["SIG-06 signature"]
    assert broken(firm.bind()) == ["BND-05 signature"]


def test_the_status_of_a_certificate_is_waited_for(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    stand.signatures.down = True
    outcome = firm.bind_signed()
    assert (outcome.refusal, broken(outcome)) == ("later", ["CERT-08 signature"])
    stand.signatures.down = False
    assert firm.bind_signed().state == "bound"


@pytest.mark.parametrize("silent", ["registers", "fns"])
def test_while_registers_are_silent_only_a_signature_binds(
    stand: Stand, firm: Binder, silent: str
) -> None:
    firm.put_organization()
    getattr(stand, silent).down = True
    contacts: dict[str, Any] = {"head_email": "head@firm.test", "head_phone": "+79031112233"}
    asked = firm.bind(confirmation="head", **contacts)
    assert (asked.refusal, broken(asked)) == ("later", ["BND-17 confirmation"])
    assert firm.bind_signed().state == "bound"


@pytest.mark.parametrize("down", [False, True])
def test_of_a_mistyped_number_its_form_is_told_and_no_other_owner_of_the_signature(
    stand: Stand, firm: Binder, *, down: bool
) -> None:
    signature = firm.sign_binding()
    stand.registers.down = down
    inn = firm.form["inn"]
    spaced = f"{inn[:4]} {inn[4:]}"
    outcome = firm.add(confirmation="signature", signature=signature, inn=spaced)
    assert broken(outcome) == ["ID-07 inn"]


def test_a_silent_passport_base_is_waited_for(stand: Stand, firm: Binder) -> None:
    stand.mvd.down = True
    signature = firm.sign_binding()
    outcome = firm.add(confirmation="signature", signature=signature)
    assert (outcome.refusal, broken(outcome)) == ("later", ["OPS-02"])
    stand.mvd.down = False
    assert firm.add(confirmation="signature", signature=signature).state == "bound"


def test_a_wrong_code_confirms_nothing_and_another_may_be_asked_for(
    stand: Stand, sole: Binder
) -> None:
    asked = sole.add(role="head")
    binding = asked.data["binding"]
    wrong = stand.act("confirm_binding", sole.actor, binding=binding, code="000000")
    assert broken(wrong) == ["BND-04 code"]
    early = stand.act("resend_binding_code", sole.actor, binding=binding)
    assert broken(early) == ["AUTH-06 channel"]
    stand.after(seconds=60)
    assert stand.act("resend_binding_code", sole.actor, binding=binding).refusal is None
    confirmed = stand.act("confirm_binding", sole.actor, binding=binding, code=sole.code())
    assert confirmed.state == "bound"


def code_in_app(stand: Stand) -> str:
    return stand.messenger.sent_to("phone-1")[-1].partition(": ")[2][:6]


def test_a_code_in_the_application_confirms(stand: Stand, sole: Binder) -> None:
    sole.with_password()
    connected = stand.act("connect_app", sole.actor, token="phone-1", password=PASSWORD)
    assert connected.state == "connected"
    before = len(stand.messenger.letters)
    binding = sole.add(role="head", code_by="push").data["binding"]
    sent = list(stand.messenger.letters.values())[before:]
    assert [(each.channel, each.to) for each in sent] == [("push", "phone-1")]
    form = {"binding": binding, "code": code_in_app(stand)}
    assert stand.act("confirm_binding", sole.actor, **form).state == "bound"


def test_codes_do_not_go_to_the_application_of_who_has_a_session_alone(
    stand: Stand, sole: Binder
) -> None:
    sole.with_password()
    thief = stand.act("connect_app", sole.actor, token="phone-2", password="guess")
    assert broken(thief) == ["AUTH-02"]
    sole.add(role="head", code_by="push")
    assert stand.messenger.sent_to("phone-2") == []


def test_a_code_for_no_application_or_one_that_is_not_reached_comes_by_sms(
    stand: Stand, sole: Binder
) -> None:
    binding = sole.add(role="head", code_by="push").data["binding"]
    assert list(stand.messenger.letters.values())[-1].channel == "sms"
    sole.with_password()
    stand.act("connect_app", sole.actor, token="phone-1", password=PASSWORD)
    stand.messenger.refusing.add("push")
    stand.after(seconds=60)
    again = stand.act("resend_binding_code", sole.actor, binding=binding, channel="push")
    assert again.refusal is None
    assert stand.messenger.sent_to("phone-1") == []
    confirmed = stand.act("confirm_binding", sole.actor, binding=binding, code=sole.code())
    assert confirmed.state == "bound"


def test_a_disconnected_application_gets_no_codes(stand: Stand, sole: Binder) -> None:
    sole.with_password()
    stand.act("connect_app", sole.actor, token="phone-1", password=PASSWORD)
    assert stand.act("disconnect_app", sole.actor).state == "disconnected"
    sole.add(role="head", code_by="push")
    assert stand.messenger.sent_to("phone-1") == []


def test_a_code_that_is_too_old_confirms_nothing(stand: Stand, sole: Binder) -> None:
    binding = sole.add(role="head").data["binding"]
    code = sole.code()
    stand.after(seconds=300)
    late = stand.act("confirm_binding", sole.actor, binding=binding, code=code)
    assert broken(late) == ["BND-04 code"]


def test_anothers_binding_is_absent_and_that_somebody_tried_is_in_the_journal(
    stand: Stand, sole: Binder, firm: Binder
) -> None:
    binding = sole.add(role="head").data["binding"]
    tried = stand.act("confirm_binding", firm.actor, binding=binding, code=sole.code())
    assert tried.refusal == "absent"
    assert "another's" in stand.store.journal(sole.record.ogrn)[-1].body.decode()


# --- locks


def test_five_wrong_attempts_lock_and_the_lock_lifts_by_itself(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    for _ in range(5):
        assert broken(firm.bind_signed(role="")) == ["BND-15 role"]
    locked = firm.bind_signed()
    assert (locked.refusal, broken(locked)) == ("forbidden", ["BND-11"])
    stand.after(minutes=30, microseconds=-1)
    assert broken(firm.bind_signed()) == ["BND-11"]
    stand.after(microseconds=1)
    assert firm.bind_signed().state == "bound"


def test_after_a_lock_attempts_are_counted_from_the_first(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    for _ in range(5):
        firm.bind(role="")
    stand.clock.move(dt.timedelta(minutes=30))
    assert "BND-11" not in broken(firm.bind(role=""))
    stand.portal.tick()
    for _ in range(3):
        firm.bind(role="")
    assert firm.bind_signed().state == "bound"


def test_what_does_not_answer_is_no_wrong_attempt(stand: Stand, firm: Binder) -> None:
    firm.put_organization()
    stand.signatures.down = True
    for _ in range(6):
        assert firm.bind_signed().refusal == "later"
    stand.signatures.down = False
    assert firm.bind_signed().state == "bound"
