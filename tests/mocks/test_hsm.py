"""The HSM's keys: versions on the clock, use, lengths of the policy, faults."""

import base64
import json
from typing import Any

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

import rulebook
from mocks.core.country import Country
from mocks.hsm.service import service
from signatures import gost
from signatures.keys import PublicKey
from signatures.memory_key_store import MOST_VERSIONS
from tests.mocks.agencies import plan
from tests.mocks.asking import ask
from tests.mocks.hsm_client import HsmClient, coded
from tests.mocks.test_odd_requests import BODIES, VALUES
from tests.signatures.needs_gost import ALGORITHMS

DATA = "Заявление № 1".encode()
MINUTE_US = 60_000_000
TO_SIGN = {"data": coded(DATA)}


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


@pytest.fixture
def officer(country: Country) -> HsmClient:
    return HsmClient(country, "officer")


@pytest.fixture
def user(country: Country) -> HsmClient:
    return HsmClient(country, "user")


def create(officer: HsmClient, *algorithms: str) -> None:
    """Keys with the names of their algorithms."""
    for algorithm in algorithms:
        officer.json("POST", f"/keys/{algorithm}", {"algorithm": algorithm})


def public_key(client: HsmClient, name: str, version: int | None = None) -> PublicKey:
    """The public half as the module serves it."""
    query = "" if version is None else f"?version={version}"
    answer = client.ask("GET", f"/keys/{name}/public.pem{query}")
    assert (answer.status, answer.media_type) == (200, "application/x-pem-file")
    label, _, spki = pem.unarmor(answer.body)
    assert label == "PUBLIC KEY"
    return PublicKey(spki)


# --- life


@pytest.mark.parametrize(
    ("algorithm", "bits"), [("rsa", 2048), ("ecc", 256), ("rsa-oaep", 2048), ("aes", 256)]
)
def test_key_tells_its_life(
    country: Country, officer: HsmClient, algorithm: str, bits: int
) -> None:
    tenant = country.tenant()
    shown = {"name": "k", "algorithm": algorithm, "bits": bits, "status": "active", "version": 1}
    shown |= {"created": "2026-02-02T10:00:00.000+03:00", "rotated": None, "destroyed": None}
    assert officer.json("POST", "/keys/k", {"algorithm": algorithm}) == shown
    for version, time in ((2, "10:03"), (3, "10:06")):
        tenant.advance(3 * MINUTE_US)
        shown |= {"version": version, "rotated": f"2026-02-02T{time}:00.000+03:00"}
        assert officer.json("POST", "/keys/k/rotate") == shown
    assert officer.json("GET", "/keys/k") == shown
    tenant.advance(4 * MINUTE_US)
    shown |= {"status": "destroyed", "destroyed": "2026-02-02T10:10:00.000+03:00"}
    assert officer.json("DELETE", "/keys/k") == shown
    assert officer.json("GET", "/keys/k") == shown
    assert officer.json("GET", "/keys") == {"keys": [shown]}


def test_statuses_of_making_and_ending_a_key(officer: HsmClient) -> None:
    asked = [
        ("POST", "/keys/k", {"algorithm": "ecc"}),
        ("POST", "/keys/k", {"algorithm": "ecc"}),
        ("POST", "/keys/k/rotate", b""),
        ("GET", "/keys/k/public.pem?version=3", b""),
        ("DELETE", "/keys/k", b""),
        ("DELETE", "/keys/k", b""),
        ("POST", "/keys/k/rotate", b""),
        ("GET", "/keys/k/public.pem", b""),
        ("POST", "/keys/k", {"algorithm": "ecc"}),
        ("GET", "/keys/other", b""),
    ]
    answers = [officer.ask(*each) for each in asked]
    told = [(each.status, json.loads(each.body).get("error", "")) for each in answers]
    assert told == [
        (201, ""),
        (409, "key-exists"),
        (201, ""),
        (404, "no-such-version"),
        (200, ""),
        (410, "destroyed"),
        (410, "destroyed"),
        (410, "destroyed"),
        (409, "key-exists"),
        (404, "no-such-key"),
    ]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"algorithm": "dsa"}, "invalid"),
        ({}, "invalid"),
        ({"algorithm": "rsa", "bits": "2048"}, "invalid"),
        ({"algorithm": "rsa", "bits": True}, "invalid"),
        ({"algorithm": "rsa", "name": "k"}, "invalid"),
        ({"algorithm": "rsa", "bits": 2047}, "weak-key"),
        ({"algorithm": "rsa", "bits": 2**4000}, "bad-bits"),
        ({"algorithm": "ecc", "bits": 384}, "bad-bits"),
    ],
)
def test_wrong_order_of_a_key_makes_none(
    officer: HsmClient, body: dict[str, Any], error: str
) -> None:
    assert officer.refused("POST", "/keys/k", body) == (422, error)
    assert officer.json("GET", "/keys") == {"keys": []}


