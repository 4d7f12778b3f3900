"""XML changed as what it is: elements moved, doubled and renamed, Ids, namespaces, algorithms; and
what no signature sees."""

import copy
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from lxml import etree

from signatures import canonical_xml, smev_transform
from signatures.xmldsig import NAMESPACE
from tests.fuzz import octets

__all__ = ["altered", "rearranged"]

_CHANGE_COUNTS: Final = (1, 1, 1, 2, 3)
_DEEPEST: Final = 300  # levels put into an element; documents may have 64
_MOST_COPIES: Final = 300  # of an element
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_XMLDSIG_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_ALGORITHMS: Final = (
    "", "none", canonical_xml.ALGORITHM, smev_transform.ALGORITHM, f"{NAMESPACE}sha1",
    f"{NAMESPACE}enveloped-signature", f"{NAMESPACE}hmac-sha1", f"{_XMLDSIG_MORE}rsa-sha256",
    f"{_XMLDSIG_MORE}rsa-md5", f"{_XMLDSIG_MORE}hmac-sha256", f"{_XMLDSIG_MORE}ecdsa-sha256",
    "http://www.w3.org/TR/1999/REC-xpath-19991116", "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2001/04/xmlenc#sha256",
    "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-256",
)  # fmt: skip
_IDS: Final = ("Id", "ID", "id", "{urn:x}Id", "{http://www.w3.org/XML/1998/namespace}id")
_NAMES: Final = ("Body", "Signature", "SignedInfo", "Object", "MessageID", "Envelope", "a")
_TEXTS: Final = ("", "0", "-1", "\ud7ff", "١", "\u200b", "\r", "a" * 10_000, "2026-02-31T25:00:00",
                 "<", "&#0;", "#x", "PT1S", "true", "====", "AAAA")  # fmt: skip
_HEADS: Final = (
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'>",
    b"<?xml version='1.1'?>",
    b"<?xml version='1.0' encoding='windows-1251'?>",
    b"<?xml-stylesheet href='a'?>",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"<!-- -->",
    b" ",
)
_NOISY: Final = 0.35  # share of documents whose bytes are changed, not their structure
_WITH_HEAD: Final = 0.05  # share of the others that something is put before


def altered(chance: Random, document: bytes, seeds: Sequence[bytes]) -> bytes:
    """A well-formed document rearranged, or with something before it, or with noise."""
    if chance.random() < _NOISY:
        return octets.noisy(chance, document, seeds)
    document = rearranged(chance, document, seeds)
    return chance.choice(_HEADS) + document if chance.random() < _WITH_HEAD else document


def rearranged(chance: Random, document: bytes, seeds: Sequence[bytes]) -> bytes:
    """A well-formed document with one to three changes in its structure, well-formed again; what
    comes from elsewhere is of one of `seeds`."""
    root = etree.fromstring(document, _PARSER)
    for _ in range(chance.choice(_CHANGE_COUNTS)):
        chance.choice(_CHANGES)(chance, chance.choice(list(root.iter(etree.Element))), seeds)
    return etree.tostring(root.getroottree(), encoding="utf-8")


# --- changes of what signatures see ---------------------------------------------------------------


def _doubled(_: Random, element: etree._Element, __: Sequence[bytes]) -> None:
    if element.getparent() is not None:
        element.addnext(_copied(element))


