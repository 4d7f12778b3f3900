"""A key store in memory: for tests, and inside the HSM of the country."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from signatures.key_store import (
    KeyEntry,
    KeyStoreRefused,
    StoreAlgorithm,
    StoreSignature,
    WrappedKey,
)
from signatures.keys import PrivateKey, derived_key
from signatures.rsa_pairs import RSA_BITS, pair_count, rsa_pair
from signatures.wrapping_keys import DATA_KEY_BYTES, ExchangeKey, NotUnwrapped, WrappingKey

__all__ = ["MOST_VERSIONS", "MemoryKeyStore"]

MOST_VERSIONS: Final = 1_000
"""Versions that a store makes of all its keys together, destroyed ones too; assumption."""

_NAME: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")
_OTHER_BITS: Final = 256  # of every key but RSA's

_Material: TypeAlias = PrivateKey | ExchangeKey | WrappingKey


@dataclass(slots=True)
class _Key:
    """`made` counts versions; once the key is destroyed there are none."""

    algorithm: StoreAlgorithm
    bits: int
    made: int = 0
    versions: list[_Material] = field(default_factory=list)


class MemoryKeyStore:
    """A `KeyStore` in memory: equal calls give equal keys, in another country (`seed`) other ones.

    Its RSA keys have at least `least_rsa_bits`. Not locked: who shares it locks.
    """

    def __init__(self, seed: int = 0, least_rsa_bits: int = RSA_BITS[0]) -> None:
        self._seed = seed
        self._least_rsa_bits = least_rsa_bits
        self._keys: dict[str, _Key] = {}
        self._made = 0
        self._rsa_taken: set[tuple[int, int]] = set()

    def generate(self, name: str, algorithm: StoreAlgorithm, bits: int | None = None) -> KeyEntry:
        """As of KeyStore."""
        if not _NAME.fullmatch(name):
            raise KeyStoreRefused("bad-name")
        if name in self._keys:
            raise KeyStoreRefused("key-exists", name)
        key = _Key(algorithm, self._length(algorithm, bits))
        self._add_version(name, key)
        self._keys[name] = key
        return _entry(name, key)

    def entries(self) -> tuple[KeyEntry, ...]:
        """As of KeyStore."""
        return tuple(_entry(name, key) for name, key in self._keys.items())

    def entry(self, name: str) -> KeyEntry:
        """As of KeyStore."""
        return _entry(name, self._known(name))

    def public_half(self, name: str, version: int | None = None) -> bytes:
        """As of KeyStore."""
        material, _ = self._version(name, version)
        if isinstance(material, WrappingKey):
            raise KeyStoreRefused("wrong-use", "у ключа AES нет открытой половины")
        return material.spki

    def sign(self, name: str, data: bytes, version: int | None = None) -> StoreSignature:
        """As of KeyStore."""
        key, number = self._signing(name, version)
        latest = self._keys[name].made
        if number != latest:
            raise KeyStoreRefused("old-version", f"{name} подписывает версией {latest}")
        return StoreSignature(latest, key.sign(data))

    def verify(self, name: str, data: bytes, signature: StoreSignature) -> bool:
        """As of KeyStore."""
        key, _ = self._signing(name, signature.version)
        return key.public.verify(signature.value, data)

    def wrap(self, name: str, data_key: bytes) -> WrappedKey:
        """As of KeyStore."""
        material, latest = self._version(name, None)
        if not isinstance(material, WrappingKey):
            raise KeyStoreRefused("wrong-use", "оборачивает ключ AES или открытая половина RSA")
        if len(data_key) != DATA_KEY_BYTES:
            raise KeyStoreRefused("bad-data-key", f"а не {len(data_key)}")
        return WrappedKey(latest, material.wrap(data_key))

    def unwrap(self, name: str, wrapped: WrappedKey) -> bytes:
        """As of KeyStore."""
        material, version = self._version(name, wrapped.version)
        try:
            match material:
                case WrappingKey() | ExchangeKey():
                    return material.unwrap(wrapped.value)
                case PrivateKey():
                    raise KeyStoreRefused("wrong-use", f"{name} только подписывает")
        except NotUnwrapped:
            raise KeyStoreRefused("not-unwrapped", f"{name}, версия {version}") from None

    def rotate(self, name: str) -> KeyEntry:
        """As of KeyStore."""
        key = self._living(name)
        self._add_version(name, key)
        return _entry(name, key)

    def destroy(self, name: str) -> KeyEntry:
        """As of KeyStore."""
        key = self._living(name)
        key.versions.clear()
        return _entry(name, key)

    # --- inside

    def _known(self, name: str) -> _Key:
        key = self._keys.get(name)
        if key is None:
            raise KeyStoreRefused("no-such-key")
        return key

    def _living(self, name: str) -> _Key:
        key = self._known(name)
        if not key.versions:
            raise KeyStoreRefused("destroyed", name)
        return key

    def _version(self, name: str, version: int | None) -> tuple[_Material, int]:
        key = self._living(name)
        number = key.made if version is None else version
        if not 1 <= number <= key.made:
            raise KeyStoreRefused("no-such-version", f"у {name} есть версии от 1 до {key.made}")
        return key.versions[number - 1], number

    def _signing(self, name: str, version: int | None) -> tuple[PrivateKey, int]:
        material, number = self._version(name, version)
        if not isinstance(material, PrivateKey):
            raise KeyStoreRefused("wrong-use", f"{name} не подписывает")
        return material, number

    def _length(self, algorithm: StoreAlgorithm, asked: int | None) -> int:
        of_rsa = algorithm in ("rsa", "rsa-oaep")
        known = RSA_BITS if of_rsa else (_OTHER_BITS,)
        least = self._least_rsa_bits if of_rsa else _OTHER_BITS
        bits = (
            next((each for each in known if each >= least), known[-1]) if asked is None else asked
        )
        if of_rsa and bits < least:
            raise KeyStoreRefused("weak-key", f"{bits} бит, а нужно {least}")
        if bits not in known:
            raise KeyStoreRefused("bad-bits", f"{bits}, а есть {', '.join(map(str, known))}")
        return bits

    def _add_version(self, name: str, key: _Key) -> None:
        if self._made >= MOST_VERSIONS:
            raise KeyStoreRefused("too-many", f"{MOST_VERSIONS} версий")
        key.versions.append(self._material(key, f"key store/{name}/{key.made + 1}"))
        key.made += 1
        self._made += 1

    def _material(self, key: _Key, label: str) -> _Material:
        match key.algorithm:
            case "aes":
                return WrappingKey(hashlib.sha512(f"{self._seed}/aes/{label}".encode()).digest())
            case "rsa":
                return self._new_rsa(key.bits, label)
            case "rsa-oaep":
                return ExchangeKey(self._new_rsa(key.bits, label))
            case algorithm:
                return derived_key(algorithm, label, self._seed)

    def _new_rsa(self, bits: int, label: str) -> PrivateKey:
        """An RSA key that this store has not made yet; there are more pairs than MOST_VERSIONS."""
        count = pair_count(bits)
        digest = hashlib.sha256(f"{self._seed}/rsa/{label}".encode()).digest()
        number = int.from_bytes(digest) % count
        while (bits, number) in self._rsa_taken:
            number = (number + 1) % count
        self._rsa_taken.add((bits, number))
        return rsa_pair(bits, number)


def _entry(name: str, key: _Key) -> KeyEntry:
    return KeyEntry(name, key.algorithm, key.bits, key.made, destroyed=not key.versions)
