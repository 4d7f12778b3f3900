"""The public search: from a query over tokens to a PDF file, as the page in a browser does it."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from mocks.core.country import Country
from mocks.egrul.service import service
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import change, new_country, one, organizations, plan
from world import identifiers

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US


@pytest.fixture
def country() -> Country:
    return new_country()


def token_of(country: Country, query: str, **more: str) -> str:
    form = urlencode({"vyp3CaptchaToken": "", "query": query, **more})
    found = ask_json(country, "POST", "/egrul/", form)
    assert found["captchaRequired"] is False
    token: str = found["t"]
    return token


def rows(country: Country, query: str, **more: str) -> list[dict[str, Any]]:
    token = token_of(country, query, **more)
    answer: dict[str, list[dict[str, Any]]] = ask_json(
        country, "GET", f"/egrul/search-result/{token}"
    )
    assert list(answer) == ["rows"]
    return answer["rows"]


def errors(country: Country, method: str, url: str, body: str = "") -> Any:
    """Errors of a refusal in the site's form."""
    answer = ask(country, method, url, body)
    assert answer.status == 400
    return re.fullmatch(r'\{"ERRORS":(.+),"STATUS":400\}', answer.body.decode())[1]  # type: ignore[index]


# --- searching ------------------------------------------------------------------------------------


def test_the_site_stands_in_for_its_production_host() -> None:
    assert service.hosts == ("egrul.nalog.ru",)


def test_a_legal_entity_is_found_by_either_number(country: Country) -> None:
    record = one(country, "legal", "liquidated")
    assert record.closed is not None
    (row,) = rows(country, record.inn)
    head = country.world.person(record.head.person).name
    token = row.pop("t")
    assert re.fullmatch(r"[0-9A-F]{64}", token)
    assert row == {
        "n": record.full_name,
        "c": record.short_name,
        "o": record.ogrn,
        "i": record.inn,
        "p": record.kpp,
        "r": f"{record.registered:%d.%m.%Y}",
        "e": f"{record.closed:%d.%m.%Y}",
        "a": str(record.address),
        "rn": record.address.region_name,
        "g": f"{record.head.position}: {head}",
        "k": "ul",
        "cnt": "1",
        "tot": "1",
        "pg": "1",
    }
    assert [each["o"] for each in rows(country, f" {record.ogrn} ")] == [record.ogrn]


def test_a_sole_proprietor_is_found_without_a_home_address(country: Country) -> None:
    record = one(country, "sole_proprietor")
    (row,) = rows(country, record.ogrn)
    del row["t"]
    assert row == {
        "n": str(country.world.person(record.index).name),
        "o": record.ogrn,
        "i": record.inn,
        "r": f"{record.registered:%d.%m.%Y}",
        "rn": record.address.region_name,
        "k": "fl",
        "cnt": "1",
        "tot": "1",
        "pg": "1",
    }


def test_nobody_is_found_by_a_number_of_nobody(country: Country) -> None:
    assert rows(country, identifiers.legal_inn("990112345")) == []
    assert rows(country, "7707083894") == []


def test_changed_records_are_found_by_a_part_of_their_name(country: Country) -> None:
    changed = change(country, one(country, "legal"), full_name='ООО "ЁЖ И ПАРТНЁРЫ"')
    assert [row["o"] for row in rows(country, "ёж  и партнёры")] == [changed.ogrn]
    assert rows(country, "ёж и партнёры", nameEq="on") == []
    exact = rows(country, 'ООО "ёж и партнёры"', nameEq="on")
    assert [row["o"] for row in exact] == [changed.ogrn]


def test_names_of_records_that_nobody_changed_are_not_searched(country: Country) -> None:
    assert rows(country, one(country, "legal").full_name) == []


def test_a_search_may_be_limited_to_regions(country: Country) -> None:
    record = change(country, one(country, "legal"), address={"region": "50"})
    assert len(rows(country, record.inn, region="50,77")) == 1
    assert rows(country, record.inn, region="77") == []


def test_twenty_rows_are_on_a_page(country: Country) -> None:
    legal = organizations(country, lambda each: each.kind == "legal")
    for _ in range(21):
        change(country, next(legal), full_name="ОДНО ИМЯ")
    first, second = rows(country, "одно имя"), rows(country, "одно имя", page="2")
    assert (len(first), len(second)) == (20, 1)
    assert (first[0]["tot"], second[0]["pg"]) == ("21", "2")
    assert rows(country, "одно имя", page="3") == []


@pytest.mark.parametrize(
    ("form", "field"),
    [("", "query"), ("query=", "query"), ("query=+", "query"), (f"query={'a' * 256}", "query")]
    + [(f"query=1&page={page}", "page") for page in ("0", "-1", "x", "1234567", "1" * 5_000)],
)
def test_wrong_forms_are_refused_in_the_form_of_the_site(
    country: Country, form: str, field: str
) -> None:
    assert errors(country, "POST", "/egrul/", form).startswith(f'{{"{field}":["')


