"""ЕСИА: registration of systems, and the one that every tenant has."""

import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.esia import clients
from mocks.esia.service import service
from mocks.pki.authorities import Authorities
from tests.mocks.agencies import DAY_US
from tests.mocks.asking import ask, ask_json
from tests.mocks.esia_system import CALLBACK, System, pem
from world.certificate_profiles import LIFETIME_DAYS

SHOP = "/esia/v1/clients/SHOP"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def card(country: Country, **changes: Any) -> dict[str, Any]:
    own = country.tenant().state(Authorities).identity("SHOP", "ecc")
    return {"name": "Магазин", "certificates": [pem(own)], "redirect_uris": [CALLBACK], **changes}


def problem(answer: Answer) -> tuple[int, str, str | None]:
    told = json.loads(answer.body)
    return answer.status, told["error"], told.get("field")


def test_card_shows_what_was_registered_and_the_hash_of_certificates(country: Country) -> None:
    first = ask(country, "PUT", SHOP, card(country, scopes=["snils", "openid"]))
    told = json.loads(first.body)
    own = System(country, 2, "SHOP", "ecc").request()["client_certificate_hash"]
    assert (first.status, told) == (
        201,
        {
            "mnemonic": "SHOP",
            "name": "Магазин",
            "redirect_uris": [CALLBACK],
            "loopback": False,
            "scopes": ["openid", "snils"],
            "algorithm": "rsa",
            "expires_in": "number",
            "sub": "number",
            "certificates": [
                {
                    "subject": "SHOP",
                    "algorithm": "ecc",
                    "valid_until": told["certificates"][0]["valid_until"],
                    "client_certificate_hash": own,
                }
            ],
        },
    )
    assert ask_json(country, "GET", SHOP) == told


def test_new_card_replaces_the_old_one(country: Country) -> None:
    ask_json(country, "PUT", SHOP, card(country))
    system = System(country, 2, "SHOP", "ecc")
    assert system.begin().status == 302
    again = ask(country, "PUT", SHOP, card(country, redirect_uris=["https://shop.test/"]))
    assert again.status == 200
    assert system.begin().status == 400
    other = country.tenant().state(Authorities).identity("OTHER", "ecc")
    changed = card(country, certificates=[pem(other)])
    assert ask(country, "PUT", SHOP, changed).status == 200
    assert "ESIA-007053" in str(system.begin().header("Location"))


def test_loopback_is_any_address_of_this_machine_and_only_if_asked_for(country: Country) -> None:
    system = System(country, 2, "SHOP", "ecc")
    for loopback, status in ((False, 400), (True, 302)):
        ask_json(country, "PUT", SHOP, card(country, redirect_uris=[], loopback=loopback))
        assert system.begin().status == status


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, (422, "invalid", "name")),
        ({"certificates": []}, (422, "invalid", "certificates")),
        ({"certificates": ["x"]}, (422, "bad-certificate", "certificates.0")),
        ({"redirect_uris": ["/callback"]}, (422, "invalid", "redirect_uris.0")),
        ({"redirect_uris": ["javascript:alert(1)"]}, (422, "invalid", "redirect_uris.0")),
        ({"redirect_uris": ["https://shop.test/#x"]}, (422, "invalid", "redirect_uris.0")),
        ({"redirect_uris": ["https://магазин.test/"]}, (422, "invalid", "redirect_uris.0")),
        ({"redirect_uris": ["https://[::1/"]}, (422, "invalid", "redirect_uris.0")),
        ({"redirect_uris": [CALLBACK] * 33}, (422, "invalid", "redirect_uris")),
        ({"scopes": ["everything"]}, (422, "invalid", "scopes.0")),
        ({"algorithm": "dsa"}, (422, "invalid", "algorithm")),
        ({"expires_in": 1}, (422, "invalid", "expires_in")),
        ({"sub": "name"}, (422, "invalid", "sub")),
        ({"secret": "x"}, (422, "invalid", "secret")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_wrong_card_is_refused_by_field(
    country: Country, changes: dict[str, Any], expected: tuple[int, str, str | None]
) -> None:
    assert problem(ask(country, "PUT", SHOP, card(country, **changes))) == expected
    assert problem(ask(country, "GET", SHOP)) == (404, "no-such-client", None)


@pytest.mark.parametrize(
    ("mnemonic", "known"), [("A" * 64, True), ("A" * 65, False), ("SHOP 1", False), ("МАГ", False)]
)
def test_mnemonic_is_of_latin_letters_and_digits(
    country: Country, mnemonic: str, known: bool
) -> None:
    answer = ask(country, "PUT", f"/esia/v1/clients/{mnemonic}", card(country))
    assert answer.status == (201 if known else 422)


def test_further_system_than_a_tenant_may_have_is_refused(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "MOST_CLIENTS", 2)
    ask_json(country, "PUT", SHOP, card(country))
    assert problem(ask(country, "PUT", f"{SHOP}2", card(country))) == (507, "too-many", None)
    assert ask(country, "PUT", SHOP, card(country)).status == 200


def test_preset_system_is_there_and_stays_as_it_is(country: Country) -> None:
    told = ask_json(country, "GET", "/esia/v1/clients/POLIGON")
    assert (told["loopback"], told["redirect_uris"]) == (True, [])
    assert len(told["scopes"]) == len(clients.ALL_SCOPES)
    assert {each["algorithm"] for each in told["certificates"]} >= {"rsa", "ecc"}
    answer = ask(country, "PUT", "/esia/v1/clients/POLIGON", card(country))
    assert problem(answer) == (409, "preset", None)


def test_preset_system_goes_on_with_the_certificate_that_authorities_renew(
    country: Country,
) -> None:
    old = System(country, 2)
    assert old.begin().status == 302
    country.tenant().advance(LIFETIME_DAYS * DAY_US)
    new = System(country, 2)
    assert new.own.certificate.dump() != old.own.certificate.dump()
    assert "/login/" in str(new.begin().header("Location"))
    location = str(old.begin().header("Location"))
    assert "ESIA-007053" in location  # expired, and told so


def test_systems_of_tenants_are_apart(country: Country) -> None:
    country.create_tenant("qa")
    ask_json(country, "PUT", SHOP, card(country))
    assert ask(country, "GET", f"/qa{SHOP}").status == 404
