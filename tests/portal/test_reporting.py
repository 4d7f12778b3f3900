"""Reports: prepared and checked, signed and filed once, papers kept, corrected until the period
closes."""

import base64
import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from portal.organizations.organization import Organization
from portal.ports.store import Store
from portal.reporting.report import ReportVersion
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, journal, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")

VAT = {
    "kind": "НДС",
    "period_code": "24",
    "year": 2025,
    "lines": {"010": 100, "020": 0},
    "operations": [{"day": "2025-12-31", "kopecks": 100}],
}
CLOSES = dt.datetime(2026, 2, 28, 23, 59, 59, 999_999)
TICK = dt.timedelta(microseconds=1)


@dataclass
class Office:
    """A cabinet with the service of reporting, its accountant, and the certificate of its head."""

    store: Store
    cabinet: Cabinet = field(init=False)

    def __post_init__(self) -> None:
        self.cabinet = Cabinet(portal_with(store=self.store))
        self.stand = self.cabinet.stand
        self.head = self.cabinet.member("head")
        self.accountant = self.cabinet.member("acc", "500100732260")
        self.certificate = self.cabinet.certificate()
        unit = Unit(self.store)
        found = unit.get(Organization, self.cabinet.id)
        assert found is not None
        unit.put(replace(found, services=("report",), owner=self.head.account))
        unit.commit()

    def prepare(self, actor: Actor | None = None, **changes: Any) -> Outcome:
        form = {"organization": self.cabinet.id, **VAT, **changes}
        return self.stand.act("prepare_report", actor or self.accountant, **form)

    def file(self, prepared: Outcome, actor: Actor | None = None, **changes: Any) -> Outcome:
        """File what was prepared, signed by the head."""
        form = {
            "organization": self.cabinet.id,
            "report_version": prepared.data["report_version"],
            "signature": self.cabinet.signed(prepared.data["text"], self.certificate),
            **changes,
        }
        return self.stand.act("file_report", actor or self.accountant, **form)

    def filed(self, **changes: Any) -> str:
        """The id of a version that was filed."""
        outcome = self.file(self.prepare(**changes))
        assert outcome.state == "sent", outcome
        return str(outcome.data["report_version"])

    def move(self, *states: str) -> None:
        for state in states:
            self.stand.reporting.move(state)  # type: ignore[arg-type]
            self.stand.after(hours=1)

    def seen(self, version: str, actor: Actor | None = None) -> Outcome:
        asked = {"organization": self.cabinet.id, "report_version": version}
        return self.stand.read("report_version", actor or self.accountant, **asked)

    def listed(self, **query: str) -> list[tuple[int, int, str]]:
        """Place, correction and state of the versions, the earliest first."""
        asked = {"organization": self.cabinet.id, **query}
        items = self.stand.read("reports", self.accountant, **asked).data["items"]
        return [(each["place"], each["correction"], each["state"]) for each in reversed(items)]


@pytest.fixture(name="office")
def _office(store: Store) -> Office:
    return Office(store)


def test_a_report_is_filed_under_a_number_with_its_term_and_its_papers(office: Office) -> None:
    prepared = office.prepare()
    assert (prepared.state, prepared.data["correction"]) == ("draft", 0)
    filed = office.file(prepared)
    assert (filed.state, filed.refusal) == ("sent", None)
    assert filed.data["number"].startswith("R260202-")
    (sent,) = office.stand.reporting.filed.values()
    assert (sent.kind, sent.correction, dict(sent.lines)) == ("НДС", 0, {"010": 100, "020": 0})
    assert sent.operations == [(dt.date(2025, 12, 31), 100)]
    office.move("delivered", "accepted", "entered")
    seen = office.seen(filed.data["report_version"])
    assert seen.state == "entered"
    papers = {
        kind: base64.b64decode(
            office.stand.read("document_content", office.head, document=document).data["content"]
        )
        for kind, document in seen.data["papers"].items()
    }
    assert papers == {"filing_certificate": b"%PDF-sent", "acceptance_act": b"%PDF-accepted"}
    events = events_of(office.store, office.cabinet.id)
    told = sorted(each.id.rpartition("/")[2] for each in events)
    assert told == ["accepted", "delivered", "entered", "sending", "sent"]


