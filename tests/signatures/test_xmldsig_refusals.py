"""XML signatures in other algorithms, with other transforms and in pieces are refused."""

import base64
from collections.abc import Callable
from copy import deepcopy

import pytest
from lxml import etree

from signatures.refusals import SignatureRefused
from signatures.xmldsig import ENVELOPED, SMEV, Profile, signed
from tests.signatures.xml_messages import (
    DS,
    MESSAGE_OCTETS,
    check,
    found,
    parsed,
    put,
    refused,
    resign,
    signature_in,
    signed_document,
    signed_message,
)

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
TRANSFORM = "urn://smev-gov-ru/xmldsig/transform"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
GOST = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"


# --- algorithms -----------------------------------------------------------------------------------


def with_transforms(root: etree._Element, *algorithms: str) -> None:
    transforms = found(root, "Transforms")
    for each in list(transforms):
        transforms.remove(each)
    for algorithm in algorithms:
        etree.SubElement(transforms, f"{DS}Transform", Algorithm=algorithm)
    resign(root, "rsa")


def test_chain_of_clients_on_dotnet_is_taken() -> None:
    root = parsed(signed_message("rsa"))
    with_transforms(root, ENVELOPED_SIGNATURE, EXCLUSIVE, TRANSFORM)
    assert check(root).octets == MESSAGE_OCTETS


@pytest.mark.parametrize("make", [signed_message, signed_document])
@pytest.mark.parametrize(
    "chain",
    [
        (),
        ("",),
        (EXCLUSIVE,),
        (TRANSFORM,),
        (TRANSFORM, EXCLUSIVE),
        (C14N, TRANSFORM),
        (f"{EXCLUSIVE}WithComments", TRANSFORM),
        (EXCLUSIVE, TRANSFORM, EXCLUSIVE),
        (EXCLUSIVE, TRANSFORM, ENVELOPED_SIGNATURE),
        (ENVELOPED_SIGNATURE,),
        (ENVELOPED_SIGNATURE, C14N),
        (ENVELOPED_SIGNATURE, C14N_11),
        (EXCLUSIVE, ENVELOPED_SIGNATURE),
        ("http://www.w3.org/TR/1999/REC-xpath-19991116", EXCLUSIVE),
        ("http://www.w3.org/TR/1999/REC-xslt-19991116", EXCLUSIVE),
        ("http://www.w3.org/2000/09/xmldsig#base64",),
    ],
)
def test_other_chains_of_transforms_are_refused(
    make: Callable[[str], bytes], chain: tuple[str, ...]
) -> None:
    root = parsed(make("rsa"))
    with_transforms(root, *chain)
    assert refused(root) == "algorithm"


@pytest.mark.parametrize(
    ("make", "chain"),
    [
        (signed_message, (ENVELOPED_SIGNATURE, EXCLUSIVE)),
        (signed_document, (EXCLUSIVE, TRANSFORM)),
        (signed_document, (ENVELOPED_SIGNATURE, EXCLUSIVE, TRANSFORM)),
    ],
)
def test_chain_of_another_profile_is_refused(
    make: Callable[[str], bytes], chain: tuple[str, ...]
) -> None:
    root = parsed(make("rsa"))
    with_transforms(root, *chain)
    assert refused(root) == "algorithm"


@pytest.mark.parametrize("name", ["Transform", "CanonicalizationMethod"])
def test_prefixes_to_canonicalize_inclusively_are_refused(name: str) -> None:
    root = parsed(signed_message("rsa"))
    method = next(root.iter(f"{DS}{name}"))
    etree.SubElement(method, f"{{{EXCLUSIVE}}}InclusiveNamespaces", PrefixList="S b")
    resign(root, "rsa")
    assert refused(root) == "algorithm"


def test_transform_of_another_namespace_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    next(root.iter(f"{DS}Transform")).tag = "{urn:other}Transform"
    resign(root, "rsa")
    assert refused(root) == "algorithm"


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("CanonicalizationMethod", C14N),
        ("CanonicalizationMethod", C14N_11),
        ("CanonicalizationMethod", f"{EXCLUSIVE}WithComments"),
        ("CanonicalizationMethod", TRANSFORM),
        ("SignatureMethod", ""),
        ("SignatureMethod", "none"),
        ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
        ("SignatureMethod", f"{MORE}hmac-sha256"),
        ("SignatureMethod", f"{MORE}rsa-md5"),
        ("SignatureMethod", f"{MORE}rsa-sha512"),
        ("SignatureMethod", f"{MORE}ecdsa-sha1"),
        ("SignatureMethod", f"{MORE}ecdsa-sha256"),
        ("SignatureMethod", f"{MORE}gostr34102001-gostr3411"),
        ("SignatureMethod", f"{GOST}gostr34102001-gostr3411"),
        ("SignatureMethod", f"{GOST}gostr34102012-gostr34112012-256"),
        ("SignatureMethod", f"{GOST}gostr34102012-gostr34112012-512"),
        ("DigestMethod", ""),
        ("DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1"),
        ("DigestMethod", f"{MORE}md5"),
        ("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha512"),
        ("DigestMethod", f"{GOST}gostr34112012-256"),
    ],
)
def test_other_algorithms_are_refused(name: str, algorithm: str) -> None:
    root = parsed(signed_message("rsa"))
    found(root, name).set("Algorithm", algorithm)
    resign(root, "rsa")
    assert refused(root) == "algorithm"


def test_algorithm_left_out_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    del found(root, "SignatureMethod").attrib["Algorithm"]
    resign(root, "rsa")
    assert refused(root) == "algorithm"


