"""ЕСИА: the pages a person goes through, sessions of the browser, sign-out."""

import html
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.esia.logins import LOGIN_S
from mocks.esia.service import service
from mocks.esia.sessions import SESSION_S
from mocks.pki.authorities import Authorities
from signatures import jws
from tests.mocks.asking import ask
from tests.mocks.esia_system import (
    CALLBACK,
    KULAGIN,
    KULAGIN_OID,
    SECOND_US,
    SEVERPROM_OGRN,
    SEVERPROM_OID,
    SMIRNOVA,
    SMIRNOVA_OID,
    TRIUMFINVEST_OGRN,
    System,
    declined,
    redirected,
)

PASSWORD = "poligon"
NOW_S = 1_770_015_600


@pytest.fixture
def system() -> System:
    return System(Country([service], seed=1))


def heading(page: Answer) -> str:
    (found,) = re.findall(r"<h1>(.*?)</h1>", page.body.decode())
    return html.unescape(found)


def alarm(page: Answer) -> str:
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', page.body.decode())
    return "" if found is None else html.unescape(found[1])


def place(answer: Answer) -> str:
    """Where a redirect leads to, which must be a page of ЕСИА."""
    location = str(answer.header("Location"))
    assert (answer.status, location[:12]) == (302, "/esia/login/"), answer
    return location


def cookie_of(answer: Answer) -> str:
    return str(answer.header("Set-Cookie")).partition(";")[0]


def show(system: System, path: str) -> Answer:
    return ask(system.country, "GET", path)


def submit(system: System, path: str, **fields: str) -> Answer:
    return ask(system.country, "POST", path, urlencode(fields))


def signed_in(system: System, login: str = KULAGIN, **changes: str) -> tuple[str, Answer]:
    """A login after its password, and the answer to that."""
    path = place(system.begin(None, **changes))
    return path, submit(system, path, login=login, password=PASSWORD)


# --- step by step


def test_person_goes_through_password_role_and_consent_back_to_the_system(system: System) -> None:
    path = place(system.begin())
    assert heading(show(system, path)) == "Вход"
    assert place(submit(system, path, login="+7 969 624-47-27", password=PASSWORD)) == path
    page = show(system, path)
    assert heading(page) == "Как войти?"
    names = re.findall(r"<b>(.*?)</b>", page.body.decode())
    assert [html.unescape(name) for name in names] == [
        "Как частное лицо",
        'ООО "СЕВЕРПРОМ"',
        'ООО "КЕДРКОНСАЛТ"',
        'АО "ТРИУМФИНВЕСТ"',
        'ООО "ВОЛГАФИНАНС"',
    ]
    assert place(submit(system, path, role=SEVERPROM_OGRN)) == path
    page = show(system, path)
    assert heading(page) == "Предоставить доступ?"
    assert re.findall(r"<li>(.*?)</li>", page.body.decode()) == [
        "Проведение входа в систему",
        "Просмотр фамилии, имени и отчества",
        "Просмотр СНИЛС",
    ]
    told = redirected(submit(system, path, consent="yes"))
    assert sorted(told) == ["code", "state"]
    claims = jws.unverified_claims(markers_of(system, told["code"])["access_token"])
    assert (claims["urn:esia:sbj_id"], claims["urn:esia:org:oid"]) == (KULAGIN_OID, SEVERPROM_OID)


def markers_of(system: System, code: str) -> Any:
    return json.loads(system.exchange(code).body)


@pytest.mark.parametrize("role", ["person", SEVERPROM_OGRN, TRIUMFINVEST_OGRN])
def test_all_fields_in_one_form_lead_back_at_once(system: System, role: str) -> None:
    path = place(system.begin())
    whole = {"login": KULAGIN, "password": PASSWORD, "role": role, "consent": "yes"}
    assert "code" in redirected(submit(system, path, **whole))


def test_who_has_no_organization_is_not_asked_for_a_role(system: System) -> None:
    path, answer = signed_in(system, SMIRNOVA)
    assert place(answer) == path
    assert heading(show(system, path)) == "Предоставить доступ?"


