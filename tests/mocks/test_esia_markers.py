"""ЕСИА: markers, what they claim, how they are signed, refreshed, refused."""

import base64
import json
from typing import Any

import pytest
from asn1crypto import pem, x509

from mocks.core.country import Country
from mocks.esia import markers
from mocks.esia.markers import ACCESS_S
from mocks.esia.service import service
from mocks.pki.authorities import Authorities
from signatures import jws
from signatures.keys import PublicKey
from signatures.refusals import SignatureRefused
from tests.mocks.agencies import plan
from tests.mocks.asking import ask
from tests.mocks.esia_system import (
    KULAGIN,
    KULAGIN_OID,
    SCOPE,
    SECOND_US,
    SEVERPROM_OGRN,
    SEVERPROM_OID,
    SMIRNOVA_OID,
    TRIUMFINVEST_OID,
    System,
    declined,
)
from tests.signatures.needs_gost import ALGORITHMS

VERSIONS = pytest.mark.parametrize("version", [1, 2])
NOW_S = 1_770_015_600  # 2 February 2026, 10:00 in Moscow
BAD_GRANT = ("invalid_grant", "ESIA-007011")
PATH = f"/prns/{KULAGIN_OID}"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def published_key(country: Country, algorithm: str = "rsa") -> PublicKey:
    text = ask(country, "GET", f"/esia/v1/keys/{algorithm}.pem").body
    return PublicKey(pem.unarmor(text)[2])


def refusal(system: System, marker: str) -> tuple[int, str]:
    answer = system.read(PATH, marker)
    return answer.status, str(json.loads(answer.body).get("code"))


# --- claims


@VERSIONS
def test_markers_claim_what_clients_read(country: Country, version: int) -> None:
    system = System(country, version)
    told = system.markers(nonce="n-1")
    assert (told["expires_in"], told["state"], told["token_type"]) == (3_600, "te-state", "Bearer")
    key = published_key(country)
    access = jws.verified_claims(told["access_token"], key)
    sid = access.pop("urn:esia:sid")
    assert access == {
        "iss": "http://esia.gosuslugi.ru/",
        "client_id": "POLIGON",
        "urn:esia:sbj_id": KULAGIN_OID,
        "scope": f"openid fullname?oid={KULAGIN_OID} snils?oid={KULAGIN_OID}",
        "nbf": NOW_S,
        "iat": NOW_S,
        "exp": NOW_S + 3_600,
    }
    assert jws.verified_claims(told["id_token"], key) == {
        "iss": "http://esia.gosuslugi.ru/",
        "aud": "POLIGON",
        "sub": KULAGIN_OID,
        "nonce": "n-1",
        "amr": "PWD",
        "urn:esia:amd": "PWD",
        "auth_time": NOW_S,
        "urn:esia:sid": sid,
        "urn:esia:sbj": {
            "urn:esia:sbj:typ": "P",
            "urn:esia:sbj:is_tru": True,
            "urn:esia:sbj:oid": KULAGIN_OID,
            "urn:esia:sbj:nam": f"OID.{KULAGIN_OID}",
        },
        "nbf": NOW_S,
        "iat": NOW_S,
        "exp": NOW_S + 10_800,
    }


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_markers_are_signed_as_the_system_has_registered(country: Country, algorithm: Any) -> None:
    own = country.tenant().state(Authorities).identity("SHOP")
    system = System(country, 2, "SHOP", identity=own)
    system.register(algorithm=algorithm)
    told = system.markers()
    header, _, _ = told["access_token"].split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {
        "ver": 1,
        "typ": "JWT",
        "sbt": "access",
        "alg": jws.ALGORITHMS[algorithm],
    }
    key = published_key(country, algorithm)
    for name in ("access_token", "id_token"):
        assert jws.verified_claims(told[name], key)["iss"] == "http://esia.gosuslugi.ru/"
    assert system.read(PATH, told["access_token"]).status == 200


def test_published_certificate_is_of_the_published_key_and_good(country: Country) -> None:
    text = ask(country, "GET", "/esia/v1/certificates/ecc.pem").body
    certificate = x509.Certificate.load(pem.unarmor(text)[2])
    spki = certificate["tbs_certificate"]["subject_public_key_info"].dump()
    assert spki == published_key(country, "ecc").spki
    country.tenant().state(Authorities).check(certificate, country.tenant().now_us)
    answer = ask(country, "GET", "/esia/v1/keys/dsa.pem")
    assert (answer.status, json.loads(answer.body)["error"]) == (404, "no-such-key")


