"""The whole life of organizations, whatever is done in whatever order: the portal keeps its
promises, and would be caught if it did not."""

import dataclasses
import os
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from portal.applications import course, submission
from portal.certificates import action_signature, signing
from portal.head_change import change_head
from portal.organizations import admission
from portal.organizations.organization import Membership
from portal.payments.payment import Payment
from portal.portal import Portal
from portal.registration.registration import Registration
from portal.rules.rights import SIGN
from portal.rules.rule import RULES
from portal.state_table import StateTable
from portal.store import memory
from portal.store.unit import Unit
from portal.unbinding import unbind_organization
from rulebook import load
from tests.portal.life.agency_rules import AgencyRules
from tests.portal.life.binding_rules import BindingRules
from tests.portal.life.employee_rules import EmployeeRules
from tests.portal.life.filing_rules import FilingRules
from tests.portal.life.head_rules import HeadRules
from tests.portal.life.machine import LifeOfOrganizations, lives_about
from tests.portal.life.signing_rules import SigningRules

LIVES: Final = int(os.environ.get("POLIGON_LIVES", "30"))
"""How many lives of each kind are lived through, the same ones each time."""
_TOGETHER: Final = 10
# As many as Hypothesis makes before it repeats parts of them: from then on they are too much alike.

SETTINGS: Final = settings(
    max_examples=_TOGETHER,
    stateful_step_count=50,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
UNTIL_CAUGHT: Final = settings(SETTINGS, phases=[Phase.generate])

Patch = pytest.MonkeyPatch


def live(machine: type[LifeOfOrganizations], lives: int, how: settings) -> None:
    """Live through so many lives, the n-th ten of them always the same."""
    for number in range(lives // _TOGETHER):
        some = seed(number)(type(f"{machine.__name__}{number}", (machine,), {}))
        run_state_machine_as_test(some, settings=how)


BINDINGS: Final = lives_about(BindingRules, beginnings=("active", "bound"))
SIGNATURES: Final = lives_about(HeadRules, SigningRules, beginnings=("certified", "succeeded"))
SUCCESSIONS: Final = lives_about(BindingRules, HeadRules, beginnings=("succeeded",))
EMPLOYMENTS: Final = lives_about(EmployeeRules, beginnings=("bound",))
APPLICATIONS: Final = lives_about(AgencyRules, beginnings=("bound",))
FILINGS: Final = lives_about(FilingRules, beginnings=("nothing", "filed"))


@pytest.mark.parametrize(
    "machine",
    [LifeOfOrganizations, FILINGS, BINDINGS, SUCCESSIONS, SIGNATURES, EMPLOYMENTS, APPLICATIONS],
    ids=["all", "filings", "bindings", "successions", "signatures", "employments", "applications"],
)
def test_whatever_happens_to_organizations_the_portal_keeps_its_promises(
    machine: type[LifeOfOrganizations],
) -> None:
    live(machine, LIVES, SETTINGS)


def test_a_sole_proprietor_who_corrects_while_the_register_is_silent_waits_again() -> None:
    life = LifeOfOrganizations()
    life.people_come([])
    sole = {"number": 2, "who": "head", "flaw": ""}
    life.stand.registers.down = True
    life.an_application_is_filed(**sole)
    states = [life.firms[2].state]
    life.a_register_differs_from_what_is_filed(number=2, differs=True)
    life.a_system_goes_silent_or_comes_back(name="registers", is_down=False)
    states.append(life.firms[2].state)
    life.a_register_differs_from_what_is_filed(number=2, differs=False)
    life.stand.registers.down = True
    life.an_application_is_sent_again(**sole, is_changed=False)
    states.append(life.firms[2].state)
    life.a_system_goes_silent_or_comes_back(name="registers", is_down=False)
    states.append(life.firms[2].state)
    assert states == ["registered", "remarks", "registered", "active"]
    assert life.store.illegal == []


# --- a portal that does not


def caught(promise: str, machine: type[LifeOfOrganizations]) -> None:
    """Some life shows that this promise is broken."""
    with pytest.raises(AssertionError, match=promise):
        live(machine, 200, UNTIL_CAUGHT)


@pytest.mark.parametrize(
    ("rule", "promise", "machine"),
    [
        ("ACC-07", "confirmed person", FILINGS),
        ("AUTH-05", "wrong code", BINDINGS),
        ("BND-03", "one owner", BINDINGS),
        ("BND-05", "bound although", BINDINGS),
        ("BND-11", "locked", BINDINGS),
        ("CERT-03", "although revoked", SIGNATURES),
        ("CERT-10", "although late", SIGNATURES),
        ("CERT-16", "another's key", SIGNATURES),
        ("OPS-01", "a key stands for two contents", FILINGS),
        ("PAY-01", "paid application", APPLICATIONS),
        ("ROLE-05", "invitation|wrong code", EMPLOYMENTS),
        ("ROLE-09", "last administrator", EMPLOYMENTS),
        ("ROLE-15", "administrator: by|wrong code", EMPLOYMENTS),
        ("UNB-02", "was unbound", BINDINGS),
        ("VER-07", "both checks", FILINGS),
    ],
)
def test_a_portal_without_a_rule_is_caught(
    monkeypatch: Patch, rule: str, promise: str, machine: type[LifeOfOrganizations]
) -> None:
    monkeypatch.setattr(RULES[rule], "_check", lambda claim, policy: ())
    caught(promise, machine)


def test_a_head_who_keeps_the_right_to_sign_is_caught(monkeypatch: Patch) -> None:
    def kept(context: Any, organization: Any, new_head: Any) -> Iterator[Membership]:
        for former in deposed(context, organization, new_head):
            yield context.unit.put(dataclasses.replace(former, extra_rights=(SIGN,)))

    deposed = change_head._deposed
    monkeypatch.setattr(change_head, "_deposed", kept)
    caught("former head", SIGNATURES)


def test_a_signature_without_the_right_to_sign_is_caught(monkeypatch: Patch) -> None:
    monkeypatch.setattr(signing, "rights_in", lambda context, organization: {SIGN})
    caught("has signed", SIGNATURES)


def anybodys_request(context: Any, request_id: str) -> Any:
    """A request, whoever's it is."""
    return context.unit.get(action_signature.ActionRequest, request_id)


@pytest.mark.parametrize(
    ("name", "broken", "promise"),
    [
        ("unfit_to_open", lambda context, organization, action: (), "has opened|has signed"),
        ("_own_request", anybodys_request, "of elsewhere"),
    ],
)
def test_an_action_without_the_right_to_it_is_caught(
    monkeypatch: Patch, name: str, broken: Callable[..., Any], promise: str
) -> None:
    monkeypatch.setattr(action_signature, name, broken)
    caught(promise, SIGNATURES)


def test_who_acts_for_an_organization_after_its_unbinding_is_caught(monkeypatch: Patch) -> None:
    monkeypatch.setattr(unbind_organization, "members_of", lambda context, organization: [])
    caught("right and signature|entries", LifeOfOrganizations)


def test_an_action_of_an_agency_without_the_right_to_it_is_caught(monkeypatch: Patch) -> None:
    monkeypatch.setattr(admission, "rights_in", lambda context, organization: load().rights)
    caught("right: ", APPLICATIONS)


def test_an_application_that_is_left_open_by_an_unbinding_is_caught(monkeypatch: Patch) -> None:
    monkeypatch.setattr(unbind_organization, "applications_of", lambda context, organization: [])
    caught("left open", lives_about(BindingRules, AgencyRules, beginnings=("bound",)))


def test_a_bill_that_is_charged_twice_is_caught(monkeypatch: Patch) -> None:
    anew = property(lambda payment: f"{payment.id}-{payment.attempt}-{payment.version}")
    monkeypatch.setattr(Payment, "key", anew)
    caught("charged twice", APPLICATIONS)


def test_a_submission_that_is_forgotten_is_caught(monkeypatch: Patch) -> None:
    def forgotten(context: Any, draft: Any, event: str, comment: str) -> Any:
        reached = course.advance(context, draft, event, comment)
        context.unit.delete(reached)
        return reached

    monkeypatch.setattr(submission, "advance", forgotten)
    caught("application lost", APPLICATIONS)


def test_an_application_that_is_thrown_away_is_caught(monkeypatch: Patch) -> None:
    def thrown_away(context: Any, organization: Any, account: Any) -> Any:
        context.unit.delete(Unit(context.portal.ports.store).get(Registration, organization.id))
        return unbound(context, organization, account)

    unbound = unbind_organization._unbound
    monkeypatch.setattr(unbind_organization, "_unbound", thrown_away)
    caught("application lost", BINDINGS)


def test_a_submission_that_is_done_twice_is_caught(monkeypatch: Patch) -> None:
    monkeypatch.setattr(Portal, "_remember", lambda *_: None)
    caught("application lost", FILINGS)


def test_a_state_that_no_transition_leads_to_is_caught(monkeypatch: Patch) -> None:
    def after(table: StateTable[str], state: str, event: str) -> str:
        return table.first if event == "unbind" else known(table, state, event)

    known: Callable[[StateTable[str], str, str], str] = StateTable.after
    monkeypatch.setattr(StateTable, "after", after)
    caught("states", BINDINGS)


def test_a_journal_that_is_not_chained_is_caught(monkeypatch: Patch) -> None:
    monkeypatch.setattr(memory, "digest_of", lambda before, number, subject, body: before)
    caught("journal", LifeOfOrganizations)