@pytest.mark.parametrize("name", ["x" * 65, "a*b", "ключ"])
def test_name_that_no_key_can_have_is_refused(officer: HsmClient, name: str) -> None:
    assert officer.refused("POST", f"/keys/{name}", {"algorithm": "ecc"}) == (422, "bad-name")


def test_module_is_full_after_a_thousand_versions(officer: HsmClient) -> None:
    create(officer, "aes")
    for _ in range(MOST_VERSIONS - 1):
        officer.json("POST", "/keys/aes/rotate")
    assert officer.refused("POST", "/keys/aes/rotate") == (507, "too-many")
    assert officer.refused("POST", "/keys/k", {"algorithm": "ecc"}) == (507, "too-many")
    assert officer.json("GET", "/keys/aes")["version"] == MOST_VERSIONS


# --- the policy


@pytest.mark.parametrize(("least", "weak", "fitting"), [(2048, 2047, 2048), (2049, 2048, 3072)])
@pytest.mark.parametrize("algorithm", ["rsa", "rsa-oaep"])
def test_rsa_is_as_strong_as_the_policy_asks_for(
    country: Country, officer: HsmClient, algorithm: str, least: int, weak: int, fitting: int
) -> None:
    country.tenant().policy = rulebook.load().policy({"SEC-02.rsa_bits": least})
    asked = {"algorithm": algorithm, "bits": weak}
    assert officer.refused("POST", "/keys/k", asked) == (422, "weak-key")
    assert officer.json("POST", "/keys/k", {**asked, "bits": fitting})["bits"] == fitting
    assert officer.json("POST", "/keys/other", {"algorithm": algorithm})["bits"] == fitting


# --- signing


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signature_is_verified_by_the_served_public_half(
    officer: HsmClient, user: HsmClient, algorithm: str
) -> None:
    create(officer, algorithm)
    made = user.json("POST", f"/keys/{algorithm}/sign", TO_SIGN)
    signature = base64.b64decode(made.pop("signature"))
    assert made == {"version": 1}
    key = public_key(user, algorithm)
    assert key.algorithm == algorithm
    assert key.verify(signature, DATA)
    assert not key.verify(signature, DATA + b"!")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_old_version_verifies_and_does_not_sign(
    officer: HsmClient, user: HsmClient, algorithm: str
) -> None:
    create(officer, algorithm)
    path = f"/keys/{algorithm}"
    first = user.json("POST", f"{path}/sign", {**TO_SIGN, "version": 1})
    officer.json("POST", f"{path}/rotate")
    second = user.json("POST", f"{path}/sign", TO_SIGN)
    assert second["version"] == 2
    asked = {**TO_SIGN, "version": 1}
    assert user.refused("POST", f"{path}/sign", asked) == (409, "old-version")
    for made in (first, second):
        for version in (1, 2):
            body = {**TO_SIGN, "signature": made["signature"], "version": version}
            right = version == made["version"]
            assert user.json("POST", f"{path}/verify", body) == {"valid": right}
            signature = base64.b64decode(made["signature"])
            assert public_key(user, algorithm, version).verify(signature, DATA) == right


@pytest.mark.parametrize("query", ["version=0", "version=-1", "version=2", "version=", "version=x"])
def test_public_half_of_no_version_is_refused(
    officer: HsmClient, user: HsmClient, query: str
) -> None:
    create(officer, "ecc")
    refused = user.refused("GET", f"/keys/ecc/public.pem?{query}")
    assert refused == (404, "no-such-version")


@pytest.mark.skipif(gost.unavailable() is None, reason="there is GOST here")
def test_without_gost_a_key_of_it_is_not_made(officer: HsmClient) -> None:
    asked = {"algorithm": "gost"}
    assert officer.refused("POST", "/keys/k", asked) == (503, "gost-unavailable")
    assert officer.json("GET", "/keys") == {"keys": []}