def test_chosen_organization_is_in_markers_and_opens_what_is_asked_of_it(country: Country) -> None:
    system = System(country, 2)
    told = system.markers(
        role=SEVERPROM_OGRN, scope_org="org_inn http://esia.gosuslugi.ru/org_ogrn"
    )
    claims = jws.unverified_claims(told["access_token"])
    assert claims["urn:esia:org:oid"] == SEVERPROM_OID
    assert jws.unverified_claims(told["id_token"])["urn:esia:org:oid"] == SEVERPROM_OID
    assert claims["scope"].split(" ")[-2:] == [
        f"org_inn?org_oid={SEVERPROM_OID}",
        f"http://esia.gosuslugi.ru/org_ogrn?org_oid={SEVERPROM_OID}",
    ]


def test_private_person_has_no_organization_whatever_is_asked_of_it(country: Country) -> None:
    told = System(country, 2).markers(scope_org="org_inn")
    claims = jws.unverified_claims(told["access_token"])
    assert "urn:esia:org:oid" not in claims
    assert "org_inn" not in claims["scope"]


def test_without_openid_there_is_no_id_marker_and_online_no_refresh(country: Country) -> None:
    system = System(country)
    told = system.markers(scope="fullname", access_type="online")
    assert sorted(told) == ["access_token", "expires_in", "state", "token_type"]


@pytest.mark.parametrize(
    ("wanted", "expiry", "sub"), [("number", 3_600, KULAGIN_OID), ("text", "3600", "1000000002")]
)
def test_numbers_are_written_as_the_system_reads_them(
    country: Country, wanted: str, expiry: object, sub: object
) -> None:
    own = country.tenant().state(Authorities).identity("SHOP")
    system = System(country, 1, "SHOP", identity=own)
    system.register(expires_in=wanted, sub=wanted)
    told = system.markers()
    claims = jws.unverified_claims(told["id_token"])
    assert (told["expires_in"], claims["sub"]) == (expiry, sub)
    assert claims["urn:esia:sbj"]["urn:esia:sbj:oid"] == KULAGIN_OID


# --- refused by the REST service


def test_marker_is_good_to_the_end_of_its_time(country: Country) -> None:
    system = System(country)
    marker = system.markers()["access_token"]
    country.tenant().advance(ACCESS_S * SECOND_US - 1)
    assert system.read(PATH, marker).status == 200
    country.tenant().advance(1)
    assert refusal(system, marker) == (401, "ESIA-005013")


def test_marker_without_signature_or_with_another_algorithm_is_refused(country: Country) -> None:
    system = System(country)
    marker = system.markers()["access_token"]
    _, claims, signature = marker.split(".")
    for named in ("none", "HS256", "ES256"):
        header = json.dumps({"ver": 1, "typ": "JWT", "sbt": "access", "alg": named})
        head = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
        assert refusal(system, f"{head}.{claims}.{signature}") == (401, "ESIA-005011")
        assert refusal(system, f"{head}.{claims}.") == (401, "ESIA-005011")


def test_marker_with_other_claims_is_refused(country: Country) -> None:
    system = System(country)
    marker = system.markers()["access_token"]
    header, _, signature = marker.split(".")
    claims = jws.unverified_claims(marker)
    for change in ({"exp": claims["exp"] + 1}, {"scope": claims["scope"] + " id_doc"}):
        text = json.dumps({**claims, **change}, separators=(",", ":"))
        payload = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
        assert refusal(system, f"{header}.{payload}.{signature}") == (401, "ESIA-005011")


def test_id_marker_opens_nothing(country: Country) -> None:
    system = System(country)
    assert refusal(system, system.markers()["id_token"]) == (401, "ESIA-005011")


@pytest.mark.parametrize(
    "change",
    [
        {"exp": NOW_S + 7_200},
        {"exp": "never"},
        {"exp": None},
        {"iat": NOW_S + 60, "nbf": NOW_S + 60},
        {"client_id": None},
        {"scope": "openid"},
        {},
    ],
)
def test_marker_that_was_never_issued_is_refused_whoever_has_signed_it(
    country: Country, change: dict[str, object]
) -> None:
    """Everybody may have the keys of the stand, that of ЕСИА too."""
    system = System(country)
    marker = system.markers()["access_token"]
    signer = country.tenant().state(Authorities).identity("ESIA").key
    claims = jws.unverified_claims(marker) | change
    kept = {name: value for name, value in claims.items() if value is not None}
    forged = jws.signed(kept, signer, {"typ": "JWT"})
    assert jws.verified_claims(forged, published_key(country)) == kept
    assert refusal(system, forged) == (401, "ESIA-005011")
    assert system.read(PATH, marker).status == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic POLIGON", "Bearer a.b.c"])