# --- in pieces ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SignedInfo", "malformed"),
        ("CanonicalizationMethod", "malformed"),
        ("SignatureMethod", "malformed"),
        ("Reference", "malformed"),
        ("Transforms", "malformed"),
        ("DigestMethod", "malformed"),
        ("DigestValue", "malformed"),
        ("SignatureValue", "malformed"),
        ("KeyInfo", "no-certificate"),
        ("X509Data", "no-certificate"),
        ("X509Certificate", "no-certificate"),
    ],
)
def test_signature_without_a_part_of_it_is_refused(name: str, code: str) -> None:
    root = parsed(signed_message("rsa"))
    part = found(root, name)
    whole = part.getparent()
    assert whole is not None
    whole.remove(part)
    if name not in {"SignedInfo", "SignatureValue"}:
        resign(root, "rsa")
    assert refused(root) == code


@pytest.mark.parametrize(
    "name",
    ["SignedInfo", "SignatureMethod", "Reference", "DigestValue", "SignatureValue", "KeyInfo"],
)
def test_signature_with_a_part_of_it_twice_is_refused(name: str) -> None:
    root = parsed(signed_message("rsa"))
    part = found(root, name)
    part.addnext(deepcopy(part))
    assert refused(root) == "malformed"


def test_parts_in_another_order_are_refused() -> None:
    root = parsed(signed_message("rsa"))
    signature = signature_in(root)
    signature.insert(0, signature[1])
    assert refused(root) == "malformed"


@pytest.mark.parametrize("name", ["SignatureValue", "DigestValue", "X509Certificate"])
@pytest.mark.parametrize("text", ["", " ", "AAAAA", "AAAA=", "====", "AA==AA==", "ПОДПИСЬ", "A-_A"])
def test_what_is_no_base64_is_refused(name: str, text: str) -> None:
    root = parsed(signed_message("rsa"))
    found(root, name).text = text
    if name == "DigestValue":
        resign(root, "rsa")
    assert refused(root) == "malformed"


def test_other_base64_of_the_same_bytes_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    value = found(root, "SignatureValue")
    assert value.text is not None
    assert value.text.endswith("==")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(value.text[-3]) + 1]
    same = f"{value.text[:-3]}{other}=="
    assert base64.b64decode(same) == base64.b64decode(value.text)
    value.text = same
    assert refused(root) == "malformed"


def test_base64_in_lines_is_taken() -> None:
    root = parsed(signed_message("rsa"))
    for name in ("SignatureValue", "X509Certificate"):
        part = found(root, name)
        part.text = (
            base64.encodebytes(base64.b64decode(part.text or "")).decode().replace("\n", "\r\n")
        )
    assert check(root).octets == MESSAGE_OCTETS


@pytest.mark.parametrize("name", ["DigestValue", "SignatureValue", "X509Certificate"])
def test_value_cut_by_a_comment_is_refused_though_its_first_half_is_good(name: str) -> None:
    root = parsed(signed_message("rsa"))
    comment = etree.Comment(" ")
    comment.tail = "AAAA"
    found(root, name).append(comment)
    if name == "DigestValue":
        resign(root, "rsa")
    assert refused(root) == "malformed"


@pytest.mark.parametrize("certificate", [b"0", b"\x30\x80", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_certificate_is_refused(certificate: bytes) -> None:
    root = parsed(signed_message("rsa"))
    put(root, "X509Certificate", certificate)
    assert refused(root) == "malformed"


def test_too_many_certificates_are_refused() -> None:
    root = parsed(signed_message("rsa"))
    certificate = found(root, "X509Certificate")
    for _ in range(9):
        certificate.addnext(deepcopy(certificate))
    assert len(check(root).others) == 9
    certificate.addnext(deepcopy(certificate))
    assert refused(root) == "malformed"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<v:", b"<"),
        (b"<MessageID>", b"<MessageID xml:lang='ru'>"),
        (b"urn://poligon/test/1.0", b"relative"),
    ],
)
def test_element_that_has_no_signed_form_is_refused(old: bytes, new: bytes) -> None:
    message = signed_message("rsa").replace(b"</v:", b"</" if old == b"<v:" else b"</v:")
    altered = message.replace(old, new)
    if old == b"<v:":
        altered = altered.replace("<Запрос".encode(), "<Запрос xmlns=''".encode())
    assert refused(parsed(altered)) == "malformed"


@pytest.mark.parametrize("name", ["SignedInfo", "DigestMethod"])
def test_signature_that_has_no_canonical_form_is_refused(name: str) -> None:
    message = signed_message("rsa").decode()
    altered = message.replace(f"<ds:{name}", f"<ds:{name} xmlns:x='relative' x:a='1'")
    assert refused(parsed(altered)) == "malformed"


def test_signature_by_another_name_is_refused() -> None:
    root = parsed(signed_message("rsa"))
    signature = signature_in(root)
    signature.tag = f"{DS}Manifest"
    with pytest.raises(SignatureRefused, match="ожидаются SignedInfo"):
        signed(signature, found(root, "SenderProvidedRequestData"), SMEV)


@pytest.mark.parametrize("profile", [SMEV, ENVELOPED])
@pytest.mark.parametrize("xml", ["<a/>", "<Signature/>", f"<Signature xmlns='{DS[1:-1]}'/>"])
def test_what_is_no_signature_is_refused(xml: str, profile: Profile) -> None:
    root = parsed(f"<d xmlns='u:1'>{xml}</d>")
    with pytest.raises(SignatureRefused) as refusal:
        signed(root[0], root, profile)
    assert refusal.value.code == "malformed"
