"""ЕСИА: the change of a code for markers: once, in time, bound to everything it was given for."""

import json

import pytest

from mocks.core.country import Country
from mocks.esia.codes import CODE_S
from mocks.esia.service import service
from mocks.pki.authorities import Authorities
from tests.mocks.asking import ask
from tests.mocks.esia_system import (
    CALLBACK,
    KULAGIN_OID,
    SECOND_US,
    System,
    challenge,
    declined,
)

VERSIONS = pytest.mark.parametrize("version", [1, 2])
BAD_GRANT = ("invalid_grant", "ESIA-007011")
VERIFIER = "a-verifier-of-forty-three-characters-at-least"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


# --- codes


@VERSIONS
def test_code_is_good_to_the_end_of_its_time(country: Country, version: int) -> None:
    system = System(country, version)
    early, late = system.code(), system.code()
    country.tenant().advance(CODE_S * SECOND_US - 1)
    assert system.exchange(early).status == 200
    country.tenant().advance(1)
    assert declined(system.exchange(late)) == BAD_GRANT


@VERSIONS
def test_code_that_comes_again_is_refused_and_revokes_what_was_made_of_it(
    country: Country, version: int
) -> None:
    system = System(country, version)
    code = system.code()
    markers = json.loads(system.exchange(code).body)
    path = f"/prns/{KULAGIN_OID}"
    assert system.read(path, markers["access_token"]).status == 200
    assert declined(system.exchange(code)) == BAD_GRANT
    assert json.loads(system.read(path, markers["access_token"]).body)["code"] == "ESIA-005011"
    assert declined(system.refresh(markers["refresh_token"])) == BAD_GRANT


@VERSIONS
def test_unknown_code_and_code_of_another_system_are_refused(
    country: Country, version: int
) -> None:
    own = country.tenant().state(Authorities).identity("SHOP")
    other = System(country, version, "SHOP", identity=own)
    other.register()
    code = other.code()
    system = System(country, version)
    assert declined(system.exchange(code)) == BAD_GRANT
    assert declined(system.exchange("f" * 36)) == BAD_GRANT
    assert other.exchange(code).status == 200


@VERSIONS
def test_code_is_changed_at_the_address_it_was_given_for(country: Country, version: int) -> None:
    system = System(country, version)
    code = system.code()
    other = CALLBACK.replace("5000", "5001")
    assert declined(system.exchange(code, redirect_uri=other)) == BAD_GRANT
    missing = ("invalid_request", "ESIA-007014")
    assert declined(system.exchange(code, redirect_uri="")) == missing
    assert system.exchange(code).status == 200


@VERSIONS
def test_code_gives_no_area_that_was_not_asked_for(country: Country, version: int) -> None:
    system = System(country, version)
    code = system.code(scope="openid fullname")
    wider = system.exchange(code, scope="openid fullname snils")
    assert declined(wider) == ("invalid_scope", "ESIA-007006")
    assert system.exchange(code, scope="openid").status == 200


@VERSIONS
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"grant_type": "password"}, ("unsupported_grant_type", "ESIA-007012")),
        ({"grant_type": ""}, ("invalid_request", "ESIA-007014")),
        ({"token_type": "mac"}, ("invalid_request", "ESIA-007003")),
        ({"scope": ""}, ("invalid_scope", "ESIA-007013")),
        ({"state": ""}, ("invalid_request", "ESIA-007014")),
        ({"client_id": "NOBODY"}, ("unauthorized_client", "ESIA-007005")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_wrong_change_is_refused_in_json(
    country: Country, version: int, changes: dict[str, str], expected: tuple[str, str]
) -> None:
    system = System(country, version)
    answer = system.exchange(system.code(), None, **changes)
    told = json.loads(answer.body)
    assert (answer.status, list(told)) == (400, ["error", "error_description", "state"])
    assert told["state"] == changes.get("state", "te-state")
    assert declined(answer) == expected
    assert answer.header("Cache-Control") == "no-store"


def test_form_that_cannot_be_read_has_no_state(country: Country) -> None:
    for body, code in (
        (b"state=%FF", "ESIA-007038"),
        (b"\xff", "ESIA-007038"),
        (b"state=1&state=2", "ESIA-007003"),
        (b"", "ESIA-007014"),
        (b"&".join(b"a%d=1" % n for n in range(101)), "ESIA-007038"),
    ):
        answer = ask(country, "POST", "/esia/aas/oauth2/te", body)
        told = json.loads(answer.body)
        assert (answer.status, list(told)) == (400, ["error", "error_description"])
        assert told["error_description"].startswith(code)


# --- PKCE


@VERSIONS
def test_verifier_is_asked_for_if_there_was_a_challenge(country: Country, version: int) -> None:
    system = System(country, version)
    asked = {"code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
    code = system.code(**asked)
    missing = ("invalid_request", "ESIA-007014")
    wrong = ("invalid_grant", "ESIA-007040")
    assert declined(system.exchange(code)) == missing
    assert declined(system.exchange(code, code_verifier=f"{VERIFIER}x")) == wrong
    assert declined(system.exchange(code, code_verifier=challenge(VERIFIER))) == wrong
    assert declined(system.exchange(code, code_verifier="x" * 42)) == wrong
    assert system.exchange(code, code_verifier=VERIFIER).status == 200


@VERSIONS
def test_verifier_without_a_challenge_is_refused(country: Country, version: int) -> None:
    system = System(country, version)
    code = system.code()
    unexpected = ("invalid_grant", "ESIA-007039")
    assert declined(system.exchange(code, code_verifier=VERIFIER)) == unexpected
    assert system.exchange(code).status == 200


@VERSIONS
@pytest.mark.parametrize(
    "asked",
    [
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": challenge(VERIFIER)},
        {"code_challenge_method": "S256"},
        {"code_challenge": challenge(VERIFIER) + "=", "code_challenge_method": "S256"},
        {"code_challenge": challenge(VERIFIER)[:-1], "code_challenge_method": "S256"},
        {"code_challenge": challenge(VERIFIER), "code_challenge_method": "s256"},
    ],
)
def test_challenge_is_of_s256_or_refused(
    country: Country, version: int, asked: dict[str, str]
) -> None:
    answer = System(country, version).begin(None, **asked)
    assert declined(answer) == ("invalid_request", "ESIA-007003")


@pytest.mark.parametrize(("length", "taken"), [(42, False), (43, True), (128, True), (129, False)])
def test_verifier_has_43_to_128_characters(country: Country, length: int, taken: bool) -> None:
    system = System(country)
    verifier = "~" * length
    asked = {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
    answer = system.exchange(system.code(**asked), code_verifier=verifier)
    assert (answer.status == 200) is taken
