"""Certificates: what is written into them, what is read from them, what is none."""

import datetime as dt
from dataclasses import fields, replace
from typing import Any

import pytest
from asn1crypto import core, keys, x509
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from signatures.certificates import (
    Request,
    SubjectData,
    armored,
    fingerprint,
    issue,
    key_id,
    parsed,
    public_key,
    serial_of,
    subject_of,
)
from signatures.refusals import SignatureRefused
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.small_pki import FROM, NOW, ORGANIZATION, TO, small_pki, utc

NUMBERS = {  # приказ ФСБ № 795, 18 and 19
    "1.2.643.3.131.1.1": "540930590285",
    "1.2.643.100.4": "7715970401",
    "1.2.643.100.1": "1257708239920",
    "1.2.643.100.3": "82285721716",
}
PKI = small_pki("ecc")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_certificate_says_whose_it_is_and_of_which_key(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    certificate = parsed(pki.certificate.dump())
    assert subject_of(certificate) == ORGANIZATION
    assert public_key(certificate).spki == pki.key.spki
    assert serial_of(certificate) == "4000000000000005"
    assert (certificate.not_valid_before, certificate.not_valid_after) == (FROM, TO)
    assert certificate.issuer == pki.authority.certificate.subject


def test_numbers_of_the_subject_are_numeric_strings_under_their_oids() -> None:
    found = {
        part["type"].native: part["value"]
        for relative in PKI.certificate.subject.chosen
        for part in relative
        if part["type"].native in NUMBERS
    }
    assert {oid: value.native for oid, value in found.items()} == NUMBERS
    tag = core.NumericString("1").dump()[:1]
    assert {value.dump()[:1] for value in found.values()} == {tag}


def test_number_of_a_sole_proprietor_has_an_oid_of_its_own() -> None:
    subject = SubjectData(common_name="Ким", ogrnip="304500116000157", country="RU")
    request = Request(serial=9, subject=subject, spki=PKI.key.spki, not_before=FROM, not_after=TO)
    certificate = issue(request, PKI.authority)
    assert subject_of(certificate) == subject
    assert "1.2.643.100.5" in [
        part["type"].native for relative in certificate.subject.chosen for part in relative
    ]


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_an_independent_reader_finds_the_signature_and_the_extensions_right(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    mine, above = (
        load_der_x509_certificate(each.dump())
        for each in (pki.certificate, pki.authority.certificate)
    )
    mine.verify_directly_issued_by(above)
    usage = mine.extensions.get_extension_for_oid(ExtensionOID.KEY_USAGE)
    assert usage.critical
    assert usage.value.digital_signature  # type: ignore[attr-defined]
    assert not usage.value.key_cert_sign  # type: ignore[attr-defined]
    constraints = above.extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (  # type: ignore[attr-defined]
        True, True, 0,
    )  # fmt: skip
    points = mine.extensions.get_extension_for_oid(ExtensionOID.CRL_DISTRIBUTION_POINTS)
    assert points.value[0].full_name[0].value == "http://crl.test/a.crl"  # type: ignore[index]
    access = mine.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_INFORMATION_ACCESS)
    assert [each.access_location.value for each in access.value] == [  # type: ignore[attr-defined]
        "http://ocsp.test/a", "http://crl.test/a.cer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("usage", "purpose", "critical"),
    [
        ("ocsp", ExtendedKeyUsageOID.OCSP_SIGNING, False),
        ("timestamp", ExtendedKeyUsageOID.TIME_STAMPING, True),
    ],
)
def test_certificates_of_services_are_for_their_purpose_alone(
    usage: Any, purpose: Any, critical: bool
) -> None:
    certificate = load_der_x509_certificate(PKI.issue(7, PKI.key, usage).dump())
    extension = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE)
    assert list(extension.value) == [purpose]  # type: ignore[call-overload]
    assert extension.critical is critical


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_same_request_gives_the_same_bytes(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    assert pki.issue(7, pki.key).dump() == pki.issue(7, pki.key).dump()
    assert fingerprint(pki.issue(7, pki.key)) != fingerprint(pki.issue(8, pki.key))


def test_moments_are_whole_seconds_and_may_lie_beyond_2049() -> None:
    late = dt.datetime(2050, 1, 1, 2, 59, 59, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    certificate = PKI.issue(7, PKI.key, not_before=late, not_after=late + dt.timedelta(hours=1))
    validity = certificate["tbs_certificate"]["validity"]
    assert [validity[name].name for name in ("not_before", "not_after")] == [
        "utc_time", "general_time",
    ]  # fmt: skip
    assert certificate.not_valid_before == utc(2049, 12, 31, 23, 59, 59)
    assert certificate.not_valid_after == utc(2050, 1, 1, 0, 59, 59)


def test_certificate_is_read_from_der_and_pem() -> None:
    certificate = PKI.certificate
    text = armored(certificate)
    assert text.startswith(b"-----BEGIN CERTIFICATE-----\n")
    assert parsed(text).dump() == parsed(certificate.dump()).dump() == certificate.dump()
    assert len(fingerprint(certificate)) == 64


def test_key_identifier_is_sha_1_of_the_bits_of_the_key() -> None:
    """RFC 5280, 4.2.1.2, method 1: as cryptography counts it."""
    certificate = load_der_x509_certificate(PKI.certificate.dump())
    extension = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_KEY_IDENTIFIER)
    assert extension.value.digest == key_id(PKI.key.spki)  # type: ignore[attr-defined]


DER = PKI.certificate.dump()
KEY_USAGE = bytes.fromhex("0603551d0f0101ff0404")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x30\x03\x02\x01\x01",
        DER[:-1],
        DER + b"\0",
        b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n\xff\xff\n",
        b"-----BEGIN CERTIFICATE-----\nMAA",
        DER.replace(KEY_USAGE + b"\x03", KEY_USAGE + b"\x30"),  # no BIT STRING
        b"\x30\x84\x7f\xff\xff\xff" + DER,
        b"\x30" * 2_000,
    ],
    ids=range(10),
)
def test_what_is_no_certificate_is_malformed(content: bytes) -> None:
    with pytest.raises(SignatureRefused) as refusal:
        parsed(content)
    assert refusal.value.code == "malformed"


