"""GOST R 34.10-2012 (256 bit), 34.11-2012 and 34.12-2015 by the GOST engine of the system's
OpenSSL.

The one place that knows where GOST comes from. Where the engine is not installed `unavailable()`
says why, and everything else raises GostUnavailable; the rest of the package works without it.
Signatures have 64 bytes in the order of the engine (s, then r: RFC 9215, section 2), digests are
Streebog-256 in the order of RFC 6986.
"""

import ctypes
import ctypes.util
import threading
import weakref
from functools import cache
from typing import Any, Final

__all__ = ["CIPHER_KEY_BYTES", "DIGEST_BYTES", "NONCE_BYTES", "SIGNATURE_BYTES", "GostKey"]
__all__ += ["GostPublicKey", "GostUnavailable", "ciphered", "digest", "mac", "unavailable"]

DIGEST_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
CIPHER_KEY_BYTES: Final = 32
NONCE_BYTES: Final = 8  # of the counter mode: half a block (GOST R 34.13-2015, 5.2)

_HASH_BLOCK_BYTES: Final = 64  # of Streebog
_DYNAMIC_ENGINES: Final = 0x00000400  # OPENSSL_INIT_ENGINE_DYNAMIC
_ALL_METHODS: Final = 0xFFFF  # ENGINE_METHOD_ALL
_LONGEST_KEY: Final = 1024  # bytes of a DER key; those of GOST take about 100

_POINTER: Final = ctypes.c_void_p
_INT: Final = ctypes.c_int
_SIZE: Final = ctypes.c_size_t
_SIZE_OUT: Final = ctypes.POINTER(ctypes.c_size_t)
_PROTOTYPES: Final[dict[str, tuple[Any, list[Any]]]] = {
    "OPENSSL_init_crypto": (_INT, [ctypes.c_uint64, _POINTER]),
    "ENGINE_by_id": (_POINTER, [ctypes.c_char_p]),
    "ENGINE_init": (_INT, [_POINTER]),
    "ENGINE_set_default": (_INT, [_POINTER, ctypes.c_uint]),
    "ERR_clear_error": (None, []),
    "EVP_get_digestbyname": (_POINTER, [ctypes.c_char_p]),
    "EVP_get_cipherbyname": (_POINTER, [ctypes.c_char_p]),
    "EVP_CIPHER_CTX_new": (_POINTER, []),
    "EVP_CIPHER_CTX_free": (None, [_POINTER]),
    "EVP_EncryptInit_ex": (
        _INT,
        [_POINTER, _POINTER, _POINTER, ctypes.c_char_p, ctypes.c_char_p],
    ),
    "EVP_EncryptUpdate": (
        _INT,
        [_POINTER, ctypes.c_char_p, ctypes.POINTER(_INT), ctypes.c_char_p, _INT],
    ),
    "EVP_Digest": (_INT, [ctypes.c_char_p, _SIZE, ctypes.c_char_p, _POINTER, _POINTER, _POINTER]),
    "d2i_AutoPrivateKey": (_POINTER, [_POINTER, _POINTER, ctypes.c_long]),
    "d2i_PUBKEY": (_POINTER, [_POINTER, _POINTER, ctypes.c_long]),
    "i2d_PUBKEY": (_INT, [_POINTER, _POINTER]),
    "EVP_PKEY_free": (None, [_POINTER]),
    "EVP_PKEY_CTX_new": (_POINTER, [_POINTER, _POINTER]),
    "EVP_PKEY_CTX_free": (None, [_POINTER]),
    "EVP_PKEY_sign_init": (_INT, [_POINTER]),
    "EVP_PKEY_sign": (_INT, [_POINTER, ctypes.c_char_p, _SIZE_OUT, ctypes.c_char_p, _SIZE]),
    "EVP_PKEY_verify_init": (_INT, [_POINTER]),
    "EVP_PKEY_verify": (_INT, [_POINTER, ctypes.c_char_p, _SIZE, ctypes.c_char_p, _SIZE]),
}


