"""ЕСИА: sign-in by a QR code, confirmed once in the application, soon expired (AUTH-08)."""

import json
import re
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.esia.service import service
from signatures import jws
from tests.mocks.asking import ask, ask_json
from tests.mocks.esia_system import KULAGIN, KULAGIN_OID, SECOND_US, SMIRNOVA, System, redirected

TTL_S = 120
NOW_S = 1_770_015_600


@pytest.fixture
def system() -> System:
    return System(Country([service], seed=1))


def shown_code(system: System, **changes: str) -> tuple[str, str]:
    """The page of a new code, and its id."""
    login = str(system.begin(None, **changes).header("Location"))
    answer = ask(system.country, "POST", f"{login}/qr")
    page = str(answer.header("Location"))
    assert (answer.status, page.startswith(f"{login}/qr/")) == (302, True)
    return page, page.rpartition("/")[2]


def confirm(system: System, code: str, snils: str = SMIRNOVA) -> Answer:
    return ask(system.country, "POST", f"/esia/app/qr/{code}/confirm", {"snils": snils})


def state(system: System, code: str) -> Any:
    return ask_json(system.country, "GET", f"/esia/qr/{code}")["state"]


def page_of(system: System, path: str) -> str:
    answer = ask(system.country, "GET", path)
    assert answer.status == 200, answer
    return answer.body.decode()


def problem(answer: Answer) -> tuple[int, str]:
    return answer.status, str(json.loads(answer.body)["error"])


def test_confirmed_code_lets_the_browser_in(system: System) -> None:
    page, code = shown_code(system)
    assert code in page_of(system, page)
    assert re.search(r'http-equiv="refresh" content="\d+"', page_of(system, page))
    assert state(system, code) == "waiting"
    assert json.loads(confirm(system, code).body) == {
        "qr_id": code,
        "state": "confirmed",
        "expires_at": "2026-02-02T10:02:00.000+03:00",
    }
    assert state(system, code) == "confirmed"
    answer = ask(system.country, "GET", page)
    login = page.partition("/qr/")[0]
    assert (answer.status, answer.header("Location")) == (302, login)
    assert "Предоставить доступ?" in page_of(system, login)
    told = redirected(ask(system.country, "POST", login, b"consent=yes"))
    claims = jws.unverified_claims(json.loads(system.exchange(told["code"]).body)["id_token"])
    assert (claims["amr"], claims["sub"]) == ("QR", 1_000_000_006)
    cookie = str(answer.header("Set-Cookie")).partition(";")[0]
    assert "code" in redirected(system.begin(None, cookie))


def test_confirmed_code_asks_for_a_role(system: System) -> None:
    page, code = shown_code(system)
    confirm(system, code, KULAGIN)
    login = str(ask(system.country, "GET", page).header("Location"))
    assert "Как войти?" in page_of(system, login)
    told = redirected(ask(system.country, "POST", login, b"role=person&consent=yes"))
    claims = jws.unverified_claims(json.loads(system.exchange(told["code"]).body)["id_token"])
    assert claims["sub"] == KULAGIN_OID


def test_code_works_once(system: System) -> None:
    page, code = shown_code(system)
    confirm(system, code)
    assert problem(confirm(system, code)) == (409, "already-answered")
    assert ask(system.country, "GET", page).status == 302
    assert state(system, code) == "used"
    assert "Код уже использован." in page_of(system, page)
    assert problem(confirm(system, code)) == (409, "already-answered")


def test_code_can_be_confirmed_to_the_end_of_its_time(system: System) -> None:
    (_, early), (late_page, late) = shown_code(system), shown_code(system)
    tenant = system.country.tenant()
    tenant.advance(TTL_S * SECOND_US - 1)
    assert confirm(system, early).status == 200
    tenant.advance(1)
    assert problem(confirm(system, late)) == (410, "expired")
    assert state(system, late) == "expired"
    assert "Срок кода истёк." in page_of(system, late_page)


def test_confirmation_that_comes_in_time_must_be_used_in_time(system: System) -> None:
    page, code = shown_code(system)
    confirm(system, code)
    system.country.tenant().advance(TTL_S * SECOND_US)
    assert state(system, code) == "expired"
    assert "Срок кода истёк." in page_of(system, page)


def test_declined_code_is_told_and_cannot_be_confirmed(system: System) -> None:
    page, code = shown_code(system)
    answer = ask(system.country, "POST", f"/esia/app/qr/{code}/decline")
    assert json.loads(answer.body)["state"] == "declined"
    assert "Вход отклонён в приложении." in page_of(system, page)
    assert problem(confirm(system, code)) == (409, "already-answered")


def test_code_is_of_the_login_it_was_made_for(system: System) -> None:
    page, code = shown_code(system)
    other = str(system.begin().header("Location"))
    confirm(system, code)
    assert ask(system.country, "GET", f"{other}/qr/{code}").status == 410
    assert ask(system.country, "GET", page).status == 302


@pytest.mark.parametrize(
    ("snils", "expected"),
    [
        ("72559357433", (422, "bad-snils")),
        ("", (422, "bad-snils")),
        ("00100199800", (404, "no-such-person")),
        ("0" * 21, (422, "invalid")),
    ],
)
def test_application_of_nobody_is_refused(
    system: System, snils: str, expected: tuple[int, str]
) -> None:
    _, code = shown_code(system)
    assert problem(confirm(system, code, snils)) == expected
    assert state(system, code) == "waiting"


def test_there_is_no_code_for_a_login_that_is_not(system: System) -> None:
    assert ask(system.country, "POST", "/esia/login/x/qr").status == 410
    assert problem(ask(system.country, "GET", "/esia/qr/x")) == (404, "no-such-code")
    assert problem(confirm(system, "x")) == (404, "no-such-code")


def test_foreign_organization_sends_back_after_the_confirmation(system: System) -> None:
    page, code = shown_code(system, scope="openid org_inn?org_oid=1200000002")
    confirm(system, code)
    told = redirected(ask(system.country, "GET", page))
    assert told["error_description"].startswith("ESIA-007194")
    login = page.partition("/qr/")[0]
    for path in (page, login):  # it is over
        assert ask(system.country, "GET", path).status == 410