def test_where_gost_is_missing_the_answer_says_what_is(
    officer: HsmClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> Any:
        raise gost.GostUnavailable("no engine")

    monkeypatch.setattr("signatures.memory_key_store.derived_key", missing)
    answer = officer.ask("POST", "/keys/k", {"algorithm": "gost"})
    problem = {"error": "gost-unavailable", "message": "ГОСТ здесь не работает: no engine"}
    assert (answer.status, json.loads(answer.body)) == (503, problem)
    assert officer.json("GET", "/keys") == {"keys": []}


# --- data keys


def test_data_key_is_given_open_and_wrapped_and_unwrapped_after_rotation(
    officer: HsmClient, user: HsmClient
) -> None:
    create(officer, "aes")
    made = user.json("POST", "/keys/aes/data-key")
    assert len(base64.b64decode(made["data_key"])) == 32
    assert len(base64.b64decode(made["wrapped"])) == 60
    officer.json("POST", "/keys/aes/rotate")
    other = user.json("POST", "/keys/aes/data-key")
    assert (made["version"], other["version"]) == (1, 2)
    assert made["data_key"] != other["data_key"]
    for each in (made, other):
        body = {"wrapped": each["wrapped"], "version": each["version"]}
        assert user.json("POST", "/keys/aes/unwrap", body) == {"data_key": each["data_key"]}
    mixed = {"wrapped": made["wrapped"], "version": 2}
    assert user.refused("POST", "/keys/aes/unwrap", mixed) == (422, "not-unwrapped")


def test_equal_requests_get_different_data_keys_and_equal_countries_equal_ones(
    officer: HsmClient, user: HsmClient
) -> None:
    create(officer, "aes")
    keys = [user.json("POST", "/keys/aes/data-key") for _ in range(3)]
    assert len({each["data_key"] for each in keys}) == len({each["wrapped"] for each in keys}) == 3
    again = Country([service], seed=1)
    create(HsmClient(again, "officer"), "aes")
    client = HsmClient(again, "user")
    assert [client.json("POST", "/keys/aes/data-key") for _ in range(3)] == keys


def test_own_data_key_is_wrapped_and_unwrapped(officer: HsmClient, user: HsmClient) -> None:
    create(officer, "aes")
    data_key = coded(bytes(range(32)))
    wrapped = user.json("POST", "/keys/aes/wrap", {"data_key": data_key})
    assert user.json("POST", "/keys/aes/unwrap", wrapped) == {"data_key": data_key}
    short = {"data_key": coded(bytes(31))}
    assert user.refused("POST", "/keys/aes/wrap", short) == (422, "bad-data-key")


def test_session_key_comes_by_the_exchange_key(officer: HsmClient, user: HsmClient) -> None:
    create(officer, "rsa-oaep")
    public = load_pem_public_key(user.ask("GET", "/keys/rsa-oaep/public.pem").body)
    assert isinstance(public, rsa.RSAPublicKey)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)
    wrapped = {"wrapped": coded(public.encrypt(bytes(range(32)), oaep)), "version": 1}
    officer.json("POST", "/keys/rsa-oaep/rotate")
    assert user.json("POST", "/keys/rsa-oaep/unwrap", wrapped) == {
        "data_key": coded(bytes(range(32)))
    }


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/keys/ecc/sign", {"data": "*"}, "data"),
        ("/keys/ecc/verify", {**TO_SIGN, "signature": "*", "version": 1}, "signature"),
        ("/keys/aes/wrap", {"data_key": "ключ"}, "data_key"),
        ("/keys/aes/unwrap", {"wrapped": "AA=", "version": 1}, "wrapped"),
    ],
)
def test_what_is_not_base64_is_refused_by_its_field(
    officer: HsmClient, user: HsmClient, path: str, body: dict[str, Any], field: str
) -> None:
    create(officer, "ecc", "aes")
    answer = user.ask("POST", path, body)
    problem = json.loads(answer.body)
    assert (answer.status, problem["error"], problem["field"]) == (422, "bad-base64", field)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/keys/aes/sign", TO_SIGN),
        ("/keys/rsa-oaep/sign", TO_SIGN),
        ("/keys/rsa-oaep/verify", {**TO_SIGN, "signature": "", "version": 1}),
        ("/keys/ecc/wrap", {"data_key": coded(bytes(32))}),
        ("/keys/ecc/data-key", b""),
        ("/keys/rsa-oaep/wrap", {"data_key": coded(bytes(32))}),
        ("/keys/ecc/unwrap", {"wrapped": "", "version": 1}),
    ],
)
def test_use_that_a_key_is_not_for_is_refused(
    officer: HsmClient, user: HsmClient, path: str, body: object
) -> None:
    create(officer, "ecc", "rsa-oaep", "aes")
    assert user.refused("POST", path, body) == (409, "wrong-use")


