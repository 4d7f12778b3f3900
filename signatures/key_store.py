"""The port behind which keys lie that nobody gets (SEC-02): an HSM or memory.

A key has a name and versions from 1. The latest version signs and wraps, earlier ones still verify
and unwrap; a destroyed key does nothing any more and keeps its name. Each has one use: keys of
CERT-07 sign, `aes` wraps and unwraps, `rsa-oaep` unwraps what others wrapped with its public half.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from signatures.wrapping_keys import DATA_KEY_BYTES
from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "KEY_STORE_REFUSALS",
    "KeyEntry",
    "KeyStore",
    "KeyStoreRefused",
    "StoreAlgorithm",
    "StoreSignature",
    "StoredSigningKey",
    "WrappedKey",
]

StoreAlgorithm: TypeAlias = KeyAlgorithm | Literal["rsa-oaep", "aes"]
"""Algorithms of CERT-07, the key exchange and the cipher of SEC-02."""

KEY_STORE_REFUSALS: Final[Mapping[str, str]] = {
    "bad-name": "Имя ключа — от 1 до 64 латинских букв, цифр, точек, дефисов и подчёркиваний",
    "key-exists": "Имя ключа занято",
    "no-such-key": "Такого ключа нет",
    "no-such-version": "Такой версии ключа нет",
    "destroyed": "Ключ уничтожен",
    "old-version": "Прежняя версия ключа только проверяет и разворачивает",
    "wrong-use": "Ключ не предназначен для этого действия",
    "weak-key": "Ключ RSA слабее, чем требует SEC-02",
    "bad-bits": "Ключей такой длины нет",
    "bad-data-key": f"Ключ данных AES-256 — это {DATA_KEY_BYTES} байта",
    "not-unwrapped": "Ключ данных не разворачивается: повреждён или обёрнут не этим ключом",
    "too-many": "Хранилище ключей заполнено",
    "unavailable": "Хранилище ключей не выполняет запрос",
}
"""Stable codes and what they say; `unavailable` is of stores that have to be reached."""


class KeyStoreRefused(Exception):
    """A store declines: `code` is one of KEY_STORE_REFUSALS, `message` is Russian."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        text = KEY_STORE_REFUSALS[code]
        self.message = f"{text}: {detail}" if detail else text
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What is known of a key: `version` is the latest."""

    name: str
    algorithm: StoreAlgorithm
    bits: int
    version: int
    destroyed: bool


@dataclass(frozen=True, slots=True)
class StoreSignature:
    """A signature in the form of X.509 and CMS, and the version that has made it."""

    version: int
    value: bytes


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key that only `version` unwraps; its form is that of `signatures.wrapping_keys`."""

    version: int
    value: bytes


class KeyStore(Protocol):
    """Where keys lie. Refusals are KeyStoreRefused, their codes are named; of a GOST key also
    GostUnavailable. What is asked of a key by its name: no-such-key, and but for `entry` destroyed.
    """

    def generate(self, name: str, algorithm: StoreAlgorithm, bits: int | None = None) -> KeyEntry:
        """A new key, of the least fitting length if none is asked for: bad-name, key-exists,
        weak-key, bad-bits, too-many."""

    def entries(self) -> tuple[KeyEntry, ...]:
        """Every key, destroyed ones too, in the order in which they were made."""

    def entry(self, name: str) -> KeyEntry:
        """One of them."""

    def public_half(self, name: str, version: int | None = None) -> bytes:
        """SubjectPublicKeyInfo (DER) of a version, without one of the latest: no-such-version,
        wrong-use for `aes`."""

    def sign(self, name: str, data: bytes, version: int | None = None) -> StoreSignature:
        """The latest version's signature over `data`; a `version` says which that must be:
        old-version, no-such-version, wrong-use."""

    def verify(self, name: str, data: bytes, signature: StoreSignature) -> bool:
        """Whether that version, an earlier one as well, has signed `data` so: no-such-version,
        wrong-use."""

    def wrap(self, name: str, data_key: bytes) -> WrappedKey:
        """A data key of 32 bytes as only this `aes` key unwraps it: bad-data-key, wrong-use."""

    def unwrap(self, name: str, wrapped: WrappedKey) -> bytes:
        """The data key, under an earlier version as well: no-such-version, wrong-use,
        not-unwrapped."""

    def rotate(self, name: str) -> KeyEntry:
        """A new version of the same algorithm and length: too-many."""

    def destroy(self, name: str) -> KeyEntry:
        """Destroy every version for ever."""


class StoredSigningKey:
    """A `SigningKey` that lies in `store`, in the version that is the latest now.

    Its certificate belongs to that version, so after a rotation it signs no more (old-version).
    KeyStoreRefused no-such-key, destroyed, wrong-use.
    """

    def __init__(self, store: KeyStore, name: str) -> None:
        entry = store.entry(name)
        self.algorithm: KeyAlgorithm
        match entry.algorithm:
            case "rsa" | "ecc" | "gost" as algorithm:
                self.algorithm = algorithm
            case _:
                raise KeyStoreRefused("wrong-use", f"{name} не подписывает")
        self.spki = store.public_half(name, entry.version)
        self._store = store
        self._name = name
        self._version = entry.version

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`; KeyStoreRefused, GostUnavailable."""
        return self._store.sign(self._name, data, self._version).value
