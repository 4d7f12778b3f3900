"""Lists of revoked certificates and OCSP answers, read by another program."""

import datetime as dt
from typing import Any

import pytest
from asn1crypto import core, crl, ocsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CRLNumber, CRLReason, load_der_x509_certificate, load_der_x509_crl
from cryptography.x509 import ocsp as other_ocsp

from signatures import der
from signatures.certificates import Issuer
from signatures.keys import derived_key
from signatures.revocation import (
    Asked,
    CertificateStatus,
    Revocation,
    revocation_list,
    status_refusal,
    status_request,
    status_response,
)
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.ocsp_questions import question
from tests.signatures.small_pki import NOW, SmallPki, small_pki, utc

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
DAY = dt.timedelta(days=1)
NEXT = NOW + DAY
REVOKED = (
    Revocation(7, NOW - DAY, "key_compromise"),
    Revocation(5, NOW - 2 * DAY, "certificate_hold"),
    Revocation(6, NOW - 3 * DAY, "unspecified"),
)


def listed(pki: SmallPki, *revoked: Revocation, number: int = 1) -> crl.CertificateList:
    return revocation_list(pki.authority, revoked, NOW, NEXT, number)


# --- lists


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_list_says_which_certificates_do_not_work_since_when_and_why(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    read = load_der_x509_crl(listed(pki, *REVOKED, number=1_000_401).dump())
    issuer = load_der_x509_certificate(pki.authority.certificate.dump())
    assert read.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    assert read.issuer == issuer.subject
    assert (read.last_update_utc, read.next_update_utc) == (NOW, NEXT)
    assert read.extensions.get_extension_for_class(CRLNumber).value.crl_number == 1_000_401
    told = [
        (
            one.serial_number,
            one.revocation_date_utc,
            [each.value.reason.value for each in one.extensions if each.oid == CRLReason.oid],
        )
        for one in read
    ]
    assert told == [
        (5, NOW - 2 * DAY, ["certificateHold"]),
        (6, NOW - 3 * DAY, []),
        (7, NOW - DAY, ["keyCompromise"]),
    ]


@EACH
def test_list_without_revocations_has_no_empty_sequence(algorithm: Any) -> None:
    body = listed(small_pki(algorithm))["tbs_cert_list"]
    assert isinstance(body["revoked_certificates"], core.Void)


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_same_list_has_the_same_bytes_in_whatever_order_it_is_given(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    assert listed(pki, *REVOKED).dump() == listed(pki, *REVOKED[::-1]).dump()


def test_moments_of_a_list_are_whole_seconds_and_may_lie_beyond_2049() -> None:
    late = utc(2049, 12, 31, 23, 59, 59) + dt.timedelta(microseconds=999_999)
    revoked = [Revocation(1, late + DAY, "superseded")]
    made = revocation_list(small_pki("ecc").authority, revoked, late, late + DAY, 1)
    read = load_der_x509_crl(made.dump())
    assert read.last_update_utc == utc(2049, 12, 31, 23, 59, 59)
    assert read.next_update_utc == read[0].revocation_date_utc == utc(2050, 1, 1, 23, 59, 59)


# --- OCSP


def answered(pki: SmallPki, asked: bytes, status: CertificateStatus = "good") -> bytes:
    """What a responder of the authority says of every certificate that is asked about."""
    key = derived_key(pki.key.algorithm, "responder")
    responder = Issuer(certificate=pki.issue(9, key, "ocsp"), key=key)
    request = status_request(asked)
    return status_response(responder, request, dict.fromkeys(request.asked, status), NOW, NEXT)


@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256()], ids=["sha1", "sha256"])
@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_question_of_another_program_is_understood(algorithm: Any, digest: Any) -> None:
    pki, other = small_pki(algorithm), small_pki(algorithm, "Другой")
    mine, above, foreign = (
        load_der_x509_certificate(each.dump())
        for each in (pki.certificate, pki.authority.certificate, other.authority.certificate)
    )
    builder = other_ocsp.OCSPRequestBuilder().add_certificate(mine, above, digest)
    request = status_request(builder.build().public_bytes(Encoding.DER))
    assert [each.serial for each in request.asked] == [pki.certificate.serial_number]
    assert request.asked[0].is_of(pki.authority.certificate)
    assert not request.asked[0].is_of(other.authority.certificate)
    assert not request.asked[0].is_of(pki.root.certificate)
    assert foreign.subject != above.subject
    assert request.nonce is None


@EACH
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_issuer_is_known_by_its_name_and_key(algorithm: Any, digest: str) -> None:
    pki = small_pki(algorithm)
    asked = status_request(question(pki.authority, 5, digest=digest)).asked
    assert [each.is_of(pki.authority.certificate) for each in asked] == [True]


