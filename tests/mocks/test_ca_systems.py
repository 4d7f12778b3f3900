"""Keys and certificates that the test stand gives out: of systems, of the country's applicants."""

import datetime as dt
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from mocks.ca.service import service
from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities
from signatures import gost
from signatures.certificates import parsed, public_key, subject_of
from signatures.cms import bundled
from signatures.keys import PrivateKey
from signatures.refusals import SignatureRefused
from tests.mocks.asking import ask
from tests.signatures.needs_gost import ALGORITHMS
from world.filings import filing_of

DAY_US = 86_400_000_000
DAY = "2026-02-02"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def got(country: Country, path: str) -> bytes:
    answer = ask(country, "GET", f"/ca/v1/{path}")
    assert answer.status == 200, answer.body.decode()
    return answer.body


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["error"]


def verdict(country: Country, content: bytes) -> str:
    """What the tenant's authorities say of a certificate now."""
    tenant = country.tenant()
    try:
        tenant.state(Authorities).check(parsed(content), tenant.now_us)
    except SignatureRefused as refusal:
        return refusal.code
    return "good"


def of_algorithm(country: Country, algorithm: str, kind: str = "legal") -> int:
    """The first organization that files with a certificate of that algorithm."""
    day = dt.date.fromisoformat(DAY)
    filings = ((index, filing_of(country.world, index, day)) for index in range(200))
    return next(
        index
        for index, filing in filings
        if filing.certificate.algorithm == algorithm and filing.kind == kind
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_key_of_a_system_fits_its_certificate_which_is_good(
    country: Country, algorithm: Any
) -> None:
    place = f"systems/ЕИС-7.main/{algorithm}"
    key = PrivateKey.from_pem(got(country, f"{place}/key.pem"))
    certificate = parsed(got(country, f"{place}/certificate.pem"))
    assert key.algorithm == algorithm
    assert public_key(certificate).spki == key.spki
    assert subject_of(certificate).common_name == "ЕИС-7.main"
    assert verdict(country, certificate.dump()) == "good"
    assert got(country, f"{place}/chain.pem").count(b"BEGIN CERTIFICATE") == 2


def test_system_gets_a_new_certificate_before_the_old_one_ends(country: Country) -> None:
    place = "systems/POLIGON/ecc"
    seen = []
    for _ in range(6):
        seen.append(got(country, f"{place}/certificate.pem"))
        assert verdict(country, seen[-1]) == "good"
        country.tenant().advance(100 * DAY_US)
    assert seen[0] == seen[4] != seen[5]
    assert verdict(country, seen[0]) == "expired"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("systems/POLIGON/dsa/key.pem", (404, "no-such-algorithm")),
        ("systems/A B/ecc/key.pem", (422, "bad-mnemonic")),
        (f"systems/{'x' * 65}/ecc/key.pem", (422, "bad-mnemonic")),
        ("organizations/-1/2026-02-02/key.pem", (422, "bad-number")),
        ("organizations/9999999999/2026-02-02/key.pem", (404, "no-such-organization")),
        ("organizations/0/2025-12-31/key.pem", (422, "bad-day")),
        ("organizations/0/2200-01-01/key.pem", (422, "bad-day")),
        ("organizations/0/today/key.pem", (422, "bad-day")),
        ("organizations/0/2026-02-02/key.pem?defects=bad_luck", (422, "no-such-defect")),
        ("organizations/0/2026-02-02/key.pem?key=x", (422, "bad-number")),
    ],
)
def test_what_there_is_not_is_refused(country: Country, path: str, error: object) -> None:
    assert refused(ask(country, "GET", f"/ca/v1/{path}")) == error


def test_password_of_a_container_has_128_characters_at_most(country: Country) -> None:
    place = f"/ca/v1/organizations/{of_algorithm(country, 'ecc')}/{DAY}/container.pfx?password="
    assert ask(country, "GET", place + "x" * 128).status == 200
    assert refused(ask(country, "GET", place + "x" * 129)) == (422, "bad-password")


def test_sole_proprietor_has_no_personal_certificate_by_mistake(country: Country) -> None:
    index = of_algorithm(country, "ecc", "sole_proprietor")
    url = f"/ca/v1/organizations/{index}/{DAY}/certificate.cer?defects=cert_personal"
    assert refused(ask(country, "GET", url)) == (422, "defect-not-applicable")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("defects", "expected"),
    [
        ("", "good"),
        ("inn_typo", "good"),
        ("cert_expired", "expired"),
        ("cert_revoked", "revoked"),
        ("cert_not_accredited", "unknown-root"),
        ("cert_personal", "good"),
        ("cert_expired,cert_revoked", "expired"),
    ],
)
def test_certificate_of_the_country_is_as_its_defects_make_it(
    country: Country, algorithm: str, defects: str, expected: str
) -> None:
    index = of_algorithm(country, algorithm)
    place = f"organizations/{index}/{DAY}"
    content = got(country, f"{place}/certificate.cer?defects={defects}&key=5")
    assert verdict(country, content) == expected
    certificate = parsed(content)
    key = PrivateKey.from_pem(got(country, f"{place}/key.pem?defects={defects}&key=5"))
    assert public_key(certificate).spki == key.spki
    organization = country.world.organization(index)
    said = subject_of(certificate)
    personal = defects == "cert_personal"
    assert said.legal_inn == (None if personal else organization.inn)
    assert said.ogrn == (None if personal else organization.ogrn)


def test_good_certificate_stays_good_beside_a_spoiled_one_of_its_number(country: Country) -> None:
    place = f"organizations/{of_algorithm(country, 'ecc')}/{DAY}/certificate.cer"
    good, revoked = got(country, place), got(country, f"{place}?defects=cert_revoked")
    assert (verdict(country, good), verdict(country, revoked)) == ("good", "revoked")
    numbers = [parsed(each).serial_number % 2**64 for each in (good, revoked)]
    assert numbers[0] == numbers[1]


def test_files_of_a_certificate_hold_the_same(country: Country) -> None:
    place = f"organizations/{of_algorithm(country, 'ecc')}/{DAY}"
    certificate = got(country, f"{place}/certificate.cer")
    chain = {each.dump() for each in bundled(got(country, f"{place}/certificate.p7b"))}
    assert certificate in chain
    assert len(chain) == 3
    assert got(country, f"{place}/certificate.pem").count(b"BEGIN CERTIFICATE") == 3
    for parameter, password in (("", "poligon"), ("?password=1234", "1234")):
        _, own, others = pkcs12.load_key_and_certificates(
            got(country, f"{place}/container.pfx{parameter}"), password.encode()
        )
        assert own is not None
        assert {each.public_bytes(Encoding.DER) for each in (own, *others)} == chain


def test_without_gost_the_refusal_says_what_is_missing(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gost, "unavailable", lambda: "libcrypto has no GOST engine")
    index = of_algorithm(country, "gost")
    for path in ("systems/POLIGON/gost/key.pem", f"organizations/{index}/{DAY}/key.pem"):
        answer = ask(country, "GET", f"/ca/v1/{path}")
        assert refused(answer) == (503, "gost-unavailable")
        assert "libcrypto has no GOST engine" in answer.body.decode()