def test_the_page_itself_is_there(country: Country) -> None:
    for path in ("/egrul/", "/egrul/index.html"):
        answer = ask(country, "GET", path)
        assert (answer.status, answer.media_type) == (200, "text/html; charset=utf-8")


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_of_results_lives_thirty_minutes(country: Country) -> None:
    url = f"/egrul/search-result/{token_of(country, one(country, 'legal').inn)}"
    country.tenant().advance(30 * MINUTE_US - 1)
    assert len(ask_json(country, "GET", url)["rows"]) == 1
    country.tenant().advance(1)
    assert errors(country, "GET", url) == (
        '{"token":["Результаты поиска устарели, повторите поиск"]}'
    )


@pytest.mark.parametrize("path", ["search-result", "vyp-request", "vyp-status", "vyp-download"])
def test_a_token_of_nobody_is_refused(country: Country, path: str) -> None:
    assert errors(country, "GET", f"/egrul/{path}/ABC").startswith('{"token":')


def test_another_tenants_token_is_nobodys(country: Country) -> None:
    country.create_tenant("other")
    token = token_of(country, one(country, "legal").inn)
    assert errors(country, "GET", f"/other/egrul/search-result/{token}").startswith('{"token":')


def test_ten_thousand_tokens_are_kept(country: Country) -> None:
    first, second, *_ = [token_of(country, "7707083893") for _ in range(10_001)]
    assert errors(country, "GET", f"/egrul/search-result/{first}").startswith('{"token":')
    assert ask_json(country, "GET", f"/egrul/search-result/{second}") == {"rows": []}


def test_same_seed_and_same_requests_give_the_same_tokens(country: Country) -> None:
    number = one(country, "legal").inn
    ours = [token_of(country, number) for _ in range(2)]
    again = new_country()
    assert [token_of(again, number) for _ in range(2)] == ours
    assert ours[0] != ours[1]


def test_an_added_organization_that_is_taken_away_is_no_longer_shown(country: Country) -> None:
    numbers = {"inn": identifiers.legal_inn("990112345"), "ogrn": identifiers.ogrn("126990000001")}
    records = country.tenant().records
    added = records.add_organization(one(country, "legal").index, numbers)
    token = token_of(country, added.full_name)
    url = f"/egrul/search-result/{token}"
    assert [row["o"] for row in ask_json(country, "GET", url)["rows"]] == [added.ogrn]
    records.restore()
    assert errors(country, "GET", url).startswith('{"token":')


# --- extracts -------------------------------------------------------------------------------------


def test_an_extract_is_ready_two_seconds_after_it_was_asked_for(country: Country) -> None:
    record = one(country, "legal")
    token = rows(country, record.inn)[0]["t"]
    status, file = f"/egrul/vyp-status/{token}", f"/egrul/vyp-download/{token}"
    assert ask_json(country, "GET", status) == {"status": "wait"}
    asked = ask_json(country, "GET", f"/egrul/vyp-request/{token}")
    assert asked == {"t": token, "captchaRequired": False}
    country.tenant().advance(2 * SECOND_US - 1)
    ask_json(country, "GET", f"/egrul/vyp-request/{token}")  # once more changes nothing
    assert ask_json(country, "GET", status) == {"status": "wait"}
    assert errors(country, "GET", file) == '{"token":["Выписка ещё не готова"]}'
    country.tenant().advance(1)
    assert ask_json(country, "GET", status) == {"status": "ready"}
    answer = ask(country, "GET", file)
    assert (answer.status, answer.media_type) == (200, "application/pdf")
    assert answer.header("Content-Disposition") == f'attachment; filename="ul-{record.ogrn}.pdf"'
    assert answer.body.startswith(b"%PDF-1.4\n")
    assert record.full_name.encode("cp1251").hex().encode() in answer.body


def test_a_row_can_be_asked_for_until_its_token_is_too_old(country: Country) -> None:
    token = rows(country, one(country, "legal").inn)[0]["t"]
    country.tenant().advance(30 * MINUTE_US)
    assert errors(country, "GET", f"/egrul/vyp-request/{token}").startswith('{"token":')


# --- faults ---------------------------------------------------------------------------------------


def test_a_captcha_is_asked_for_instead_of_a_token(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "captcha", times=1)
    asked = ask_json(country, "POST", "/egrul/", f"query={record.inn}")
    assert asked == {"t": "", "captchaRequired": True}
    assert [row["i"] for row in rows(country, record.inn)] == [record.inn]


def test_a_captcha_may_stand_before_an_extract(country: Country) -> None:
    token = rows(country, one(country, "legal").inn)[0]["t"]
    plan(country, "egrul", "captcha")
    asked = ask_json(country, "GET", f"/egrul/vyp-request/{token}")
    assert asked == {"t": "", "captchaRequired": True}
    country.tenant().advance(2 * SECOND_US)
    assert ask_json(country, "GET", f"/egrul/vyp-status/{token}") == {"status": "wait"}


def test_an_existing_organization_may_not_be_found(country: Country) -> None:
    plan(country, "egrul", "false_refusal", times=1)
    record = one(country, "legal")
    assert [len(rows(country, record.inn)) for _ in range(2)] == [0, 1]


def test_stale_results_show_the_record_before_its_last_change(country: Country) -> None:
    record = one(country, "legal")
    change(country, record, short_name="НОВОЕ")
    plan(country, "egrul", "stale", times=1)
    shown = [rows(country, record.inn)[0]["c"] for _ in range(2)]
    assert shown == [record.short_name, "НОВОЕ"]