def reading(content: bytes) -> str:
    """How the reading of a certificate ends: `read`, or the code of a refusal."""
    try:
        certificate = parsed(content)
        subject_of(certificate)
        public_key(certificate)
    except SignatureRefused as refusal:
        return refusal.code
    return "read"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_certificate_with_a_changed_byte_is_read_or_refused(algorithm: Any) -> None:
    whole = small_pki(algorithm).certificate.dump()
    changed = (
        whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        for place in range(len(whole))
    )
    assert {reading(content) for content in changed} == {"read", "malformed", "algorithm"}


def test_key_of_another_algorithm_is_refused_by_name() -> None:
    spki = bytes.fromhex("302a300506032b6570032100") + bytes(32)  # Ed25519, RFC 8410
    copy = x509.Certificate.load(DER)
    copy["tbs_certificate"]["subject_public_key_info"] = keys.PublicKeyInfo.load(spki)
    with pytest.raises(SignatureRefused) as refusal:
        public_key(parsed(copy.dump(force=True)))
    assert refusal.value.code == "algorithm"


def test_of_an_attribute_that_is_there_twice_the_last_one_counts() -> None:
    copy = x509.Certificate.load(DER)
    names = copy["tbs_certificate"]["subject"].chosen
    names.append(x509.RelativeDistinguishedName([
        x509.NameTypeAndValue({"type": "1.2.643.100.4", "value": core.NumericString("1")})
    ]))  # fmt: skip
    read = subject_of(parsed(copy.dump(force=True)))
    assert read == replace(ORGANIZATION, legal_inn="1")
    assert {field.name for field in fields(read)} >= {"legal_inn", "ogrnip"}


def test_validity_is_not_asked_for_when_a_certificate_is_read() -> None:
    expired = PKI.issue(7, PKI.key, not_before=FROM, not_after=FROM + dt.timedelta(seconds=1))
    assert parsed(expired.dump()).not_valid_after < NOW
