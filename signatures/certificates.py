"""X.509 certificates of the country: reading them, and issuing them with any key.

Structures are asn1crypto's, because they take a key of any algorithm and a signature made
elsewhere (in an HSM). Subject attributes are those of приказ ФСБ от 27.12.2011 № 795.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from asn1crypto import core, keys, pem, x509
from asn1crypto.x509 import Certificate

from signatures import der
from signatures.algorithms import signed_algorithm
from signatures.der import MALFORMED_ASN1
from signatures.keys import PrivateKey, PublicKey, SigningKey, WrongKey
from signatures.refusals import SignatureRefused

__all__ = [
    "MOST_IN_SIGNATURE",
    "Addresses",
    "Certificate",
    "Issuer",
    "Request",
    "SubjectData",
    "Usage",
    "armored",
    "distinguished_name",
    "fingerprint",
    "issue",
    "key_bits",
    "key_id",
    "parsed",
    "public_key",
    "serial_of",
    "subject_of",
]

MOST_IN_SIGNATURE: Final = 10
"""Certificates that a signature may bring along; a chain of the country has three."""

Usage: TypeAlias = Literal["root", "issuer", "signature", "ocsp", "timestamp"]
"""What a certificate is for."""

_ORDINARY_NAMES: Final = {
    "common_name": "common_name",
    "surname": "surname",
    "given_name": "given_name",
    "organization": "organization_name",
    "title": "title",
    "locality": "locality_name",
    "region": "state_or_province_name",
    "street": "street_address",
    "country": "country_name",
}
_NUMBERS: Final = {
    "inn": "1.2.643.3.131.1.1",
    "legal_inn": "1.2.643.100.4",
    "ogrn": "1.2.643.100.1",
    "snils": "1.2.643.100.3",
    "ogrnip": "1.2.643.100.5",
}
_KEY_USAGE: Final[Mapping[Usage, set[str]]] = {
    "root": {"key_cert_sign", "crl_sign"},
    "issuer": {"key_cert_sign", "crl_sign"},
    "signature": {"digital_signature", "non_repudiation", "key_encipherment"},
    "ocsp": {"digital_signature"},
    "timestamp": {"digital_signature", "non_repudiation"},
}
_EXTENDED_USAGE: Final[Mapping[Usage, list[str]]] = {
    "signature": ["client_auth", "email_protection"],
    "ocsp": ["ocsp_signing"],
    "timestamp": ["time_stamping"],
}
# Class of means КС1 (приказ ФСБ № 795, 35) and the name of a means of signing, 1.2.643.100.111.
_POLICY_KC1: Final = "1.2.643.100.113.1"
_SIGN_TOOL_OID: Final = "1.2.643.100.111"
_SIGN_TOOL: Final = "Полигон"
_NO_CHECK_OID: Final = "1.3.6.1.5.5.7.48.1.5"
_REMEMBERED: Final = 512  # certificates, some 50 KB each
_ISSUED: Final = 4_096  # certificates, some 1.5 KB each
_KEYS: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectData:
    """Whose certificate it is; numbers are digits as registries print them.

    `inn` and `snils` are a person's, `legal_inn` and `ogrn` a legal entity's, `ogrnip` a sole
    proprietor's.
    """

    common_name: str | None = None
    surname: str | None = None
    given_name: str | None = None
    title: str | None = None
    organization: str | None = None
    street: str | None = None
    locality: str | None = None
    region: str | None = None
    country: str | None = None
    inn: str | None = None
    legal_inn: str | None = None
    ogrn: str | None = None
    ogrnip: str | None = None
    snils: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where what belongs to an issuer's certificates is had: CRL, OCSP, its own certificate."""

    crl: str
    ocsp: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A certificate, the key it belongs to, and where its issues are checked (None: nowhere)."""

    certificate: Certificate
    key: SigningKey
    addresses: Addresses | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be certified: `spki` is the DER of the public key; valid from and to the moment,
    both included (RFC 5280, 4.1.2.5), whole seconds."""

    serial: int
    subject: SubjectData
    spki: bytes
    not_before: dt.datetime
    not_after: dt.datetime
    usage: Usage = "signature"


