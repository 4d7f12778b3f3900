"""How systems register with СМЭВ, and what a tenant sets of it."""

import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.smev.participants import MOST_PARTICIPANTS, Participant, Participants
from signatures.certificates import armored, fingerprint
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import UL
from tests.mocks.smev_client import (
    PERMIT,
    SECOND_US,
    SoapSystem,
    System,
    identity_of,
    message_id,
    new_country,
    refused,
    register,
    sending,
)
from tests.signatures.needs_gost import ALGORITHMS
from world.certificate_profiles import KeyAlgorithm

URL = "/smev/v1/participants/PERMITS"
SETTINGS = "/smev/v1/settings"
DEFAULTS = {"visibility_s": 900, "stale_s": None, "algorithm": "rsa"}


@pytest.fixture
def country() -> Country:
    return new_country()


def permits(**fields: Any) -> dict[str, Any]:
    return {"namespace": PERMIT.namespace, "root": PERMIT.root, **fields}


def put(country: Country, url: str = URL, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = ask(country, "PUT", url, {"name": "ИС «Разрешения»", **fields})
    return answer.status, json.loads(answer.body)


def test_participant_registers_and_is_shown(country: Country) -> None:
    certificate = identity_of(country, "OTHER NAME").certificate
    fields: dict[str, Any] = {
        "certificate": armored(certificate).decode(),
        "types": [permits(response_root="PermitResponse", consumers=["POLIGON", "A"])],
    }
    expected = {
        "mnemonic": "PERMITS",
        "name": "ИС «Разрешения»",
        "certificate": fingerprint(certificate),
        "types": [permits(response_root="PermitResponse", consumers=["A", "POLIGON"])],
    }
    assert put(country, **fields) == (201, expected)
    assert put(country, **fields) == (200, expected)
    assert ask_json(country, "GET", URL) == expected
    assert put(country)[1] == {**expected, "certificate": None, "types": []}


def test_every_tenant_has_one_participant_from_the_beginning(country: Country) -> None:
    country.create_tenant("b")
    for prefix in ("", "/b"):
        preset = ask_json(country, "GET", f"{prefix}/smev/v1/participants/POLIGON")
        assert preset == {
            "mnemonic": "POLIGON",
            "name": "ИС «Полигон»",
            "certificate": None,
            "types": [],
        }
    assert ask(country, "GET", URL).status == 404


@pytest.mark.parametrize(
    ("url", "fields", "status", "error"),
    [
        (URL, {"name": ""}, 422, "invalid"),
        (URL, {"certificate": "x"}, 422, "bad-certificate"),
        (URL, {"certificate": ""}, 422, "bad-certificate"),
        (URL, {"types": [permits(root="1")]}, 422, "invalid"),
        (URL, {"types": [permits(), permits()]}, 409, "type-taken"),
        (URL, {"types": [{"namespace": UL, "root": "FNSVipULRequest"}]}, 409, "type-taken"),
        (URL, {"types": [permits()] * 21}, 422, "invalid"),
        (URL, {"types": [permits(consumers=["X" * 51])]}, 422, "invalid"),
        (URL, {"kind": "x"}, 422, "invalid"),
        ("/smev/v1/participants/FNS001", {}, 409, "mnemonic-taken"),
        ("/smev/v1/participants/smev", {}, 409, "mnemonic-taken"),
        ("/smev/v1/participants/Р", {}, 422, "bad-mnemonic"),
        (f"/smev/v1/participants/{'x' * 51}", {}, 422, "bad-mnemonic"),
    ],
)
def test_wrong_registration_is_refused(
    country: Country, url: str, fields: dict[str, Any], status: int, error: str
) -> None:
    answered, told = put(country, url, **fields)
    assert (answered, told["error"]) == (status, error)


def test_type_and_certificate_belong_to_one_participant(country: Country) -> None:
    pem = armored(identity_of(country, "X").certificate).decode()
    put(country, types=[permits()], certificate=pem)
    other = "/smev/v1/participants/OTHER"
    assert put(country, other, types=[permits()])[1]["error"] == "type-taken"
    assert put(country, other, certificate=pem)[1]["error"] == "certificate-taken"
    put(country)
    assert put(country, other, types=[permits()], certificate=pem)[0] == 201


def test_certificate_that_was_issued_to_a_participant_is_nobody_elses(country: Country) -> None:
    pem = armored(identity_of(country, "POLIGON").certificate).decode()
    assert put(country, certificate=pem)[1]["error"] == "certificate-taken"
    assert System(country).get("GetResponse") is None  # it is POLIGON's still
    own = armored(identity_of(country, "PERMITS").certificate).decode()
    assert put(country, certificate=own)[0] == 201


def test_participants_are_bounded(country: Country) -> None:
    participants = country.tenant().state(Participants)
    for number in range(MOST_PARTICIPANTS - 1):
        participants.register(Participant(f"S{number}", "ИС", None))
    assert put(country)[0] == 507
    assert put(country, "/smev/v1/participants/S7")[0] == 200


def test_registered_certificate_is_the_only_one_that_works(country: Country) -> None:
    own = identity_of(country, "SOMEBODY")
    put(country, types=[permits()], certificate=armored(own.certificate).decode())
    System(country).request(1)
    provider = System(country, "PERMITS")
    assert refused(lambda: provider.get("GetRequest"))[0] == "SenderIsNotRegistered"
    provider.identity = own
    assert provider.take("GetRequest")["message_id"] == message_id(1)


@pytest.mark.parametrize("face", [System, SoapSystem])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_systems_may_sign_in_any_algorithm(
    country: Country, face: type[System], algorithm: KeyAlgorithm
) -> None:
    register(country, "PERMITS", PERMIT)
    ask(country, "PUT", SETTINGS, {**DEFAULTS, "algorithm": algorithm})
    face(country, algorithm=algorithm).request(1)
    assert face(country, "PERMITS", algorithm).take("GetRequest")["message_id"] == message_id(1)


def test_tenant_sets_the_visibility_time(country: Country) -> None:
    register(country, "PERMITS", PERMIT)
    assert ask_json(country, "GET", SETTINGS) == DEFAULTS
    changed = {**DEFAULTS, "visibility_s": 5}
    assert ask_json(country, "PUT", SETTINGS, changed) == changed
    System(country).request(1)
    provider = System(country, "PERMITS")
    assert provider.get("GetRequest") is not None
    country.tenant().advance(5 * SECOND_US - 1)
    assert provider.get("GetRequest") is None
    country.tenant().advance(1)
    assert provider.get("GetRequest") is not None


@pytest.mark.parametrize(
    "wrong",
    [{"visibility_s": 0}, {"visibility_s": None}, {"stale_s": 0}, {"algorithm": "dsa"}, {"x": 1}],
)
def test_wrong_settings_are_refused(country: Country, wrong: dict[str, Any]) -> None:
    answer = ask(country, "PUT", SETTINGS, {**DEFAULTS, **wrong})
    assert (answer.status, json.loads(answer.body)["error"]) == (422, "invalid")
    assert ask_json(country, "GET", SETTINGS) == DEFAULTS


def test_tenants_have_queues_and_participants_of_their_own(country: Country) -> None:
    country.create_tenant("b")
    register(country, "PERMITS", PERMIT)
    System(country).request(1)
    there = System(country, send=sending(country, "b"))
    assert refused(lambda: there.request(1))[0] == "BusinessDataTypeIsNotSupported"
    assert there.get("GetResponse") is None
    assert System(country, "PERMITS").take("GetRequest")["message_id"] == message_id(1)
