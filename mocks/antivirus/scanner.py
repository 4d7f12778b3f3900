"""What a scan finds: signatures in the content, and in what is packed inside it."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from world.documents import EICAR

__all__ = ["EICAR_SIGNATURE", "Finding", "Signature", "Verdict", "scan"]

Verdict: TypeAlias = Literal[
    "CLEAN", "DETECT", "NON_SCANNED (CORRUPTED)", "NON_SCANNED (PASSWORD PROTECTED)",
    "NON_SCANNED (SKIPPED)",
]  # fmt: skip

DEEPEST: Final = 4  # archives inside archives; what is deeper is skipped
MOST_UNPACKED: Final = 64 * 2**20  # bytes in all: a bomb is skipped, not unpacked
MOST_ENTRIES: Final = 10_000  # packed objects in all
_ENTRY: Final = b"PK\x01\x02"  # begins the description of each in an archive's directory
_ENCRYPTED: Final = 0x1  # flag of a ZIP entry
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MOST_NAME: Final = 255  # characters, the last ones
_CHUNK: Final = 2**16

_BROKEN: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    IndexError,  # an object without a name
    OverflowError,
    struct.error,
    zlib.error,
)
"""What `zipfile` says of archives that are not in order."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What is taken for malicious: content with this SHA-256 (64 hex digits), or any that has
    `pattern` in it."""

    name: str
    sha256: str | None = None
    pattern: bytes | None = None

    def is_in(self, content: bytes, sha256: str) -> bool:
        """Whether the signature fits `content`, whose SHA-256 is given."""
        if self.pattern is not None and self.pattern in content:
            return True
        return self.sha256 == sha256


EICAR_SIGNATURE: Final = Signature("EICAR-Test-File", pattern=EICAR)


@dataclass(frozen=True, slots=True)
class Finding:
    """A scanned object: `path` leads to it inside the upload (empty: the upload itself)."""

    path: str
    verdict: Verdict
    detection: str | None = None
    macro: bool = False


def scan(content: bytes, signatures: Iterable[Signature]) -> list[Finding]:
    """The upload first, then what is packed in it: never more than 64 MB and 10,000 objects, the
    rest is skipped."""
    budget = _Budget()
    return list(_scan(content, "", tuple(signatures), budget, DEEPEST))


class _Budget:
    """How many bytes and objects may still be unpacked."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED
        self.entries = MOST_ENTRIES


def _scan(
    content: bytes, path: str, signatures: tuple[Signature, ...], budget: _Budget, depth: int
) -> Iterator[Finding]:
    digest = hashlib.sha256(content).hexdigest()
    detection = next((each.name for each in signatures if each.is_in(content, digest)), None)
    if detection is not None:
        yield Finding(path, "DETECT", detection)
        return
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield Finding(path, "CLEAN")
        return
    if not depth or content.count(_ENTRY) > budget.entries:
        yield Finding(path, "NON_SCANNED (SKIPPED)")
        return
    inner = list(_unpacked(content, path, signatures, budget, depth))
    macro = any(finding.path.endswith("vbaProject.bin") for finding in inner)
    worst = next((finding for finding in inner if finding.verdict == "DETECT"), None)
    if worst is not None:
        yield Finding(path, "DETECT", worst.detection, macro)
    else:
        unread = next((f.verdict for f in inner if f.verdict != "CLEAN"), None)
        yield Finding(path, unread or "CLEAN", macro=macro)
    yield from inner


def _unpacked(
    content: bytes, path: str, signatures: tuple[Signature, ...], budget: _Budget, depth: int
) -> Iterator[Finding]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    inner_path = f"{path}//{entry.filename[-_MOST_NAME:]}"
                    data = _read(archive, entry, budget)
                    if isinstance(data, bytes):
                        yield from _scan(data, inner_path, signatures, budget, depth - 1)
                    else:
                        yield Finding(inner_path, data)
    except _BROKEN:
        yield Finding(f"{path}//", "NON_SCANNED (CORRUPTED)")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> bytes | Verdict:
    """The entry's content; or why it is not scanned: among others if it would exceed the budget,
    whatever its header says."""
    budget.entries -= 1
    if entry.flag_bits & _ENCRYPTED:
        return "NON_SCANNED (PASSWORD PROTECTED)"
    if entry.compress_type not in _METHODS or budget.left <= 0 or budget.entries < 0:
        return "NON_SCANNED (SKIPPED)"
    data = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                budget.left -= len(chunk)
                if budget.left < 0:
                    return "NON_SCANNED (SKIPPED)"
                data += chunk
    except _BROKEN:
        return "NON_SCANNED (CORRUPTED)"
    return bytes(data)
