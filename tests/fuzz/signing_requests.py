"""Requests to certify a key (PKCS#10), as DER and as PEM."""

from random import Random

from asn1crypto import csr, pem

from mocks.pki.authorities import available_algorithms
from signatures.keys import derived_key
from signatures.refusals import SignatureRefused
from signatures.signing_requests import requested_key, signing_request
from tests.fuzz import der_trees, octets
from tests.fuzz.campaign import Outcome
from tests.signatures.small_pki import ORGANIZATION

__all__ = ["SigningRequests"]


class SigningRequests:
    """A key is taken only from a request that it has signed as it is."""

    count = 1_000
    documented = frozenset({"good", "malformed", "algorithm", "weak-key", "signature"})
    reached = frozenset({"good", "malformed", "algorithm", "signature"})

    def __init__(self) -> None:
        self._seeds = []
        self._keys: dict[bytes, bytes] = {}
        for algorithm in available_algorithms():
            key = derived_key(algorithm, "applicant")
            request = signing_request(key, ORGANIZATION)
            self._seeds.append(request)
            self._keys[_signed_part(request)] = key.spki

    def begin(self) -> None:
        """Nothing is kept."""

    def fed(self, chance: Random) -> Outcome:
        content = der_trees.altered(chance, chance.choice(self._seeds), self._seeds)
        if chance.random() < 0.2:
            content = pem.armor("CERTIFICATE REQUEST", content)
            content = octets.altered(chance, content) if chance.random() < 0.5 else content
        try:
            key = requested_key(content)
        except SignatureRefused as refused:
            return Outcome(refused.code, refused.message.encode())
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        assert key.spki == self._keys[_signed_part(der)]
        return Outcome("good")


def _signed_part(content: bytes) -> bytes:
    part: bytes = csr.CertificationRequest.load(content)["certification_request_info"].dump()
    return part
