"""ЕСИА checks every signature of a client: text, certificate, chain, time; both versions."""

import base64
import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.esia.service import service
from mocks.esia.timestamps import TOLERANCE_S
from mocks.pki.authorities import Authorities, Identity
from signatures import cms
from signatures.certificates import Request, SubjectData
from signatures.keys import derived_key, to_plain
from tests.mocks.agencies import DAY_US
from tests.mocks.esia_system import CALLBACK, SCOPE, SECOND_US, System, declined, redirected
from tests.signatures.needs_gost import ALGORITHMS

VERSIONS = pytest.mark.parametrize("version", [1, 2])
DENIED = ("access_denied", "ESIA-007053")


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def description(answer: Answer) -> str:
    told = redirected(answer) if answer.status == 302 else json.loads(answer.body)
    return str(told["error_description"])


def is_let_in(answer: Answer) -> bool:
    return answer.status == 302 and "/login/" in str(answer.header("Location"))


# --- good ones


@VERSIONS
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signed_requests_are_let_in(country: Country, version: int, algorithm: Any) -> None:
    system = System(country, version, algorithm=algorithm)
    assert is_let_in(system.begin())
    answer = system.exchange(system.code())
    assert answer.status == 200, answer.body.decode()


@VERSIONS
def test_base64_of_either_alphabet_padded_or_not_is_read(country: Country, version: int) -> None:
    system = System(country, version)
    bare = system.request()["client_secret"]
    assert set("-_") & set(bare)
    padded = bare + "=" * (-len(bare) % 4)
    for text in (bare, padded, padded.translate(str.maketrans("-_", "+/"))):
        assert is_let_in(system.begin({"client_secret": text}))


def test_signature_with_its_text_inside_is_read(country: Country) -> None:
    system = System(country)
    given = system.request()
    text = given["scope"] + given["timestamp"] + given["client_id"] + given["state"]
    for content, let_in in ((text, True), (text + " ", False)):
        whole = cms.sign(
            content.encode(), system.own.key, system.own.certificate, at=system.now, attached=True
        )
        secret = base64.b64encode(whole).decode()
        assert is_let_in(system.begin({"client_secret": secret})) is let_in


@pytest.mark.parametrize("algorithm", [p for p in ALGORITHMS if p != "rsa"])
def test_other_forms_of_a_bare_signature_are_read(country: Country, algorithm: Any) -> None:
    """r||s of ECDSA beside its DER, a signature of GOST as КриптоПро CSP gives it."""
    system = System(country, 2, algorithm=algorithm)
    secret = base64.urlsafe_b64decode(system.request()["client_secret"] + "==")
    other = to_plain(secret) if algorithm == "ecc" else secret[::-1]
    changed = base64.urlsafe_b64encode(other).decode()
    assert is_let_in(system.begin({"client_secret": changed}))


def test_hash_of_the_certificate_is_read_in_either_case(country: Country) -> None:
    system = System(country, 2)
    told = system.request()["client_certificate_hash"]
    assert is_let_in(system.begin({"client_certificate_hash": told.upper()}))


# --- wrong ones


@VERSIONS
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", f"{SCOPE} id_doc"),
        ("state", "another-state"),
        ("timestamp", "2026.02.02 10:00:01 +0300"),
    ],
)
def test_altered_text_is_refused(country: Country, version: int, name: str, value: str) -> None:
    system = System(country, version)
    assert declined(system.begin({name: value})) == DENIED
    code = system.code()
    assert declined(system.exchange(code, {name: value})) == DENIED
    assert system.exchange(code).status == 200  # what was declined has left the code good


def test_second_version_signs_address_and_code_too(country: Country) -> None:
    system = System(country, 2)
    other = CALLBACK.replace("5000", "5000/x/..")
    assert declined(system.begin({"redirect_uri": other})) == DENIED
    assert declined(system.begin({"scope_org": "org_inn"})) == DENIED
    first, second = system.code(), system.code()
    assert declined(system.exchange(first, {"code": second})) == DENIED
    without_code = {"grant_type": "authorization_code", "code": first, "redirect_uri": CALLBACK}
    assert declined(system.ask_markers(without_code, end="")) == DENIED
    assert system.exchange(first).status == 200


