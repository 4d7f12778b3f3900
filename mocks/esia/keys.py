"""By what markers are verified: the public key and the certificate of ЕСИА in each algorithm."""

from asn1crypto import pem

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call, Service
from mocks.esia.markers import OWN_MNEMONIC
from mocks.pki.authorities import Authorities, Identity, available_algorithms
from mocks.pki.files import PEM
from signatures.certificates import armored

__all__ = ["add_routes"]


def add_routes(service: Service) -> None:
    """Let `service` publish its keys."""
    service.get("/v1/keys/{algorithm}.pem")(_show_key)
    service.get("/v1/certificates/{algorithm}.pem")(_show_certificate)


def _show_key(call: Call) -> Answer:
    """SubjectPublicKeyInfo as PEM."""
    return Answer(200, pem.armor("PUBLIC KEY", _identity(call).key.spki), PEM)


def _show_certificate(call: Call) -> Answer:
    """The certificate with that key, as PEM."""
    return Answer(200, armored(_identity(call).certificate), PEM)


def _identity(call: Call) -> Identity:
    wanted = call.values["algorithm"]
    for algorithm in available_algorithms():
        if algorithm == wanted:
            return call.tenant.state(Authorities).identity(OWN_MNEMONIC, algorithm)
    expected = ", ".join(available_algorithms())
    raise Refusal(404, "no-such-key", f"Ключа {wanted[:20]} нет, есть: {expected}")
