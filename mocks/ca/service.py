"""Certification authorities: applications, issued certificates, those of systems and of the
country's applicants.

Real: the steps (63-ФЗ, art. 18; CERT-13), what a certificate says (приказ ФСБ № 795), requests
PKCS#10, file formats. Ours: paths and names, terms and price; that private keys of systems and
applicants are given out, and that anybody acts for the authority.
"""

from typing import Final

from mocks.ca import (
    application_routes,
    authorities_list,
    certificates,
    country_certificates,
    systems,
)
from mocks.ca.issuing import SERVICE
from mocks.core.service import Service

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        "lost_case": "заявка принята, но до исполнителя не доходит: срок проверки истекает",
        "false_refusal": "в выпуске отказано, хотя оснований для отказа нет (OPS-07)",
        "wrong_inn": "в сертификат организации вписан чужой ИНН (CERT-04)",
    },
    most_body=32 * 2**20,  # a set of files of up to 5 MB (DOC-01), in Base64
)

_APPLICATION: Final = "/v1/applications/{number}"
_CERTIFICATE: Final = "/v1/certificates/{serial}"
_SYSTEM: Final = "/v1/systems/{mnemonic}/{algorithm}"
_COUNTRY: Final = "/v1/organizations/{index}/{day}"

service.get("/v1/authorities")(authorities_list.show_authorities)
service.post("/v1/applications")(application_routes.apply)
service.get("/v1/applications")(application_routes.show_applications)
service.get(_APPLICATION)(application_routes.show_application)
service.post(f"{_APPLICATION}/documents")(application_routes.supplement)
service.post(f"{_APPLICATION}/payment")(application_routes.pay)
service.post(f"{_APPLICATION}/identification")(application_routes.identify)
service.post(f"{_APPLICATION}/receipt")(application_routes.receive)
service.get(f"{_APPLICATION}/certificate.cer")(application_routes.show_certificate)
service.get(f"{_APPLICATION}/certificate.pem")(application_routes.show_pem)
service.get(f"{_APPLICATION}/certificate.p7b")(application_routes.show_bundle)
service.get(f"{_APPLICATION}/container.pfx")(application_routes.show_container)
service.get("/v1/certificates")(certificates.show_certificates)
service.get(_CERTIFICATE)(certificates.show_certificate)
service.post(f"{_CERTIFICATE}/hold")(certificates.hold)
service.post(f"{_CERTIFICATE}/release")(certificates.release)
service.post(f"{_CERTIFICATE}/revocation")(certificates.revoke)
service.get(f"{_SYSTEM}/key.pem")(systems.show_key)
service.get(f"{_SYSTEM}/certificate.pem")(systems.show_certificate)
service.get(f"{_SYSTEM}/chain.pem")(systems.show_chain)
service.get(f"{_COUNTRY}/key.pem")(country_certificates.show_key)
service.get(f"{_COUNTRY}/certificate.cer")(country_certificates.show_certificate)
service.get(f"{_COUNTRY}/certificate.pem")(country_certificates.show_pem)
service.get(f"{_COUNTRY}/certificate.p7b")(country_certificates.show_bundle)
service.get(f"{_COUNTRY}/container.pfx")(country_certificates.show_container)