@VERSIONS
@pytest.mark.parametrize("secret", ["", "ыы", "AAAA", "!", "MIIB"])
def test_what_is_no_signature_is_refused(country: Country, version: int, secret: str) -> None:
    system = System(country, version)
    expected = DENIED if secret else ("invalid_request", "ESIA-007014")
    assert declined(system.begin({"client_secret": secret})) == expected
    assert declined(system.exchange("code", {"client_secret": secret})) == expected


@VERSIONS
def test_signature_of_one_bit_more_is_refused(country: Country, version: int) -> None:
    system = System(country, version)
    secret = bytearray(base64.urlsafe_b64decode(system.request()["client_secret"] + "=="))
    secret[-1] ^= 1
    changed = base64.urlsafe_b64encode(bytes(secret)).decode()
    assert declined(system.begin({"client_secret": changed})) == DENIED


def test_signature_of_another_version_is_refused(country: Country) -> None:
    first, second = System(country, 1), System(country, 2)
    for asks, signs in ((first, second), (second, first)):
        foreign = signs.request()["client_secret"]
        assert declined(asks.begin({"client_secret": foreign})) == DENIED


# --- certificates


def identity_of(country: Country, authority: str, name: str, **times: Any) -> Identity:
    """A certificate of `authority` for the key called `name`."""
    authorities = country.tenant().state(Authorities)
    key = derived_key("ecc", name)
    now = System(country).now
    request = Request(
        serial=77,
        subject=SubjectData(common_name=name),
        spki=key.spki,
        not_before=times.get("not_before", now.replace(year=2025)),
        not_after=times.get("not_after", now.replace(year=2027)),
    )
    issued = authorities.certify(authority, "ecc", request)
    return Identity(key, issued.certificate, authorities.chain(authority, "ecc"))


@pytest.mark.parametrize(
    ("version", "expected"), [(1, ("unauthorized_client", "ESIA-007005")), (2, DENIED)]
)
def test_certificate_of_another_system_is_refused(
    country: Country, version: int, expected: tuple[str, str]
) -> None:
    stranger = country.tenant().state(Authorities).identity("STRANGER", "ecc")
    system = System(country, version, identity=stranger)
    assert declined(system.begin()) == expected
    assert declined(system.exchange("code")) == expected


@VERSIONS
def test_certificate_named_by_hash_must_be_that_of_the_key(country: Country, version: int) -> None:
    system = System(country, version)
    ours = System(country, 2, algorithm="ecc").request()["client_certificate_hash"]
    if version == 1:
        assert is_let_in(system.begin({"client_certificate_hash": ours}))  # not asked for
    else:
        assert declined(system.begin({"client_certificate_hash": ours})) == DENIED
        missing = ("invalid_request", "ESIA-007014")
        assert declined(system.begin({"client_certificate_hash": None})) == missing


@VERSIONS
@pytest.mark.parametrize(
    ("authority", "said"),
    [("north", None), ("express", "корень неизвестен"), ("archive", "истёк")],
)
def test_registered_certificate_must_be_of_an_accredited_authority(
    country: Country, version: int, authority: str, said: str | None
) -> None:
    own = identity_of(country, authority, "SHOP")
    system = System(country, version, "SHOP", identity=own)
    system.register()
    answer = system.begin()
    assert is_let_in(answer) is (said is None)
    if said is not None:
        assert declined(answer) == declined(system.exchange("code")) == DENIED
        assert said in description(answer)


