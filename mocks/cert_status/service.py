"""Revocation checks of every authority and root: lists (CRL) and OCSP.

Real: both protocols (RFC 5280, RFC 6960), the responders that authorities certify for it. Ours:
addresses, and statuses in JSON.
"""

from typing import Final

from mocks.cert_status import lists, ocsp
from mocks.cert_status.issuers import show_issuer
from mocks.cert_status.statuses import show_status
from mocks.core.service import Service
from mocks.pki.hierarchy import LISTS_HOST, STATUS_HOST

__all__ = ["service"]

service: Final = Service(
    "cert_status",
    own_faults={**lists.OWN_FAULTS, **ocsp.OWN_FAULTS},
    hosts=(LISTS_HOST, STATUS_HOST),
    most_body=65_536,
)

service.get("/{issuer}-{algorithm}.crl")(lists.show_list)
service.get("/{issuer}-{algorithm}.cer")(show_issuer)
service.post("/{issuer}-{algorithm}")(ocsp.answer_post)
service.get("/{issuer}-{algorithm}/{request:path}")(ocsp.answer_get)
service.get("/v1/statuses/{issuer}-{algorithm}/{serial}")(show_status)
