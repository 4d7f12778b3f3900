"""DER changed as what it is: tags, lengths, elements taken away, repeated, nested and replaced."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from tests.fuzz import octets

__all__ = ["altered"]

_OCTETS: Final = 0x04
_CONSTRUCTED: Final = 0x20
_LONG_FORM: Final = 0x80
_TAGS: Final = (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x1E, 0x1F, 0x24,
                0x30, 0x31, 0x80, 0x82, 0xA0, 0xA1, 0xA3, 0xBF)  # fmt: skip
_DEPTHS: Final = (1, 2, 50, 3_000)  # levels that are wrapped around an element
_MOST_REPEATED: Final = 16_384  # bytes of an element and its copies
_NOISY: Final = 0.35  # share of inputs whose bytes are changed, not their structure
_CHANGE_COUNTS: Final = (1, 1, 1, 2, 3)
_STAYS: Final = 0.2  # how often the way down a tree ends before its leaf


@dataclass(frozen=True, eq=False)
class Element:
    """A tag and what it has: `content`, which is elements if there are `parts`."""

    tag: int
    content: bytes
    parts: tuple["Element", ...] = ()

    @property
    def encoded(self) -> bytes:
        return _written(self.tag, self.content)

    def walk(self) -> Iterator["Element"]:
        """Itself and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def altered(chance: Random, der: bytes, seeds: Sequence[bytes]) -> bytes:
    """Good DER with one to three changes in its structure, or with noise; what comes from elsewhere
    is of one of `seeds`."""
    if chance.random() < _NOISY:
        return octets.noisy(chance, der, seeds)
    root = _tree(der)
    changed: dict[Element, bytes] = {}
    above: set[Element] = set()
    for _ in range(chance.choice(_CHANGE_COUNTS)):
        *way, element = _way_down(chance, root)
        changed[element] = chance.choice(_CHANGES)(chance, element, seeds)
        above.update(way)
    return _rebuilt(root, changed, above)


def _way_down(chance: Random, root: Element) -> list[Element]:
    """From the root to any element: those of great structures don't outweigh the others."""
    way = [root]
    while way[-1].parts and (len(way) == 1 or chance.random() > _STAYS):
        way.append(chance.choice(way[-1].parts))
    return way


def _rebuilt(element: Element, changed: dict[Element, bytes], above: set[Element]) -> bytes:
    if element in changed:
        return changed[element]
    if element not in above:
        return element.encoded
    parts = (_rebuilt(part, changed, above) for part in element.parts)
    return _written(element.tag, b"".join(parts))


# --- reading and writing --------------------------------------------------------------------------


@lru_cache(64)
def _tree(der: bytes) -> Element:
    (element,) = _elements(der)
    return element


def _elements(der: bytes) -> tuple[Element, ...]:
    """IndexError, at most, for what is no DER."""
    found = []
    while der:
        tag, length, begin = der[0], der[1], 2
        if length > _LONG_FORM:
            begin += length - _LONG_FORM
            length = int.from_bytes(der[2:begin])
        content, der = der[begin : begin + length], der[begin + length :]
        if tag & _CONSTRUCTED:
            found.append(Element(tag, content, _elements(content)))
        else:
            found.append(Element(tag, content, _enclosed(content) if tag == _OCTETS else ()))
    return tuple(found)


def _enclosed(content: bytes) -> tuple[Element, ...]:
    """What is in an OCTET STRING, if that is DER, as in those of extensions."""
    try:
        parts = _elements(content)
    except IndexError:
        return ()
    return parts if b"".join(part.encoded for part in parts) == content else ()


def _written(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _length(len(content)) + content


def _length(number: int) -> bytes:
    if number < _LONG_FORM:
        return bytes([number])
    digits = number.to_bytes((number.bit_length() + 7) // 8)
    return bytes([_LONG_FORM + len(digits)]) + digits


# --- changes: what comes in place of an element ---------------------------------------------------


def _deleted(_: Random, __: Element, ___: Sequence[bytes]) -> bytes:
    return b""


def _repeated(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    most = _MOST_REPEATED // len(element.encoded) + 2
    return element.encoded * chance.choice((2, 2, chance.randint(2, most)))


def _tagged_otherwise(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    return _written(chance.choice(_TAGS), element.content)


def _measured_wrongly(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    own = len(element.content)
    length = chance.choice(
        (
            b"\xff",
            b"\x84\xff\xff\xff\xff",
            b"\x88" + b"\x7f" * 8,
            b"\x84" + own.to_bytes(4),  # longer than it must be
            _length(max(own - 3, 0)),
            _length(own + chance.randint(1, 100)),
        )
    )
    return bytes([element.tag]) + length + element.content


def _of_no_length(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    """In the indefinite form, with its end or without."""
    return bytes([element.tag, _LONG_FORM]) + element.content + b"\0\0" * chance.randrange(2)


def _emptied(_: Random, element: Element, __: Sequence[bytes]) -> bytes:
    return _written(element.tag, b"")


def _wrapped(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    tag = chance.choice((0x30, 0x31, 0xA0, 0x24))
    whole = element.encoded
    for _level in range(chance.choice(_DEPTHS)):
        whole = _written(tag, whole)
    return whole


def _of_another(chance: Random, _: Element, seeds: Sequence[bytes]) -> bytes:
    return _way_down(chance, _tree(chance.choice(seeds)))[-1].encoded


def _of_same_tag(chance: Random, element: Element, seeds: Sequence[bytes]) -> bytes:
    others = [e for e in _tree(chance.choice(seeds)).walk() if e.tag == element.tag]
    return chance.choice(others or [element]).encoded


def _leaf_altered(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    return _with_leaf(chance, element, octets.altered)


def _leaf_flipped(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    return _with_leaf(chance, element, octets.bit_flipped)


def _with_leaf(chance: Random, element: Element, change: Callable[[Random, bytes], bytes]) -> bytes:
    *way, leaf = _way_down(chance, element)
    changed = {leaf: _written(leaf.tag, change(chance, leaf.content))}
    return _rebuilt(element, changed, set(way))


def _shuffled(chance: Random, element: Element, _: Sequence[bytes]) -> bytes:
    parts = [part.encoded for part in element.parts] or [element.content]
    chance.shuffle(parts)
    return _written(element.tag, b"".join(parts))


_Change = Callable[[Random, Element, Sequence[bytes]], bytes]
_CHANGES: Final[Sequence[_Change]] = (
    _deleted, _repeated, _tagged_otherwise, _measured_wrongly, _of_no_length, _emptied, _wrapped,
    _of_another, _of_same_tag, _of_same_tag, _of_same_tag, _leaf_altered, _leaf_altered,
    _leaf_flipped, _leaf_flipped, _leaf_flipped, _shuffled,
)  # fmt: skip
