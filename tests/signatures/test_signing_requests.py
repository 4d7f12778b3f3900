"""Requests to certify a key: only of who has it, only in the country's algorithms."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from cryptography.x509 import CertificateSigningRequestBuilder, Name, load_der_x509_csr

from signatures.keys import derived_key
from signatures.refusals import SignatureRefused
from signatures.signing_requests import requested_key, signing_request
from tests.clients.openssl import needs_openssl, openssl
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.small_pki import ORGANIZATION

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)


def refused(content: bytes) -> str:
    with pytest.raises(SignatureRefused) as refusal:
        requested_key(content)
    return refusal.value.code


def of_another_program(key: Any, hashed: Any = None) -> bytes:
    builder = CertificateSigningRequestBuilder().subject_name(Name([]))
    return builder.sign(key, hashed or hashes.SHA256()).public_bytes(Encoding.PEM)


@EACH
def test_request_is_for_its_key(algorithm: Any) -> None:
    key = derived_key(algorithm, "Ким")
    content = signing_request(key, ORGANIZATION)
    assert requested_key(content).spki == key.spki
    for place in (-1, -20):
        changed = bytearray(content)
        changed[place] ^= 1
        assert refused(bytes(changed)) == "signature"
    at = content.index("Ромашка".encode())
    renamed = content[:at] + "Крапива".encode() + content[at + len("Ромашка".encode()) :]
    assert refused(renamed) == "signature"


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_request_is_read_by_another_program_and_its_requests_here(algorithm: Any) -> None:
    key = derived_key(algorithm, "Ким")
    assert load_der_x509_csr(signing_request(key, ORGANIZATION)).is_signature_valid
    private = load_der_private_key(key.pkcs8, None)
    for hashed in (hashes.SHA256(), hashes.SHA512()):
        assert requested_key(of_another_program(private, hashed)).spki == key.spki


@EACH
@needs_openssl
def test_openssl_verifies_a_request(algorithm: Any) -> None:
    content = signing_request(derived_key(algorithm, "Ким"), ORGANIZATION)
    verdict = openssl(
        "req", "-inform", "DER", "-verify", "-noout", data=content, gost=algorithm == "gost"
    )
    assert "verify OK" in verdict.said


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (rsa.generate_private_key(65_537, 1024), "weak-key"),
        (ec.generate_private_key(ec.SECP384R1()), "algorithm"),
    ],
    ids=["RSA of 1024 bits", "P-384"],
)
def test_other_keys_are_refused(key: Any, code: str) -> None:
    assert refused(of_another_program(key)) == code


def test_other_signature_algorithms_are_refused() -> None:
    builder = CertificateSigningRequestBuilder().subject_name(Name([]))
    request = builder.sign(ed25519.Ed25519PrivateKey.generate(), None)
    assert refused(request.public_bytes(Encoding.DER)) == "algorithm"
    private: Any = load_der_private_key(derived_key("rsa", "Ким").pkcs8, None)
    sha_256 = of_another_program(private)
    assert requested_key(sha_256).algorithm == "rsa"
    sha_224 = builder.sign(private, hashes.SHA224()).public_bytes(Encoding.DER)
    assert refused(sha_224) == "algorithm"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x30\x00",
        b"nothing",
        b"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
        b"\x30\x80" * 3_000,
    ],
    ids=range(5),
)
def test_what_is_no_request_is_malformed(content: bytes) -> None:
    assert refused(content) == "malformed"
