"""Activation of a cabinet, functions by size, services by choice."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from portal.accounts.account import Account
from portal.activation.head_link import SentLink, send_activation_letter
from portal.organizations.membership import join
from portal.ports.store import Store
from portal.ports.verification import Remark
from portal.store.unit import Unit
from portal.use_case import Actor, Context
from tests.portal.applicants import open_account
from tests.portal.binders import Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL, SOLE
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    """A legal entity that was added, and is being checked by both agencies."""
    made = binder(stand, LEGAL[0])
    added = made.add(confirmation="signature", signature=made.sign_binding())
    made.organization = added.data["organization"]
    stand.after(hours=1)
    return made


@pytest.fixture
def verified(stand: Stand, firm: Binder) -> Binder:
    stand.verification.answer("fns", "completed")
    stand.verification.answer("pfr", "completed")
    stand.after(days=1)
    assert firm.kept().state == "verified"
    return firm


def context_of(stand: Stand, actor: Actor) -> Context:
    return Context(portal=stand.portal, unit=Unit(stand.store), actor=actor, now=stand.clock.now())


def employee(stand: Stand, firm: Binder, role: str, person: int = 7) -> Actor:
    actor = open_account(stand, COUNTRY.person(person))
    context = context_of(stand, firm.actor)
    join(context, actor.account or "", firm.organization, role)
    context.unit.commit()
    return actor


def activation(firm: Binder, **changes: Any) -> dict[str, Any]:
    return {
        "organization": firm.organization,
        "inn": firm.record.inn,
        "ogrn": firm.record.ogrn,
        "phone": firm.filed.subject.applicant.phone,
        "code": "000000",
        "terms_accepted": True,
        **changes,
    }


def activate(stand: Stand, firm: Binder, **changes: Any) -> Any:
    stand.act("request_activation_code", firm.actor, organization=firm.organization)
    form = activation(firm, code=firm.code(), **changes)
    return stand.act("activate_cabinet", firm.actor, **form)


# --- the cabinet


def test_a_verified_cabinet_is_activated_and_everybody_is_told(
    stand: Stand, verified: Binder
) -> None:
    employee(stand, verified, "oper")
    outcome = activate(stand, verified)
    assert (outcome.state, outcome.data["title"], broken(outcome)) == ("active", "Активна", [])
    assert verified.kept().activated_at == stand.clock.now()
    for person in (verified.filed.subject.applicant, COUNTRY.person(7)):
        for contact in (person.phone, person.email):
            assert stand.messenger.sent_to(contact)[-1].startswith("Кабинет активирован")
    again = stand.act("activate_cabinet", verified.actor, **activation(verified))
    assert (again.state, again.refusal) == ("active", "state")


def test_before_both_checks_nothing_is_activated(stand: Stand, firm: Binder) -> None:
    early = stand.act("activate_cabinet", firm.actor, **activation(firm))
    assert (early.refusal, broken(early)) == ("state", ["ACT-02 checks.fns", "ACT-02 checks.pfr"])
    stand.verification.answer("fns", "completed")
    stand.verification.answer("pfr", "remarks", Remark(field="address", text="не тот"))
    stand.after(days=1)
    asked = stand.act("request_activation_code", firm.actor, organization=firm.organization)
    assert (asked.refusal, broken(asked)) == ("state", ["ACT-02 checks.pfr"])
    assert firm.kept().state == "remarks"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"inn": "7736050003"}, ["ACT-01 inn"]),
        ({"inn": ""}, ["ACT-01 inn"]),
        ({"ogrn": "1027700132195"}, ["ACT-01 ogrn"]),
        ({"phone": "+79990000000"}, ["ACT-01 phone"]),
        ({"phone": "8 999"}, ["ID-09 phone"]),
        ({"inn": "7736050004"}, ["ID-01 inn"]),
        ({"terms_accepted": False}, ["ACT-01 terms_accepted"]),
    ],
)
def test_what_is_wrong_in_the_form_activates_nothing(
    stand: Stand, verified: Binder, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(activate(stand, verified, **changes)) == expected
    assert verified.kept().state == "verified"


def test_several_wrong_fields_are_told_at_once_and_the_code_is_kept(
    stand: Stand, verified: Binder
) -> None:
    wrong = activate(stand, verified, inn="", terms_accepted=False)
    assert broken(wrong) == ["ACT-01 inn", "ACT-01 terms_accepted"]
    form = activation(verified, code=verified.code())
    assert stand.act("activate_cabinet", verified.actor, **form).state == "active"


def test_a_wrong_code_and_none_activate_nothing(stand: Stand, verified: Binder) -> None:
    stand.act("request_activation_code", verified.actor, organization=verified.organization)
    for code in ("999999", ""):
        form = activation(verified, code=code)
        assert broken(stand.act("activate_cabinet", verified.actor, **form)) == ["ACT-01 code"]


def test_another_person_activates_nothing_of_an_organization_that_is_not_theirs(
    stand: Stand, verified: Binder
) -> None:
    stranger = open_account(stand, COUNTRY.person(9))
    tried = stand.act("activate_cabinet", stranger, **activation(verified))
    assert tried.refusal == "absent"
    assert "another's" in stand.store.journal(verified.organization)[-1].body.decode()
    clerk = employee(stand, verified, "oper")
    assert stand.act("activate_cabinet", clerk, **activation(verified)).refusal == "forbidden"


def test_employees_come_in_once_the_cabinet_is_active(stand: Stand, verified: Binder) -> None:
    clerk = employee(stand, verified, "oper")
    credentials = verified.with_password(clerk)
    closed = stand.act("sign_in", **credentials)
    assert (closed.refusal, broken(closed)) == ("forbidden", ["ACT-03 organization"])
    assert activate(stand, verified).state == "active"
    assert "sign_in" in stand.act("sign_in", **credentials).data


def test_those_in_charge_come_in_to_activate(stand: Stand, verified: Binder) -> None:
    assert "sign_in" in stand.act("sign_in", **verified.with_password()).data


# --- the head's link


@pytest.fixture
def new_head(stand: Stand, verified: Binder) -> Account:
    """A head whose account is new, and the letter to them."""
    actor = employee(stand, verified, "head")
    context = context_of(stand, verified.actor)
    found = context.unit.get(Account, actor.account or "")
    assert found is not None
    account = context.unit.put(dataclasses.replace(found, state="new", email_confirmed=False))
    send_activation_letter(context, account, verified.kept())
    context.unit.commit()
    for letters in context.secret_letters:
        stand.messenger.send(letters[0])
    return account


def link_to(stand: Stand, account: Account) -> str:
    return stand.messenger.sent_to(account.email)[-1].rpartition("/")[2]


def state_of(stand: Stand, account: Account) -> tuple[str, bool]:
    kept = Unit(stand.store).get(Account, account.id)
    assert kept is not None
    return kept.state, kept.email_confirmed


def test_the_link_activates_once(stand: Stand, new_head: Account) -> None:
    token = link_to(stand, new_head)
    assert stand.act("activate_head_account", token=token).state == "activated"
    assert state_of(stand, new_head) == ("active", True)
    again = stand.act("activate_head_account", token=token)
    assert (again.refusal, broken(again)) == ("state", ["ACT-04 token"])


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (dt.timedelta(hours=24, microseconds=-1), []),
        (dt.timedelta(hours=24), ["ACT-04 token"]),
    ],
)
def test_the_link_is_good_for_a_day(
    stand: Stand, new_head: Account, later: dt.timedelta, expected: list[str]
) -> None:
    token = link_to(stand, new_head)
    stand.clock.move(later)
    assert broken(stand.act("activate_head_account", token=token)) == expected


def test_another_letter_makes_the_link_before_void(
    stand: Stand, verified: Binder, new_head: Account
) -> None:
    first = link_to(stand, new_head)
    owner = employee(stand, verified, "admin", 8)
    ask = {"organization": verified.organization, "inn": new_head.inn}
    assert stand.act("request_activation_letter", owner, **ask).state == "letter_sent"
    assert broken(stand.act("activate_head_account", token=first)) == ["ACT-04 token"]
    assert stand.act("activate_head_account", token=link_to(stand, new_head)).state == "activated"
    assert stand.act("request_activation_letter", owner, **ask).refusal == "state"


def test_the_token_is_not_kept(stand: Stand, new_head: Account) -> None:
    kept = Unit(stand.store).get(SentLink, new_head.id)
    assert kept is not None
    assert link_to(stand, new_head) not in repr(kept)


# --- functions and services


def test_functions_follow_the_size_of_the_business(stand: Stand, verified: Binder) -> None:
    ask = {"organization": verified.organization}

    def function(name: str) -> list[str]:
        return broken(stand.read("cabinet_function", verified.actor, **ask, function=name))

    assert function("single_sign_on") == []
    assert function("audit_log") == []
    assert function("registration") == []
    assert function("dashboards") == ["ACT-05 function"]
    owner = employee(stand, verified, "admin", 8)
    chosen = stand.act("choose_tier", owner, **ask, tier="medium")
    assert chosen.state == "chosen"
    assert function("dashboards") == []
    assert function("registration") == []
    assert function("api") == ["ACT-05 function"]
    shown = stand.read("cabinet_functions", verified.actor, **ask).data
    assert shown["functions"][:2] == ["single_sign_on", "audit_log"]
    assert "api" not in shown["functions"]


def test_only_who_edits_the_organization_chooses_its_size(stand: Stand, verified: Binder) -> None:
    clerk = employee(stand, verified, "oper")
    ask = {"organization": verified.organization, "tier": "large"}
    assert stand.act("choose_tier", clerk, **ask).refusal == "forbidden"
    assert verified.kept().tier == "small"


def test_a_service_is_switched_on_before_it_is_used(stand: Stand, verified: Binder) -> None:
    activate(stand, verified)
    owner = employee(stand, verified, "admin", 8)
    ask = {"organization": verified.organization}

    def licence() -> list[str]:
        return broken(stand.read("service", verified.actor, **ask, service="licence"))

    assert licence() == ["ACT-06 service"]
    without = stand.act("switch_on_services", owner, **ask, services=["licence"])
    assert broken(without) == ["ACT-06 terms_accepted"]
    unknown = stand.act(
        "switch_on_services", owner, **ask, services=["teleport"], terms_accepted=True
    )
    assert broken(unknown) == ["ACT-06 service"]
    on = stand.act("switch_on_services", owner, **ask, services=["licence"], terms_accepted=True)
    assert on.data["services"] == ["licence"]
    assert licence() == []
    more = stand.act("switch_on_services", owner, **ask, services=["report"], terms_accepted=True)
    assert more.data["services"] == ["licence", "report"]
    listed = stand.read("services", verified.actor, **ask).data["items"]
    assert [each["service"] for each in listed if each["on"]] == ["licence", "report"]


def test_before_activation_and_binding_services_are_closed(stand: Stand, verified: Binder) -> None:
    ask = {"organization": verified.organization, "service": "licence"}
    assert broken(stand.read("service", verified.actor, **ask)) == [
        "ACT-03 organization",
        "ACT-06 service",
    ]
    other = binder(stand, SOLE[0])
    other.put_organization(state="active")
    context = context_of(stand, other.actor)
    join(context, other.actor.account or "", other.organization, "head")
    context.unit.commit()
    unbound = {"organization": other.organization, "service": "licence"}
    assert broken(stand.read("service", other.actor, **unbound)) == [
        "BND-18 organization",
        "ACT-06 service",
    ]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (dt.timedelta(hours=24, microseconds=-1), ("new", "state")),
        (dt.timedelta(hours=24), ("letter_sent", None)),
    ],
)
def test_a_link_that_is_out_of_date_brings_a_fresh_one_to_the_same_mail(
    stand: Stand,
    new_head: Account,
    later: dt.timedelta,
    expected: tuple[str, str | None],
) -> None:
    first = link_to(stand, new_head)
    stand.clock.move(later)
    asked = stand.act("renew_activation_link", token=first)
    assert (asked.state, asked.refusal) == expected
    assert (link_to(stand, new_head) == first) == (asked.refusal is not None)
    assert stand.act("activate_head_account", token=link_to(stand, new_head)).state == "activated"


def test_a_link_that_was_followed_or_is_nobodys_brings_nothing(
    stand: Stand, new_head: Account
) -> None:
    token = link_to(stand, new_head)
    stand.act("activate_head_account", token=token)
    stand.clock.move(dt.timedelta(hours=24))
    assert stand.act("renew_activation_link", token=token).refusal == "state"
    assert stand.act("renew_activation_link", token="nobody's").refusal == "absent"
    assert link_to(stand, new_head) == token
