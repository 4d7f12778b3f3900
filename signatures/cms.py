"""CMS signatures (RFC 5652): made with any key, checked over the exact content.

Neither time nor trust is asked here: `signatures.verification` does that for the certificate of a
signature that `signed` has found whole.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from asn1crypto import cms, core, tsp  # noqa: F401  # tsp teaches cms the attributes of RFC 5035
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import SignatureValidationContext

from signatures import der
from signatures.algorithms import (
    DIGESTS,
    AlgorithmRefused,
    CountrySignatureValidator,
    cms_algorithm,
    digest_algorithm,
)
from signatures.certificates import MOST_IN_SIGNATURE, Certificate
from signatures.certificates import parsed as parsed_certificate
from signatures.der import MALFORMED_ASN1
from signatures.keys import SigningKey, digest
from signatures.refusals import SignatureRefused

__all__ = ["Signed", "bundle", "bundled", "sign", "signed", "with_unsigned"]

_VALIDATOR: Final = CountrySignatureValidator()
_SIGNED_DATA: Final = der.identifier("1.2.840.113549.1.7.2")
_SET: Final = b"\x31"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that fits its content.

    `certificate` is the signer's, `others` came along with it; `signing_time` is what the signer
    says (None: nothing); `value` is the signature's bytes, `unsigned` the attributes around it.
    """

    certificate: Certificate
    others: tuple[Certificate, ...]
    content: bytes
    signing_time: dt.datetime | None
    value: bytes
    unsigned: dict[str, Any]


def sign(
    data: bytes,
    key: SigningKey,
    certificate: Certificate,
    *,
    at: dt.datetime,
    attached: bool = False,
    chain: Sequence[Certificate] = (),
    content_type: str = "data",
    bare: bool = False,
) -> bytes:
    """SignedData over `data` as the DER of a ContentInfo, said to be signed `at` that moment.

    Signed attributes are the content's type and digest, the time and the signer's certificate
    (RFC 5035). The certificate and the `chain` go along, unless it is `bare`. GostUnavailable.
    """
    attributes = der.set_of(
        [
            _attribute("content_type", _content_type(content_type)),
            _attribute("signing_time", der.time(at)),
            _attribute("message_digest", der.octets(digest(key.algorithm, data))),
            _attribute("signing_certificate_v2", _certificate_reference(certificate)),
        ]
    )
    digested: bytes = digest_algorithm(key.algorithm).dump()
    signer = der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer.dump(), der.integer(certificate.serial_number)),
        digested,
        der.implicit(0, attributes),
        cms_algorithm(key.algorithm).dump(),
        der.octets(key.sign(attributes)),
    )
    along = [] if bare else [certificate, *chain]
    return _wrapped(data if attached else None, content_type, along, [digested], [signer])


