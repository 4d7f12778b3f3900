"""ЕГРЮЛ: how it goes wrong."""

import pytest

from mocks.core.country import Country
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import at, change, code, extract, new_country, one, plan, request


@pytest.fixture
def country() -> Country:
    return new_country()


def test_stale_register_answers_with_the_record_before_its_last_change(country: Country) -> None:
    record = one(country, "legal")
    change(country, record, full_name="ПЕРВОЕ")
    second = change(country, record, full_name="ВТОРОЕ")
    url = f"/egrul/v1/organizations/{record.inn}"
    plan(country, "egrul", "stale", times=2)
    assert ask_json(country, "GET", url)["full_name"] == "ПЕРВОЕ"
    assert at(extract(country, second), "СвНаимЮЛ")["НаимЮЛПолн"] == "ПЕРВОЕ"
    assert ask_json(country, "GET", url)["full_name"] == "ВТОРОЕ"


def test_stale_extract_has_the_entries_of_its_time(country: Country) -> None:
    record = one(country, "legal")
    first = change(country, record, full_name="ПЕРВОЕ")
    before = ask(country, "POST", "/egrul/smev", request(first)).body
    second = change(country, record, full_name="ВТОРОЕ")
    plan(country, "egrul", "stale")
    assert ask(country, "POST", "/egrul/smev", request(second)).body == before


def test_stale_register_still_answers_what_never_changed(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "stale")
    assert at(extract(country, record), "СвНаимЮЛ")["НаимЮЛПолн"] == record.full_name
    assert country.tenant().faults.hits["f"] == 0


def test_falsely_refused_organization_is_not_found_once(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "false_refusal", times=1)
    assert [code(country, record), code(country, record)] == ["01", None]


def test_withheld_data_are_refused_with_code_53(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "withheld")
    assert code(country, record) == "53"
    answer = ask(country, "GET", f"/egrul/v1/organizations/{record.inn}")
    assert (answer.status, b'"error":"withheld"' in answer.body) == (403, True)


def test_own_faults_are_told_in_the_journal(country: Country) -> None:
    plan(country, "egrul", "false_refusal")
    code(country, one(country, "legal"))
    (entry,) = country.tenant().journal.find()
    assert entry.faults == ("f",)