def test_issuer_named_by_another_digest_is_not_known() -> None:
    pki = small_pki("ecc")
    asked = status_request(question(pki.authority, 5, digest="sha512")).asked
    assert not asked[0].is_of(pki.authority.certificate)


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        ("good", other_ocsp.OCSPCertStatus.GOOD, None),
        ("unknown", other_ocsp.OCSPCertStatus.UNKNOWN, None),
        (REVOKED[0], other_ocsp.OCSPCertStatus.REVOKED, "keyCompromise"),
        (REVOKED[1], other_ocsp.OCSPCertStatus.REVOKED, "certificateHold"),
    ],
)
def test_answer_is_read_by_another_program(
    algorithm: Any, status: Any, said: Any, reason: str | None
) -> None:
    pki = small_pki(algorithm)
    read = other_ocsp.load_der_ocsp_response(answered(pki, question(pki.authority, 7), status))
    assert read.response_status == other_ocsp.OCSPResponseStatus.SUCCESSFUL
    assert (read.serial_number, read.certificate_status) == (7, said)
    assert (read.produced_at_utc, read.this_update_utc, read.next_update_utc) == (NOW, NOW, NEXT)
    if reason is not None:
        assert read.revocation_time_utc == status.at
        assert read.revocation_reason is not None
        assert read.revocation_reason.value == reason
    responder = read.certificates[0]
    responder.verify_directly_issued_by(load_der_x509_certificate(pki.authority.certificate.dump()))
    key: Any = responder.public_key()
    scheme = (padding.PKCS1v15(), hashes.SHA256()) if algorithm == "rsa" else (
        ec.ECDSA(hashes.SHA256()),
    )  # fmt: skip
    key.verify(read.signature, read.tbs_response_bytes, *scheme)


def test_nonce_comes_back_as_it_was_sent() -> None:
    pki = small_pki("ecc")
    nonce = bytes(range(32))
    read = other_ocsp.load_der_ocsp_response(answered(pki, question(pki.authority, 7, nonce=nonce)))
    assert [each.value.nonce for each in read.extensions] == [nonce]
    without = other_ocsp.load_der_ocsp_response(answered(pki, question(pki.authority, 7)))
    assert list(without.extensions) == []


def test_answer_speaks_of_every_certificate_in_the_order_of_the_question() -> None:
    pki = small_pki("ecc")
    answer = ocsp.OCSPResponse.load(answered(pki, question(pki.authority, 9, 7, 8)))
    said = answer.basic_ocsp_response["tbs_response_data"]["responses"]
    assert [each["cert_id"]["serial_number"].native for each in said] == [9, 7, 8]


@pytest.mark.parametrize(
    ("status", "code"), [("malformed_request", 1), ("try_later", 3), ("unauthorized", 6)]
)
def test_refusal_has_its_code_and_nothing_else(status: Any, code: int) -> None:
    assert status_refusal(status) == bytes([0x30, 3, 0x0A, 1, code])  # RFC 6960, 4.2.1


def test_as_many_certificates_as_a_request_may_ask_about() -> None:
    pki = small_pki("ecc")
    assert len(status_request(question(pki.authority, *range(1, 101))).asked) == 100
    for most in (0, 101):
        with pytest.raises(ValueError, match="1 to 100 certificates"):
            status_request(question(pki.authority, *range(1, most + 1)))


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"nothing", b"\x30\x80" * 3_000, b"\xff"])
def test_what_is_no_request_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="OCSP request"):
        status_request(content)


def test_request_that_could_not_be_quoted_in_the_answer_is_refused() -> None:
    """A NULL with something in it; written anew it would have its length and nothing more."""

    def asking(parameters: bytes) -> bytes:
        digest = der.sequence(der.identifier("1.3.14.3.2.26"), parameters)
        issuer = der.octets(bytes(20))
        cert_id = der.sequence(digest, issuer, issuer, der.integer(7))
        return der.sequence(der.sequence(der.sequence(der.sequence(cert_id))))

    assert status_request(asking(b"\x05\x00")).asked[0].serial == 7
    with pytest.raises(ValueError, match="OCSP request"):
        status_request(asking(b"\x05\x01a"))


def test_request_with_a_changed_byte_is_understood_or_refused() -> None:
    whole = question(small_pki("ecc").authority, 7, nonce=b"12345678")
    issuer = small_pki("ecc").authority.certificate
    ends = set()
    for place in range(len(whole)):
        content = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            request = status_request(content)
        except ValueError:
            ends.add("refused")
        else:
            assert all(isinstance(each, Asked) for each in request.asked)
            ends |= {f"{each.is_of(issuer)}, {each.serial > 0}" for each in request.asked}
    assert ends >= {"refused", "True, True", "False, True"}