def signed(message: bytes, data: bytes | None = None) -> Signed:
    """The one signature of `message` over `data`; over its own content if None.

    SignatureRefused `malformed`, `no-certificate`, `algorithm`, `digest` (the content is another
    one), `signature`. GostUnavailable.
    """
    try:
        return _checked(_signed_data(message), data)
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается подпись CMS (PKCS#7) в DER") from None


def with_unsigned(message: bytes, name: str, value: bytes) -> bytes:
    """`message` with one more unsigned attribute at its signer, e.g. a time stamp; `value` is DER.

    The attribute takes the place of one that has its name. SignatureRefused `malformed`.
    """
    try:
        info = cms.ContentInfo.load(message, strict=True)
        signer = info["content"]["signer_infos"][0]
        added = cms.CMSAttribute.load(_attribute(name, value))
        kept = [each for each in _present(signer["unsigned_attrs"]) if each["type"].native != name]
        signer["unsigned_attrs"] = cms.CMSAttributes([*kept, added])
        whole: bytes = info.dump()
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается подпись CMS (PKCS#7) в DER") from None
    return whole


def bundle(certificates: Iterable[Certificate]) -> bytes:
    """A file .p7b: SignedData with certificates and nothing signed (RFC 5652, 5.1)."""
    return _wrapped(None, "data", certificates, [], [])


def bundled(message: bytes) -> tuple[Certificate, ...]:
    """The certificates of any SignedData, a file .p7b above all; SignatureRefused `malformed`."""
    try:
        return _certificates(_signed_data(message))
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается PKCS#7 в DER") from None


# --- making ---------------------------------------------------------------------------------------


def _wrapped(
    content: bytes | None,
    content_type: str,
    certificates: Iterable[Certificate],
    digests: Iterable[bytes],
    signers: Iterable[bytes],
) -> bytes:
    enclosed = [] if content is None else [der.explicit(0, der.octets(content))]
    along = [each.dump() for each in certificates]
    return der.sequence(
        _SIGNED_DATA,
        der.explicit(
            0,
            der.sequence(
                der.integer(1 if content_type == "data" else 3),  # RFC 5652, 5.1
                der.set_of(digests),
                der.sequence(_content_type(content_type), *enclosed),
                *([der.implicit(0, der.set_of(along))] if along else []),
                der.set_of(signers),
            ),
        ),
    )


@lru_cache
def _content_type(name: str) -> bytes:
    whole: bytes = cms.ContentType(name).dump()
    return whole


@lru_cache
def _attribute_type(name: str) -> bytes:
    whole: bytes = cms.CMSAttributeType(name).dump()
    return whole


def _attribute(name: str, value: bytes) -> bytes:
    return der.sequence(_attribute_type(name), der.set_of([value]))


def _certificate_reference(certificate: Certificate) -> bytes:
    """SigningCertificateV2 with SHA-256, which RFC 5035 leaves out as the default."""
    digested = hashlib.sha256(certificate.dump()).digest()
    return der.sequence(der.sequence(der.sequence(der.octets(digested))))


# --- reading --------------------------------------------------------------------------------------


def _signed_data(message: bytes) -> cms.SignedData:
    info = cms.ContentInfo.load(message, strict=True)
    if info["content_type"].native != "signed_data":
        raise ValueError("another type of content")
    return info["content"]


def _checked(found: cms.SignedData, data: bytes | None) -> Signed:
    content = _content(found, data)
    if len(found["signer_infos"]) != 1:
        raise SignatureRefused("malformed", "ожидается одна подпись")
    if len(_present(found["certificates"])) > MOST_IN_SIGNATURE:
        raise SignatureRefused("malformed", f"сертификатов больше {MOST_IN_SIGNATURE}")
    signer = found["signer_infos"][0]
    certificates = _certificates(found)
    certificate = _signers(signer, certificates)
    digest_name = signer["digest_algorithm"]["algorithm"].native
    if digest_name not in DIGESTS:
        raise SignatureRefused("algorithm", f"хеш {digest_name}")
    to_verify = content
    # The bytes as they came: asn1crypto encodes anew what it has read with a default.
    encoded = signer["signed_attrs"].dump()
    attributes = _attributes(signer["signed_attrs"])
    if attributes:
        if _native(attributes.get("message_digest")) != DIGESTS[digest_name](content):
            raise SignatureRefused("digest")
        content_type = found["encap_content_info"]["content_type"].native
        if _native(attributes.get("content_type")) != content_type:
            raise SignatureRefused("signature", "подписан другой вид содержания")
        _check_reference(attributes.get("signing_certificate_v2"), certificate)
        to_verify = _SET + encoded[1:]  # RFC 5652, 5.4: not the tag [0]
    _verify(signer, certificate, digest_name, to_verify)
    return Signed(
        certificate=certificate,
        others=tuple(each for each in certificates if each is not certificate),
        content=content,
        signing_time=_native(attributes.get("signing_time")),
        value=signer["signature"].native,
        unsigned=_attributes(signer["unsigned_attrs"]),
    )


def _content(found: cms.SignedData, data: bytes | None) -> bytes:
    enclosed = found["encap_content_info"]["content"]
    own: bytes | None = None if isinstance(enclosed, core.Void) else bytes(enclosed)
    if data is None and own is None:
        raise SignatureRefused("malformed", "подпись отсоединённая, а содержания нет")
    if data is not None and own is not None and own != data:
        raise SignatureRefused("digest")
    return own if data is None and own is not None else data or b""


def _certificates(found: cms.SignedData) -> tuple[Certificate, ...]:
    return tuple(
        parsed_certificate(each.chosen.dump())
        for each in _present(found["certificates"])
        if each.name == "certificate"
    )


def _signers(signer: cms.SignerInfo, certificates: Sequence[Certificate]) -> Certificate:
    """The certificate that the signer names; SignatureRefused `no-certificate`."""
    named = signer["sid"]
    for certificate in certificates:
        if named.name == "issuer_and_serial_number":
            same = (
                certificate.issuer.dump() == named.chosen["issuer"].dump()
                and certificate.serial_number == named.chosen["serial_number"].native
            )
        else:
            same = certificate.key_identifier == named.chosen.native
        if same:
            return certificate
    raise SignatureRefused("no-certificate")


def _attributes(attributes: Any) -> dict[str, Any]:
    """Values by name; SignatureRefused `malformed` if one is there twice (RFC 5652, 11)."""
    found: dict[str, Any] = {}
    for attribute in _present(attributes):
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise SignatureRefused("malformed", f"атрибут {name} не один")
        found[name] = attribute["values"][0]
    return found


def _native(value: Any) -> Any:
    """An attribute's value as Python has it; None without the attribute."""
    return None if value is None else value.native


def _present(parts: Any) -> Sequence[Any]:
    """A set that may be left out."""
    return () if isinstance(parts, core.Void) else parts


def _check_reference(referred: Any, certificate: Certificate) -> None:
    """RFC 5035, 3: the signer's certificate is the first one that is referred to, if any is."""
    if referred is None:
        return
    first = referred["certs"][0]
    digested = DIGESTS.get(first["hash_algorithm"]["algorithm"].native)
    if digested is None:
        raise SignatureRefused("algorithm", "хеш сертификата подписавшего")
    if digested(certificate.dump()) != first["cert_hash"].native:
        raise SignatureRefused("signature", "подписан другой сертификат")


def _verify(
    signer: cms.SignerInfo, certificate: Certificate, digest_name: str, data: bytes
) -> None:
    try:
        _VALIDATOR.validate_signature(
            signer["signature"].native,
            data,
            certificate["tbs_certificate"]["subject_public_key_info"],
            signer["signature_algorithm"],
            SignatureValidationContext(contextual_md_algorithm=digest_name),
        )
    except AlgorithmRefused as error:
        raise SignatureRefused("algorithm", str(error)) from None
    except InvalidSignature:
        raise SignatureRefused("signature") from None