def issue(request: Request, issuer: Issuer | SigningKey) -> Certificate:
    """The certificate of `request`, signed by `issuer`; by a bare key a self-signed one.

    The same arguments give the same bytes, but for GOST. GostUnavailable.
    """
    signer = issuer.key if isinstance(issuer, Issuer) else issuer
    if isinstance(signer, PrivateKey) and signer.algorithm != "gost":
        return _read(_issued_before(request, issuer if isinstance(issuer, Issuer) else signer))
    return _read(_issued(request, issuer))


@lru_cache(_ISSUED)
def _issued_before(request: Request, issuer: Issuer | PrivateKey) -> bytes:
    """Tenants of one country have the same certificates, each of which would cost a signature."""
    return _issued(request, issuer)


def _issued(request: Request, issuer: Issuer | SigningKey) -> bytes:
    signer = issuer.key if isinstance(issuer, Issuer) else issuer
    subject = distinguished_name(request.subject)
    issued_by = issuer.certificate.subject if isinstance(issuer, Issuer) else subject
    algorithm = signed_algorithm(signer.algorithm)
    to_sign = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": request.serial,
            "signature": algorithm,
            "issuer": issued_by,
            "validity": {
                "not_before": x509.Time.load(der.time(request.not_before)),
                "not_after": x509.Time.load(der.time(request.not_after)),
            },
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(request.spki),
            "extensions": list(_extensions(request, signer, issuer)),
        }
    )
    certificate = Certificate(
        {
            "tbs_certificate": to_sign,
            "signature_algorithm": algorithm,
            "signature_value": signer.sign(to_sign.dump()),
        }
    )
    whole: bytes = certificate.dump()
    return whole


def parsed(data: bytes) -> Certificate:
    """The certificate of a DER or PEM file, perhaps one read before: it is not to be changed.

    SignatureRefused `malformed`.
    """
    try:
        if pem.detect(data):
            _, _, data = pem.unarmor(data)
        return _read(data)
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается сертификат X.509") from None


def public_key(certificate: Certificate) -> PublicKey:
    """The key that a certificate is of; SignatureRefused `algorithm` for one of CERT-07's not."""
    try:
        return _key(certificate["tbs_certificate"]["subject_public_key_info"].dump())
    except WrongKey as error:
        raise SignatureRefused("algorithm", str(error)) from None


def fingerprint(certificate: Certificate) -> str:
    """SHA-256 of the certificate's DER, 64 hexadecimal digits."""
    digest: bytes = certificate.sha256
    return digest.hex()


def serial_of(certificate: Certificate) -> str:
    """The serial number, hexadecimal digits in lower case without leading zeros."""
    return f"{certificate.serial_number:x}"


def armored(certificate: Certificate) -> bytes:
    """The certificate as PEM."""
    text: bytes = pem.armor("CERTIFICATE", certificate.dump())
    return text


def subject_of(certificate: Certificate) -> SubjectData:
    """What the subject of a certificate says; of an attribute that is there twice the last one."""
    said: dict[str, str] = {}
    for relative in certificate.subject.chosen:
        for part in relative:
            said[part["type"].native] = _text(part["value"])
    ordinary = {name: said.get(theirs) for name, theirs in _ORDINARY_NAMES.items()}
    numbers = {name: said.get(oid) for name, oid in _NUMBERS.items()}
    return SubjectData(**ordinary, **numbers)


def key_id(spki: bytes) -> bytes:
    """The identifier of a key: SHA-1 of its bits (RFC 5280, 4.2.1.2, method 1)."""
    return hashlib.sha1(key_bits(spki), usedforsecurity=False).digest()


def key_bits(spki: bytes) -> bytes:
    """The bits of the key itself, of any algorithm; ValueError."""
    bits: bytes = _KeyInfo.load(spki, strict=True)["bits"].native
    return bits


class _KeyInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto's own knows no GOST
    _fields = [("algorithm", core.Any), ("bits", core.OctetBitString)]


# --- making ---------------------------------------------------------------------------------------


