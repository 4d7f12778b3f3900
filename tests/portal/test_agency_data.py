"""What agencies say of an organization, and whom they do not answer (INT-05)."""

from typing import Any

import pytest

from portal.ports.agencies import AgencyAccess, AgencyEntry, AgencyName, AgencyQuestion
from portal.ports.employment import Consent, TypedEmployee
from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.staff import ISAEV, Staff
from tests.portal.wiring import broken, journal, portal_with

INN = "7707083893"


@pytest.fixture(name="staff")
def _staff(store: Store) -> Staff:
    return Staff(portal_with(store=store))


def asked(staff: Staff, agency: str, actor: Actor | None = None) -> Outcome:
    query = {"organization": staff.organization, "agency": agency}
    return staff.stand.read("agency_data", actor or staff.head, **query)


def connect(staff: Staff, actor: Actor | None = None) -> Outcome:
    form = {"organization": staff.organization, "agency": "eais"}
    return staff.stand.act("connect_agency", actor or staff.head, **form)


@pytest.mark.parametrize("agency", ["fns", "rosstandart", "emias", "rosreestr"])
def test_what_an_agency_says_is_shown(staff: Staff, agency: AgencyName) -> None:
    entry = AgencyEntry(kind="settlement", title="НДС", state="debt", details={"debt": "1"})
    staff.stand.agencies.entries[agency] = [entry]
    shown = asked(staff, agency)
    assert (shown.state, shown.data) == (
        "shown",
        {
            "agency": agency,
            "items": [
                {"kind": "settlement", "title": "НДС", "state": "debt", "details": {"debt": "1"}}
            ],
        },
    )
    question = AgencyQuestion(inn=INN, month="2026-01", access=None)
    assert staff.stand.agencies.asked == [(agency, question)]


def test_what_an_agency_does_not_take_says_why(staff: Staff) -> None:
    staff.stand.agencies.refusing["emias"] = "Отчёт ещё не сформирован"
    refused = asked(staff, "emias")
    assert broken(refused) == ["INT-05 agency"]
    assert [each.reason.ru for each in refused.violations if each.reason] == [
        "Отчёт ещё не сформирован"
    ]


def test_a_silent_agency_is_asked_later(staff: Staff) -> None:
    staff.stand.agencies.down = True
    assert asked(staff, "fns").refusal == "later"


def test_eais_answers_a_participant_alone(staff: Staff) -> None:
    closed = asked(staff, "eais")
    assert (closed.refusal, closed.state, broken(closed)) == (
        "state",
        "not_connected",
        ["INT-05 agency"],
    )
    for _ in range(2):
        connected = connect(staff)
        assert (connected.state, connected.data) == ("connected", {"participant": "00000001"})
    assert staff.stand.agencies.participants == [INN]
    assert asked(staff, "eais").state == "shown"
    assert staff.stand.agencies.asked[-1][1].access == AgencyAccess("00000001", "word of eais")
    lines = journal(staff.stand, staff.organization)
    assert lines.count(("connect_agency", "connected")) == 1


def test_an_organization_that_eais_knows_from_elsewhere_is_refused(staff: Staff) -> None:
    staff.stand.agencies.participants.append(INN)
    assert broken(connect(staff)) == ["INT-05 agency"]
    assert journal(staff.stand, staff.organization)[-1] == ("connect_agency", "refused")


def test_employees_are_as_in_their_contracts_or_it_is_said_what_differs(staff: Staff) -> None:
    assert asked(staff, "citizen_portal").data["items"] == []
    staff.employed()
    entry: dict[str, Any] = {"kind": "employee", "title": str(ISAEV.name), "details": {}}
    assert asked(staff, "citizen_portal").data["items"] == [{**entry, "state": "matches"}]
    staff.stand.employment.contracts[ISAEV.snils] = TypedEmployee(
        full_name=str(ISAEV.name), inn=ISAEV.inn, position="Слесарь", department="Бухгалтерия"
    )
    seen = asked(staff, "citizen_portal").data["items"][0]
    assert (seen["state"], list(seen["details"])) == ("differs", ["position"])


def test_without_consent_nothing_is_compared(staff: Staff) -> None:
    staff.employed()
    staff.stand.employment.consents[ISAEV.snils] = Consent(number="1", state="withdrawn")
    seen = asked(staff, "citizen_portal").data["items"][0]
    assert (seen["state"], list(seen["details"].values())) == (
        "differs",
        ["сотрудник отозвал согласие"],
    )


def test_who_reads_no_reports_asks_no_agency(staff: Staff) -> None:
    tech = staff.cabinet.member("tech", "500100732260")
    assert broken(asked(staff, "fns", tech)) == ["ROLE-01 organization"]
    accountant = staff.cabinet.member("acc", "500100732260")
    assert asked(staff, "fns", accountant).state == "shown"
    assert connect(staff, accountant).refusal == "forbidden"