@pytest.mark.parametrize(
    "login",
    [
        "72559357432",
        "725-593-574 32",
        "+79696244727",
        "89696244727",
        "8 (969) 624-47-27",
        "kasian.kulagin.2@post.test",
        " Kasian.Kulagin.2@POST.test ",
    ],
)
def test_person_is_known_by_number_phone_and_mail(system: System, login: str) -> None:
    path, answer = signed_in(system, login)
    assert place(answer) == path
    assert "Кулагин Касьян Артёмович" in show(system, path).body.decode()


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (KULAGIN, "Poligon"),
        (KULAGIN, ""),
        ("72559357433", PASSWORD),
        ("", PASSWORD),
        ("kasian.kulagin.3@post.test", PASSWORD),
        ("kasian.kulagin.999999999@post.test", PASSWORD),
        ("@", PASSWORD),
        ("+7969624472", PASSWORD),
        ("\x00", PASSWORD),
        ("x" * 2_048, PASSWORD),
    ],
)
def test_wrong_login_or_password_is_told_in_one_way(
    system: System, login: str, password: str
) -> None:
    path = place(system.begin())
    answer = submit(system, path, login=login, password=password)
    assert (answer.status, alarm(answer)) == (422, "Неверный логин или пароль")
    assert answer.header("Set-Cookie") is None
    assert place(submit(system, path, login=KULAGIN, password=PASSWORD)) == path


@pytest.mark.parametrize("field", [{"role": "person"}, {"consent": "yes"}, {}])
def test_nothing_goes_on_before_the_password(system: System, field: dict[str, str]) -> None:
    path = place(system.begin())
    assert submit(system, path, **field).status == 422
    assert heading(show(system, path)) == "Вход"


def test_role_of_somebody_else_is_refused(system: System) -> None:
    path, _ = signed_in(system)
    liquidated = system.country.world.organization(6).ogrn
    for role in ("7715970401", "", liquidated):
        answer = submit(system, path, role=role)
        assert (answer.status, heading(answer)) == (422, "Как войти?")
        assert alarm(answer) == "Такой роли у вас нет, выберите из списка"
    assert place(submit(system, path, role=SEVERPROM_OGRN)) == path


def test_consent_is_not_given_before_the_role(system: System) -> None:
    """Otherwise it would be to areas of an organization that nobody has seen."""
    path, _ = signed_in(system)
    assert place(submit(system, path, consent="yes")) == path
    assert heading(show(system, path)) == "Как войти?"
    submit(system, path, role="person")
    assert heading(show(system, path)) == "Предоставить доступ?"


def test_who_refuses_leads_the_system_to_an_error(system: System) -> None:
    path, _ = signed_in(system, SMIRNOVA)
    answer = submit(system, path, consent="no")
    assert declined(answer) == ("access_denied", "ESIA-007004")
    assert redirected(answer)["state"] == "a-state"
    assert show(system, path).status == 410


def test_consent_is_asked_once_and_then_only_about_what_is_new(system: System) -> None:
    path, _ = signed_in(system, SMIRNOVA, scope="openid fullname")
    redirected(submit(system, path, consent="yes"))
    _, answer = signed_in(system, SMIRNOVA, scope="openid")
    assert "code" in redirected(answer)
    path, answer = signed_in(system, SMIRNOVA, scope="openid fullname snils")
    page = show(system, place(answer))
    assert re.findall(r"<li>(.*?)</li>", page.body.decode()) == ["Просмотр СНИЛС"]


def test_consent_to_one_system_is_none_to_another(system: System) -> None:
    path, _ = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    own = system.country.tenant().state(Authorities).identity("SHOP")
    shop = System(system.country, 1, "SHOP", identity=own)
    shop.register()
    path, answer = signed_in(shop, SMIRNOVA)
    assert place(answer) == path


def test_areas_of_the_chosen_organization_are_consented_to_by_name(system: System) -> None:
    second = System(system.country, 2)
    path, _ = signed_in(second, scope="openid", scope_org="org_inn org_emps")
    submit(second, path, role=SEVERPROM_OGRN)
    page = show(second, path).body.decode()
    assert "ООО &#34;СЕВЕРПРОМ&#34;" in page
    assert re.findall(r"<li>(.*?)</li>", page) == [
        "Проведение входа в систему",
        "Просмотр ИНН организации",
        "Просмотр списка сотрудников организации",
    ]


