"""Chapter SEC: the channel, its keys, and how secrets are kept."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "Channel",
    "KeptPassword",
    "KeyFamily",
    "KeyUse",
    "ProtectedSession",
    "RotatedKey",
    "WeakKey",
    "channel",
    "protected_keys",
]

KeyFamily: TypeAlias = Literal["rsa", "ecc", "gost"]

_STRONG_HASH: Final = "$argon2id$"
# NIST SP 800-57 part 1, table 2: bits of an RSA modulus and of the order of a curve as strong.
_CURVES_AS_STRONG: Final = ((1024, 160), (2048, 224), (3072, 256), (7680, 384), (15360, 512))


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A connection by the version of TLS that was negotiated: `1.3`."""

    version: str
    field: str = "tls_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPassword:
    """A password as it is in the store; an empty text: there is none."""

    text: str
    field: str = "password"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatedKey:
    """A key of the portal: the version that signs now, and the latest one."""

    used: int
    latest: int
    field: str = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedSession:
    """What was negotiated for a session: the cipher (`AES-256`, also as suites of TLS and OpenSSL
    write it), and the key that keys are exchanged or authenticated with."""

    cipher: str
    key_family: KeyFamily
    key_bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakKey:
    """Whether the key of a certificate was found too weak."""

    is_weak: bool
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """Who does something with a key of the portal, by the role, and the roles that may."""

    role: str
    allowed: Collection[str]
    field: str = "role"


@rule("SEC-01")
def channel(claim: Channel | KeptPassword | RotatedKey, policy: Policy) -> Iterator[Found]:
    """TLS not below the floor; passwords as argon2id; the latest version of a key signs."""
    match claim:
        case Channel():
            floor = policy.choice("SEC-01.tls_floor", "legal")  # of neither kind in particular
            if _version(claim.version) < _version(floor):
                got = claim.version or "—"
                yield Found(
                    claim.field, Text(f"TLS {got}, а нужно {floor}", f"TLS {got}, not {floor}")
                )
        case KeptPassword():
            if claim.text and not claim.text.startswith(_STRONG_HASH):
                yield Found(claim.field)
        case RotatedKey():
            if claim.used != claim.latest:
                yield Found(claim.field)


@rule("SEC-02")
def protected_keys(claim: ProtectedSession | WeakKey | KeyUse, policy: Policy) -> Iterator[Found]:
    """AES-256, RSA of enough bits or a key as strong, keys by role."""
    match claim:
        case ProtectedSession():
            symmetric = policy.text("SEC-02.symmetric")
            if _plain(symmetric) not in _plain(claim.cipher):
                yield Found("cipher", Text(f"нужно {symmetric}", f"{symmetric} is needed"))
            least = _least_bits(claim.key_family, policy.count("SEC-02.rsa_bits"))
            if claim.key_bits < least:
                yield Found("key_bits", Text(f"нужно {least} бит", f"{least} bits are needed"))
        case WeakKey():
            if claim.is_weak:
                yield Found(claim.field)
        case KeyUse():
            if claim.role not in claim.allowed:
                yield Found(claim.field)


def _version(text: str) -> tuple[int, ...]:
    """`1.3`, also as `TLSv1.3`; anything else is below every floor."""
    parts = text.removeprefix("TLSv").split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return ()
    return tuple(map(int, parts))


def _plain(name: str) -> str:
    """A cipher's name without the signs that tell spellings apart."""
    return name.upper().replace("-", "").replace("_", "")


def _least_bits(family: KeyFamily, rsa_bits: int) -> int:
    if family == "rsa":
        return rsa_bits
    return next((curve for rsa, curve in _CURVES_AS_STRONG if rsa >= rsa_bits), 512)