def test_what_is_wrong_is_told_at_once_and_nothing_is_kept(office: Office) -> None:
    wrong = office.prepare(
        lines={"010": None}, operations=[{"day": "2026-01-01", "kopecks": 1}], period_code="24"
    )
    assert broken(wrong) == ["APP-07 lines.010", "APP-07 operations.0.day"]
    assert broken(office.prepare(kind="ЕСХН")) == ["APP-07 kind"]
    assert broken(office.prepare(period_code="34")) == ["APP-07 period_code"]
    assert broken(office.prepare(period_code="21", year=2026, operations=[])) == [
        "APP-07 period_code"
    ]
    assert office.listed() == []


def test_without_a_good_signature_nothing_is_filed(office: Office) -> None:
    prepared = office.prepare()
    assert broken(office.file(prepared, signature="")) == ["APP-07 signature"]
    over_another = office.cabinet.signed("другой текст", office.certificate)
    assert broken(office.file(prepared, signature=over_another)) == ["SIG-06 signature"]
    personal = office.cabinet.certificate(legal_inn=None, ogrn=None)
    by_person = office.cabinet.signed(prepared.data["text"], personal)
    refused = {each.split()[0] for each in broken(office.file(prepared, signature=by_person))}
    assert refused == {"CERT-04"}
    assert office.stand.reporting.filed == {}
    assert office.file(prepared).state == "sent"


def test_what_was_filed_is_not_filed_twice(office: Office) -> None:
    prepared = office.prepare()
    first = office.file(prepared)
    again = office.file(prepared)
    assert (again.state, again.data["number"]) == ("sent", first.data["number"])
    assert len(office.stand.reporting.filed) == 1


def test_a_silent_agency_gets_the_report_later_once(office: Office) -> None:
    office.stand.reporting.down = True
    filed = office.file(office.prepare())
    assert (filed.state, bool(filed.data["number"]), filed.data["agency_number"]) == (
        "sending",
        True,
        "",
    )
    office.stand.after(hours=5)
    office.stand.reporting.down = False
    office.stand.after(hours=2)
    assert office.seen(filed.data["report_version"]).state == "sent"
    office.move("accepted")
    assert office.seen(filed.data["report_version"]).state == "accepted"
    assert len(office.stand.reporting.filed) == 1


def test_a_paper_that_cannot_be_had_is_fetched_later(office: Office) -> None:
    office.stand.reporting.without_papers = True
    version = office.filed()
    assert office.seen(version).data["papers"] == {}
    office.move("accepted", "entered")
    office.stand.reporting.without_papers = False
    office.stand.after(hours=1)
    assert set(office.seen(version).data["papers"]) == {"filing_certificate", "acceptance_act"}


def test_a_refusal_says_why_and_the_same_report_is_filed_again(office: Office) -> None:
    version = office.filed()
    office.stand.reporting.move("refused", "Отчёт уже принят")
    office.stand.after(hours=1)
    seen = office.seen(version)
    assert (seen.state, seen.data["errors"]) == ("refused", ["Отчёт уже принят"])
    (critical,) = [each for each in events_of(office.store, office.cabinet.id) if each.is_critical]
    assert "Отчёт уже принят" in critical.text
    office.filed(lines={"010": 200})
    assert office.listed() == [(1, 0, "refused"), (2, 0, "sent")]


def test_what_the_agency_does_not_take_in_is_refused_at_once(office: Office) -> None:
    office.stand.reporting.refusing = "inn"
    filed = office.file(office.prepare())
    assert (filed.state, filed.data["errors"]) == ("refused", ["не принято"])


# --- APP-08


def test_all_versions_are_kept_and_a_corrected_one_follows_the_accepted(office: Office) -> None:
    first = office.filed()
    assert broken(office.prepare(lines={"010": 200})) == ["APP-08 report"]
    office.move("accepted")
    second = office.filed(lines={"010": 200})
    assert office.listed() == [(1, 0, "accepted"), (2, 1, "sent")]
    assert office.seen(first).data["lines"] == {"010": 100, "020": 0}
    assert office.seen(second).data["lines"] == {"010": 200}
    assert [each.correction for each in office.stand.reporting.filed.values()] == [0, 1]