@VERSIONS
@pytest.mark.parametrize(
    ("reason", "said"), [("key_compromise", "отозван"), ("certificate_hold", "приостановлено")]
)
def test_revoked_or_held_certificate_is_refused_from_that_moment_on(
    country: Country, version: int, reason: Any, said: str
) -> None:
    own = identity_of(country, "north", "SHOP")
    system = System(country, version, "SHOP", identity=own)
    system.register()
    code = system.code()
    authorities, tenant = country.tenant().state(Authorities), country.tenant()
    issued = authorities.register.find(("north", "ecc"), 77)
    assert issued is not None
    authorities.end(issued, reason, tenant.now_us)
    answer = system.begin()
    assert declined(answer) == declined(system.exchange(code)) == DENIED
    assert said in description(answer)
    if reason == "certificate_hold":
        tenant.advance(SECOND_US)
        authorities.lift(issued, tenant.now_us)
        assert is_let_in(system.begin())


@VERSIONS
def test_certificate_is_good_through_its_last_second(country: Country, version: int) -> None:
    last = System(country).now.replace(month=3)
    own = identity_of(country, "north", "SHOP", not_after=last)
    system = System(country, version, "SHOP", identity=own)
    system.register()
    tenant = country.tenant()
    tenant.set_time(tenant.clock.calendar.instant(last.replace(tzinfo=None)))
    assert is_let_in(system.begin())
    tenant.advance(SECOND_US)
    answer = system.begin()
    assert declined(answer) == DENIED
    assert "истёк" in description(answer)


@VERSIONS
def test_certificate_is_good_from_its_first_second(country: Country, version: int) -> None:
    first = System(country).now.replace(day=3)
    own = identity_of(country, "north", "SHOP", not_before=first)
    system = System(country, version, "SHOP", identity=own)
    system.register()
    tenant = country.tenant()
    tenant.advance(DAY_US - SECOND_US)
    answer = system.begin()
    assert declined(answer) == DENIED
    assert "не начался" in description(answer)
    tenant.advance(SECOND_US)
    assert is_let_in(system.begin())


# --- time


@VERSIONS
@pytest.mark.parametrize("sign", [1, -1])
def test_timestamp_may_be_five_minutes_off_and_not_a_second_more(
    country: Country, version: int, sign: int
) -> None:
    system = System(country, version)
    code = system.code()
    near, far = (system.timestamp(sign * (TOLERANCE_S + more)) for more in (0, 1))
    assert is_let_in(system.begin(timestamp=near))
    expected = ("invalid_request", "ESIA-007015")
    assert declined(system.begin(timestamp=far)) == expected
    assert declined(system.exchange(code, timestamp=far)) == expected
    assert system.exchange(code, timestamp=near).status == 200


def test_timestamp_may_be_of_any_zone(country: Country) -> None:
    system = System(country)
    for text, let_in in (
        ("2026.02.02 07:00:00 +0000", True),
        ("2026.02.02 16:00:00 +0900", True),
        ("2026.02.02 10:00:00 +0000", False),
        ("2026.02.01 23:00:00 -0800", True),
    ):
        assert is_let_in(system.begin(timestamp=text)) is let_in


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-02T10:00:00+03:00",
        "2026.02.02 10:00:00",
        "2026.02.02 10:00:00 +03:00",
        "2026.02.30 10:00:00 +0300",
        "0000.02.02 10:00:00 +0300",
        "2026.02.02 10:00:00 +9900",
        "٢٠٢٦.02.02 10:00:00 +0300",
        " 2026.02.02 10:00:00 +0300",
    ],
)
def test_what_is_no_timestamp_is_refused(country: Country, text: str) -> None:
    assert declined(System(country).begin(timestamp=text)) == ("invalid_request", "ESIA-007003")


def test_signature_follows_the_clock_of_the_tenant(country: Country) -> None:
    system = System(country)
    query = system.request()
    country.tenant().advance(TOLERANCE_S * SECOND_US)
    assert is_let_in(system.begin(query))
    country.tenant().advance(1)
    assert declined(system.begin(query)) == ("invalid_request", "ESIA-007015")