def distinguished_name(subject: SubjectData) -> x509.Name:
    """The X.501 name of `subject`, each attribute in the string type that it has."""
    said = {field.name: getattr(subject, field.name) for field in fields(subject)}
    parts = [
        (_ORDINARY_NAMES.get(name) or _NUMBERS[name], _printed(name, text))
        for name, text in said.items()
        if text is not None
    ]
    relative = [
        x509.RelativeDistinguishedName([x509.NameTypeAndValue({"type": kind, "value": value})])
        for kind, value in parts
    ]
    return x509.Name(name="", value=x509.RDNSequence(relative))


def _printed(name: str, text: str) -> Any:
    """A value in the string type that its attribute has."""
    if name in _NUMBERS:
        return core.NumericString(text)
    if name == "country":
        return core.PrintableString(text)
    return x509.DirectoryString(name="utf8_string", value=core.UTF8String(text))


def _extensions(
    request: Request, signer: SigningKey, issuer: Issuer | SigningKey
) -> Iterable[x509.Extension]:
    usage = request.usage
    if usage in ("root", "issuer"):
        constraints = {"ca": True} | ({"path_len_constraint": 0} if usage == "issuer" else {})
        yield _extension("basic_constraints", constraints, critical=True)
    yield _extension("key_usage", _KEY_USAGE[usage], critical=True)
    if usage in _EXTENDED_USAGE:
        # RFC 3161, 2.3: of a time-stamping certificate it is critical.
        yield _extension("extended_key_usage", _EXTENDED_USAGE[usage], usage == "timestamp")
    yield _extension("key_identifier", key_id(request.spki))
    if isinstance(issuer, Issuer):
        yield _extension("authority_key_identifier", {"key_identifier": key_id(signer.spki)})
        if issuer.addresses is not None:
            yield from _whereabouts(issuer.addresses)
    if usage == "signature":
        policy = [{"policy_identifier": _POLICY_KC1}]
        yield _extension("certificate_policies", policy)
        tool = core.ParsableOctetString(core.UTF8String(_SIGN_TOOL).dump())
        yield x509.Extension({"extn_id": _SIGN_TOOL_OID, "extn_value": tool})
    if usage == "ocsp":
        nothing = core.ParsableOctetString(core.Null().dump())
        yield x509.Extension({"extn_id": _NO_CHECK_OID, "extn_value": nothing})


def _whereabouts(addresses: Addresses) -> Iterable[x509.Extension]:
    full_name = [x509.GeneralName("uniform_resource_identifier", addresses.crl)]
    point = x509.DistributionPointName(name="full_name", value=full_name)
    yield _extension("crl_distribution_points", [{"distribution_point": point}])
    described = [("ocsp", addresses.ocsp), ("ca_issuers", addresses.certificate)]
    access = [
        {
            "access_method": method,
            "access_location": x509.GeneralName("uniform_resource_identifier", url),
        }
        for method, url in described
    ]
    yield _extension("authority_information_access", access)


def _extension(name: str, value: object, critical: bool = False) -> x509.Extension:
    return x509.Extension({"extn_id": name, "critical": critical, "extn_value": value})


# --- reading --------------------------------------------------------------------------------------


@lru_cache(_KEYS)
def _key(spki: bytes) -> PublicKey:
    return PublicKey(spki)


@lru_cache(_REMEMBERED)
def _read(whole: bytes) -> Certificate:
    certificate = Certificate.load(whole, strict=True)
    _look_through(certificate)
    return certificate


def _look_through(certificate: Certificate) -> None:
    """Read every part that is used later, so that what is broken is found now, and threads may
    share the certificate: nothing of it is read for the first time any more."""
    to_sign = certificate["tbs_certificate"]
    for name in ("version", "serial_number", "issuer", "validity", "subject", "signature"):
        _ = to_sign[name].native
    for extension in to_sign["extensions"]:
        _ = extension.native
    key = to_sign["subject_public_key_info"]
    _ = key_bits(key.dump()), key.sha1
    _ = certificate["signature_value"].native, certificate["signature_algorithm"].native
    _ = certificate.critical_extensions, certificate.issuer.hashable, certificate.subject.hashable
    subject_of(certificate)


def _text(value: Any) -> str:
    """An attribute's value as text, also of a type that is not known (asn1crypto's Any)."""
    native = value.native
    return native if isinstance(native, str) else str(native)
