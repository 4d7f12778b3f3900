"""A message of СМЭВ and a document, their signers, and how signatures are put into them.

`python -m tests.signatures.xml_messages` makes the files of `vectors/` anew.
"""

import base64
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from signatures.canonical_xml import canonical
from signatures.certificates import Certificate
from signatures.keys import to_plain
from signatures.refusals import SignatureRefused
from signatures.xmldsig import ENVELOPED, NAMESPACE, SMEV, Signed, sign, signed
from tests.signatures.small_pki import small_pki
from world.certificate_profiles import ALGORITHMS, KeyAlgorithm

VECTORS: Final = Path(__file__).parent / "vectors"
DS: Final = f"{{{NAMESPACE}}}"

TYPES: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.2"
BASIC: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.2"

MESSAGE: Final = f"""
<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:b="{BASIC}">
  <S:Body>
    <SendRequestRequest xmlns="{TYPES}">
      <SenderProvidedRequestData Id="SIGNED_BY_CALLER">
        <MessageID>6e2b7c0e-2f6b-11f0-9c4e-0242ac120002</MessageID>
        <b:MessagePrimaryContent>
          <v:Запрос xmlns:v="urn://poligon/test/1.0" вид="срочный">
            <v:ОГРН>1027700132195</v:ОГРН>
            <v:Цель>сумма &gt; 0 &amp; срок &lt; 30</v:Цель>
          </v:Запрос>
        </b:MessagePrimaryContent>
        <TestMessage/>
      </SenderProvidedRequestData>
      <CallerInformationSystemSignature/>
    </SendRequestRequest>
  </S:Body>
</S:Envelope>""".lstrip()
"""A request to СМЭВ with an empty place for its signature."""

MESSAGE_OCTETS: Final = (
    f'<ns1:SenderProvidedRequestData xmlns:ns1="{TYPES}" Id="SIGNED_BY_CALLER">'
    "<ns1:MessageID>6e2b7c0e-2f6b-11f0-9c4e-0242ac120002</ns1:MessageID>"
    f'<ns2:MessagePrimaryContent xmlns:ns2="{BASIC}">'
    '<ns3:Запрос xmlns:ns3="urn://poligon/test/1.0" вид="срочный">'
    "<ns3:ОГРН>1027700132195</ns3:ОГРН>"
    "<ns3:Цель>сумма > 0 &amp; срок &lt; 30</ns3:Цель>"
    "</ns3:Запрос>"
    "</ns2:MessagePrimaryContent>"
    "<ns1:TestMessage></ns1:TestMessage>"
    "</ns1:SenderProvidedRequestData>"
).encode()
"""What is digested of it, written by hand."""

DOCUMENT: Final = (
    '<заявление xmlns="urn://poligon/test/2.0" xmlns:unused="urn:unused" вид="1" Номер="7">\n'
    "  <!-- черновик -->\n"
    "  <сумма валюта='RUB'>100 > 99</сумма>\n"
    "</заявление>"
)
"""A document that an enveloped signature signs as a whole."""

DOCUMENT_OCTETS: Final = (
    '<заявление xmlns="urn://poligon/test/2.0" Номер="7" вид="1">\n'
    "  \n"
    '  <сумма валюта="RUB">100 &gt; 99</сумма>\n'
    "</заявление>"
).encode()
"""What is digested of it, written by hand."""


def parsed(document: str | bytes) -> etree._Element:
    """A document's root, its text exactly as it is."""
    content = document.encode() if isinstance(document, str) else document
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def serialized(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="utf-8")


def found(root: etree._Element, name: str) -> etree._Element:
    """The one element of that local name."""
    (element,) = (each for each in root.iter("{*}" + name))
    return element


def signature_in(root: etree._Element) -> etree._Element:
    return found(root, "Signature")


def signed_message(
    algorithm: KeyAlgorithm, message: str = MESSAGE, certificate: Certificate | None = None
) -> bytes:
    """The message with its sender's signature; with another certificate than the sender's if so."""
    root, signer = parsed(message), small_pki(algorithm)
    target = found(root, "SenderProvidedRequestData")
    signature = sign(target, signer.key, certificate or signer.certificate, SMEV)
    found(root, "CallerInformationSystemSignature").append(signature)
    return serialized(root)


def signed_document(
    algorithm: KeyAlgorithm, document: str = DOCUMENT, certificate: Certificate | None = None
) -> bytes:
    """The document with an enveloped signature as its last element."""
    root, signer = parsed(document), small_pki(algorithm)
    root.append(sign(root, signer.key, certificate or signer.certificate, ENVELOPED))
    return serialized(root)


def check(root: etree._Element) -> Signed:
    """Check a message or a document, whichever it is, as it comes when it is sent."""
    root = parsed(serialized(root))
    signature = signature_in(root)
    if signature.getparent() is root:
        return signed(signature, root, ENVELOPED)
    return signed(signature, found(root, "SenderProvidedRequestData"), SMEV)


def refused(root: etree._Element) -> str:
    """The code that a message or a document is refused with."""
    with pytest.raises(SignatureRefused) as refusal:
        check(root)
    return refusal.value.code


def resign(root: etree._Element, algorithm: KeyAlgorithm) -> None:
    """Make the signature's value fit what the signature says now."""
    value = small_pki(algorithm).key.sign(canonical(found(root, "SignedInfo")))
    put(root, "SignatureValue", to_plain(value) if algorithm == "ecc" else value)


def put(root: etree._Element, name: str, value: bytes) -> None:
    """Give an element another value, in Base64."""
    found(root, name).text = base64.b64encode(value).decode()


def value_of(root: etree._Element, name: str) -> bytes:
    return base64.b64decode(found(root, name).text or "")


if __name__ == "__main__":
    for each in ALGORITHMS:
        (VECTORS / f"message_{each}.xml").write_bytes(signed_message(each))
        (VECTORS / f"document_{each}.xml").write_bytes(signed_document(each))
