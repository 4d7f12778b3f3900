"""CMS signatures (RFC 5652): made with any key, checked over the exact content.

Neither time nor trust is asked here: `signatures.verification` does that for the certificate of a
signature that `signed` has found whole.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, core, tsp
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import SignatureValidationContext

from signatures.algorithms import (
    DIGESTS,
    AlgorithmRefused,
    CountrySignatureValidator,
    cms_algorithm,
    digest_algorithm,
)
from signatures.certificates import Certificate
from signatures.certificates import parsed as parsed_certificate
from signatures.keys import SigningKey, digest
from signatures.refusals import SignatureRefused

__all__ = ["MALFORMED_ASN1", "Signed", "sign", "signed"]

MALFORMED_ASN1: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What asn1crypto raises for bytes that are not what they should be."""

_VALIDATOR: Final = CountrySignatureValidator()


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
) -> bytes:
    """SignedData over `data` as the DER of a ContentInfo, said to be signed `at` that moment.

    Signed attributes are the content's type and digest, the time and the signer's certificate
    (RFC 5035). `chain` goes along. GostUnavailable.
    """
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", content_type),
            _attribute("signing_time", cms.Time(name="utc_time", value=_whole(at))),
            _attribute("message_digest", digest(key.algorithm, data)),
            _attribute("signing_certificate_v2", _certificate_reference(certificate)),
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number",
                value={
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                },
            ),
            "digest_algorithm": digest_algorithm(key.algorithm),
            "signed_attrs": attributes,
            "signature_algorithm": cms_algorithm(key.algorithm),
            "signature": key.sign(attributes.dump()),
        }
    )
    return _wrapped(data if attached else None, content_type, [certificate, *chain], signer)


def signed(message: bytes, data: bytes | None = None) -> Signed:
    """The one signature of `message` over `data`; over its own content if None.

    SignatureRefused `malformed`, `no-certificate`, `algorithm`, `digest` (the content is another
    one), `signature`. GostUnavailable.
    """
    try:
        return _checked(_signed_data(message), data)
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается подпись CMS (PKCS#7) в DER") from None


def with_unsigned(message: bytes, name: str, value: object) -> bytes:
    """`message` with one more unsigned attribute at its signer, e.g. a time stamp."""
    info = cms.ContentInfo.load(message)
    signer = info["content"]["signer_infos"][0]
    signer["unsigned_attrs"] = cms.CMSAttributes([_attribute(name, value)])
    der: bytes = info.dump(force=True)
    return der


# --- making ---------------------------------------------------------------------------------------


def _wrapped(
    content: bytes | None,
    content_type: str,
    certificates: Sequence[Certificate],
    signer: cms.SignerInfo,
) -> bytes:
    enclosed: dict[str, object] = {"content_type": content_type}
    if content is not None:
        enclosed["content"] = core.ParsableOctetString(content)
    info = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1" if content_type == "data" else "v3",  # RFC 5652, 5.1
                    "digest_algorithms": [signer["digest_algorithm"]],
                    "encap_content_info": enclosed,
                    "certificates": [
                        cms.CertificateChoices(name="certificate", value=each)
                        for each in certificates
                    ],
                    "signer_infos": [signer],
                }
            ),
        }
    )
    der: bytes = info.dump()
    return der


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def _certificate_reference(certificate: Certificate) -> tsp.SigningCertificateV2:
    digested = hashlib.sha256(certificate.dump()).digest()
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": digested})]})


def _whole(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


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
    signer = found["signer_infos"][0]
    certificates = _certificates(found)
    certificate = _signers(signer, certificates)
    digest_name = signer["digest_algorithm"]["algorithm"].native
    if digest_name not in DIGESTS:
        raise SignatureRefused("algorithm", f"хеш {digest_name}")
    attributes = _attributes(signer["signed_attrs"])
    to_verify = content
    if attributes:
        if attributes.get("message_digest") != DIGESTS[digest_name](content):
            raise SignatureRefused("digest")
        if attributes.get("content_type") != found["encap_content_info"]["content_type"].native:
            raise SignatureRefused("signature", "подписан другой вид содержания")
        to_verify = signer["signed_attrs"].untag().dump()
    _verify(signer, certificate, digest_name, to_verify)
    return Signed(
        certificate=certificate,
        others=tuple(each for each in certificates if each is not certificate),
        content=content,
        signing_time=attributes.get("signing_time"),
        value=signer["signature"].native,
        unsigned=_attributes(signer["unsigned_attrs"], whole=True),
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
        for each in found["certificates"] or ()
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


def _attributes(attributes: Any, whole: bool = False) -> dict[str, Any]:
    """Values by name; SignatureRefused `malformed` if one is there twice (RFC 5652, 11)."""
    found: dict[str, Any] = {}
    for attribute in () if isinstance(attributes, core.Void) else attributes:
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise SignatureRefused("malformed", f"атрибут {name} не один")
        found[name] = attribute["values"][0] if whole else attribute["values"][0].native
    return found


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
