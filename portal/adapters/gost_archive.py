"""The archive's cipher by GOST, and its second place: a folder, or memory.

A copy is its form's name, a salt, the content under «Кузнечик» in counter mode, and HMAC with
Streebog-256 over all of that; each copy has keys of its own, from the archive's key and the salt.
"""

import hashlib
import hmac
import os
from pathlib import Path
from tempfile import mkstemp
from typing import Final, Protocol

from portal.ports.archive import KEY_BYTES, DamagedCopy
from portal.ports.unavailable import Unavailable
from signatures import gost

__all__ = ["BackupFolder", "BackupMemory", "BackupPlace", "GostArchive"]

_SYSTEM: Final = "archive"
_FORM: Final = b"POLIGON-GOST-1\n"
_HEAD: Final = len(_FORM) + KEY_BYTES
_NONCE: Final = bytes(gost.NONCE_BYTES)  # no key meets it twice


class BackupPlace(Protocol):
    """Where second copies lie."""

    def put(self, name: str, copy: bytes) -> None:
        """Keep a copy; OSError."""

    def get(self, name: str) -> bytes | None:
        """The copy, or None; OSError."""


class BackupMemory:
    """Copies that are gone with the process."""

    def __init__(self) -> None:
        self._copies: dict[str, bytes] = {}

    def put(self, name: str, copy: bytes) -> None:
        """As of BackupPlace."""
        self._copies[name] = copy

    def get(self, name: str) -> bytes | None:
        """As of BackupPlace."""
        return self._copies.get(name)


class BackupFolder:
    """Copies as files of a folder, under digests of their names; one is whole or not there, after a
    loss of power too. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, copy: bytes) -> None:
        """As of BackupPlace."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._place(name)
        descriptor, half = mkstemp(".part", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(copy)
                file.flush()
                os.fsync(file.fileno())
            Path(half).replace(place)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes | None:
        """As of BackupPlace."""
        try:
            return self._place(name).read_bytes()
        except FileNotFoundError:
            return None

    def _place(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()}.sealed"


class GostArchive:
    """The port `Archive`."""

    def __init__(self, place: BackupPlace) -> None:
        self._place = place

    def sealed(self, key: bytes, salt: bytes, content: bytes) -> bytes:
        """As the port says."""
        try:
            own, checking = _keys(key, salt)
            copy = _FORM + salt + gost.ciphered(own, _NONCE, content)
            return copy + gost.mac(checking, copy)
        except gost.GostUnavailable as why:
            raise Unavailable(_SYSTEM, str(why)) from why

    def opened(self, key: bytes, copy: bytes) -> bytes:
        """As the port says."""
        if len(copy) < _HEAD + gost.DIGEST_BYTES or not copy.startswith(_FORM):
            raise DamagedCopy("not a copy of the archive")
        body, told = copy[: -gost.DIGEST_BYTES], copy[-gost.DIGEST_BYTES :]
        try:
            own, checking = _keys(key, body[len(_FORM) : _HEAD])
            if not hmac.compare_digest(gost.mac(checking, body), told):
                raise DamagedCopy("it was altered, or sealed with another key")
            return gost.ciphered(own, _NONCE, body[_HEAD:])
        except gost.GostUnavailable as why:
            raise Unavailable(_SYSTEM, str(why)) from why

    def back_up(self, name: str, copy: bytes) -> None:
        """As the port says."""
        try:
            self._place.put(name, copy)
        except OSError as why:
            raise Unavailable(_SYSTEM, str(why)) from why

    def backup_of(self, name: str) -> bytes | None:
        """As the port says."""
        try:
            return self._place.get(name)
        except OSError as why:
            raise Unavailable(_SYSTEM, str(why)) from why


def _keys(key: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The keys of one copy: to encrypt, and to check."""
    if (len(key), len(salt)) != (KEY_BYTES, KEY_BYTES):
        raise ValueError(f"key and salt have {KEY_BYTES} bytes each")
    return gost.mac(key, b"encrypt" + salt), gost.mac(key, b"check" + salt)