class GostUnavailable(RuntimeError):
    """There is no GOST on this machine; the message says what is missing."""


class _OpenSsl:
    """The system's libcrypto with its GOST engine; GostUnavailable."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("crypto")
        if name is None:
            raise GostUnavailable("the system has no shared libcrypto of OpenSSL")
        self.lib = ctypes.CDLL(name)
        try:
            for function, (result, arguments) in _PROTOTYPES.items():
                prototype = getattr(self.lib, function)
                prototype.restype, prototype.argtypes = result, arguments
        except AttributeError as error:
            raise GostUnavailable(f"{name} has no engines: {error}") from None
        self.lib.OPENSSL_init_crypto(_DYNAMIC_ENGINES, None)
        engine = self.lib.ENGINE_by_id(b"gost")
        if not engine or not self.lib.ENGINE_init(engine):
            self.lib.ERR_clear_error()
            raise GostUnavailable(
                f"{name} has no GOST engine (package libengine-gost-openssl of Debian and Ubuntu)"
            )
        self.lib.ENGINE_set_default(engine, _ALL_METHODS)
        self.streebog = self.lib.EVP_get_digestbyname(b"md_gost12_256")
        if not self.streebog:
            raise GostUnavailable(f"the GOST engine of {name} has no Streebog-256")
        self.kuznyechik = self.lib.EVP_get_cipherbyname(b"kuznyechik-ctr")

    def free(self, key: int) -> None:
        """Give a key of OpenSSL back."""
        self.lib.EVP_PKEY_free(key)


_loading: Final = threading.Lock()


@cache
def _loaded() -> _OpenSsl | str:
    try:
        return _OpenSsl()
    except (GostUnavailable, OSError) as error:
        return str(error)


def _openssl() -> _OpenSsl:
    with _loading:
        loaded = _loaded()
    if isinstance(loaded, str):
        raise GostUnavailable(loaded)
    return loaded


def unavailable() -> str | None:
    """Why GOST does not work here; None if it does."""
    try:
        _openssl()
    except GostUnavailable as error:
        return str(error)
    return None


def digest(data: bytes) -> bytes:
    """Streebog-256 of `data`, 32 bytes; GostUnavailable."""
    openssl = _openssl()
    out = ctypes.create_string_buffer(DIGEST_BYTES)
    if not openssl.lib.EVP_Digest(data, len(data), out, None, openssl.streebog, None):
        raise GostUnavailable("the GOST engine does not digest")
    return out.raw


def mac(key: bytes, data: bytes) -> bytes:
    """HMAC with Streebog-256 of `data` (R 50.1.113-2016), 32 bytes; the key has at most 64.
    GostUnavailable."""
    if len(key) > _HASH_BLOCK_BYTES:
        raise ValueError(f"a key has at most {_HASH_BLOCK_BYTES} bytes, not {len(key)}")
    padded = key.ljust(_HASH_BLOCK_BYTES, b"\0")
    inner = digest(bytes(each ^ 0x36 for each in padded) + data)
    return digest(bytes(each ^ 0x5C for each in padded) + inner)


def ciphered(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """`data` under «Кузнечик» in counter mode (GOST R 34.12-2015, 34.13-2015), as long as it was;
    the same again gives it back. A key of 32 bytes takes each nonce of 8 bytes once.
    GostUnavailable."""
    if (len(key), len(nonce)) != (CIPHER_KEY_BYTES, NONCE_BYTES):
        raise ValueError(f"a key has {CIPHER_KEY_BYTES} bytes, a nonce {NONCE_BYTES}")
    openssl = _openssl()
    if not openssl.kuznyechik:
        raise GostUnavailable("the GOST engine has no Kuznyechik")
    context = openssl.lib.EVP_CIPHER_CTX_new()
    try:
        out, size = ctypes.create_string_buffer(len(data) or 1), _INT(0)
        counter = nonce + bytes(NONCE_BYTES)
        if (
            openssl.lib.EVP_EncryptInit_ex(context, openssl.kuznyechik, None, key, counter) != 1
            or openssl.lib.EVP_EncryptUpdate(context, out, ctypes.byref(size), data, len(data)) != 1
        ):
            openssl.lib.ERR_clear_error()
            raise GostUnavailable("the GOST engine does not encrypt")
        return out.raw[: size.value]
    finally:
        openssl.lib.EVP_CIPHER_CTX_free(context)


class GostPublicKey:
    """A public key from its SubjectPublicKeyInfo; GostUnavailable, ValueError for another key."""

    def __init__(self, spki: bytes) -> None:
        self._openssl = _openssl()
        self._key = _read(self._openssl, self._openssl.lib.d2i_PUBKEY, spki)
        weakref.finalize(self, self._openssl.free, self._key)

    def verify(self, signature: bytes, digested: bytes) -> bool:
        """Whether `signature` of 64 bytes was made over that digest of 32 bytes."""
        if len(signature) != SIGNATURE_BYTES or len(digested) != DIGEST_BYTES:
            return False
        lib = self._openssl.lib
        context = lib.EVP_PKEY_CTX_new(self._key, None)
        try:
            if lib.EVP_PKEY_verify_init(context) != 1:
                return False
            verdict: int = lib.EVP_PKEY_verify(
                context, signature, len(signature), digested, len(digested)
            )
            lib.ERR_clear_error()
            return verdict == 1
        finally:
            lib.EVP_PKEY_CTX_free(context)


class GostKey:
    """A private key from its PKCS#8; GostUnavailable, ValueError for another key."""

    def __init__(self, pkcs8: bytes) -> None:
        self._openssl = _openssl()
        self._key = _read(self._openssl, self._openssl.lib.d2i_AutoPrivateKey, pkcs8)
        weakref.finalize(self, self._openssl.free, self._key)

    def sign(self, digested: bytes) -> bytes:
        """A signature of 64 bytes over a digest of 32; another one each time."""
        if len(digested) != DIGEST_BYTES:
            raise ValueError(f"a digest has {DIGEST_BYTES} bytes, not {len(digested)}")
        lib = self._openssl.lib
        context = lib.EVP_PKEY_CTX_new(self._key, None)
        try:
            out = ctypes.create_string_buffer(SIGNATURE_BYTES)
            size = ctypes.c_size_t(SIGNATURE_BYTES)
            if (
                lib.EVP_PKEY_sign_init(context) != 1
                or lib.EVP_PKEY_sign(context, out, ctypes.byref(size), digested, DIGEST_BYTES) != 1
            ):
                lib.ERR_clear_error()
                raise GostUnavailable("the GOST engine does not sign")
            return out.raw[: size.value]
        finally:
            lib.EVP_PKEY_CTX_free(context)

    @property
    def spki(self) -> bytes:
        """SubjectPublicKeyInfo of the public key, DER."""
        out = ctypes.create_string_buffer(_LONGEST_KEY)
        cursor = ctypes.c_void_p(ctypes.addressof(out))
        length = self._openssl.lib.i2d_PUBKEY(self._key, ctypes.byref(cursor))
        if length <= 0:
            raise GostUnavailable("the GOST engine does not give the public key")
        return out.raw[:length]


def _read(openssl: _OpenSsl, reader: Any, der: bytes) -> int:
    if not 0 < len(der) <= _LONGEST_KEY:
        raise ValueError("no key of GOST R 34.10-2012 is so long or so short")
    buffer = ctypes.create_string_buffer(der, len(der))
    cursor = ctypes.c_void_p(ctypes.addressof(buffer))
    key: int | None = reader(None, ctypes.byref(cursor), len(der))
    openssl.lib.ERR_clear_error()
    if not key:
        raise ValueError("not a key of GOST R 34.10-2012")
    return key
