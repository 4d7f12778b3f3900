"""What a test does with a running country in Python."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

import mocks
from mocks.controls import PatternError
from mocks.core.clock import ClockError
from mocks.core.country import TenantError
from mocks.core.faults import FaultError
from mocks.core.journal import NotCalledSo, Pattern
from scenarios.problems import ScenarioError
from tests.mocks.calling import SCENARIO, country_of, until, work
from tests.mocks.probe import probe


def test_scenario_gives_calendar_stations_seed_and_faults(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    with mocks.running(services=[probe()], scenario=str(path)) as country:
        assert country.world.seed == 7
        assert country.clock.now.isoformat() == "2026-04-20T09:00:00+03:00"
        assert work(country, timeout=3).status_code == 201
        assert [p.active.spec.id for p in country.faults] == ["morning"]
        country.clock.set("2026-04-20T11:00")
        with pytest.raises(requests.ReadTimeout):
            work(country, timeout=30)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(FaultError, match="factor: kind slow needs it"):
        country_of({"id": "f", "kind": "slow"}).__enter__()
    with pytest.raises(FaultError, match="for: expected a duration above zero"):
        country_of({"id": "f", "kind": "reset", "for": "2x"}).__enter__()
    with pytest.raises(ScenarioError):
        mocks.running(scenario="nowhere.yaml").__enter__()
    with pytest.raises(FaultError, match="service: mvd is none of egrul"):
        country_of({"id": "f", "kind": "reset", "service": "mvd"}).__enter__()
    with pytest.raises(ClockError, match="expected a local time like"):
        country_of(start="10:00").__enter__()
    with country_of() as country:
        country.tenant("b", seed=3)
        with pytest.raises(TenantError, match="its seed is 3"):
            country.tenant("b", seed=4)


def test_inbox_is_read_and_cleared_by_contact() -> None:
    with country_of() as country:
        requests.post(f"{country.url}/egrul/messages/+79001234567", data="код 1")
        requests.post(f"{country.url}/egrul/messages/+79001234568", data="код 2")
        assert [m.text for m in country.inbox("+79001234567")] == ["код 1"]
        country.clear_inbox("+79001234567")
        assert country.contacts() == {"+79001234568": 1}


def test_journal_verifies_calls_and_shows_what_came_instead() -> None:
    with country_of() as country:
        work(country)
        assert country.journal.verify(path="/task/*", times=1)[0].status == 201
        country.journal.verify_exactly([{"method": "post", "path": "/task/a"}])
        with pytest.raises(NotCalledSo, match="expected exactly 0 calls") as wrong:
            country.journal.verify(service="egrul", times=0)
        assert "1. egrul POST /task/a -> 201" in str(wrong.value)
        country.journal.clear()
        assert len(country.journal) == 0


def test_entries_read_from_the_journal_do_not_change_later() -> None:
    fault = {"id": "f", "kind": "delay", "delay": {"constant": "1h"}}
    with country_of(fault, waiting="real") as country, ThreadPoolExecutor() as pool:
        answer = pool.submit(work, country)
        until(lambda: len(country.journal) == 1)
        (before,) = country.journal
        country.clock.advance("1h")
        answer.result()
        (after,) = country.journal
        assert (before.outcome, after.outcome) == ("open", "answered")


def test_clock_advances_by_durations_and_working_days() -> None:
    with country_of(start="2026-04-30T15:00") as country:
        assert country.clock.advance("1.5h").isoformat() == "2026-04-30T16:30:00+03:00"
        # 1 to 3 May are days off, so are 9 to 11 May.
        ended = country.clock.advance("5wd")
        assert ended.isoformat() == "2026-05-08T23:59:59.999999+03:00"
        assert country.clock.advance("1us").isoformat() == "2026-05-09T00:00:00+03:00"


def test_changed_record_is_the_tenants_own() -> None:
    with country_of() as country:
        before = country.world.organization(5)
        changed = country.records.change_organization(5, {"phone": "+74950000000"})
        assert (changed.phone, changed.inn) == ("+74950000000", before.inn)
        assert country.records.organization(inn=before.inn) == changed
        assert country.tenant("b").records.organization(index=5) == before
        country.records.restore()
        assert country.records.organization(ogrn=before.ogrn) == before


def test_pattern_that_no_call_can_fit_is_a_mistake() -> None:
    with country_of() as country:
        verify = country.journal.verify
        with pytest.raises(PatternError, match=r"^sevice: Extra inputs are not permitted$"):
            verify(sevice="egrul", times=0)
        with pytest.raises(PatternError, match=r"^outcome: expected one of the values"):
            verify(Pattern(), outcome="answred", times=0)
        with pytest.raises(PatternError, match=r"^service: egrull is none of antivirus, bank"):
            verify(service="egrull", times=0)
        with pytest.raises(PatternError, match=r"^service: egrull is none of"):
            country.journal.verify_exactly([{"service": "egrull"}])
        with pytest.raises(PatternError, match=r"^service: egrull is none of"):
            country.journal.verify_exactly([], services=["egrull"])
        with pytest.raises(PatternError, match="expected a list of services"):
            country.journal.verify_exactly([], services="egrul")
        verify(service="mvd", times=0)  # not in this country, but of the rule book


def test_pattern_is_narrowed_by_fields() -> None:
    with country_of() as country:
        work(country)
        requests.get(f"{country.url}/egrul/nothing")
        pattern = Pattern(service="egrul")
        assert [e.status for e in country.journal.find(pattern)] == [201, 404]
        assert [e.status for e in country.journal.find(pattern, status=404)] == [404]


def test_folder_that_nobody_has_is_refused() -> None:
    with country_of() as country, pytest.raises(ValueError, match="'spma' is neither inbox nor"):
        country.inbox("+79001234567", "spma")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "argument", "message"),
    [
        ("advance", 90, "90: expected a duration like 90s"),
        ("advance", dt.timedelta(hours=-1), "-1 day, 23:00:00: the clock does not go back"),
        ("set", "2026-02-02T09:59", "09:59:00: the clock does not go back, it is 2026-02-02 10:00"),
        ("run", "60", "'60': expected a number"),
    ],
)
def test_wrong_move_of_the_clock_says_what_was_expected(
    act: str, argument: object, message: str
) -> None:
    with country_of() as country:
        with pytest.raises(ClockError, match=message):
            getattr(country.clock, act)(argument)
        assert country.clock.now.isoformat() == "2026-02-02T10:00:00+03:00"


def test_threads_that_ask_for_a_tenant_at_once_get_the_same() -> None:
    with country_of() as country, ThreadPoolExecutor(8) as pool:
        for n in range(20):
            found = list(pool.map(country.tenant, [f"t-{n}"] * 8))
            assert len({tenant.state for tenant in found}) == 1