def test_what_is_no_marker_is_refused(country: Country, header: str) -> None:
    answer = ask(country, "GET", f"/esia/rs{PATH}", headers={"Authorization": header})
    assert (answer.status, json.loads(answer.body)) == (
        401,
        {"code": "ESIA-005011", "message": "SecurityErrorEnum.invalidToken"},
    )
    assert answer.header("WWW-Authenticate") == 'Bearer error="invalid_token"'


def test_marker_of_another_tenant_is_refused_though_everything_else_is_the_same(
    country: Country,
) -> None:
    """Both tenants have one seed and the same keys, and were asked the very same."""
    country.create_tenant("twin")
    here, there = System(country), System(country, tenant="twin")
    ours, theirs = here.markers()["access_token"], there.markers()["access_token"]
    key = published_key(country)
    assert jws.verified_claims(ours, key)["scope"] == jws.verified_claims(theirs, key)["scope"]
    assert here.read(PATH, ours).status == there.read(PATH, theirs).status == 200
    assert refusal(here, theirs) == refusal(there, ours) == (401, "ESIA-005011")


def test_oldest_markers_are_forgotten(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markers, "_MOST", 2)
    system = System(country)
    first, second, third = (system.markers()["access_token"] for _ in range(3))
    assert refusal(system, first) == (401, "ESIA-005011")
    assert [system.read(PATH, each).status for each in (second, third)] == [200, 200]


# --- faults


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_wrong_signature_is_seen_by_who_verifies(country: Country, algorithm: Any) -> None:
    own = country.tenant().state(Authorities).identity("SHOP")
    system = System(country, 1, "SHOP", identity=own)
    system.register(algorithm=algorithm)
    plan(country, "esia", "wrong_signature", times=1)
    told = system.markers()
    key = published_key(country, algorithm)
    for name in ("access_token", "id_token"):
        with pytest.raises(SignatureRefused, match="Подпись неверна"):
            jws.verified_claims(told[name], key)
    assert refusal(system, told["access_token"]) == (401, "ESIA-005011")
    assert jws.verified_claims(system.markers()["id_token"], key)["aud"] == "SHOP"


def test_wrong_issuer_is_another_one_with_a_good_signature(country: Country) -> None:
    plan(country, "esia", "wrong_issuer", times=1)
    system = System(country)
    told = system.markers()
    for name in ("access_token", "id_token"):
        claims = jws.verified_claims(told[name], published_key(country))
        assert claims["iss"] == "http://esia.example.test/"
    assert refusal(system, told["access_token"]) == (401, "ESIA-005011")


def test_expired_marker_has_expired_a_lifetime_ago(country: Country) -> None:
    plan(country, "esia", "expired_marker", times=1)
    system = System(country)
    told = system.markers()
    for name, lifetime_s in (("access_token", 3_600), ("id_token", 10_800)):
        claims = jws.verified_claims(told[name], published_key(country))
        assert (claims["iat"], claims["exp"]) == (NOW_S - 2 * lifetime_s, NOW_S - lifetime_s)
    assert refusal(system, told["access_token"]) == (401, "ESIA-005013")


# --- refresh


@VERSIONS
def test_refresh_gives_new_markers_and_a_new_token(country: Country, version: int) -> None:
    system = System(country, version)
    first = system.markers()
    country.tenant().advance(ACCESS_S * SECOND_US)
    answer = system.refresh(first["refresh_token"])
    second = json.loads(answer.body)
    assert answer.status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert second["state"] == "te-state"
    old, new = (jws.unverified_claims(each["access_token"]) for each in (first, second))
    assert (new["iat"], new["scope"]) == (old["iat"] + ACCESS_S, old["scope"])
    told = jws.unverified_claims(second["id_token"])
    assert (told["iat"], told["auth_time"]) == (NOW_S + ACCESS_S, NOW_S)
    assert refusal(system, first["access_token"]) == (401, "ESIA-005013")
    assert system.read(PATH, second["access_token"]).status == 200


@VERSIONS
def test_used_refresh_token_is_refused_and_revokes_its_successors(
    country: Country, version: int
) -> None:
    system = System(country, version)
    first = system.markers()
    second = json.loads(system.refresh(first["refresh_token"]).body)
    assert declined(system.refresh(first["refresh_token"])) == BAD_GRANT
    assert declined(system.refresh(second["refresh_token"])) == BAD_GRANT
    assert refusal(system, second["access_token"]) == (401, "ESIA-005011")


