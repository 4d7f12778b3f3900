"""Samples of face and voice: what a camera or a microphone takes of a person.

A person has, for each modality, a vector of 256 independent standard normal numbers, drawn under
(country's seed, СНИЛС). A take of it adds normal noise of deviation `noise`, drawn under the take's
number, and is scaled back to deviation 1: value = (vector + noise) / √(1 + noise²), printed as a
byte 128 + 40 · value. Two takes of one person are therefore alike in 1 / (1 + noise²) on average,
those of two people in 0, with deviation 1/16.

Before the 256 bytes stand 16 of the response to a challenge, BLAKE2b-128 of it: the words read
aloud or the turn of the head which an earlier recording does not have. All 272 bytes are a grey PNG
of 16 × 17 pixels or a WAV of 8-bit samples.
"""

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from math import sqrt
from typing import Final, Literal, TypeAlias

from mocks.core.draw_keys import seeded_key
from world import draws

__all__ = ["FEATURES", "Modality", "NotASampleError", "Take", "read_take", "soiled", "take"]

Modality: TypeAlias = Literal["face", "voice"]

FEATURES: Final = 256
MIDDLE, DEVIATION = 128, 40  # of a byte
_RESPONSE: Final = 16  # bytes
_TAKE: Final = _RESPONSE + FEATURES

_WIDTH, _HEIGHT = 16, 17
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
_ROW: Final = 1 + _WIDTH  # a filter's number comes first
_RATE: Final = 8_000  # Hz
_LARGEST: Final = 4_096  # bytes of a container


class NotASampleError(ValueError):
    """The bytes are not a sample of that modality; the message says why, in Russian."""


class Take:
    """What a sample says: its response to a challenge and its features, one byte each."""

    __slots__ = ("features", "response")

    def __init__(self, content: bytes) -> None:
        self.response = content[:_RESPONSE]
        self.features = content[_RESPONSE:]

    def answers(self, challenge: str) -> bool:
        """Whether it was taken for this very `challenge`."""
        return self.response == _response(challenge)


def take(
    seed: int, snils: str, modality: Modality, number: int, challenge: str, noise: float
) -> bytes:
    """The container of take `number` of the person, made for `challenge`."""
    own = _vector(seed, snils, modality)
    entity = _entity(seed, snils, modality)
    node = draws.text_key("noise")
    scale = DEVIATION / sqrt(1.0 + noise * noise)
    values = (
        MIDDLE + scale * (feature + noise * _normal(entity, node, number, k))
        for k, feature in enumerate(own)
    )
    content = _response(challenge) + _bytes(values)
    return _png(content) if modality == "face" else _wav(content)


def soiled(clean: Take, number: int, noise: float) -> Take:
    """A take as a dirty sensor gives it: with more normal noise, of the take's `number`."""
    entity, node = draws.text_key("biometry/dirt"), draws.text_key("noise")
    scale = 1.0 / sqrt(1.0 + noise * noise)
    values = (
        MIDDLE + scale * (byte - MIDDLE + noise * DEVIATION * _normal(entity, node, number, k))
        for k, byte in enumerate(clean.features)
    )
    return Take(clean.response + _bytes(values))


def read_take(modality: Modality, container: bytes) -> Take:
    """The take inside `container`; NotASampleError for any other bytes."""
    if len(container) > _LARGEST:
        raise NotASampleError(f"образец больше {_LARGEST} байт")
    content = _from_png(container) if modality == "face" else _from_wav(container)
    if len(content) != _TAKE:
        raise NotASampleError(f"в образце {len(content)} отсчётов вместо {_TAKE}")
    return Take(content)


@lru_cache(256)
def _vector(seed: int, snils: str, modality: Modality) -> tuple[float, ...]:
    entity, node = _entity(seed, snils, modality), draws.text_key("vector")
    return tuple(_normal(entity, node, 0, k) for k in range(FEATURES))


def _entity(seed: int, snils: str, modality: Modality) -> int:
    return draws.combine(seeded_key(f"biometry/{modality}", seed), int(snils))


def _normal(entity: int, node: int, visit: int, k: int) -> float:
    return draws.normal_quantile(draws.uniform(entity, node, visit, k))


def _bytes(values: Iterable[float]) -> bytes:
    return bytes(min(max(round(value), 0), 255) for value in values)


def _response(challenge: str) -> bytes:
    return blake2b(challenge.encode(), digest_size=_RESPONSE).digest()


# --- containers


def _png(content: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    rows = b"".join(b"\0" + content[i : i + _WIDTH] for i in range(0, len(content), _WIDTH))
    # Stored, not compressed: the bytes are then the same with every version of zlib.
    return (
        _PNG
        + chunk(b"IHDR", _HEADER)
        + chunk(b"IDAT", zlib.compress(rows, 0))
        + chunk(b"IEND", b"")
    )


def _from_png(container: bytes) -> bytes:
    if not container.startswith(_PNG):
        raise NotASampleError("образец лица — не PNG")
    chunks: dict[bytes, bytes] = {}
    place = len(_PNG)
    while place < len(container):
        length, name = struct.unpack_from(">I4s", container.ljust(place + 8, b"\0"), place)
        body = container[place + 8 : place + 8 + length]
        crc = container[place + 8 + length : place + 12 + length]
        if crc != struct.pack(">I", zlib.crc32(name + body)):
            raise NotASampleError("PNG повреждён")
        chunks[name] = chunks.get(name, b"") + body
        place += 12 + length
    if chunks.get(b"IHDR") != _HEADER:
        raise NotASampleError(f"ожидается серый PNG {_WIDTH}×{_HEIGHT}, 8 бит")
    try:
        rows = zlib.decompressobj().decompress(chunks.get(b"IDAT", b""), _ROW * _HEIGHT + 1)
    except zlib.error:
        raise NotASampleError("PNG повреждён") from None
    if any(rows[::_ROW]):
        raise NotASampleError("ожидается PNG без фильтров строк")
    return b"".join(rows[i + 1 : i + _ROW] for i in range(0, len(rows), _ROW))


def _wav(content: bytes) -> bytes:
    return _wav_header(len(content)) + content


def _from_wav(container: bytes) -> bytes:
    if not container.startswith(b"RIFF"):
        raise NotASampleError("образец голоса — не WAV")
    content = container[len(_wav_header(0)) :]
    if container != _wav(content):
        raise NotASampleError(f"ожидается моно WAV без сжатия, 8 бит, {_RATE} Гц")
    return content


def _wav_header(size: int) -> bytes:
    """Of `size` samples in one channel, a byte each (format 1: PCM)."""
    head = struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8)
    return head + form + struct.pack("<4sI", b"data", size)