def test_another_draft_takes_the_place_of_the_one_before(office: Office) -> None:
    office.prepare()
    office.prepare(lines={"010": 300})
    (kept,) = Unit(office.store).find(ReportVersion, "organization", office.cabinet.id)
    assert dict(kept.lines) == {"010": 300}


@pytest.mark.parametrize(
    ("later", "expected"),
    [(dt.timedelta(0), []), (TICK, ["APP-08 period_code"])],
)
def test_a_corrected_one_is_taken_until_the_period_closes(
    office: Office, later: dt.timedelta, expected: list[str]
) -> None:
    office.filed()
    office.move("accepted", "entered")
    closes = CLOSES.replace(tzinfo=office.stand.clock.now().tzinfo)
    office.stand.clock.move_to(closes + later)
    assert broken(office.prepare(lines={"010": 200})) == expected


def test_what_was_prepared_before_the_closing_is_not_filed_after_it(office: Office) -> None:
    office.filed()
    office.move("accepted", "entered")
    closes = CLOSES.replace(tzinfo=office.stand.clock.now().tzinfo)
    office.stand.clock.move_to(closes)
    prepared = office.prepare(lines={"010": 200})
    office.stand.clock.move(TICK)
    late = office.file(prepared)
    assert (late.refusal, broken(late)) == ("wrong", ["APP-08 period_code"])


def test_a_first_report_is_late_and_taken_all_the_same(office: Office) -> None:
    office.stand.clock.move(dt.timedelta(days=200))
    assert office.prepare().state == "draft"


# --- who


def test_who_sends_and_who_sees(office: Office) -> None:
    manager = office.cabinet.member("mgr", "500100732261")
    assert broken(office.prepare(manager)) == ["ROLE-01 organization"]
    version = office.filed()
    assert office.seen(version, manager).state == "sent"
    clerk = office.cabinet.member("oper", "500100732262")
    assert office.seen(version, clerk).refusal == "forbidden"


def test_financial_reports_are_for_head_and_accountant(office: Office) -> None:
    balance = office.filed(kind="бухгалтерский баланс", period_code="34", operations=[])
    manager = office.cabinet.member("mgr", "500100732261")
    assert office.seen(balance, office.head).state == "sent"
    closed = office.seen(balance, manager)
    assert (closed.refusal, broken(closed)) == ("forbidden", ["ROLE-01 organization"])


def test_a_draft_is_its_authors_and_whoever_manages_all(office: Office) -> None:
    prepared = office.prepare()
    colleague = office.cabinet.member("acc", "500100732261")
    again = office.prepare(colleague)
    assert (again.refusal, broken(again)) == ("wrong", ["ROLE-11 period_code"])
    filed = office.file(prepared, colleague)
    assert (filed.refusal, broken(filed)) == ("absent", ["ROLE-11 report_version"])
    assert office.seen(prepared.data["report_version"], colleague).state == "draft"
    assert office.file(prepared, office.head).state == "sent"


def test_a_report_of_another_organization_is_absent_and_leaves_a_line(office: Office) -> None:
    version = office.filed()
    other = Cabinet(office.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732263")
    asked = {"organization": other.id, "report_version": version}
    assert office.stand.read("report_version", stranger, **asked).refusal == "absent"
    assert journal(office.stand, office.cabinet.id)[-1] == ("report_version", "another's")
    assert office.stand.act("file_report", stranger, **asked).refusal == "absent"
    assert journal(office.stand, office.cabinet.id)[-1] == ("file_report", "another's")


def test_the_service_has_to_be_switched_on(office: Office) -> None:
    prepared = office.prepare()
    unit = Unit(office.store)
    found = unit.get(Organization, office.cabinet.id)
    assert found is not None
    unit.put(replace(found, services=()))
    unit.commit()
    assert broken(office.prepare()) == ["ACT-06 service"]
    assert broken(office.file(prepared)) == ["ACT-06 service"]
