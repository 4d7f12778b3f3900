"""Signatures and certificates over the country's registers of trust and of revocation."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from lxml import etree

import rulebook
from mocks.pki.authorities import Authorities, Identity
from portal.ports.signatures import CertificateFacts, WrongSignature
from portal.ports.unavailable import Unavailable
from signatures import cms, gost, timestamps, xmldsig
from signatures.certificates import armored
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports
from world.certificate_profiles import KeyAlgorithm
from world.defects import apply
from world.filings import Filing, filing_of

BOOK = rulebook.load()
ALGORITHMS: list[Any] = [
    "rsa",
    "ecc",
    pytest.param(
        "gost", marks=pytest.mark.skipif(gost.unavailable() is not None, reason="no GOST engine")
    ),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("ca", "ca_registry", "cert_status", "tsa") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def filing(here: CountryPorts, *defects: str) -> Filing:
    found = filing_of(here.country.world, 0, here.clock.now().date())
    for defect in defects:
        found = apply(
            BOOK.defects[defect], found, world=here.country.world, policy=BOOK.policy(), key=0
        )
    return found


def signer(here: CountryPorts, *defects: str, algorithm: KeyAlgorithm = "ecc") -> Identity:
    profile = replace(filing(here, *defects).certificate, algorithm=algorithm)
    tenant = here.tenant.state
    with tenant.lock:
        return tenant.state(Authorities).of_profile(profile)


def facts(here: CountryPorts, identity: Identity) -> CertificateFacts:
    return here.ports.signatures.certificate(identity.certificate.dump())


def status(here: CountryPorts, identity: Identity, at: dt.datetime | None = None) -> str:
    return here.ports.signatures.status(facts(here, identity), at or here.clock.now())


# --- reading


def test_a_certificate_says_whose_it_is(here: CountryPorts) -> None:
    identity, filed = signer(here), filing(here)
    found = facts(here, identity)
    assert (found.ogrn, found.legal_inn) == (filed.form.ogrn, filed.form.inn)
    assert (found.inn, found.snils) == (filed.subject.applicant.inn, filed.subject.applicant.snils)
    assert (found.algorithm, found.issuer) == ("ecc", filed.certificate.authority.name)
    assert here.ports.signatures.certificate(armored(identity.certificate)) == found


@pytest.mark.parametrize("file", [b"", b"certificate", b"0\x82\x01\x00"])
def test_what_is_no_certificate_is_refused(here: CountryPorts, file: bytes) -> None:
    with pytest.raises(WrongSignature) as refused:
        here.ports.signatures.certificate(file)
    assert refused.value.code == "malformed"


# --- signatures


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_fits_its_content_and_no_other(
    here: CountryPorts, algorithm: KeyAlgorithm
) -> None:
    identity = signer(here, algorithm=algorithm)
    message = cms.sign(b"text", identity.key, identity.certificate, at=here.clock.now())
    found = here.ports.signatures.verify(message, b"text")
    assert (found.certificate, found.stamped) == (facts(here, identity), None)
    assert found.signing_time == here.clock.now()
    with pytest.raises(WrongSignature) as refused:
        here.ports.signatures.verify(message, b"another text")
    assert refused.value.code == "digest"


def stamped_by_the_service(here: CountryPorts) -> bytes:
    """A signature over `text` with a time stamp of the country's service."""
    identity = signer(here)
    message = cms.sign(b"text", identity.key, identity.certificate, at=here.clock.now())
    asked = timestamps.query(cms.signed(message, b"text").value)
    answer = requests.post(
        f"{here.tenant.url}/tsa/ecc",
        data=asked,
        headers={"Content-Type": "application/timestamp-query"},
        timeout=5,
    )
    return timestamps.stamped(message, timestamps.token_of(answer.content))


def test_the_time_of_a_stamp_is_told(here: CountryPorts) -> None:
    stamped = stamped_by_the_service(here)
    assert here.ports.signatures.verify(stamped, b"text").stamped == here.clock.now()


def test_a_stamp_of_whoever_is_no_service_of_stamps_is_refused(here: CountryPorts) -> None:
    """Signed with the signer's own key, whose certificate is good, but not for that."""
    identity = signer(here)
    message = cms.sign(b"text", identity.key, identity.certificate, at=here.clock.now())
    asked = timestamps.read_query(timestamps.query(cms.signed(message, b"text").value))
    answer = timestamps.granted(
        asked, "2.999.643.1", 1, here.clock.now(), identity.key, identity.certificate
    )
    stamped = timestamps.stamped(message, timestamps.token_of(answer))
    with pytest.raises(WrongSignature) as refused:
        here.ports.signatures.verify(stamped, b"text")
    assert refused.value.code == "wrong-usage"


def test_a_stamp_whose_service_cannot_be_checked_is_no_verdict(here: CountryPorts) -> None:
    stamped = stamped_by_the_service(here)
    here.tenant.faults.add({"id": "down", "service": "ca_registry", "kind": "reset"})
    with pytest.raises(Unavailable):
        here.ports.signatures.verify(stamped, b"text")


