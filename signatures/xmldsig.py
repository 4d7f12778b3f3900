"""XML signatures (XMLDSig): those of СМЭВ 3, and enveloped ones of documents (SIG-06, SIG-09).

A signature covers one element by one Reference. Whoever checks it says which element it expects to
be signed, so that a signature moved elsewhere, or one over something else, proves nothing.
Signatures and digests of GOST have the order of X.509 and CMS (s, then r; RFC 6986), as those of
СМЭВ itself do; ECDSA's are r||s (RFC 6931, 2.3.6).

Neither time nor trust is asked here: `signatures.verification` does that for the certificate of a
signature that `signed` has found whole.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from signatures import canonical_xml, gost, smev_transform
from signatures.canonical_xml import canonical
from signatures.certificates import MOST_IN_SIGNATURE, Certificate, parsed, public_key
from signatures.keys import SigningKey, from_plain, to_plain
from signatures.refusals import SignatureRefused
from world.certificate_profiles import KeyAlgorithm

__all__ = ["ENVELOPED", "NAMESPACE", "SMEV", "Profile", "Signed", "sign", "signed"]

NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"

_WITHOUT_SIGNATURE: Final = f"{NAMESPACE}enveloped-signature"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_CPXMLSEC: Final = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_STREEBOG: Final = f"{_CPXMLSEC}gostr34112012-256"

_SIGNATURE_METHODS: Final[Mapping[KeyAlgorithm, str]] = {
    "rsa": f"{_MORE}rsa-sha256",
    "ecc": f"{_MORE}ecdsa-sha256",
    "gost": f"{_CPXMLSEC}gostr34102012-gostr34112012-256",
}
_DIGEST_METHODS: Final[Mapping[KeyAlgorithm, str]] = {
    "rsa": _SHA256,
    "ecc": _SHA256,
    "gost": _STREEBOG,
}
_DIGESTS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    _SHA256: lambda data: hashlib.sha256(data).digest(),
    _STREEBOG: gost.digest,
}
_SPACES: Final = str.maketrans("", "", " \t\r\n")
_ID_NAMES: Final = ("Id", "ID", "id")
# In any namespace and case: what some reader may take for an Id is looked at as one.
_WITH_ID: Final = etree.XPath("//*[@*[translate(local-name(), 'ID', 'id') = 'id'] = $id]")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a signature may look like.

    `chains` are the allowed chains of transforms, the first one is made. `inside` says that the
    signature stands inside the element it signs; URI="" may then mean the whole document.
    """

    chains: tuple[tuple[str, ...], ...]
    inside: bool


SMEV: Final = Profile(
    chains=(
        (canonical_xml.ALGORITHM, smev_transform.ALGORITHM),
        # Clients on .NET put this first, though their signature is beside the element as well.
        (_WITHOUT_SIGNATURE, canonical_xml.ALGORITHM, smev_transform.ALGORITHM),
    ),
    inside=False,
)
"""A signature beside the element it signs, over that element's form of the СМЭВ transform."""

ENVELOPED: Final = Profile(chains=((_WITHOUT_SIGNATURE, canonical_xml.ALGORITHM),), inside=True)
"""A signature inside the element it signs."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that fits its element.

    `certificate` is the signer's, `others` came along with it; `octets` is what was digested, the
    element after its transforms; `value` is the signature's bytes.
    """

    certificate: Certificate
    others: tuple[Certificate, ...]
    octets: bytes
    value: bytes


