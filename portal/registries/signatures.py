"""Signatures and certificates: the room `signatures`, with what registers say of trust and of
revocation.

The list of accredited authorities and the trusted roots come from their register (CERT-01,
CERT-17), lists of revoked certificates and OCSP answers from the issuers (CERT-03, CERT-08). What
certificates say of addresses is taken as the name of the list there: the portal asks at its own.
"""

import base64
import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from asn1crypto import ocsp
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from lxml import etree

from portal.ports.clock import Clock
from portal.ports.signatures import (
    CertificateFacts,
    CertificateStatus,
    SignatureFacts,
    WrongSignature,
)
from portal.ports.unavailable import Unavailable
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading
from signatures import cms, xmldsig
from signatures.certificates import (
    Certificate,
    fingerprint,
    key_bits,
    parsed,
    public_key,
    serial_of,
    subject_of,
)
from signatures.gost import GostUnavailable
from signatures.refusals import SignatureRefused
from signatures.revocation_check import StatusSource
from signatures.timestamps import Timestamp, stamp_of
from signatures.verification import Trust, check
from world.certificate_profiles import KeyAlgorithm

__all__ = ["RegistrySignatures"]

_TRUSTED_FOR: Final = dt.timedelta(minutes=1)
"""How long the register's list is taken as the present one; assumption."""
_ACCREDITED: Final = "Действует"
_STATUSES: Final[dict[str, CertificateStatus]] = {
    "revoked": "revoked",
    "on-hold": "on_hold",
    "expired": "expired",
    "not-yet-valid": "not_yet_valid",
}
"""Every other refusal is of a chain that leads to no trusted root."""
_NEW_LIST: Final = dt.timedelta(days=1)
"""How often the register's list comes out."""
_LISTS: Final = 16  # remembered as they were read, some 60 KB each


@dataclass(frozen=True, slots=True)
class _Trusted:
    """The register's list of an algorithm as it was fetched."""

    at: dt.datetime
    issued: dt.datetime
    trust: Trust


class RegistrySignatures:
    """The port `Signatures`. Thread-safe."""

    def __init__(self, register: HttpClient, statuses: HttpClient, clock: Clock) -> None:
        self._register = register
        self._statuses = statuses
        self._clock = clock
        self._lock = threading.Lock()
        self._trusted: dict[KeyAlgorithm, _Trusted] = {}

    def certificate(self, file: bytes) -> CertificateFacts:
        """As the port says."""
        with _refusing():
            return _facts(parsed(file))

    def verify(self, message: bytes, content: bytes) -> SignatureFacts:
        """As the port says."""
        with _refusing():
            found = cms.signed(message, content)
            stamp = stamp_of(found)
            if stamp is not None:
                self._require_stamper(stamp)
            return SignatureFacts(
                certificate=_facts(found.certificate),
                signing_time=found.signing_time,
                stamped=None if stamp is None else stamp.at,
            )

    def verify_xml(self, document: bytes) -> SignatureFacts:
        """As the port says."""
        with _refusing():
            root = _xml(document)
            inside = root.findall(f"{{{xmldsig.NAMESPACE}}}Signature")
            if len(inside) != 1:
                raise SignatureRefused("malformed", "ожидается одна подпись в корневом элементе")
            found = xmldsig.signed(inside[0], root, xmldsig.ENVELOPED)
            return SignatureFacts(
                certificate=_facts(found.certificate), signing_time=None, stamped=None
            )

    def status(self, certificate: CertificateFacts, at: dt.datetime) -> CertificateStatus:
        """As the port says."""
        trusted = self._trust(certificate.algorithm)
        try:
            chain = check(parsed(certificate.der), at, trusted.trust)
            for issuer, issued in pairwise(chain):
                self._require_good(issued, issuer, at)
        except SignatureRefused as refused:
            # A register that is up to date and leads nowhere does not know the authority.
            is_outdated = trusted.at - trusted.issued > _NEW_LIST
            return _STATUSES.get(refused.code, "unknown_root" if is_outdated else "not_accredited")
        except GostUnavailable as why:
            raise Unavailable("cert_status", str(why)) from why
        return "good"

    def _require_stamper(self, stamp: Timestamp) -> None:
        """Whoever has stamped was certified for that by an accredited authority then;
        SignatureRefused, Unavailable."""
        trust = self._trust(public_key(stamp.certificate).algorithm).trust
        chain = check(stamp.certificate, stamp.at, trust, extended_usage=["time_stamping"])
        for issuer, issued in pairwise(chain):
            self._require_good(issued, issuer, stamp.at)

    # --- revocation

    def _require_good(self, issued: Certificate, issuer: Certificate, at: dt.datetime) -> None:
        """By the issuer's list; if that is no word, by OCSP. SignatureRefused, Unavailable."""
        later = at < self._clock.now()
        name = _list_name(issued)
        try:
            try:
                StatusSource([self._list(name)], [], at, later).require_good(issued, issuer)
            except (SignatureRefused, Unavailable) as first:
                if isinstance(first, SignatureRefused) and first.code != "status-unknown":
                    raise
                answer = self._ocsp(name, issued, issuer)
                StatusSource([], [answer], at, later).require_good(issued, issuer)
        except SignatureRefused as refused:
            if refused.code == "status-unknown":
                raise Unavailable("cert_status", refused.message) from refused
            raise

    def _list(self, name: str) -> CertificateList:
        with reading("cert_status"):
            return CertificateList.load(self._statuses.bytes("GET", f"/{name}.crl").content)

    def _ocsp(self, name: str, issued: Certificate, issuer: Certificate) -> OCSPResponse:
        body = _ocsp_request(issued, issuer)
        kind = {"Content-Type": "application/ocsp-request"}
        answer = self._statuses.bytes("POST", f"/{name}", body=body, headers=kind)
        with reading("cert_status"):
            return OCSPResponse.load(answer.content)

    # --- trust

    def _trust(self, algorithm: KeyAlgorithm) -> _Trusted:
        with self._lock:
            found = self._trusted.get(algorithm)
        now = self._clock.now()
        if found is not None and found.at <= now < found.at + _TRUSTED_FOR:
            return found
        roots = self._register.bytes("GET", f"/v1/roots/{algorithm}.pem").content
        published = self._register.bytes("GET", "/CA/DownloadTSL").content
        with reading("ca_registry"):
            found = _Trusted(now, *_read(roots, published))
        with self._lock:
            self._trusted[algorithm] = found
        return found