def test_foreign_organization_sends_back_right_after_the_password(system: System) -> None:
    scope = f"openid org_inn?org_oid={SEVERPROM_OID}"
    _, answer = signed_in(system, SMIRNOVA, scope=scope)
    assert declined(answer) == ("access_denied", "ESIA-007194")


def test_page_of_who_has_left_the_organization_meanwhile_sends_back(system: System) -> None:
    path, _ = signed_in(system, scope=f"openid org_inn?org_oid={SEVERPROM_OID}")
    submit(system, path, role="person")
    assert heading(show(system, path)) == "Предоставить доступ?"
    organization, head = SEVERPROM_OID - 1_200_000_000, SMIRNOVA_OID - 1_000_000_000
    records = system.country.tenant().records
    records.change_organization(organization, {"head": {"person": head}}, 0)
    assert declined(show(system, path)) == ("access_denied", "ESIA-007194")
    assert show(system, path).status == 410


def test_login_is_over_in_time_and_after_its_end(system: System) -> None:
    path, _ = signed_in(system, SMIRNOVA)
    tenant = system.country.tenant()
    tenant.advance(LOGIN_S * SECOND_US - 1)
    assert show(system, path).status == 200
    tenant.advance(1)
    for answer in (show(system, path), submit(system, path, consent="yes")):
        assert (answer.status, heading(answer)) == (410, "Ошибка входа")
    path, _ = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    assert submit(system, path, consent="yes").status == 410
    assert show(system, "/esia/login/no-such").status == 410


def test_form_that_cannot_be_read_is_told(system: System) -> None:
    path = place(system.begin())
    answer = ask(system.country, "POST", path, b"login=1&login=2")
    assert (answer.status, "ESIA-007003" in alarm(answer)) == (400, True)


# --- pages


def test_pages_show_what_others_say_as_text_and_run_nothing(system: System) -> None:
    evil = '<script>alert("1")</script>'
    own = system.country.tenant().state(Authorities).identity("SHOP")
    shop = System(system.country, 1, "SHOP", identity=own)
    shop.register(name=evil)
    path = place(shop.begin())
    wrong = submit(shop, path, login=evil, password="x")
    submit(shop, path, login=KULAGIN, password=PASSWORD)
    role = show(shop, path)
    submit(shop, path, role="person")
    consent = show(shop, path)
    unknown = shop.begin({"client_id": evil})
    for page in (wrong, role, consent, unknown):
        text = page.body.decode()
        assert "<script" not in text
        assert html.escape(evil, quote=False) in text.replace("&#34;", '"')
        assert page.media_type == "text/html; charset=utf-8"
        policy = str(page.header("Content-Security-Policy"))
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors")


def test_pages_can_be_used_without_seeing_them(system: System) -> None:
    path = place(system.begin())
    page = show(system, path).body.decode()
    assert '<html lang="ru">' in page
    for field in ("login", "password"):
        assert f'<label for="{field}">' in page
        assert f'id="{field}" name="{field}"' in page
    wrong = submit(system, path, login="x", password="x").body.decode()
    assert 'role="alert"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert 'value="x"' in wrong  # what was typed stays


def test_pages_fetch_nothing(system: System) -> None:
    path, _ = signed_in(system)
    for page in (show(system, path), show(system, place(system.begin()))):
        assert re.findall(r"""(?:src|href)=["']?([^"'> ]+)""", page.body.decode()) == []


# --- sessions


def test_session_lets_in_without_a_password_and_tells_when_it_began(system: System) -> None:
    path, answer = signed_in(system, SMIRNOVA)
    cookie = cookie_of(answer)
    whole = str(answer.header("Set-Cookie"))
    assert whole == f"{cookie}; Path=/esia; HttpOnly; SameSite=Lax"
    redirected(submit(system, path, consent="yes"))
    system.country.tenant().advance(60 * SECOND_US)
    told = redirected(system.begin(None, cookie))
    claims = jws.unverified_claims(markers_of(system, told["code"])["id_token"])
    assert (claims["iat"] - NOW_S, claims["auth_time"] - NOW_S) == (60, 0)


def test_session_asks_again_for_the_role(system: System) -> None:
    path, answer = signed_in(system)
    again = place(system.begin(None, cookie_of(answer)))
    assert again != path
    assert heading(show(system, again)) == "Как войти?"