def sign(
    target: etree._Element, key: SigningKey, certificate: Certificate, profile: Profile
) -> etree._Element:
    """A `ds:Signature` over `target`, for the caller to put where the profile has it.

    It refers to the element by its Id; a root without one is signed as the whole document, where
    the profile allows. ValueError for an element that can't be referred to or has no signed form;
    GostUnavailable.
    """
    uri = _uri_of(target, profile)
    chain = profile.chains[0]
    octets = _transformed(canonical(target, whole=not uri), chain)
    signature = etree.Element(_ds("Signature"), nsmap={"ds": NAMESPACE})
    info = etree.SubElement(signature, _ds("SignedInfo"))
    _method(info, "CanonicalizationMethod", canonical_xml.ALGORITHM)
    _method(info, "SignatureMethod", _SIGNATURE_METHODS[key.algorithm])
    reference = etree.SubElement(info, _ds("Reference"), URI=uri)
    transforms = etree.SubElement(reference, _ds("Transforms"))
    for transform in chain:
        _method(transforms, "Transform", transform)
    digest_method = _DIGEST_METHODS[key.algorithm]
    _method(reference, "DigestMethod", digest_method)
    _binary(reference, "DigestValue", _DIGESTS[digest_method](octets))
    value = key.sign(canonical(info))
    _binary(signature, "SignatureValue", to_plain(value) if key.algorithm == "ecc" else value)
    data = etree.SubElement(etree.SubElement(signature, _ds("KeyInfo")), _ds("X509Data"))
    _binary(data, "X509Certificate", certificate.dump())
    return signature


def signed(signature: etree._Element, target: etree._Element, profile: Profile) -> Signed:
    """Check that `signature`, a `ds:Signature`, is one over `target` of the same document.

    SignatureRefused `malformed` (also for a reference to another element, or by an Id that two
    elements have), `algorithm` (also for transforms that the profile has not), `no-certificate`,
    `signature` (it is another key's, or what it covers says something else now), `digest` (the
    element was changed). GostUnavailable.
    """
    info, value, key_info = _parts(
        signature, "Signature", "SignedInfo", "SignatureValue", "KeyInfo"
    )
    canonicalization, signature_method, reference = _parts(
        info, "SignedInfo", "CanonicalizationMethod", "SignatureMethod", "Reference"
    )
    transforms, digest_method, digest_value = _parts(
        reference, "Reference", "Transforms", "DigestMethod", "DigestValue"
    )
    if _algorithm(canonicalization) != canonical_xml.ALGORITHM:
        raise SignatureRefused("algorithm", "канонизация SignedInfo — только исключающая")
    algorithm = _signing_algorithm(_algorithm(signature_method), _algorithm(digest_method))
    chain = _allowed_chain(transforms, profile)
    whole = _is_whole_document(reference, signature, target, profile)
    certificate, *others = _certificates(key_info)
    signature_value = _decoded(value)
    without = signature if _WITHOUT_SIGNATURE in chain else None
    try:
        says = canonical(info)
        octets = _transformed(canonical(target, whole=whole, without=without), chain)
    except ValueError as error:
        raise _malformed(str(error)) from None
    _check_key(certificate, algorithm, signature_value, says)
    if _DIGESTS[_DIGEST_METHODS[algorithm]](octets) != _decoded(digest_value):
        raise SignatureRefused("digest")
    return Signed(certificate, tuple(others), octets, signature_value)


# --- making ---------------------------------------------------------------------------------------


def _uri_of(target: etree._Element, profile: Profile) -> str:
    for name in _ID_NAMES:
        if target.get(name):
            return f"#{target.get(name)}"
    if profile.inside and target.getparent() is None:
        return ""
    raise ValueError(f"element {target.tag!r} has no Id to refer to")


