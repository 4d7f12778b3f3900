"""PKCS#12 containers (RFC 7292) of a key and its certificates, in any algorithm of the country.

Encrypted as programs of today write them: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, the
whole under HMAC-SHA-256.
"""

import hashlib
import hmac
from collections.abc import Sequence
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from signatures import der
from signatures.certificates import Certificate
from signatures.keys import PrivateKey

__all__ = ["container"]

ITERATIONS: Final = 2_048
"""What `openssl pkcs12 -export` does by default; nothing that is guarded here is a secret."""

_BLOCK: Final = 16  # bytes of AES
_KEY_BYTES: Final = 32
_DIGEST_BLOCK: Final = 64  # bytes that SHA-256 works on at a time
_MAC_PURPOSE: Final = 3  # RFC 7292, B.3
_NULL: Final = b"\x05\x00"
_PBES2: Final = der.identifier("1.2.840.113549.1.5.13")
_PBKDF2: Final = der.identifier("1.2.840.113549.1.5.12")
_HMAC_SHA256: Final = der.identifier("1.2.840.113549.2.9")
_AES_256_CBC: Final = der.identifier("2.16.840.1.101.3.4.1.42")
_SHA256: Final = der.identifier("2.16.840.1.101.3.4.2.1")
_DATA: Final = der.identifier("1.2.840.113549.1.7.1")
_ENCRYPTED_DATA: Final = der.identifier("1.2.840.113549.1.7.6")
_SHROUDED_KEY_BAG: Final = der.identifier("1.2.840.113549.1.12.10.1.2")
_CERTIFICATE_BAG: Final = der.identifier("1.2.840.113549.1.12.10.1.3")
_X509: Final = der.identifier("1.2.840.113549.1.9.22.1")
_LOCAL_KEY_ID: Final = der.identifier("1.2.840.113549.1.9.21")


def container(
    key: PrivateKey,
    certificate: Certificate,
    password: str,
    *,
    chain: Sequence[Certificate] = (),
    salt: bytes,
) -> bytes:
    """The file .pfx of `key` with its `certificate` and those above it.

    All salts are made of `salt`: the same arguments give the same bytes.
    """
    salted = partial(_salt, salt)
    mark = _attribute(_LOCAL_KEY_ID, der.octets(hashlib.sha256(certificate.dump()).digest()))
    certificates = der.sequence(
        _certificate_bag(certificate, mark), *(_certificate_bag(each) for each in chain)
    )
    scheme, encrypted = _encrypted(certificates, password, salted("certificates"))
    # RFC 5652, 8: the content has the tag [0] in place of that of OCTET STRING.
    content = b"\x80" + der.octets(encrypted)[1:]
    safe = der.sequence(
        der.sequence(
            _ENCRYPTED_DATA,
            der.explicit(0, der.sequence(der.integer(0), der.sequence(_DATA, scheme, content))),
        ),
        _data(der.sequence(_key_bag(key, password, salted("key"), mark))),
    )
    return der.sequence(der.integer(3), _data(safe), _mac(safe, password, salted("mac")))


def _certificate_bag(certificate: Certificate, mark: bytes = b"") -> bytes:
    value = der.sequence(_X509, der.explicit(0, der.octets(certificate.dump())))
    return der.sequence(_CERTIFICATE_BAG, der.explicit(0, value), mark)


def _key_bag(key: PrivateKey, password: str, salt: bytes, mark: bytes) -> bytes:
    scheme, encrypted = _encrypted(key.pkcs8, password, salt)
    value = der.sequence(scheme, der.octets(encrypted))
    return der.sequence(_SHROUDED_KEY_BAG, der.explicit(0, value), mark)


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.set_of([der.sequence(kind, der.set_of([value]))])


def _data(content: bytes) -> bytes:
    return der.sequence(_DATA, der.explicit(0, der.octets(content)))


def _encrypted(content: bytes, password: str, salt: bytes) -> tuple[bytes, bytes]:
    """How it is encrypted (RFC 8018, 6.2), and the encrypted content."""
    vector = _salt(salt, "vector")
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS, _KEY_BYTES)
    padder = PKCS7(_BLOCK * 8).padder()
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    encrypted = cipher.update(padder.update(content) + padder.finalize()) + cipher.finalize()
    derivation = der.sequence(
        der.octets(salt), der.integer(ITERATIONS), der.sequence(_HMAC_SHA256, _NULL)
    )
    scheme = der.sequence(
        _PBES2,
        der.sequence(
            der.sequence(_PBKDF2, derivation), der.sequence(_AES_256_CBC, der.octets(vector))
        ),
    )
    return scheme, encrypted


def _mac(content: bytes, password: str, salt: bytes) -> bytes:
    key = _mac_key(password, salt)
    digest = hmac.digest(key, content, "sha256")
    return der.sequence(
        der.sequence(der.sequence(_SHA256, _NULL), der.octets(digest)),
        der.octets(salt),
        der.integer(ITERATIONS),
    )


def _mac_key(password: str, salt: bytes) -> bytes:
    """RFC 7292, B.2, for one block of SHA-256: the password ends with two zero bytes."""
    whole = bytes([_MAC_PURPOSE]) * _DIGEST_BLOCK
    whole += _filled(salt) + _filled(password.encode("utf-16-be") + b"\0\0")
    for _ in range(ITERATIONS):
        whole = hashlib.sha256(whole).digest()
    return whole


def _filled(content: bytes) -> bytes:
    """`content` over and over, up to whole blocks of the digest."""
    length = -(-len(content) // _DIGEST_BLOCK) * _DIGEST_BLOCK
    return (content * (length // len(content) + 1))[:length]


def _salt(salt: bytes, purpose: str) -> bytes:
    return hashlib.sha256(salt + purpose.encode()).digest()[:_BLOCK]
