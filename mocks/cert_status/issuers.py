"""Whom the paths of this service name: an authority or a root, under one of its algorithms."""

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from mocks.pki import hierarchy
from mocks.pki.asked_algorithm import asked_algorithm
from mocks.pki.authorities import Authorities
from mocks.pki.files import certificate_file
from mocks.pki.issued import IssuerKey

__all__ = ["asked_issuer", "show_issuer"]


def asked_issuer(call: Call) -> IssuerKey:
    """The issuer of the path's `issuer` and `algorithm`; Refusal 404, 503 for GOST where there is
    none."""
    name = call.values["issuer"]
    if name not in {*hierarchy.ROOTS, *(each.id for each in hierarchy.AUTHORITIES)}:
        raise Refusal(404, "no-such-issuer", f"Издателя «{name[:40]}» нет")
    return name, asked_algorithm(call.values["algorithm"])


def show_issuer(call: Call) -> Answer:
    """The issuer's own certificate, to which certificates point (RFC 5280, 4.2.2.1)."""
    issuer = call.tenant.state(Authorities).issuer(*asked_issuer(call))
    return certificate_file(issuer.certificate)
