"""Chapter SEC: the channel, its keys, kept secrets."""

import pytest

from portal.rules import security
from portal.rules.rule import RULES
from portal.rules.security import (
    Channel,
    KeptPassword,
    KeyFamily,
    KeyUse,
    ProtectedSession,
    RotatedKey,
    WeakKey,
)
from rulebook import load
from tests.portal.findings import found
from tests.portal.wiring import CHEAP_PASSWORDS

BOOK = load()


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("1.3", True),
        ("TLSv1.3", True),
        ("1.2", True),
        ("1.1", False),
        ("1.0", False),
        ("SSLv3", False),
        ("", False),
        ("1.10", True),
    ],
)
def test_a_connection_below_the_floor_is_not_accepted(version: str, fits: bool) -> None:
    expected = [] if fits else [("tls_version", f"TLS {version or '—'}, а нужно 1.2")]
    assert found(security.channel, Channel(version=version)) == expected


def test_a_policy_may_set_the_floor_at_its_target() -> None:
    strict = {"SEC-01.tls_floor": "1.3"}
    assert found(security.channel, Channel(version="1.3"), **strict) == []
    assert found(security.channel, Channel(version="1.2"), **strict) == [
        ("tls_version", "TLS 1.2, а нужно 1.3")
    ]


def test_a_password_is_kept_as_argon2id_or_not_at_all() -> None:
    hashed = CHEAP_PASSWORDS.hash("Пароль-2026")
    assert found(security.channel, KeptPassword(text=hashed)) == []
    assert found(security.channel, KeptPassword(text="")) == []
    for other in ("Пароль-2026", "$argon2i$v=19$m=8", "$2b$12$abc", "5f4dcc3b5aa765d61d8327deb882"):
        assert found(security.channel, KeptPassword(text=other)) == [("password", None)]


def test_a_rotated_key_signs_in_its_latest_version() -> None:
    assert found(security.channel, RotatedKey(used=2, latest=2)) == []
    assert found(security.channel, RotatedKey(used=1, latest=2)) == [("key", None)]


@pytest.mark.parametrize(
    ("cipher", "fits"),
    [
        ("AES-256", True),
        ("TLS_AES_256_GCM_SHA384", True),
        ("ECDHE-RSA-AES256-GCM-SHA384", True),
        ("TLS_AES_128_GCM_SHA256", False),
        ("TLS_CHACHA20_POLY1305_SHA256", False),
        ("", False),
    ],
)
def test_a_session_is_encrypted_with_aes_256(cipher: str, fits: bool) -> None:
    claim = ProtectedSession(cipher=cipher, key_family="rsa", key_bits=2048)
    expected = [] if fits else [("cipher", "нужно AES-256")]
    assert found(security.protected_keys, claim) == expected


@pytest.mark.parametrize(
    ("family", "bits", "least"),
    [
        ("rsa", 2048, None),
        ("rsa", 4096, None),
        ("rsa", 2047, 2048),
        ("rsa", 1024, 2048),
        ("ecc", 224, None),
        ("ecc", 223, 224),
        ("gost", 256, None),
    ],
)
def test_a_key_is_rsa_2048_or_as_strong(family: KeyFamily, bits: int, least: int | None) -> None:
    claim = ProtectedSession(cipher="AES-256", key_family=family, key_bits=bits)
    expected = [] if least is None else [("key_bits", f"нужно {least} бит")]
    assert found(security.protected_keys, claim) == expected


@pytest.mark.parametrize(
    ("rsa_bits", "least"), [(1024, 160), (3072, 256), (3073, 384), (15360, 512), (16384, 512)]
)
def test_curves_have_to_be_as_strong_as_the_policys_rsa(rsa_bits: int, least: int) -> None:
    stricter = {"SEC-02.rsa_bits": rsa_bits}
    for bits, expected in ((least, []), (least - 1, [("key_bits", f"нужно {least} бит")])):
        claim = ProtectedSession(cipher="AES-256", key_family="ecc", key_bits=bits)
        assert found(security.protected_keys, claim, **stricter) == expected


def test_weak_cipher_and_weak_key_are_named_at_once() -> None:
    claim = ProtectedSession(cipher="RC4", key_family="rsa", key_bits=512)
    assert [field for field, _ in found(security.protected_keys, claim)] == ["cipher", "key_bits"]


def test_a_certificate_of_a_weak_key_is_not_taken() -> None:
    assert found(security.protected_keys, WeakKey(is_weak=False)) == []
    assert found(security.protected_keys, WeakKey(is_weak=True)) == [("certificate", None)]


def test_keys_are_reached_by_role() -> None:
    assert found(security.protected_keys, KeyUse(role="user", allowed=["user"])) == []
    assert found(security.protected_keys, KeyUse(role="auditor", allowed=["user"])) == [
        ("role", None)
    ]


def test_every_rule_of_the_chapter_is_written() -> None:
    wanted = {
        rule.id for rule in BOOK.rules.values() if rule.chapter == "SEC" and "feature" in rule.use
    }
    assert wanted <= set(RULES)