@contextmanager
def _refusing() -> Iterator[None]:
    """SignatureRefused of the room is WrongSignature of the port; GOST that this machine does not
    have is an algorithm that it does not know."""
    try:
        yield
    except SignatureRefused as refused:
        raise WrongSignature(refused.code, refused.message) from refused
    except GostUnavailable as why:
        raise WrongSignature("algorithm", str(why)) from why


def _facts(certificate: Certificate) -> CertificateFacts:
    subject = subject_of(certificate)
    issued_by = certificate.issuer.native
    return CertificateFacts(
        fingerprint=fingerprint(certificate),
        serial=serial_of(certificate),
        common_name=subject.common_name,
        inn=subject.inn,
        legal_inn=subject.legal_inn,
        ogrn=subject.ogrn,
        ogrnip=subject.ogrnip,
        snils=subject.snils,
        issuer=str(issued_by.get("common_name", "")),
        algorithm=public_key(certificate).algorithm,
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        der=certificate.dump(),
    )


def _list_name(certificate: Certificate) -> str:
    """The issuer's name at the registry of statuses; SignatureRefused for a certificate that tells
    of no list."""
    for point in certificate.crl_distribution_points:
        path = urlsplit(str(point.url or "")).path
        if path.endswith(".crl"):
            return path.rpartition("/")[2].removesuffix(".crl")
    raise SignatureRefused("unknown-root", "сертификат не называет списка отзыва")


def _ocsp_request(issued: Certificate, issuer: Certificate) -> bytes:

    spki = issuer["tbs_certificate"]["subject_public_key_info"].dump()
    asked = ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": _sha1(issuer.subject.dump()),
            "issuer_key_hash": _sha1(key_bits(spki)),
            "serial_number": issued.serial_number,
        }
    )
    request = {"tbs_request": {"request_list": [{"req_cert": asked}]}}
    whole: bytes = ocsp.OCSPRequest(request).dump()
    return whole


def _sha1(content: bytes) -> bytes:
    """How CertId names an issuer (RFC 6960, 4.1.1): it protects nothing."""
    return hashlib.sha1(content, usedforsecurity=False).digest()


@lru_cache(_LISTS)
def _read(roots: bytes, published: bytes) -> tuple[dt.datetime, Trust]:
    """When the list came out, and what is trusted by it: the same until it is another one.
    ValueError."""
    issued, authorities = _accredited(published)
    return issued, Trust(roots=_of_pem(roots), known=authorities)


def _of_pem(file: bytes) -> tuple[Certificate, ...]:
    end = b"-----END CERTIFICATE-----"
    parts = [part.strip() + b"\n" + end for part in file.split(end) if part.strip()]
    try:
        return tuple(parsed(part) for part in parts)
    except SignatureRefused as refused:
        raise ValueError(refused.message) from refused


def _accredited(published: bytes) -> tuple[dt.datetime, tuple[Certificate, ...]]:
    """When the published list came out, and the certificates of the authorities whose accreditation
    holds; the list is whole by its own signature."""
    try:
        root = _xml(published)
        (signature,) = root.findall(f"{{{xmldsig.NAMESPACE}}}Signature")
        xmldsig.signed(signature, root, xmldsig.ENVELOPED)
        return dt.datetime.fromisoformat(root.findtext("Дата", "")), tuple(
            parsed(base64.b64decode(data.text or ""))
            for center in root.iterfind("УдостоверяющийЦентр")
            if center.findtext("СтатусАккредитации/Статус", "").startswith(_ACCREDITED)
            for data in center.iterfind(".//ДанныеСертификата/Данные")
        )
    except SignatureRefused as refused:
        raise ValueError(refused.message) from refused


def _xml(document: bytes) -> Any:
    """The root of a document without a doctype; SignatureRefused `malformed`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise SignatureRefused("malformed", "ожидается документ XML") from None
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise SignatureRefused("malformed", "документ с DOCTYPE")
    return root
