"""What of its profile an organization changes itself, and how it gets an earlier version back."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from portal.organizations.membership import join
from portal.ports.store import Store
from portal.registration.register_watch import watch_registers_from_now
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from tests.portal.applicants import open_account
from tests.portal.binders import Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL, SOLE
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.identifiers import settlement_account

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))
ACCOUNT = settlement_account("4070281000000000001", "044525225")


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    """A legal entity that its head has bound."""
    return bound(stand, LEGAL[0])


def bound(stand: Stand, index: int) -> Binder:
    made = binder(stand, index)
    made.put_organization()
    assert made.bind_signed(made.head, role="head", documents=[]).state == "bound"
    return made


def with_role(stand: Stand, firm: Binder, role: str) -> Actor:
    actor = open_account(stand, COUNTRY.person(7))
    unit = Unit(stand.store)
    context = Context(portal=stand.portal, unit=unit, actor=Actor(), now=stand.clock.now())
    join(context, actor.account or "", firm.organization, role)
    unit.commit()
    return actor


def version(stand: Stand, firm: Binder) -> int:
    shown = stand.read("organization_profile", firm.head, organization=firm.organization)
    return int(shown.data["version"])


def edit(firm: Binder, actor: Actor | None = None, **fields: Any) -> Outcome:
    """Change fields of the profile as it is now."""
    form = {"version": firm.kept().version, **fields}
    return firm.stand.act(
        "edit_organization", actor or firm.head, organization=firm.organization, **form
    )


def restore(firm: Binder, earlier: int, actor: Actor | None = None, **more: Any) -> Outcome:
    form = {"version": firm.kept().version, "earlier": earlier, **more}
    return firm.stand.act(
        "restore_version", actor or firm.head, organization=firm.organization, **form
    )


def history(firm: Binder, actor: Actor | None = None) -> Outcome:
    ask = {"organization": firm.organization}
    return firm.stand.read("organization_history", actor or firm.head, **ask)


# --- editing


def test_what_is_named_is_changed_and_the_rest_stays(stand: Stand, firm: Binder) -> None:
    before = firm.kept()
    outcome = edit(firm, phone="+79160000009", contact_name="Петров Пётр Петрович")
    expected = {"organization": firm.organization, "version": before.version + 1}
    assert (outcome.state, outcome.data) == ("edited", expected)
    assert firm.kept().requisites == dataclasses.replace(
        before.requisites, phone="+79160000009", contact_name="Петров Пётр Петрович"
    )
    assert version(stand, firm) == before.version + 1
    assert journal(stand, firm.organization)[-1] == ("edit_organization", "edited")


def test_the_same_again_makes_no_version(firm: Binder) -> None:
    before = firm.kept()
    outcome = edit(firm, phone=before.requisites.phone)
    assert (outcome.state, outcome.data["version"]) == ("edited", before.version)
    assert history(firm).data["items"] == []


def test_an_edit_of_an_earlier_version_is_not_taken(firm: Binder) -> None:
    read = firm.kept().version
    assert edit(firm, version=read, phone="+79160000009").state == "edited"
    late = edit(firm, version=read, phone="+79160000008")
    assert (late.state, late.refusal, late.data) == ("changed", "state", {"version": read + 1})
    assert edit(firm, version=read + 2, phone="+79160000008").state == "changed"
    assert firm.kept().requisites.phone == "+79160000009"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"phone": "89160000009"}, ["ID-09 phone"]),
        ({"contact_phone": "+7916000000"}, ["ID-09 contact_phone"]),
        ({"email": "office"}, ["ID-10 email"]),
        ({"contact_name": "Иванов И. И."}, ["ID-13 contact_name"]),
        ({"account": "1" * 20}, ["ID-15 account"]),
        ({"bik": "04452522"}, ["ID-15 bik"]),
        ({"phone": ""}, ["BND-14 phone"]),
        ({"email": ""}, ["BND-14 email"]),
        ({"contact_name": "", "phone": "1"}, ["ID-09 phone", "BND-14 contact_name"]),
        ({"email": "new@example.org"}, ["REG-13 email"]),
        ({"full_name": "ООО «Не то»"}, ["REG-03 full_name"]),
        ({"inn": "7707083893"}, ["REG-02 inn"]),
        ({"inn": "7707083894"}, ["ID-01 inn"]),
        ({"ogrn": "1027700132195"}, ["REG-02 ogrn"]),
        ({"legal_address": "Москва"}, ["BND-16 legal_address"]),
    ],
)
def test_what_rules_forbid_is_not_taken(
    firm: Binder, fields: dict[str, Any], expected: list[str]
) -> None:
    before = firm.kept()
    outcome = edit(firm, **fields)
    assert (outcome.refusal, broken(outcome)) == ("wrong", expected)
    assert firm.kept() == before
    assert journal(firm.stand, firm.organization)[-1] == ("edit_organization", "refused")


def test_a_corporate_mail_that_is_read_is_taken(stand: Stand, firm: Binder) -> None:
    stand.act("send_corporate_email_link", firm.head, email="new@example.org")
    token = stand.messenger.sent_to("new@example.org")[-1].rpartition("/")[2]
    stand.act("confirm_corporate_email", token=token)
    assert edit(firm, email="new@example.org").state == "edited"


def test_a_sole_proprietor_needs_no_link_for_the_mail(stand: Stand) -> None:
    assert edit(bound(stand, SOLE[0]), email="new@example.org").state == "edited"


def test_the_account_has_to_be_the_organizations(stand: Stand, firm: Binder) -> None:
    new: dict[str, Any] = {"bik": "044525225", "account": ACCOUNT, "bank": "Банк"}
    stand.fns.foreign_accounts.add(ACCOUNT)
    assert broken(edit(firm, **new)) == ["BND-16 account"]
    stand.fns.foreign_accounts.clear()
    assert edit(firm, **new).state == "edited"
    assert firm.kept().requisites.account == ACCOUNT


def test_registers_are_asked_only_for_what_is_theirs_and_waited_for(
    stand: Stand, firm: Binder
) -> None:
    stand.registers.down = stand.fns.down = True
    assert edit(firm, site="example.org").state == "edited"
    assert edit(firm, full_name="ООО «Не то»").refusal == "later"
    assert edit(firm, bik="044525225", account=ACCOUNT).refusal == "later"


@pytest.mark.parametrize(
    ("state", "is_taken"), [("verifying", False), ("remarks", False), ("verified", True)]
)
def test_while_the_checks_go_on_the_profile_stays(firm: Binder, state: str, is_taken: bool) -> None:
    firm.with_state(state)
    outcome = edit(firm, site="example.org")
    assert (outcome.state, outcome.refusal) == (("edited", None) if is_taken else (state, "state"))


@pytest.mark.parametrize(
    ("role", "refusal"),
    [("admin", None), ("tech", "forbidden"), ("mgr", "forbidden"), ("rep", "forbidden")],
)
def test_whoever_may_edit_edits(stand: Stand, firm: Binder, role: str, refusal: str | None) -> None:
    actor = with_role(stand, firm, role)
    assert edit(firm, actor, site="example.org").refusal == refusal
    assert (
        stand.read("organization_profile", actor, organization=firm.organization).data[
            "organization"
        ]
        == firm.organization
    )


def test_for_strangers_there_is_nothing_to_edit_and_that_they_tried_is_seen(
    stand: Stand, firm: Binder
) -> None:
    stranger = open_account(stand, COUNTRY.person(9))
    tried = [
        edit(firm, stranger, site="example.org"),
        restore(firm, 1, stranger),
        history(firm, stranger),
        stand.read("organization_profile", stranger, organization=firm.organization),
    ]
    assert [each.refusal for each in tried] == ["absent"] * 4
    acts = ["edit_organization", "restore_version", "organization_history", "organization_profile"]
    assert journal(stand, firm.organization)[-4:] == [(act, "another's") for act in acts]


# --- history


def test_history_tells_every_version_who_made_it_and_what_it_changed(
    stand: Stand, firm: Binder
) -> None:
    first = firm.kept().version
    phone = firm.kept().requisites.phone
    edit(firm, phone="+79160000009")
    stand.after(minutes=5)
    stand.act("choose_tier", firm.head, organization=firm.organization, tier="medium")
    shown = history(firm)
    columns = ("id", "at", "account", "action", "changed", "tier")
    told = [
        [*(each[name] for name in columns), each["requisites"]["phone"]]
        for each in shown.data["items"]
    ]
    who, new = firm.head.account, "+79160000009"
    at = ["2026-04-20T10:05:00+03:00", "2026-04-20T10:00:00+03:00"]
    assert told == [
        [first + 2, at[0], who, "choose_tier", ["tier"], "medium", new],
        [first + 1, at[1], who, "edit_organization", ["phone"], "small", new],
        [first, None, None, "", [], "small", phone],
    ]
    assert shown.data["version"] == first + 2


def test_what_the_register_has_changed_is_a_version_too(stand: Stand, firm: Binder) -> None:
    edit(firm, site="example.org")
    stand.registers.change(firm.record.ogrn, full_name="ООО «Новое имя»")
    unit = Unit(stand.store)
    context = Context(portal=stand.portal, unit=unit, actor=Actor(), now=stand.clock.now())
    watch_registers_from_now(context, "legal")
    unit.commit()
    stand.after(hours=1)
    latest = history(firm).data["items"][0]
    assert (latest["task"], latest["action"]) == ("watch_registers", "register_change")
    assert latest["changed"] == ["full_name"]


def test_an_earlier_version_comes_back_as_a_new_one(stand: Stand, firm: Binder) -> None:
    first = firm.kept()
    edit(firm, phone="+79160000009", site="example.org")
    stand.act("choose_tier", firm.head, organization=firm.organization, tier="medium")
    services: dict[str, Any] = {"services": ["licence"], "terms_accepted": True}
    stand.act("switch_on_services", firm.head, organization=firm.organization, **services)
    outcome = restore(firm, first.version)
    expected = {"organization": firm.organization, "version": first.version + 4}
    assert (outcome.state, outcome.data) == ("restored", expected)
    kept = firm.kept()
    assert (kept.requisites, kept.tier, kept.services) == (first.requisites, "small", ())
    latest = history(firm).data["items"][0]
    assert (latest["id"], latest["restored"]) == (first.version + 4, first.version)
    assert latest["changed"] == ["phone", "site", "tier", "services"]
    assert journal(stand, firm.organization)[-1] == ("restore_version", "restored")


def test_what_registers_hold_does_not_come_back(stand: Stand, firm: Binder) -> None:
    first = firm.kept()
    edit(firm, site="example.org")
    unit = Unit(stand.store)
    renamed = dataclasses.replace(firm.kept().requisites, full_name="ООО «Новое имя»")
    unit.put(dataclasses.replace(firm.kept(), requisites=renamed))
    unit.commit()
    restore(firm, first.version)
    kept = firm.kept().requisites
    assert (kept.site, kept.full_name) == (first.requisites.site, "ООО «Новое имя»")


def test_an_account_that_is_anothers_by_now_does_not_come_back(stand: Stand, firm: Binder) -> None:
    first = firm.kept()
    edit(firm, bik="044525225", account=ACCOUNT, bank="Банк")
    stand.fns.foreign_accounts.add(first.requisites.account)
    assert broken(restore(firm, first.version)) == ["BND-16 account"]
    stand.fns.down = True
    assert restore(firm, first.version).refusal == "later"
    assert firm.kept().requisites.account == ACCOUNT


def test_a_version_that_is_not_kept_does_not_come_back(stand: Stand, firm: Binder) -> None:
    edit(firm, site="example.org")
    outcome = restore(firm, firm.kept().version + 1)
    assert (outcome.refusal, broken(outcome)) == ("wrong", ["AUD-02 earlier"])
    assert journal(stand, firm.organization)[-1] == ("restore_version", "refused")


def test_a_restoration_of_what_others_have_changed_meanwhile_is_not_taken(firm: Binder) -> None:
    first = firm.kept().version
    edit(firm, site="example.org")
    assert restore(firm, first, version=first).state == "changed"
    assert firm.kept().requisites.site == "example.org"


@pytest.mark.parametrize(
    ("role", "sees", "restores"),
    [("admin", None, None), ("tech", None, "forbidden"), ("acc", "forbidden", "forbidden")],
)
def test_history_is_for_whoever_views_the_journal_and_restoring_for_editors(
    stand: Stand, firm: Binder, role: str, sees: str | None, restores: str | None
) -> None:
    first = firm.kept().version
    edit(firm, site="example.org")
    actor = with_role(stand, firm, role)
    shown = history(firm, actor)
    assert (shown.refusal, broken(shown)) == (sees, ["AUD-02 organization"] if sees else [])
    assert restore(firm, first, actor).refusal == restores


def test_only_so_many_versions_are_kept(firm: Binder) -> None:
    first = firm.kept().version
    for number in range(101):
        assert edit(firm, site=f"{number}.example.org").state == "edited"
    kept = [each["id"] for each in history(firm).data["items"]]
    assert kept == list(range(first + 101, first + 1, -1))
    assert broken(restore(firm, first + 1)) == ["AUD-02 earlier"]
    assert restore(firm, first + 2).state == "restored"