def test_session_lasts_to_the_end_of_its_time(system: System) -> None:
    path, answer = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    cookie = f"theme=dark; {cookie_of(answer)}; lang=ru"
    tenant = system.country.tenant()
    tenant.advance(SESSION_S * SECOND_US - 1)
    assert "code" in redirected(system.begin(None, cookie))
    tenant.advance(1)
    assert heading(show(system, place(system.begin(None, cookie)))) == "Вход"


def test_form_says_who_signs_in_whoever_has_the_session(system: System) -> None:
    _, answer = signed_in(system)
    path = place(system.begin(None, cookie_of(answer)))
    submit(system, path, role=SEVERPROM_OGRN)
    wrong = submit(system, path, login=SMIRNOVA, password="x")
    assert (wrong.status, heading(show(system, path))) == (422, "Вход")
    whole = {"login": SMIRNOVA, "password": PASSWORD, "consent": "yes"}
    told = redirected(submit(system, path, **whole))
    claims = jws.unverified_claims(markers_of(system, told["code"])["access_token"])
    assert (claims["urn:esia:sbj_id"], "urn:esia:org:oid" in claims) == (1_000_000_006, False)


def test_prompt_login_and_foreign_cookies_ask_for_the_password(system: System) -> None:
    path, answer = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    asked = system.begin(None, cookie_of(answer), prompt="login")
    assert heading(show(system, place(asked))) == "Вход"
    for cookie in ("esia_session=", "esia_session=x", "session=x", ";;=", "esia_session"):
        assert heading(show(system, place(system.begin(None, cookie)))) == "Вход"


def test_session_of_another_tenant_is_none(system: System) -> None:
    system.country.create_tenant("qa")
    path, answer = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    there = System(system.country, tenant="qa")
    login = str(there.begin(None, cookie_of(answer)).header("Location"))
    assert login.startswith("/qa/esia/login/")
    assert heading(show(there, login)) == "Вход"


def test_session_of_who_is_no_more_is_none(system: System) -> None:
    records = system.country.tenant().records
    passport = {"series": "4509", "number": "000001"}
    numbers = {"inn": "500100732259", "snils": "00100199800", "phone": "+79990000001"}
    records.add_person(2, {**numbers, "email": "added@shop.test", "passport": passport})
    _, answer = signed_in(system, "added@shop.test")
    records.restore()
    assert heading(show(system, place(system.begin(None, cookie_of(answer))))) == "Вход"


# --- sign-out


def logout(system: System, cookie: str, **query: str) -> Answer:
    path = f"/esia/idp/ext/Logout?{urlencode(query)}"
    return ask(system.country, "GET", path, headers={"Cookie": cookie})


def test_signing_out_ends_the_session_and_leads_back(system: System) -> None:
    path, answer = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    cookie = cookie_of(answer)
    left = logout(system, cookie, client_id="POLIGON", redirect_url=CALLBACK)
    assert (left.status, left.header("Location")) == (302, CALLBACK)
    assert str(left.header("Set-Cookie")).startswith("esia_session=; Path=/esia;")
    assert heading(show(system, place(system.begin(None, cookie)))) == "Вход"


def test_signing_out_without_an_address_shows_a_page(system: System) -> None:
    left = logout(system, "", client_id="POLIGON")
    assert (left.status, heading(left)) == (200, "Вы вышли")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"client_id": "POLIGON", "redirect_url": "https://evil.test/"}, "ESIA-007023"),
        ({"client_id": "NOBODY", "redirect_url": CALLBACK}, "ESIA-007005"),
        ({"redirect_url": CALLBACK}, "ESIA-007014"),
    ],
)
def test_signing_out_leads_nowhere_else_and_then_ends_nothing(
    system: System, query: dict[str, str], code: str
) -> None:
    path, answer = signed_in(system, SMIRNOVA)
    redirected(submit(system, path, consent="yes"))
    cookie = cookie_of(answer)
    left = logout(system, cookie, **query)
    assert (left.status, left.header("Location"), code in alarm(left)) == (400, None, True)
    assert "code" in redirected(system.begin(None, cookie))


def test_markers_live_on_after_signing_out(system: System) -> None:
    told = system.markers(SMIRNOVA)
    logout(system, "", client_id="POLIGON")
    assert system.read("/prns/1000000006", told["access_token"]).status == 200
