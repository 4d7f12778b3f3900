"""PKCS#12 containers, opened by other programs."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from signatures.pkcs12 import container
from tests.signatures.small_pki import SmallPki, small_pki

PASSWORDS = ("", "1234567890", "пароль Ж", "x" * 200)


def packed(pki: SmallPki, password: str = "secret", salt: bytes = b"salt") -> bytes:
    chain = (pki.authority.certificate, pki.root.certificate)
    return container(pki.key, pki.certificate, password, chain=chain, salt=salt)


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
@pytest.mark.parametrize("password", PASSWORDS, ids=len)
def test_container_gives_back_key_certificate_and_chain(algorithm: Any, password: str) -> None:
    pki = small_pki(algorithm)
    key, certificate, others = pkcs12.load_key_and_certificates(
        packed(pki, password), password.encode()
    )
    assert key is not None
    assert certificate is not None
    form = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert key.private_bytes(*form) == pki.key.pkcs8
    assert certificate.public_bytes(Encoding.DER) == pki.certificate.dump()
    assert [each.public_bytes(Encoding.DER) for each in others] == [
        pki.authority.certificate.dump(), pki.root.certificate.dump(),
    ]  # fmt: skip


def test_wrong_password_opens_nothing() -> None:
    with pytest.raises(ValueError, match="Invalid password"):
        pkcs12.load_key_and_certificates(packed(small_pki("ecc")), b"Secret")


def test_same_salt_gives_the_same_bytes_and_another_salt_others() -> None:
    pki = small_pki("ecc")
    assert packed(pki) == packed(pki)
    assert packed(pki) != packed(pki, salt=b"other")


def test_key_lies_nowhere_in_the_open() -> None:
    pki = small_pki("ecc")
    assert pki.key.pkcs8[-70:] not in packed(pki)
    assert pki.certificate.dump() not in packed(pki)