def test_aes_has_no_public_half(officer: HsmClient) -> None:
    create(officer, "aes")
    assert officer.refused("GET", "/keys/aes/public.pem") == (409, "wrong-use")


# --- tenants, faults


def test_tenant_has_keys_of_its_own(country: Country, officer: HsmClient) -> None:
    create(officer, "ecc")
    country.create_tenant("other", seed=2)
    halves = [public_key(officer, "ecc").spki]
    body = {"role": "officer", "pin": "20260202"}
    token = json.loads(ask(country, "POST", "/other/hsm/v1/sessions", body).body)["session"]
    headers = {"Authorization": f"Bearer {token}"}
    url = "/other/hsm/v1/keys"
    assert json.loads(ask(country, "GET", url, headers=headers).body) == {"keys": []}
    ask(country, "POST", f"{url}/ecc", {"algorithm": "ecc"}, headers)
    answer = ask(country, "GET", f"{url}/ecc/public.pem", headers=headers)
    halves.append(pem.unarmor(answer.body)[2])
    assert len(set(halves)) == 2


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_wrong_signature_is_not_verified_and_the_next_is(
    country: Country, officer: HsmClient, user: HsmClient, algorithm: str
) -> None:
    create(officer, algorithm)
    plan(country, "hsm", "wrong_signature", times=1)
    key = public_key(user, algorithm)
    made = [user.json("POST", f"/keys/{algorithm}/sign", TO_SIGN) for _ in range(2)]
    verdicts = [key.verify(base64.b64decode(each["signature"]), DATA) for each in made]
    assert verdicts == [False, True]


def test_stale_version_is_told_until_the_fault_is_over(
    country: Country, officer: HsmClient, user: HsmClient
) -> None:
    create(officer, "ecc")
    plan(country, "hsm", "stale_version", times=2)
    first = public_key(user, "ecc")  # of one version nothing lags
    officer.json("POST", "/keys/ecc/rotate")
    stale = user.json("GET", "/keys/ecc")
    assert (stale["version"], stale["rotated"]) == (1, None)
    assert public_key(user, "ecc", version=2).spki != first.spki
    made = base64.b64decode(user.json("POST", "/keys/ecc/sign", TO_SIGN)["signature"])
    assert public_key(user, "ecc").spki == first.spki
    assert not first.verify(made, DATA)
    assert user.json("GET", "/keys/ecc")["version"] == 2
    assert public_key(user, "ecc").verify(made, DATA)


# --- whatever is sent

REFUSED = {400, 404, 409, 410, 422}
GOOD: dict[str, dict[str, Any]] = {
    "/keys/{}": {"algorithm": "ecc"},
    "/keys/{}/sign": TO_SIGN,
    "/keys/{}/verify": {**TO_SIGN, "signature": "", "version": 1},
    "/keys/{}/wrap": {"data_key": coded(bytes(32))},
    "/keys/{}/unwrap": {"wrapped": "", "version": 1},
}


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("name", ["ecc", "rsa-oaep", "aes", "destroyed", "new"])
def test_odd_values_inside_a_session_are_refused(
    officer: HsmClient, user: HsmClient, path: str, name: str
) -> None:
    create(officer, "ecc", "rsa-oaep", "aes")
    officer.json("POST", "/keys/destroyed", {"algorithm": "ecc"})
    officer.json("DELETE", "/keys/destroyed")
    client = officer if path == "/keys/{}" else user
    good = GOOD[path]
    odd = [{**good, field: value} for field in (*good, "bits", "version") for value in VALUES]
    for body in (*odd, *BODIES):
        assert client.ask("POST", path.format(name), body).status in {200, 201, *REFUSED}
