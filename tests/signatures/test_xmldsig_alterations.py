"""XML signatures over what was altered, and signed elements that were moved, are refused."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from signatures.canonical_xml import canonical
from signatures.certificates import Certificate, public_key
from signatures.keys import digest
from signatures.refusals import SignatureRefused
from signatures.xmldsig import ENVELOPED, SMEV, signed
from tests.signatures.needs_gost import ALGORITHMS, needs_gost
from tests.signatures.small_pki import SmallPki, small_pki
from tests.signatures.xml_messages import (
    BASIC,
    DOCUMENT_OCTETS,
    DS,
    MESSAGE_OCTETS,
    TYPES,
    check,
    found,
    parsed,
    put,
    refused,
    resign,
    signature_in,
    signed_document,
    signed_message,
    value_of,
)

SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
COMPACT = (
    f'<SendRequestRequest xmlns="{TYPES}" xmlns:b="{BASIC}">'
    '<SenderProvidedRequestData Id="SIGNED_BY_CALLER"><MessageID>6e2b</MessageID>'
    '<b:MessagePrimaryContent><v:a xmlns:v="urn://poligon/test/1.0" b="1" v:c="2">'
    "<v:d>10 &lt; 20</v:d><v:e/></v:a></b:MessagePrimaryContent></SenderProvidedRequestData>"
    "<CallerInformationSystemSignature/></SendRequestRequest>"
)
"""Nothing between tags: any of its characters matters."""


def rewritten(message: bytes, old: str, new: str) -> etree._Element:
    """The message with `old`, which it has, replaced."""
    text = message.decode()
    assert old in text
    return parsed(text.replace(old, new))


# --- altered --------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1027700132195", "1027700132194"),
        ('вид="срочный"', 'вид="обычный"'),
        ('вид="срочный"', ""),
        ("<TestMessage/>", ""),
        ("<TestMessage/>", "<TestMessage/><TestMessage/>"),
        ('xmlns:v="urn://poligon/test/1.0"', 'xmlns:v="urn://poligon/test/1.1"'),
        ("<MessageID>", "<MessageID> "),
    ],
)
def test_altered_message_is_refused_for_its_digest(algorithm: Any, old: str, new: str) -> None:
    assert refused(rewritten(signed_message(algorithm), old, new)) == "digest"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("100 &gt; 99", "100 &gt; 98"),
        ('вид="1"', 'вид="2"'),
        ("\n  <!-- черновик -->", "<!-- черновик -->"),
        ("</ds:Signature>", "</ds:Signature> "),
        ("<ds:Signature ", "<приписка/><ds:Signature "),
        ("</ds:Signature>", "</ds:Signature><приписка/>"),
    ],
)
def test_altered_document_is_refused_for_its_digest(old: str, new: str) -> None:
    assert refused(rewritten(signed_document("rsa"), old, new)) == "digest"


def test_comment_in_a_document_is_not_signed() -> None:
    root = rewritten(signed_document("rsa"), "<!-- черновик -->", "<!-- чистовик -->")
    assert check(root).octets == DOCUMENT_OCTETS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_digest_in_the_signature_is_refused_as_its_signature(algorithm: Any) -> None:
    root = parsed(signed_message(algorithm))
    put(root, "DigestValue", digest(algorithm, b"other"))
    assert refused(root) == "signature"
    resign(root, algorithm)
    assert refused(root) == "digest"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_certificate_of_another_key_is_refused(algorithm: Any) -> None:
    root = parsed(signed_message(algorithm))
    authority = small_pki(algorithm).authority.certificate
    put(root, "X509Certificate", authority.dump())
    assert refused(root) == "signature"


def test_certificate_of_another_algorithm_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    certificate = small_pki("ecc").certificate
    put(root, "X509Certificate", certificate.dump())
    assert refused(root) == "algorithm"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("value", [b"\0", b"\0" * 64, b"\xff" * 64, b"\xff" * 256, b"1" * 5_000])
def test_value_of_another_form_is_refused_as_a_wrong_signature(
    algorithm: Any, value: bytes
) -> None:
    root = parsed(signed_message(algorithm))
    put(root, "SignatureValue", value)
    assert refused(root) == "signature"


def test_ecdsa_value_in_der_is_refused() -> None:
    root = parsed(signed_message("ecc"))
    value = small_pki("ecc").key.sign(canonical(found(root, "SignedInfo")))
    put(root, "SignatureValue", value)
    assert refused(root) == "signature"


@needs_gost
def test_gost_value_as_r_then_s_is_refused() -> None:
    root = parsed(signed_message("gost"))
    value = value_of(root, "SignatureValue")
    put(root, "SignatureValue", value[32:] + value[:32])
    assert refused(root) == "signature"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(deadline=None)
@given(data=st.data())
def test_one_byte_altered_in_what_is_signed_is_refused(algorithm: Any, data: st.DataObject) -> None:
    """Bytes that mean the same (a line feed for a space between attributes) are the same."""
    message = signed_message(algorithm, COMPACT)
    part = data.draw(st.sampled_from(["SenderProvidedRequestData", "SignedInfo", "SignatureValue"]))
    root = read(altered(message, part, data))
    if root is not None and canonical(root) != canonical(parsed(message)):
        assert refused(root) in {"malformed", "algorithm", "signature", "digest"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(deadline=None)
@given(data=st.data())
def test_one_byte_altered_in_the_certificate_is_refused_or_makes_one_nobody_issued(
    algorithm: Any, data: st.DataObject
) -> None:
    message = signed_message(algorithm, COMPACT)
    root = read(altered(message, "X509Certificate", data))
    if root is None or canonical(root) == canonical(parsed(message)):
        return
    try:
        certificate = check(root).certificate
    except SignatureRefused:
        return
    assert not is_issued_by(certificate, small_pki(algorithm))


def altered(message: bytes, part: str, data: st.DataObject) -> bytes:
    """The message with one byte of an element, from its start tag to its end tag, altered."""
    start = message.index(part.encode())
    at = data.draw(st.integers(start, message.index(part.encode(), start + 1)))
    likely = st.sampled_from(b"AZaz059+/= \n\"'<>&;:-#")
    return message[:at] + bytes([data.draw(likely | st.integers(0, 255))]) + message[at + 1 :]


def read(message: bytes) -> etree._Element | None:
    """The message if it still is XML that can be compared, with a signature and what it signs."""
    try:
        root = parsed(message)
        found(root, "Signature")
        found(root, "SenderProvidedRequestData")
        canonical(root)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def is_issued_by(certificate: Certificate, pki: SmallPki) -> bool:
    """Whether the authority's signature fits the certificate: the first step of its check."""
    to_sign = certificate["tbs_certificate"]
    if certificate["signature_algorithm"].dump() != to_sign["signature"].dump():
        return False  # RFC 5280, 4.1.1.2
    key = public_key(pki.authority.certificate)
    return key.verify(certificate["signature_value"].native, to_sign.dump())


