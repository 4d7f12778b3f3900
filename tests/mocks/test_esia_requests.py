"""ЕСИА: requests for a code, who may make them, and where people are led back to."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mocks.core.country import Country
from mocks.esia.errors import ERRORS
from mocks.esia.service import service
from mocks.pki.authorities import Authorities
from tests.mocks.agencies import plan
from tests.mocks.asking import ask
from tests.mocks.documented import page
from tests.mocks.esia_system import (
    CALLBACK,
    KULAGIN,
    KULAGIN_OID,
    SEVERPROM_OGRN,
    SEVERPROM_OID,
    SMIRNOVA,
    SMIRNOVA_OID,
    System,
    declined,
    redirected,
)

VERSIONS = pytest.mark.parametrize("version", [1, 2])


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def is_let_in(system: System, **changes: str) -> bool:
    location = str(system.begin(None, **changes).header("Location"))
    return location.startswith("/esia/login/")


# --- requests


@VERSIONS
def test_request_leads_to_the_page_of_a_login_of_its_own(country: Country, version: int) -> None:
    system = System(country, version)
    first, second = (system.begin() for _ in range(2))
    assert [first.status, second.status] == [302, 302]
    assert first.header("Location") != second.header("Location")
    assert first.header("Cache-Control") == "no-store"


def test_request_may_be_posted(country: Country) -> None:
    body = urlencode(System(country).request())
    answer = ask(country, "POST", "/esia/aas/oauth2/ac", body)
    assert (answer.status, str(answer.header("Location"))[:12]) == (302, "/esia/login/")


@VERSIONS
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"response_type": "token"}, ("unsupported_response_type", "ESIA-007009")),
        ({"access_type": "always"}, ("invalid_request", "ESIA-007003")),
        ({"scope": ""}, ("invalid_scope", "ESIA-007013")),
        ({"scope": "openid everything"}, ("invalid_scope", "ESIA-007006")),
        ({"scope": "openid  fullname"}, ("invalid_scope", "ESIA-007006")),
        ({"scope": "openid org_inn?oid=1"}, ("invalid_scope", "ESIA-007006")),
        ({"scope": "openid fullname?org_oid=1"}, ("invalid_scope", "ESIA-007006")),
        ({"scope": "http://esia.example.test/fullname"}, ("invalid_scope", "ESIA-007006")),
        ({"scope": " ".join(["fullname"] * 61)}, ("invalid_scope", "ESIA-007006")),
        ({"scope_org": "fullname"}, ("invalid_scope", "ESIA-007006")),
        ({"state": "x" * 2_049}, None),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_wrong_request_is_sent_back_with_its_error(
    country: Country, version: int, changes: dict[str, str], expected: tuple[str, str] | None
) -> None:
    answer = System(country, version).begin(None, **changes)
    if expected is None:  # nobody knows where to, before parameters can be read
        assert answer.status == 400
        assert "ESIA-007003" in answer.body.decode()
        return
    assert declined(answer) == expected
    assert redirected(answer)["state"] == "a-state"


@VERSIONS
@pytest.mark.parametrize("name", ["response_type", "state", "timestamp", "client_secret"])
def test_missing_parameter_is_named(country: Country, version: int, name: str) -> None:
    answer = System(country, version).begin({name: None})
    assert declined(answer) == ("invalid_request", "ESIA-007014")
    assert redirected(answer)["error_description"].endswith(f": {name}")
    assert ("state" in redirected(answer)) is (name != "state")


def test_sixty_areas_may_be_asked_for(country: Country) -> None:
    assert is_let_in(System(country), scope=" ".join(["fullname"] * 60))


@VERSIONS
@pytest.mark.parametrize(
    ("altered", "code"),
    [
        ({"client_id": "NOBODY"}, "ESIA-007005"),
        ({"client_id": None}, "ESIA-007014"),
        ({"redirect_uri": None}, "ESIA-007014"),
        ({"redirect_uri": "https://evil.test/callback"}, "ESIA-007023"),
        ({"redirect_uri": "http://127.0.0.1.evil.test/"}, "ESIA-007023"),
        ({"redirect_uri": "http://127.0.0.1@evil.test/"}, "ESIA-007023"),
        ({"redirect_uri": "http://127.0.0.1:80@evil.test/"}, "ESIA-007023"),
        ({"redirect_uri": "http://127.0.0.1\\@evil.test/"}, "ESIA-007023"),
        ({"redirect_uri": "https://127.0.0.1:5000/callback"}, "ESIA-007023"),
        ({"redirect_uri": "http://127.0.0.1:5000/callback#x"}, "ESIA-007023"),
        ({"redirect_uri": "http://127.0.0.1:5000/a\r\nSet-Cookie: a=b"}, "ESIA-007023"),
        ({"redirect_uri": "javascript:alert(1)"}, "ESIA-007023"),
    ],
)
def test_nobody_is_led_to_an_address_that_is_not_registered(
    country: Country, version: int, altered: dict[str, str | None], code: str
) -> None:
    answer = System(country, version).begin(altered)
    assert (answer.status, answer.media_type) == (400, "text/html; charset=utf-8")
    assert answer.header("Location") is None
    assert code in answer.body.decode()


@pytest.mark.parametrize("name", ["client_id", "scope", "state", "redirect_uri"])
def test_parameter_that_is_there_twice_is_refused(country: Country, name: str) -> None:
    given = System(country).request()
    query = f"{urlencode(given)}&{urlencode({name: given[name]})}"
    answer = ask(country, "GET", f"/esia/aas/oauth2/ac?{query}")
    assert answer.status == 400
    assert "ESIA-007003: " in answer.body.decode()
    assert f"{name} указан дважды" in answer.body.decode()


def test_query_that_is_no_text_is_refused(country: Country) -> None:
    answer = ask(country, "GET", "/esia/aas/oauth2/ac?client_id=%FF")
    assert (answer.status, "ESIA-007038" in answer.body.decode()) == (400, True)


def test_page_has_the_table_of_errors_of_the_code() -> None:
    rows = re.findall(r"^\| `ESIA-(\d+)` \| `(\w+)` \|", page("esia"), re.MULTILINE)
    assert rows == [(code, error.oauth) for code, error in ERRORS.items()]


# --- what a system has registered


def shop(country: Country, version: int = 1, **card: Any) -> System:
    """A system of its own with that card."""
    authorities = country.tenant().state(Authorities)
    system = System(country, version, "SHOP", identity=authorities.identity("SHOP"))
    system.register(**card)
    return system


@pytest.mark.parametrize(
    ("registered", "asked", "leads"),
    [
        ("https://shop.test/esia", "https://shop.test/esia", True),
        ("https://shop.test/esia", "https://shop.test/esia/", False),
        ("https://shop.test/esia", "https://shop.test/esia?x=1", False),
        ("https://shop.test/esia", "https://SHOP.test/esia", False),
        ("https://shop.test/esia", "https://shop.test:8443/esia", False),
        ("http://127.0.0.1:1/esia", "http://127.0.0.1:65535/esia", True),
        ("http://127.0.0.1/esia", "http://127.0.0.1:5000/esia", True),
        ("http://[::1]/esia", "http://[::1]:5000/esia", True),
        ("http://127.0.0.1:1/esia", "http://localhost:1/esia", False),
        ("http://127.0.0.1:1/esia", "http://127.0.0.1:1/other", False),
    ],
)
def test_address_of_return_is_compared_exactly_but_for_the_port_of_loopback(
    country: Country, registered: str, asked: str, leads: bool
) -> None:
    system = shop(country, redirect_uris=[registered])
    answer = system.begin(redirect_uri=asked)
    assert (answer.status, "ESIA-007023" in answer.body.decode()) == (
        (302, False) if leads else (400, True)
    )


@VERSIONS
def test_area_that_a_system_may_not_ask_for_is_refused(country: Country, version: int) -> None:
    system = shop(country, version, scopes=["openid", "fullname"])
    denied = ("access_denied", "ESIA-007019")
    assert declined(system.begin(scope="openid fullname snils")) == denied
    assert declined(system.begin(scope="openid", scope_org="org_inn")) == denied
    assert is_let_in(system, scope="openid fullname")


def test_login_unavailable_sends_back_at_once(country: Country) -> None:
    plan(country, "esia", "login_unavailable", times=1)
    system = System(country)
    assert declined(system.begin()) == ("temporarily_unavailable", "ESIA-007008")
    assert is_let_in(system)


def test_altered_state_comes_back_from_both_ends(country: Country) -> None:
    system = System(country)
    plan(country, "esia", "altered_state", times=2)
    told = redirected(system.begin({"poligon_login": KULAGIN}))
    assert told["state"] not in ("", "a-state")
    answered = json.loads(system.exchange(told["code"]).body)
    assert answered["state"] not in ("", "te-state")


# --- sign-in without a page


@VERSIONS
def test_code_comes_at_once_for_who_is_named_in_the_address(country: Country, version: int) -> None:
    answer = System(country, version).begin({"poligon_login": "725-593-574 32"})
    assert list(redirected(answer)) == ["code", "state"]
    assert redirected(answer)["state"] == "a-state"
    assert str(answer.header("Location")).startswith(f"{CALLBACK}?code=")


def test_address_of_return_keeps_its_query(country: Country) -> None:
    back = f"{CALLBACK}?from=esia&x=1"
    answer = System(country).begin({"poligon_login": KULAGIN}, redirect_uri=back)
    query = parse_qs(urlsplit(str(answer.header("Location"))).query)
    assert list(query) == ["from", "x", "code", "state"]


@pytest.mark.parametrize(
    "unasked",
    [
        {"poligon_login": "00000000000"},
        {"poligon_login": ""},
        {"poligon_login": KULAGIN, "poligon_role": "7715970401"},
        {"poligon_login": SMIRNOVA, "poligon_role": SEVERPROM_OGRN},
    ],
)
def test_who_or_what_there_is_not_is_denied(country: Country, unasked: dict[str, str]) -> None:
    answer = System(country).begin(unasked)
    assert declined(answer) == ("access_denied", "ESIA-007004")


@pytest.mark.parametrize(
    ("scope", "login", "expected"),
    [
        (f"fullname?oid={KULAGIN_OID}", KULAGIN, None),
        (f"fullname?oid={SMIRNOVA_OID}", KULAGIN, ("access_denied", "ESIA-007019")),
        (f"org_inn?org_oid={SEVERPROM_OID}", KULAGIN, None),
        (f"org_inn?org_oid={SEVERPROM_OID}", SMIRNOVA, ("access_denied", "ESIA-007194")),
        ("org_inn?org_oid=1", KULAGIN, ("access_denied", "ESIA-007194")),
    ],
)
def test_only_ones_own_data_can_be_granted(
    country: Country, scope: str, login: str, expected: tuple[str, str] | None
) -> None:
    answer = System(country).begin({"poligon_login": login}, scope=f"openid {scope}")
    if expected is None:
        assert "code" in redirected(answer)
    else:
        assert declined(answer) == expected


@pytest.mark.parametrize(
    ("oid", "expected"), [(SEVERPROM_OID, None), (1, ("access_denied", "ESIA-007194"))]
)
def test_organization_named_in_scope_org_is_that_one_whatever_the_role(
    country: Country, oid: int, expected: tuple[str, str] | None
) -> None:
    system = System(country, 2)
    answer = system.begin({"poligon_login": KULAGIN}, scope_org=f"org_inn?org_oid={oid}")
    if expected is None:
        assert "code" in redirected(answer)
    else:
        assert declined(answer) == expected
