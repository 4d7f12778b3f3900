"""Keys: equal for equal names, and only those of the country's algorithms."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from signatures.keys import (
    RESERVED,
    PrivateKey,
    PublicKey,
    WeakKey,
    WrongKey,
    derived_key,
    digest,
    from_plain,
    reserved_key,
    to_plain,
)
from tests.signatures.needs_gost import ALGORITHMS, needs_gost

# RFC 6979, A.2.5, SHA-256, message "sample".
RFC_6979_KEY = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
RFC_6979_SIGNATURE = (
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
)
LENGTHS = {"rsa": 256, "gost": 64}


def pkcs8(key: Any) -> bytes:
    form = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return bytes(key.private_bytes(*form))


def spki(key: Any) -> bytes:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return bytes(key.public_key().public_bytes(*form))


WRONG = {
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signature_is_verified_over_its_data_by_its_key_alone(algorithm: Any) -> None:
    key, other = derived_key(algorithm, "a"), derived_key(algorithm, "b")
    assert key.algorithm == key.public.algorithm == algorithm
    signature = key.sign(b"data")
    assert len(signature) == LENGTHS.get(algorithm, len(signature))
    assert key.public.verify(signature, b"data")
    assert not key.public.verify(signature, b"date")
    assert not key.public.verify(signature[:-1], b"data")
    assert not key.public.verify(b"", b"data")
    assert not other.public.verify(signature, b"data")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_key_of_a_name_is_the_same_each_time_and_another_in_another_country(algorithm: Any) -> None:
    assert derived_key(algorithm, "a").pkcs8 == derived_key(algorithm, "a").pkcs8
    made = {derived_key(algorithm, "a", seed).pkcs8 for seed in range(8)}
    assert len(made) > 1
    if algorithm != "rsa":
        assert len(made) == 8


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_same_data_gives_the_same_signature(algorithm: Any) -> None:
    key = derived_key(algorithm, "a")
    assert key.sign(b"data") == PrivateKey(key.pkcs8).sign(b"data")


def test_ecdsa_is_that_of_the_rfc() -> None:
    key = PrivateKey(pkcs8(ec.derive_private_key(RFC_6979_KEY, ec.SECP256R1())))
    signature = key.sign(b"sample")
    assert to_plain(signature).hex() == RFC_6979_SIGNATURE
    assert from_plain(bytes.fromhex(RFC_6979_SIGNATURE)) == signature


@pytest.mark.parametrize("length", [0, 63, 65])
def test_plain_signature_has_64_bytes(length: int) -> None:
    with pytest.raises(ValueError, match=f"64 bytes, not {length}"):
        from_plain(bytes(length))


def test_keys_of_authorities_differ_and_are_nobody_elses() -> None:
    reserved = {reserved_key("rsa", place, "a").pkcs8 for place in range(RESERVED)}
    assert len(reserved) == RESERVED
    assert reserved & {derived_key("rsa", f"{name}").pkcs8 for name in range(300)} == set()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_key_is_read_back_from_pem(algorithm: Any) -> None:
    key = derived_key(algorithm, "a")
    assert key.pem.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    read = PrivateKey.from_pem(key.pem)
    assert (read.algorithm, read.pkcs8, read.spki) == (algorithm, key.pkcs8, key.spki)


@pytest.mark.parametrize("kind", WRONG)
def test_keys_of_other_algorithms_are_wrong(kind: str) -> None:
    for reader, content in ((PublicKey, spki(WRONG[kind])), (PrivateKey, pkcs8(WRONG[kind]))):
        with pytest.raises(WrongKey, match="a key is RSA, P-256, or GOST"):
            reader(content)


@pytest.mark.parametrize("bits", [1024, 2047])
def test_rsa_of_fewer_bits_is_weak(bits: int) -> None:
    key = rsa.generate_private_key(65_537, bits)
    for reader, content in ((PublicKey, spki(key)), (PrivateKey, pkcs8(key))):
        with pytest.raises(WeakKey, match=f"an RSA key of {bits} bits, not of 2048"):
            reader(content)


def test_rsa_of_more_bits_is_good() -> None:
    key = PrivateKey(pkcs8(rsa.generate_private_key(65_537, 2049)))
    assert key.public.verify(key.sign(b"data"), b"data")


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"nonsense", bytes(300)])
def test_what_is_no_key_is_wrong(content: bytes) -> None:
    for reader in (PublicKey, PrivateKey):
        with pytest.raises(WrongKey, match="key of a known algorithm"):
            reader(content)


@needs_gost
def test_what_only_begins_as_a_gost_key_is_wrong() -> None:
    for content in (derived_key("gost", "a").spki[:-1], derived_key("gost", "a").pkcs8[:-9]):
        for reader in (PublicKey, PrivateKey):
            with pytest.raises(WrongKey, match=r"not a key of GOST R 34\.10-2012"):
                reader(content)


def test_pem_of_something_else_is_wrong() -> None:
    with pytest.raises(WrongKey, match="not a PEM file"):
        PrivateKey.from_pem(b"nothing")
    with pytest.raises(WrongKey, match="CERTIFICATE, not with PRIVATE KEY"):
        PrivateKey.from_pem(b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")


def test_digest_of_rsa_and_ecc_is_sha_256() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # RFC 6234
    assert digest("rsa", b"abc").hex() == digest("ecc", b"abc").hex() == expected
