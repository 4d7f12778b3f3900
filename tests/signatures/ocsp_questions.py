"""OCSP requests in every algorithm, by either digest of an issuer."""

import hashlib
from typing import Any

from asn1crypto import ocsp

from signatures.certificates import Issuer, key_bits


def question(issuer: Issuer, *serials: int, digest: str = "sha1", nonce: bytes = b"") -> bytes:
    """An OCSP request about certificates of `issuer`."""
    hashed = {
        "hash_algorithm": {"algorithm": digest},
        "issuer_name_hash": hashlib.new(digest, issuer.certificate.subject.dump()).digest(),
        "issuer_key_hash": hashlib.new(digest, key_bits(issuer.key.spki)).digest(),
    }
    request: dict[str, Any] = {
        "request_list": [{"req_cert": {**hashed, "serial_number": serial}} for serial in serials]
    }
    if nonce:
        request["request_extensions"] = [{"extn_id": "nonce", "extn_value": nonce}]
    return bytes(ocsp.OCSPRequest({"tbs_request": request}).dump())