def _repeated(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    if element.getparent() is not None and len(etree.tostring(element)) < 1_000:
        for _copy in range(chance.randint(2, _MOST_COPIES)):
            element.addnext(_copied(element))


def _deleted(_: Random, element: etree._Element, __: Sequence[bytes]) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _moved(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    """To another place, perhaps leaving a copy: what signature wrapping does."""
    places = [
        each
        for each in element.getroottree().getroot().iter(etree.Element)
        if each is not element and element not in each.iterancestors()
    ]
    if places and element.getparent() is not None:
        place = chance.choice(places)
        moved = _copied(element) if chance.random() < 0.5 else element
        place.insert(chance.randint(0, len(place)), moved)


def _replaced(chance: Random, element: etree._Element, seeds: Sequence[bytes]) -> None:
    """By an element of the same name, if there is one, of another document."""
    other = etree.fromstring(chance.choice(seeds), _PARSER)
    same = list(other.iter(str(element.tag)))
    parent = element.getparent()
    if same and parent is not None:
        parent.replace(element, _copied(chance.choice(same)))


def _id_changed(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    known = [each.get("Id", "") for each in element.getroottree().getroot().iter(etree.Element)]
    element.set(chance.choice(_IDS), chance.choice([each for each in known if each] or ["x"]))


def _attribute_changed(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    name = chance.choice([*element.attrib, "URI", "Algorithm", "a", "Type"])
    element.set(name, chance.choice(("", "#", "#x", "http://a.test/", "1", *_ALGORITHMS)))


def _attribute_deleted(_: Random, element: etree._Element, __: Sequence[bytes]) -> None:
    for name in list(element.attrib)[:1]:
        del element.attrib[name]


def _attributes_added(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    for number in range(chance.choice((1, 10, 300))):
        element.set(f"a{number}", "1")


def _algorithm_changed(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    root = element.getroottree().getroot()
    named = [each for each in root.iter(etree.Element) if "Algorithm" in each.attrib]
    if named:
        chance.choice(named).set("Algorithm", chance.choice(_ALGORITHMS))


def _transform_added(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    for transforms in element.getroottree().getroot().iter(f"{{{NAMESPACE}}}Transforms"):
        added = etree.Element(f"{{{NAMESPACE}}}Transform", Algorithm=chance.choice(_ALGORITHMS))
        added.text = chance.choice(("", "//.", "self::node()"))
        transforms.insert(chance.randint(0, len(transforms)), added)


def _renamed(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    name = etree.QName(element)
    namespace = chance.choice((name.namespace, name.namespace, NAMESPACE, "urn:x", None))
    local = chance.choice((name.localname, chance.choice(_NAMES)))
    element.tag = local if namespace is None else f"{{{namespace}}}{local}"


def _text_changed(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    written = element.text or ""
    at = chance.randint(0, len(written))
    element.text = chance.choice(
        (chance.choice(_TEXTS), written[:at] + chance.choice("a1 Я=") + written[at:], written[at:])
    )


def _nested(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    for _level in range(chance.choice((1, 1, _DEEPEST))):
        element = etree.SubElement(element, str(element.tag))


# --- changes of what they need not see ------------------------------------------------------------


def _spaced(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    for each in element.iter(etree.Element):
        each.tail = (each.tail or "") + chance.choice(("\n", " ", "\t"))


def _commented(chance: Random, element: etree._Element, _: Sequence[bytes]) -> None:
    made = chance.choice((etree.Comment("a"), etree.ProcessingInstruction("a", "b")))
    text = element.text or ""
    at = chance.randint(0, len(text))
    made.tail, element.text = text[at:], text[:at]
    element.insert(0, made)


def _prefixed_otherwise(_: Random, element: etree._Element, __: Sequence[bytes]) -> None:
    """Declarations of its own for an element and what is in it."""
    parent = element.getparent()
    if parent is not None:
        names = (etree.QName(each).namespace for each in element.iter(etree.Element))
        spaces = sorted({each for each in names if each is not None})
        declared = {f"z{n}": each for n, each in enumerate(spaces)}
        again = etree.Element(element.tag, nsmap=declared)
        again.attrib.update(element.attrib)
        again.text, again.tail = element.text, element.tail
        parent.replace(element, again)
        again.extend(list(element))


_Change = Callable[[Random, etree._Element, Sequence[bytes]], None]
_CHANGES: Final[Sequence[_Change]] = (
    _doubled, _repeated, _deleted, _moved, _moved, _replaced, _replaced, _id_changed,
    _attribute_changed, _attribute_deleted, _attributes_added, _algorithm_changed,
    _transform_added, _renamed, _text_changed, _text_changed, _nested, _spaced, _commented,
    _prefixed_otherwise,
)  # fmt: skip


def _copied(element: etree._Element) -> etree._Element:
    copied = copy.deepcopy(element)
    copied.tail = None
    return copied