def test_an_enveloped_xml_signature_is_of_the_whole_document(here: CountryPorts) -> None:
    identity = signer(here)
    root = etree.fromstring("<акт><сумма>10</сумма></акт>")
    root.append(xmldsig.sign(root, identity.key, identity.certificate, xmldsig.ENVELOPED))
    document = etree.tostring(root, encoding="utf-8")
    assert here.ports.signatures.verify_xml(document).certificate == facts(here, identity)
    with pytest.raises(WrongSignature) as refused:
        here.ports.signatures.verify_xml(document.replace(b">10<", b">11<"))
    assert refused.value.code == "digest"


@pytest.mark.parametrize(
    "document",
    [b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY x "1">]><a>&x;</a>', "текст".encode()],
)
def test_what_is_no_signed_document_is_refused(here: CountryPorts, document: bytes) -> None:
    with pytest.raises(WrongSignature) as refused:
        here.ports.signatures.verify_xml(document)
    assert refused.value.code == "malformed"


# --- trust and revocation


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_certificate_of_an_accredited_authority_is_good(
    here: CountryPorts, algorithm: KeyAlgorithm
) -> None:
    assert status(here, signer(here, algorithm=algorithm)) == "good"


@pytest.mark.parametrize(
    ("defect", "expected"),
    [
        ("cert_expired", "expired"),
        ("cert_revoked", "revoked"),
        ("cert_not_accredited", "not_accredited"),
        ("cert_personal", "good"),
    ],
)
def test_each_mistake_is_told_apart(here: CountryPorts, defect: str, expected: str) -> None:
    assert status(here, signer(here, defect)) == expected


def test_validity_counts_to_the_second_on_both_sides(here: CountryPorts) -> None:
    identity = signer(here)
    found = facts(here, identity)
    second = dt.timedelta(seconds=1)
    assert status(here, identity, found.not_before - second) == "not_yet_valid"
    assert status(here, identity, found.not_before) == "good"
    assert status(here, identity, found.not_after + second) == "expired"


def test_what_was_signed_before_a_revocation_stays_good(here: CountryPorts) -> None:
    identity, before = signer(here), here.clock.now()
    here.tenant.clock.advance("1h")
    address = f"{here.tenant.url}/ca/v1/certificates/{facts(here, identity).serial}/revocation"
    ended = requests.post(address, json={"by": "authority", "reason": "key_compromise"}, timeout=5)
    assert ended.status_code == 200, ended.text
    assert status(here, identity) == "revoked"
    assert status(here, identity, before) == "good"


def test_a_held_certificate_works_again_when_it_is_released(here: CountryPorts) -> None:
    identity = signer(here)
    address = f"{here.tenant.url}/ca/v1/certificates/{facts(here, identity).serial}"
    requests.post(f"{address}/hold", json={"by": "authority"}, timeout=5).raise_for_status()
    assert status(here, identity) == "on_hold"
    here.tenant.clock.advance("1h")
    requests.post(f"{address}/release", json={"by": "authority"}, timeout=5).raise_for_status()
    assert status(here, identity) == "good"


def test_a_withdrawn_accreditation_reaches_the_portal_within_a_minute(here: CountryPorts) -> None:
    identity = signer(here)
    authority = filing(here).certificate.authority.id
    assert status(here, identity) == "good"
    address = f"{here.tenant.url}/ca_registry/v1/authorities/{authority}/withdrawal"
    requests.post(address, json={"reason": "Приказ"}, timeout=5).raise_for_status()
    assert status(here, identity) == "good"  # by the list that is not a minute old
    here.tenant.clock.advance("60s")
    assert status(here, identity) == "not_accredited"


@pytest.mark.parametrize("fault", ["stale_crl", "forged_crl"])
def test_a_list_that_is_no_word_is_made_up_for_by_ocsp(here: CountryPorts, fault: str) -> None:
    here.fails("cert_status", fault)
    assert status(here, signer(here)) == "good"
    assert status(here, signer(here, "cert_revoked")) == "revoked"


@pytest.mark.parametrize("ocsp", ["stale_ocsp", "forged_ocsp", "ocsp_unknown", "ocsp_try_later"])
def test_without_any_word_of_revocation_nothing_is_decided(here: CountryPorts, ocsp: str) -> None:
    here.fails("cert_status", "stale_crl")
    here.fails("cert_status", ocsp)
    with pytest.raises(Unavailable) as failure:
        status(here, signer(here))
    assert failure.value.system == "cert_status"


@pytest.mark.parametrize("service", ["ca_registry", "cert_status"])
@pytest.mark.parametrize("kind", ["outage", "malformed", "truncated", "reset", "error"])
def test_a_register_that_fails_is_never_a_verdict(
    here: CountryPorts, service: str, kind: str
) -> None:
    here.fails(service, kind)
    with pytest.raises(Unavailable) as failure:
        status(here, signer(here))
    assert failure.value.system == service


def test_a_check_that_takes_minutes_is_waited_for_by_asking_again(here: CountryPorts) -> None:
    here.fails("cert_status", "delay", delay={"constant": "3m"}, **{"for": "5m"})
    identity = signer(here)
    with pytest.raises(Unavailable):
        status(here, identity)
    here.tenant.clock.advance("5m")
    assert status(here, identity) == "good"
