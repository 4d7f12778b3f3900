"""Reports filed with the real mock of ФНС."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.ports.reporting import FiledReport, ReportNotTaken
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("fns") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def report(here: CountryPorts, index: int = 0) -> FiledReport:
    of = here.organization(index)
    return FiledReport(
        inn=of.inn,
        ogrn=of.ogrn,
        kind="НДС",
        period_code="24",
        year=2025,
        correction=0,
        lines={"010": 100},
        operations=[(dt.date(2025, 12, 31), 100)],
        signature=b"signature",
    )


def test_a_report_is_taken_in_once_with_its_term_and_papers(here: CountryPorts) -> None:
    filed = here.ports.reporting.file("r-1", report(here))
    assert (filed.state, filed.due) == ("sent", here.clock.now() + dt.timedelta(hours=4))
    assert here.ports.reporting.file("r-1", report(here)) == filed
    assert here.ports.reporting.paper(filed.number, "sent").startswith(b"%PDF")
    here.tenant.clock.advance(dt.timedelta(days=5))
    assert here.ports.reporting.view(filed.number).state == "entered"
    assert here.ports.reporting.paper(filed.number, "accepted").startswith(b"%PDF")


def test_a_refusal_gives_its_reasons(here: CountryPorts) -> None:
    filed = here.ports.reporting.file("r-1", replace(report(here), correction=1))
    here.tenant.clock.advance(dt.timedelta(days=1))
    seen = here.ports.reporting.view(filed.number)
    assert (seen.state, list(seen.errors)) == (
        "refused",
        ["Нет принятого отчёта с номером корректировки 0"],
    )


def test_a_form_that_there_is_not_is_not_taken_in(here: CountryPorts) -> None:
    with pytest.raises(ReportNotTaken) as refused:
        here.ports.reporting.file("r-1", replace(report(here), kind="ЕСХН"))
    assert refused.value.field == "form"


def test_a_silent_agency_an_unknown_report_and_a_paper_to_come_are_no_answer(
    here: CountryPorts,
) -> None:
    filed = here.ports.reporting.file("r-1", report(here))
    for ask in (
        lambda: here.ports.reporting.view("REPORT-2026-999999"),
        lambda: here.ports.reporting.paper(filed.number, "accepted"),
    ):
        with pytest.raises(Unavailable):
            ask()
    here.fails("fns", "reset")
    with pytest.raises(Unavailable):
        here.ports.reporting.file("r-2", report(here))
