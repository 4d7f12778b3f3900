"""Certification authorities: their list, certificates of systems and of the country's applicants.

Real: what a certificate says, file formats. Ours: paths and names; that private keys are given out.
"""

from typing import Final

from mocks.ca import authorities_list, country_certificates, systems
from mocks.core.service import Service

__all__ = ["service"]

service: Final = Service("ca", works=True)

_SYSTEM: Final = "/v1/systems/{mnemonic}/{algorithm}"
_COUNTRY: Final = "/v1/organizations/{index}/{day}"

service.get("/v1/authorities")(authorities_list.show_authorities)
service.get(f"{_SYSTEM}/key.pem")(systems.show_key)
service.get(f"{_SYSTEM}/certificate.pem")(systems.show_certificate)
service.get(f"{_SYSTEM}/chain.pem")(systems.show_chain)
service.get(f"{_COUNTRY}/key.pem")(country_certificates.show_key)
service.get(f"{_COUNTRY}/certificate.cer")(country_certificates.show_certificate)
service.get(f"{_COUNTRY}/certificate.pem")(country_certificates.show_pem)
service.get(f"{_COUNTRY}/certificate.p7b")(country_certificates.show_bundle)
service.get(f"{_COUNTRY}/container.pfx")(country_certificates.show_container)
