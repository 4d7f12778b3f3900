"""XML signatures: those of СМЭВ's messages and enveloped ones of documents, in every algorithm."""

from random import Random
from typing import Final

from lxml import etree

from mocks.core.http import Refusal
from mocks.core.xml import parsed
from mocks.pki.authorities import available_algorithms
from signatures.canonical_xml import canonical
from signatures.certificates import key_bits, public_key
from signatures.refusals import REFUSALS, SignatureRefused
from signatures.smev_transform import transformed
from signatures.xmldsig import ENVELOPED, NAMESPACE, SMEV, Profile, Signed, signed
from tests.fuzz import xml_trees
from tests.fuzz.campaign import Outcome
from tests.signatures.small_pki import small_pki
from tests.signatures.xml_messages import (
    DOCUMENT,
    DOCUMENT_OCTETS,
    MESSAGE,
    MESSAGE_OCTETS,
    TYPES,
    signed_document,
    signed_message,
)

__all__ = ["XmlSignatures"]

_SIGNATURE: Final = f"{{{NAMESPACE}}}Signature"
_TARGET: Final = f"{{{TYPES}}}SenderProvidedRequestData"
_MOST_LOOKED_AT: Final = 3  # signatures of a document
_OTHER_NUMBER: Final = (b"1027700132195", b"1027700132196")
_OTHER_SUM: Final = (b"100", b"900")


class XmlSignatures:
    """Every signature of a document is held against every element that it may be over."""

    count = 2_500
    documented = frozenset({"good", "no signature", "no XML", *REFUSALS})
    reached = frozenset(
        {"good", "no signature", "no XML", "malformed", "algorithm", "digest", "signature",
         "no-certificate"}
    )  # fmt: skip

    def __init__(self) -> None:
        self._seeds = []
        self._keys = set()
        for algorithm in available_algorithms():
            self._keys.add(key_bits(small_pki(algorithm).key.spki))
            self._seeds += [
                signed_message(algorithm),
                signed_message(algorithm, MESSAGE.replace(*_text(_OTHER_NUMBER))),
                signed_document(algorithm),
                signed_document(algorithm, DOCUMENT.replace(*_text(_OTHER_SUM))),
            ]
        self._truths = {
            MESSAGE_OCTETS,
            MESSAGE_OCTETS.replace(*_OTHER_NUMBER),
            DOCUMENT_OCTETS,
            DOCUMENT_OCTETS.replace(*_OTHER_SUM),
        }

    def begin(self) -> None:
        """Nothing is kept."""

    def fed(self, chance: Random) -> Outcome:
        document = xml_trees.altered(chance, chance.choice(self._seeds), self._seeds)
        try:
            root = parsed(document)
        except Refusal as refusal:
            return Outcome("no XML", refusal.message.encode())
        return self._checked(root)

    def _checked(self, root: etree._Element) -> Outcome:
        """The best that can be said of a document, so that no good signature is overlooked."""
        outcome = Outcome("no signature")
        targets: list[tuple[etree._Element, Profile]] = [(root, ENVELOPED)]
        targets += [(each, SMEV) for each in list(root.iter(_TARGET))[:_MOST_LOOKED_AT]]
        for signature in list(root.iter(_SIGNATURE))[:_MOST_LOOKED_AT]:
            for target, profile in targets:
                try:
                    found = signed(signature, target, profile)
                except SignatureRefused as refused:
                    if outcome.name in ("no signature", "malformed"):
                        outcome = Outcome(refused.code, refused.message.encode())
                else:
                    self._check_truth(found, target, profile)
                    return Outcome("good", found.value)
        return outcome

    def _check_truth(self, found: Signed, target: etree._Element, profile: Profile) -> None:
        assert found.octets in self._truths
        # The rest of the certificate is nobody's word yet, parameters of the key among it.
        assert key_bits(public_key(found.certificate).spki) in self._keys
        if profile is SMEV:
            assert transformed(canonical(target)) == found.octets


def _text(pair: tuple[bytes, bytes]) -> tuple[str, str]:
    return pair[0].decode(), pair[1].decode()