@VERSIONS
def test_refresh_token_of_another_system_is_refused(country: Country, version: int) -> None:
    own = country.tenant().state(Authorities).identity("SHOP")
    shop = System(country, version, "SHOP", identity=own)
    shop.register()
    token = shop.markers()["refresh_token"]
    assert declined(System(country, version).refresh(token)) == BAD_GRANT
    assert declined(shop.refresh("x")) == BAD_GRANT
    assert shop.refresh(token).status == 200


@VERSIONS
def test_refresh_gives_no_area_that_was_not_granted(country: Country, version: int) -> None:
    system = System(country, version)
    token = system.markers()["refresh_token"]
    wider = system.refresh(token, scope=f"{SCOPE} id_doc")
    assert declined(wider) == ("invalid_scope", "ESIA-007006")
    assert system.refresh(token, scope="openid").status == 200


def test_refresh_may_sign_the_token_or_the_address_and_name_no_certificate(
    country: Country,
) -> None:
    """AISGorod.AspNetCore.Authentication.Esia signs the token, ilimurzin/esia the address."""
    system = System(country, 2)
    token = system.markers()["refresh_token"]
    given = {"grant_type": "refresh_token", "refresh_token": token}
    nameless = {"client_certificate_hash": None}
    answer = system.ask_markers(given, nameless, end=token)
    assert answer.status == 200, answer.body.decode()
    token = json.loads(answer.body)["refresh_token"]
    given = {"grant_type": "refresh_token", "refresh_token": token}
    denied = ("access_denied", "ESIA-007053")
    assert declined(system.ask_markers(given, end="something else")) == denied
    assert system.refresh(token).status == 200


# --- in the system's own name


@VERSIONS
def test_system_sees_organizations_in_its_own_name(country: Country, version: int) -> None:
    system = System(country, version)
    scope = (
        f"http://esia.gosuslugi.ru/org_inn?org_oid={SEVERPROM_OID} org_ogrn?org_oid={SEVERPROM_OID}"
    )
    answer = system.own_markers(scope)
    told = json.loads(answer.body)
    assert sorted(told) == ["access_token", "expires_in", "state", "token_type"]
    claims = jws.verified_claims(told["access_token"], published_key(country))
    assert (claims["scope"], "urn:esia:sbj_id" in claims) == (scope, False)
    seen = system.data(f"/orgs/{SEVERPROM_OID}", told["access_token"])
    assert (seen["ogrn"], "fullName" in seen) == (SEVERPROM_OGRN, False)


@VERSIONS
@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("org_inn", ("invalid_scope", "ESIA-007006")),
        ("openid", ("invalid_scope", "ESIA-007006")),
        ("org_inn?org_oid=1999999999", ("access_denied", "ESIA-007019")),
        (f"fullname?oid={SMIRNOVA_OID}", ("access_denied", "ESIA-007019")),
        ("fullname?oid=1999999999", ("access_denied", "ESIA-007019")),
    ],
)
def test_what_a_system_may_not_see_by_itself_is_refused(
    country: Country, version: int, scope: str, expected: tuple[str, str]
) -> None:
    assert declined(System(country, version).own_markers(scope)) == expected


def test_system_sees_by_itself_people_who_have_consented(country: Country) -> None:
    system = System(country)
    scope = f"http://esia.gosuslugi.ru/fullname?oid={KULAGIN_OID}"
    denied = ("access_denied", "ESIA-007019")
    assert declined(system.own_markers(scope)) == denied
    system.markers(KULAGIN, scope="fullname")
    told = json.loads(system.own_markers(scope).body)
    assert jws.unverified_claims(told["access_token"])["urn:esia:sbj_id"] == KULAGIN_OID
    assert system.data(PATH, told["access_token"])["lastName"] == "Кулагин"
    wider = f"{scope} snils?oid={KULAGIN_OID}"
    assert declined(system.own_markers(wider)) == denied


def test_system_may_ask_by_itself_only_for_what_it_has_registered(country: Country) -> None:
    own = country.tenant().state(Authorities).identity("SHOP")
    system = System(country, 1, "SHOP", identity=own)
    system.register(scopes=["org_inn"])
    assert system.own_markers(f"org_inn?org_oid={TRIUMFINVEST_OID}").status == 200
    refused = system.own_markers(f"org_ogrn?org_oid={TRIUMFINVEST_OID}")
    assert declined(refused) == ("access_denied", "ESIA-007019")