# --- moved ----------------------------------------------------------------------------------------


def forged(root: etree._Element) -> etree._Element:
    """A copy of the signed element that asks for something else."""
    copied = deepcopy(found(root, "SenderProvidedRequestData"))
    found(copied, "ОГРН").text = "1037700000000"
    return copied


def test_forged_element_in_the_place_of_the_signed_one_is_refused() -> None:
    """The signed one is kept where nobody looks, as in the classic attack on SOAP."""
    root = parsed(signed_message("rsa"))
    target = found(root, "SenderProvidedRequestData")
    place, copied = target.getparent(), forged(root)
    assert place is not None
    copied.set("Id", "FORGED")
    place.replace(target, copied)
    hidden = etree.SubElement(root, "{http://schemas.xmlsoap.org/soap/envelope/}Header")
    hidden.append(target)
    with pytest.raises(SignatureRefused, match="подписан другой элемент"):
        signed(signature_in(root), copied, SMEV)
    del copied.attrib["Id"]
    with pytest.raises(SignatureRefused, match="подписан другой элемент"):
        signed(signature_in(root), copied, SMEV)
    assert signed(signature_in(root), target, SMEV).octets == MESSAGE_OCTETS


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "name",
    ["Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id", f"{{{SECURITY}}}Id"],
)
def test_second_element_with_the_id_is_refused_whichever_is_asked_about(
    name: str, first: bool
) -> None:
    root = parsed(signed_message("rsa"))
    target, copied = found(root, "SenderProvidedRequestData"), forged(root)
    del copied.attrib["Id"]
    copied.set(name, "SIGNED_BY_CALLER")
    root.insert(0 if first else len(root), copied)
    for each in (target, copied):
        with pytest.raises(SignatureRefused, match="элементов с Id из ссылки 2") as refusal:
            signed(signature_in(root), each, SMEV)
        assert refusal.value.code == "malformed"


def test_signed_element_inside_the_signature_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    target, copied = found(root, "SenderProvidedRequestData"), forged(root)
    place = target.getparent()
    assert place is not None
    place.replace(target, copied)
    etree.SubElement(signature_in(root), f"{DS}Object").append(target)
    for each in (target, copied):
        with pytest.raises(SignatureRefused, match="ожидаются SignedInfo"):
            signed(signature_in(root), each, SMEV)


def test_signature_of_another_message_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    other = rewritten(signed_message("rsa"), "1027700132195", "1037700000000")
    signature = signature_in(other)
    with pytest.raises(SignatureRefused, match="подписан другой элемент"):
        signed(signature, found(root, "SenderProvidedRequestData"), SMEV)
    assert refused(other) == "digest"


def test_signature_outside_of_its_document_is_refused() -> None:
    root = parsed(signed_document("rsa"))
    wrapper = etree.Element("{urn:wrapper}all")
    wrapper.append(root)
    wrapper.append(signature_in(root))
    with pytest.raises(SignatureRefused, match="вне подписанного элемента"):
        signed(signature_in(wrapper), root, ENVELOPED)


def test_signed_document_inside_another_is_refused_as_that_one() -> None:
    root = parsed(signed_document("rsa"))
    wrapper = etree.Element("{urn:wrapper}all")
    wrapper.append(root)
    with pytest.raises(SignatureRefused) as refusal:
        signed(signature_in(wrapper), wrapper, ENVELOPED)
    assert refusal.value.code == "digest"
    with pytest.raises(SignatureRefused, match="подписан документ, а не элемент"):
        signed(signature_in(wrapper), root, ENVELOPED)


def test_signature_is_not_its_own_target() -> None:
    root = parsed(signed_message("rsa"))
    signature = signature_in(root)
    signature.set("Id", "SIGNATURE")
    found(root, "Reference").set("URI", "#SIGNATURE")
    resign(root, "rsa")
    with pytest.raises(SignatureRefused) as refusal:
        signed(signature, signature, SMEV)
    assert refusal.value.code == "digest"


@pytest.mark.parametrize(
    "uri", ["", "SIGNED_BY_CALLER", "#", "#other", "#xpointer(/)", "http://test/a.xml", None]
)
def test_reference_to_anything_else_is_refused(uri: str | None) -> None:
    root = parsed(signed_message("rsa"))
    reference = found(root, "Reference")
    del reference.attrib["URI"]
    if uri is not None:
        reference.set("URI", uri)
    resign(root, "rsa")
    assert refused(root) == "malformed"
