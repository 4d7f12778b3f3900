"""Keys in memory behind the port: their life, their use, and that nothing else is possible."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signatures import gost
from signatures.certificates import Request, issue
from signatures.cms import sign, signed
from signatures.gost import GostUnavailable
from signatures.key_store import (
    KEY_STORE_REFUSALS,
    KeyEntry,
    KeyStoreRefused,
    StoredSigningKey,
    StoreSignature,
    WrappedKey,
)
from signatures.keys import PublicKey, WrongKey, derived_key
from signatures.memory_key_store import MOST_VERSIONS, MemoryKeyStore
from signatures.wrapping_keys import ExchangeKey
from tests.signatures.needs_gost import ALGORITHMS, needs_gost
from tests.signatures.small_pki import FROM, NOW, ORGANIZATION, TO, small_pki

DATA = "Заявление № 1".encode()
DATA_KEY = bytes(range(32))
SIGNING = pytest.mark.parametrize("algorithm", ALGORITHMS)
PUBLIC = pytest.mark.parametrize("algorithm", [*ALGORITHMS, "rsa-oaep"])
EVERY = pytest.mark.parametrize("algorithm", [*ALGORITHMS, "rsa-oaep", "aes"])


def refused(call: Any, *arguments: Any) -> str:
    """The code with which a store declines."""
    with pytest.raises(KeyStoreRefused) as refusal:
        call(*arguments)
    assert refusal.value.message.startswith(KEY_STORE_REFUSALS[refusal.value.code])
    return refusal.value.code


def store_with(*algorithms: Any, versions: int = 1) -> MemoryKeyStore:
    """A store whose keys have the names of their algorithms."""
    store = MemoryKeyStore()
    for algorithm in algorithms:
        store.generate(algorithm, algorithm)
        for _ in range(versions - 1):
            store.rotate(algorithm)
    return store


def exchanged(spki: bytes, data_key: bytes = DATA_KEY) -> bytes:
    """A data key as whoever has the public half wraps it."""
    public = load_der_public_key(spki)
    assert isinstance(public, rsa.RSAPublicKey)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)
    return public.encrypt(data_key, oaep)


# --- life


@EVERY
def test_life_of_a_key_is_told_step_by_step(algorithm: Any) -> None:
    store = MemoryKeyStore()
    bits = 2048 if algorithm in ("rsa", "rsa-oaep") else 256
    first = store.generate("k", algorithm)
    assert first == KeyEntry("k", algorithm, bits, 1, destroyed=False)
    second = store.rotate("k")
    assert second == store.entry("k") == KeyEntry("k", algorithm, bits, 2, destroyed=False)
    last = store.destroy("k")
    assert last == store.entry("k") == KeyEntry("k", algorithm, bits, 2, destroyed=True)
    assert store.entries() == (last,)


@EVERY
def test_destroyed_key_says_so_and_keeps_its_name(algorithm: Any) -> None:
    store = store_with(algorithm)
    store.destroy(algorithm)
    for call in (store.rotate, store.destroy, store.public_half):
        assert refused(call, algorithm) == "destroyed"
    assert refused(store.sign, algorithm, DATA) == "destroyed"
    assert refused(store.verify, algorithm, DATA, StoreSignature(1, b"")) == "destroyed"
    assert refused(store.wrap, algorithm, DATA_KEY) == "destroyed"
    assert refused(store.unwrap, algorithm, WrappedKey(1, b"")) == "destroyed"
    assert refused(store.generate, algorithm, algorithm) == "key-exists"


def test_unknown_key_is_refused_by_everything() -> None:
    store = store_with("ecc")
    for call in (store.entry, store.rotate, store.destroy, store.public_half):
        assert refused(call, "other") == "no-such-key"
    assert refused(store.sign, "other", DATA) == "no-such-key"
    assert refused(store.verify, "other", DATA, StoreSignature(1, b"")) == "no-such-key"
    assert refused(store.wrap, "other", DATA_KEY) == "no-such-key"
    assert refused(store.unwrap, "other", WrappedKey(1, b"")) == "no-such-key"
    assert refused(StoredSigningKey, store, "other") == "no-such-key"


@pytest.mark.parametrize("name", ["k", "x" * 64, "Portal-1.main_key"])
def test_name_of_letters_digits_and_three_signs_is_taken(name: str) -> None:
    assert MemoryKeyStore().generate(name, "ecc").name == name


@pytest.mark.parametrize("name", ["", "x" * 65, "a b", "a/b", "ключ", "a\n", "٣"])
def test_other_names_are_refused(name: str) -> None:
    store = MemoryKeyStore()
    assert refused(store.generate, name, "ecc") == "bad-name"
    assert store.entries() == ()


def test_keys_are_listed_in_the_order_of_their_making() -> None:
    store = MemoryKeyStore()
    for name in ("z", "a", "m"):
        store.generate(name, "aes")
    store.destroy("a")
    listed = [(entry.name, entry.destroyed) for entry in store.entries()]
    assert listed == [("z", False), ("a", True), ("m", False)]


def test_store_makes_a_thousand_versions_and_no_more() -> None:
    store = store_with("aes", versions=MOST_VERSIONS - 1)
    store.generate("last", "ecc")
    assert refused(store.rotate, "aes") == refused(store.generate, "more", "aes") == "too-many"
    store.destroy("last")
    assert refused(store.rotate, "aes") == "too-many"
    assert [entry.name for entry in store.entries()] == ["aes", "last"]
    assert store.unwrap("aes", store.wrap("aes", DATA_KEY)) == DATA_KEY


# --- length


@pytest.mark.parametrize(
    ("least", "asked", "expected"),
    [
        (2048, None, 2048),
        (2048, 2048, 2048),
        (2048, 2047, "weak-key"),
        (2048, 1024, "weak-key"),
        (2048, 2049, "bad-bits"),
        (2049, None, 3072),
        (3072, None, 3072),
        (3072, 3072, 3072),
        (3072, 3071, "weak-key"),
        (3072, 2048, "weak-key"),
        (1024, 1024, "bad-bits"),
        (1024, None, 2048),
        (4096, 4096, 4096),
        (4097, None, "weak-key"),
        (4097, 8192, "bad-bits"),
    ],
)
@pytest.mark.parametrize("algorithm", ["rsa", "rsa-oaep"])
def test_rsa_keys_are_as_long_as_they_must_be(
    algorithm: Any, least: int, asked: int | None, expected: int | str
) -> None:
    store = MemoryKeyStore(least_rsa_bits=least)
    if isinstance(expected, str):
        assert refused(store.generate, "k", algorithm, asked) == expected
        return
    assert store.generate("k", algorithm, asked).bits == expected
    public = load_der_public_key(store.public_half("k"))
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == expected


@pytest.mark.parametrize("algorithm", ["ecc", "aes"])
def test_other_keys_have_256_bits(algorithm: Any) -> None:
    store = MemoryKeyStore(least_rsa_bits=4096)
    assert store.generate("k", algorithm, 256).bits == 256
    for bits in (255, 257, 384, 0, -256):
        assert refused(store.generate, "other", algorithm, bits) == "bad-bits"


def test_rotation_keeps_the_length() -> None:
    store = MemoryKeyStore()
    store.generate("k", "rsa", 3072)
    assert store.rotate("k").bits == 3072


# --- equal and different keys


@PUBLIC
def test_equal_calls_give_equal_keys_and_another_country_others(algorithm: Any) -> None:
    stores = [MemoryKeyStore(seed=seed) for seed in (7, 7, 8)]
    for store in stores:
        store.generate("k", algorithm)
        store.rotate("k")
    halves = [[store.public_half("k", version) for version in (1, 2)] for store in stores]
    assert halves[0] == halves[1]
    assert len({half for each in halves for half in each}) == 4


def test_no_two_rsa_keys_of_a_store_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signatures.memory_key_store.pair_count", lambda _: 8)
    store = store_with("rsa", "rsa-oaep", versions=3)
    store.destroy("rsa")
    for name in ("a", "b"):
        store.generate(name, "rsa")
    halves = [store.public_half("rsa-oaep", version) for version in (1, 2, 3)]
    halves += [store.public_half(name) for name in ("a", "b")]
    destroyed = [store_with("rsa", versions=3).public_half("rsa", version) for version in (1, 2, 3)]
    assert len({*halves, *destroyed}) == 8


# --- signing


@SIGNING
def test_signature_is_verified_by_the_public_half_of_its_version_alone(algorithm: Any) -> None:
    store = store_with(algorithm)
    first = store.sign(algorithm, DATA)
    store.rotate(algorithm)
    second = store.sign(algorithm, DATA)
    assert (first.version, second.version) == (1, 2)
    for signature in (first, second):
        for version in (1, 2):
            public = PublicKey(store.public_half(algorithm, version))
            assert public.verify(signature.value, DATA) == (version == signature.version)
    assert store.public_half(algorithm) == store.public_half(algorithm, 2)


@SIGNING
def test_old_version_verifies_and_does_not_sign(algorithm: Any) -> None:
    store = store_with(algorithm)
    signature = store.sign(algorithm, DATA, 1)
    store.rotate(algorithm)
    assert refused(store.sign, algorithm, DATA, 1) == "old-version"
    assert store.sign(algorithm, DATA, 2).version == 2
    assert store.verify(algorithm, DATA, signature)
    assert not store.verify(algorithm, DATA + b"!", signature)
    assert not store.verify(algorithm, DATA, StoreSignature(2, signature.value))
    assert not store.verify(algorithm, DATA, StoreSignature(1, b""))


@SIGNING
@pytest.mark.parametrize("version", [-1, 0, 3])
def test_version_that_there_is_not_is_refused(algorithm: Any, version: int) -> None:
    store = store_with(algorithm, versions=2)
    assert refused(store.public_half, algorithm, version) == "no-such-version"
    assert refused(store.sign, algorithm, DATA, version) == "no-such-version"
    signature = StoreSignature(version, b"")
    assert refused(store.verify, algorithm, DATA, signature) == "no-such-version"


@SIGNING
def test_stored_key_signs_messages_until_its_version_is_old(algorithm: Any) -> None:
    store = store_with(algorithm)
    key = StoredSigningKey(store, algorithm)
    request = Request(serial=9, subject=ORGANIZATION, spki=key.spki, not_before=FROM, not_after=TO)
    certificate = issue(request, small_pki(algorithm).authority)
    message = sign(DATA, key, certificate, at=NOW)
    assert signed(message, DATA).certificate.dump() == certificate.dump()
    store.rotate(algorithm)
    assert refused(key.sign, DATA) == "old-version"
    assert StoredSigningKey(store, algorithm).spki == store.public_half(algorithm, 2)
    store.destroy(algorithm)
    assert refused(key.sign, DATA) == refused(StoredSigningKey, store, algorithm) == "destroyed"


@pytest.mark.skipif(gost.unavailable() is None, reason="there is GOST here")
def test_without_gost_a_key_of_it_is_not_made() -> None:
    store = MemoryKeyStore()
    with pytest.raises(GostUnavailable):
        store.generate("k", "gost")
    assert store.entries() == ()


# --- data keys


def test_data_key_is_unwrapped_by_the_version_that_has_wrapped_it() -> None:
    store = store_with("aes")
    first = store.wrap("aes", DATA_KEY)
    store.rotate("aes")
    second = store.wrap("aes", DATA_KEY)
    assert (first.version, second.version) == (1, 2)
    assert len(first.value) == len(second.value) == 60  # nonce 12, ciphertext 32, tag 16
    assert store.unwrap("aes", first) == store.unwrap("aes", second) == DATA_KEY
    assert refused(store.unwrap, "aes", WrappedKey(2, first.value)) == "not-unwrapped"


def test_equal_data_keys_are_wrapped_alike_and_others_under_other_nonces() -> None:
    store = store_with("aes")
    assert store.wrap("aes", DATA_KEY) == store_with("aes").wrap("aes", DATA_KEY)
    keys = [bytes([number]) * 32 for number in range(100)]
    assert len({store.wrap("aes", each).value[:12] for each in keys}) == 100


def test_any_changed_bit_of_a_wrapped_key_is_noticed() -> None:
    store = store_with("aes")
    value = store.wrap("aes", DATA_KEY).value
    for place in range(8 * len(value)):
        changed = bytearray(value)
        changed[place // 8] ^= 1 << place % 8
        assert refused(store.unwrap, "aes", WrappedKey(1, bytes(changed))) == "not-unwrapped"


@pytest.mark.parametrize("algorithm", ["aes", "rsa-oaep"])
@pytest.mark.parametrize("length", [0, 11, 12, 27, 28, 59, 61, 255, 257])
def test_bytes_of_another_length_are_not_unwrapped(algorithm: Any, length: int) -> None:
    store = store_with(algorithm)
    assert refused(store.unwrap, algorithm, WrappedKey(1, bytes(length))) == "not-unwrapped"


def test_wrapped_key_is_bound_to_the_name() -> None:
    store = store_with("aes")
    store.generate("other", "aes")
    wrapped = store.wrap("aes", DATA_KEY)
    assert refused(store.unwrap, "other", wrapped) == "not-unwrapped"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_only_keys_of_aes_256_are_wrapped(length: int) -> None:
    assert refused(store_with("aes").wrap, "aes", bytes(length)) == "bad-data-key"


@pytest.mark.parametrize("version", [-1, 0, 3])
@pytest.mark.parametrize("algorithm", ["aes", "rsa-oaep"])
def test_data_key_of_no_version_is_refused(algorithm: Any, version: int) -> None:
    store = store_with(algorithm, versions=2)
    assert refused(store.unwrap, algorithm, WrappedKey(version, b"")) == "no-such-version"


def test_exchange_key_unwraps_what_its_public_half_has_wrapped() -> None:
    store = store_with("rsa-oaep", versions=2)
    for version in (1, 2):
        wrapped = WrappedKey(version, exchanged(store.public_half("rsa-oaep", version)))
        assert store.unwrap("rsa-oaep", wrapped) == DATA_KEY
        other = WrappedKey(3 - version, wrapped.value)
        assert refused(store.unwrap, "rsa-oaep", other) == "not-unwrapped"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_exchange_key_gives_only_keys_of_aes_256(length: int) -> None:
    store = store_with("rsa-oaep")
    wrapped = WrappedKey(1, exchanged(store.public_half("rsa-oaep"), bytes(length)))
    assert refused(store.unwrap, "rsa-oaep", wrapped) == "not-unwrapped"


# --- each key has one use

USES = {"rsa": "sign", "ecc": "sign", "gost": "sign", "rsa-oaep": "unwrap", "aes": "wrap unwrap"}


@EVERY
def test_key_does_only_what_it_is_for(algorithm: Any) -> None:
    store = store_with(algorithm)
    attempts: dict[str, Any] = {
        "sign": lambda: store.sign(algorithm, DATA),
        "wrap": lambda: store.wrap(algorithm, DATA_KEY),
        "unwrap": lambda: store.unwrap(algorithm, WrappedKey(1, b"")),
    }
    for use, attempt in attempts.items():
        if use not in USES[algorithm].split():
            assert refused(attempt) == "wrong-use"
        elif use == "unwrap":
            assert refused(attempt) == "not-unwrapped"
        else:
            assert attempt().version == 1


@pytest.mark.parametrize("algorithm", ["rsa-oaep", "aes"])
def test_key_that_does_not_sign_is_no_signing_key(algorithm: Any) -> None:
    store = store_with(algorithm)
    assert refused(StoredSigningKey, store, algorithm) == "wrong-use"
    assert refused(store.verify, algorithm, DATA, StoreSignature(1, b"")) == "wrong-use"


def test_aes_has_no_public_half() -> None:
    assert refused(store_with("aes").public_half, "aes") == "wrong-use"


@pytest.mark.parametrize("algorithm", ["ecc", pytest.param("gost", marks=needs_gost)])
def test_key_that_is_not_rsa_exchanges_nothing(algorithm: Any) -> None:
    with pytest.raises(WrongKey, match=f"not of {algorithm}"):
        ExchangeKey(derived_key(algorithm, "a"))
