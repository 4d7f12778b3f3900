"""Behind the port, memory and the HSM do the same in every life of a key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from mocks.core.country import Country
from mocks.hsm.service import service
from mocks.hsm.sessions import SESSION_US
from mocks.pki.authorities import available_algorithms
from signatures.certificates import Request, issue
from signatures.cms import sign, signed
from signatures.key_store import (
    KeyEntry,
    KeyStore,
    KeyStoreRefused,
    StoredSigningKey,
    StoreSignature,
    WrappedKey,
)
from signatures.memory_key_store import MemoryKeyStore
from tests.mocks.agencies import plan
from tests.mocks.hsm_client import HttpKeyStore
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.small_pki import FROM, NOW, ORGANIZATION, TO, small_pki

SIGNING: Final = ("rsa", "ecc", "gost")
NAMES: Final = st.sampled_from(["a", "b", "c"])
VERSIONS: Final = st.none() | st.integers(0, 4)
DATA_KEYS: Final = st.sampled_from([bytes(32), bytes(range(32)), bytes(31)])


@dataclass
class Known:
    """A key of the reference."""

    algorithm: str
    version: int = 1
    destroyed: bool = False


@dataclass(frozen=True)
class Product:
    """What a version of a key has made of `content`."""

    name: str
    version: int
    content: bytes
    value: bytes


class KeysMachine(RuleBasedStateMachine):
    """Keys made, used, rotated and destroyed in any order, while sessions end: in memory, in the
    HSM, and in a table that says what must come of it."""

    signatures = Bundle("signatures")
    wrapped = Bundle("wrapped")

    def __init__(self) -> None:
        super().__init__()
        self.country = Country([service], seed=1)
        self.stores: tuple[KeyStore, ...] = (MemoryKeyStore(seed=1), HttpKeyStore(self.country))
        self.keys: dict[str, Known] = {}

    def done(self, operation: Callable[[KeyStore], Any], expected: str) -> tuple[Any, ...]:
        """What the stores give, if it is `expected` that they do; else nothing."""
        given = []
        for store in self.stores:
            try:
                given.append(operation(store))
                code = "done"
            except KeyStoreRefused as refused:
                code = refused.code
            assert code == expected
        return tuple(given)

    def verdict(self, name: str, uses: tuple[str, ...], version: int | None = None) -> str:
        """What the table says of a use of the key."""
        key = self.keys.get(name)
        if key is None:
            return "no-such-key"
        if key.destroyed:
            return "destroyed"
        if version is not None and not 1 <= version <= key.version:
            return "no-such-version"
        return "done" if key.algorithm in uses else "wrong-use"

    @rule(name=NAMES, algorithm=st.sampled_from([*available_algorithms(), "rsa-oaep", "aes"]))
    def generate(self, name: str, algorithm: Any) -> None:
        expected = "key-exists" if name in self.keys else "done"
        self.done(lambda store: store.generate(name, algorithm), expected)
        self.keys.setdefault(name, Known(algorithm))

    @rule(name=NAMES)
    def rotate(self, name: str) -> None:
        expected = self.verdict(name, (*SIGNING, "rsa-oaep", "aes"))
        self.done(lambda store: store.rotate(name), expected)
        if expected == "done":
            self.keys[name].version += 1

    @rule(name=NAMES)
    def destroy(self, name: str) -> None:
        expected = self.verdict(name, (*SIGNING, "rsa-oaep", "aes"))
        self.done(lambda store: store.destroy(name), expected)
        if expected == "done":
            self.keys[name].destroyed = True

    @rule(name=NAMES, version=VERSIONS)
    def public_half(self, name: str, version: int | None) -> None:
        expected = self.verdict(name, (*SIGNING, "rsa-oaep"), version)
        given = self.done(lambda store: store.public_half(name, version), expected)
        assert len(set(given)) <= 1

    @rule(target=signatures, name=NAMES, version=VERSIONS, data=st.binary(max_size=9))
    def sign(self, name: str, version: int | None, data: bytes) -> Any:
        expected = self.verdict(name, SIGNING, version)
        if expected == "done" and version not in (None, self.keys[name].version):
            expected = "old-version"
        given = self.done(lambda store: store.sign(name, data, version), expected)
        for made in given:
            assert made.version == self.keys[name].version
        if given and self.keys[name].algorithm != "gost":  # another signature each time
            assert given[0] == given[1]
        return multiple(*(Product(name, made.version, data, made.value) for made in given))

    @rule(product=signatures, name=NAMES, version=st.none() | st.integers(1, 3))
    def verify(self, product: Product, name: str, version: int | None) -> None:
        """Under the key and the version of the signature, or under others."""
        name = product.name if version is None else name
        version = product.version if version is None else version
        signature = StoreSignature(version, product.value)
        given = self.done(
            lambda store: store.verify(name, product.content, signature),
            self.verdict(name, SIGNING, version),
        )
        is_its = (name, version) == (product.name, product.version)
        assert set(given) <= {is_its}

    @rule(target=wrapped, name=NAMES, data_key=DATA_KEYS)
    def wrap(self, name: str, data_key: bytes) -> Any:
        expected = self.verdict(name, ("aes",))
        if expected == "done" and len(data_key) != 32:
            expected = "bad-data-key"
        given = self.done(lambda store: store.wrap(name, data_key), expected)
        assert len(set(given)) <= 1
        return multiple(*(Product(name, each.version, data_key, each.value) for each in given[:1]))

    @rule(product=wrapped, name=NAMES, version=st.none() | st.integers(1, 3))
    def unwrap(self, product: Product, name: str, version: int | None) -> None:
        """Under the key and the version that have wrapped it, or under others."""
        name = product.name if version is None else name
        version = product.version if version is None else version
        expected = self.verdict(name, ("aes", "rsa-oaep"), version)
        if expected == "done" and (name, version) != (product.name, product.version):
            expected = "not-unwrapped"
        wrapped = WrappedKey(version, product.value)
        given = self.done(lambda store: store.unwrap(name, wrapped), expected)
        assert set(given) <= {product.content}

    @rule()
    def sessions_end(self) -> None:
        self.country.tenant().advance(SESSION_US)

    @invariant()
    def keys_are_those_of_the_table(self) -> None:
        expected = tuple(
            KeyEntry(
                name,
                key.algorithm,  # type: ignore[arg-type]
                2048 if key.algorithm in ("rsa", "rsa-oaep") else 256,
                key.version,
                key.destroyed,
            )
            for name, key in self.keys.items()
        )
        for store in self.stores:
            assert store.entries() == expected
            assert tuple(store.entry(name) for name in self.keys) == expected


KeysMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_memory_and_hsm_agree_in_every_life_of_keys = KeysMachine.TestCase


def refused(call: Any, *arguments: Any) -> str:
    with pytest.raises(KeyStoreRefused) as refusal:
        call(*arguments)
    return refusal.value.code


@pytest.fixture
def stores() -> tuple[KeyStore, ...]:
    return MemoryKeyStore(seed=1), HttpKeyStore(Country([service], seed=1))


@pytest.mark.parametrize(
    ("name", "algorithm", "bits", "code"),
    [
        ("x" * 65, "ecc", None, "bad-name"),
        ("a*b", "ecc", None, "bad-name"),
        ("k", "rsa", 2047, "weak-key"),
        ("k", "rsa-oaep", 1024, "weak-key"),
        ("k", "rsa", 2049, "bad-bits"),
        ("k", "aes", 128, "bad-bits"),
    ],
)
def test_wrong_orders_are_refused_alike(
    stores: tuple[KeyStore, ...], name: str, algorithm: Any, bits: int | None, code: str
) -> None:
    for store in stores:
        assert refused(store.generate, name, algorithm, bits) == code
        assert store.entries() == ()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_message_is_signed_by_a_key_that_lies_in_the_hsm(algorithm: Any) -> None:
    store = HttpKeyStore(Country([service], seed=1))
    store.generate("portal", algorithm)
    key = StoredSigningKey(store, "portal")
    request = Request(serial=9, subject=ORGANIZATION, spki=key.spki, not_before=FROM, not_after=TO)
    certificate = issue(request, small_pki(algorithm).authority)
    message = sign(b"data", key, certificate, at=NOW)
    assert signed(message, b"data").certificate.dump() == certificate.dump()
    store.rotate("portal")
    assert refused(key.sign, b"data") == "old-version"


def test_sealed_hsm_is_unavailable() -> None:
    country = Country([service], seed=1)
    store = HttpKeyStore(country)
    store.generate("portal", "ecc")
    plan(country, "hsm", "sealed", times=1)
    assert refused(store.rotate, "portal") == "unavailable"
    assert store.rotate("portal").version == 2
