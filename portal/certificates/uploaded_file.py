"""What a file is that was given as a certificate (CERT-05, CERT-06)."""

from asn1crypto import keys, pem, pkcs12
from asn1crypto.cms import ContentInfo

from portal.ports.signatures import CertificateFacts, Signatures, WrongSignature
from portal.rules.certificate_claims import FileContent
from signatures.der import MALFORMED_ASN1

__all__ = ["certificate_in", "content_of"]

_PEM_KEY = b"PRIVATE KEY-----"


def content_of(file: bytes) -> FileContent:
    """What a file is by its content; `certificate` is said of anything that may be one."""
    if _PEM_KEY in file:
        return "private_key"
    try:
        plain = pem.unarmor(file)[2] if pem.detect(file) else file
    except ValueError:
        return "other"
    if _is_container(plain):
        return "pkcs12"
    if _is_signed_data(plain):
        return "pkcs7"
    return "private_key" if _is_key(plain) else "certificate"


def certificate_in(file: bytes, signatures: Signatures) -> CertificateFacts | FileContent:
    """What the open certificate of a file says, or what the file is instead. WrongSignature for a
    certificate of a key that is not admitted (codes `algorithm`, `weak-key`)."""
    content = content_of(file)
    if content != "certificate":
        return content
    try:
        return signatures.certificate(file)
    except WrongSignature as wrong:
        if wrong.code in ("algorithm", "weak-key"):
            raise
        return "other"


def _is_container(content: bytes) -> bool:
    """RFC 7292, 4: version 3 and what is kept in the container."""
    try:
        read = pkcs12.Pfx.load(content, strict=True)
        return read["version"].native == "v3" and read["auth_safe"]["content_type"].native in (
            "data",
            "signed_data",
        )
    except MALFORMED_ASN1:
        return False


def _is_signed_data(content: bytes) -> bool:
    try:
        info = ContentInfo.load(content, strict=True)
        return bool(info["content_type"].native == "signed_data")
    except MALFORMED_ASN1:
        return False


def _is_key(content: bytes) -> bool:
    """PKCS#8, open or encrypted (RFC 5958)."""
    for kind, names in (
        (keys.PrivateKeyInfo, ("version", "private_key_algorithm", "private_key")),
        (keys.EncryptedPrivateKeyInfo, ("encryption_algorithm", "encrypted_data")),
    ):
        try:
            read = kind.load(content, strict=True)
            for name in names:
                _ = read[name].native
        except MALFORMED_ASN1:
            continue
        return True
    return False