def _ds(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _method(parent: etree._Element, name: str, algorithm: str) -> None:
    etree.SubElement(parent, _ds(name), Algorithm=algorithm)


def _binary(parent: etree._Element, name: str, value: bytes) -> None:
    etree.SubElement(parent, _ds(name)).text = base64.b64encode(value).decode()


def _transformed(octets: bytes, chain: Sequence[str]) -> bytes:
    """What is digested of canonical `octets`; ValueError if they have no such form."""
    if smev_transform.ALGORITHM in chain:
        return smev_transform.transformed(octets)
    return octets


# --- reading --------------------------------------------------------------------------------------


def _parts(element: etree._Element, name: str, *expected: str) -> list[etree._Element]:
    """The children of an element, which are exactly those expected; KeyInfo may be missing."""
    children = list(element.iterchildren(etree.Element))
    names = [child.tag for child in children]
    if element.tag == _ds(name) and names == [_ds(each) for each in expected[: len(children)]]:
        if len(children) == len(expected):
            return children
        if expected[len(children) :] == ("KeyInfo",):
            raise SignatureRefused("no-certificate")
    raise _malformed(f"в {name} ожидаются {', '.join(expected)}")


def _algorithm(element: etree._Element) -> str:
    """The name of an algorithm, which has no parameters."""
    if len(element):
        raise SignatureRefused("algorithm", "параметры алгоритмов не принимаются")
    return element.get("Algorithm", "")


def _signing_algorithm(signature_method: str, digest_method: str) -> KeyAlgorithm:
    for algorithm, named in _SIGNATURE_METHODS.items():
        if named == signature_method and _DIGEST_METHODS[algorithm] == digest_method:
            return algorithm
    raise SignatureRefused("algorithm", f"{signature_method[:100]} и {digest_method[:100]}")


def _allowed_chain(transforms: etree._Element, profile: Profile) -> Sequence[str]:
    each = list(transforms.iterchildren(etree.Element))
    chain = tuple(map(_algorithm, each))
    if chain not in profile.chains or any(transform.tag != _ds("Transform") for transform in each):
        raise SignatureRefused("algorithm", "такая цепочка преобразований не принимается")
    return chain


def _is_whole_document(
    reference: etree._Element,
    signature: etree._Element,
    target: etree._Element,
    profile: Profile,
) -> bool:
    """Whether the reference is to the whole document; SignatureRefused if it isn't to `target`."""
    if profile.inside and target not in signature.iterancestors():
        raise _malformed("подпись стоит вне подписанного элемента")
    uri = reference.get("URI")
    if uri == "" and profile.inside:
        if target.getparent() is not None:
            raise _malformed("подписан документ, а не элемент")
        return True
    if not uri or uri[0] != "#":
        raise _malformed('ожидается ссылка на подписанный элемент вида URI="#…"')
    found: Any = _WITH_ID(signature, id=uri[1:])
    if len(found) != 1:
        raise _malformed(f"элементов с Id из ссылки {len(found)}, а не один")
    if found[0] is not target:
        raise _malformed("подписан другой элемент")
    return False


def _certificates(key_info: etree._Element) -> list[Certificate]:
    """Certificates of the signature, the signer's first."""
    found = key_info.findall(f"{_ds('X509Data')}/{_ds('X509Certificate')}")
    if not found:
        raise SignatureRefused("no-certificate")
    if len(found) > MOST_IN_SIGNATURE:
        raise _malformed(f"сертификатов больше {MOST_IN_SIGNATURE}")
    return [parsed(_decoded(each)) for each in found]


def _check_key(
    certificate: Certificate, algorithm: KeyAlgorithm, value: bytes, says: bytes
) -> None:
    """SignatureRefused unless `value` is the signature over what it `says` by that key."""
    key = public_key(certificate)
    if key.algorithm != algorithm:
        raise SignatureRefused("algorithm", "ключ сертификата — другого алгоритма")
    try:
        value = from_plain(value) if algorithm == "ecc" else value
    except ValueError:
        raise SignatureRefused("signature") from None
    if not key.verify(value, says):
        raise SignatureRefused("signature")


def _decoded(element: etree._Element) -> bytes:
    """Base64 in the one form that its bytes have, whatever spaces are in it."""
    text = (element.text or "").translate(_SPACES)
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    # A comment would cut the text in two, of which only one half would be read.
    if len(element) or not value or base64.b64encode(value).decode() != text:
        raise _malformed("ожидается Base64")
    return value


def _malformed(detail: str) -> SignatureRefused:
    return SignatureRefused("malformed", detail)
