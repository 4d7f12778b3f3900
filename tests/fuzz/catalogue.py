"""Every campaign by its name: of what reads signatures, and of the services that are shown them."""

from typing import Final

from tests.fuzz.campaign import AskingCampaign, Campaign
from tests.fuzz.certificates import Certificates
from tests.fuzz.client_secrets import ClientSecrets
from tests.fuzz.cms_messages import CmsMessages
from tests.fuzz.json_messages import JsonMessages
from tests.fuzz.markers import Markers
from tests.fuzz.revocation import RevocationWords
from tests.fuzz.signing_requests import SigningRequests
from tests.fuzz.soap_messages import SoapMessages
from tests.fuzz.stamp_requests import StampRequests
from tests.fuzz.stamp_tokens import StampTokens
from tests.fuzz.status_requests import StatusRequests
from tests.fuzz.token_signatures import TokenSignatures
from tests.fuzz.xml_signatures import XmlSignatures

__all__ = ["CAMPAIGNS", "OF_SERVICES", "OF_SIGNATURES"]

OF_SIGNATURES: Final[dict[str, type[Campaign]]] = {
    "certificates": Certificates,
    "cms": CmsMessages,
    "revocation": RevocationWords,
    "signing-requests": SigningRequests,
    "stamps": StampTokens,
    "tokens": TokenSignatures,
    "xml": XmlSignatures,
}

OF_SERVICES: Final[dict[str, type[AskingCampaign]]] = {
    "client-secrets": ClientSecrets,
    "json": JsonMessages,
    "markers": Markers,
    "ocsp": StatusRequests,
    "soap": SoapMessages,
    "stamp-requests": StampRequests,
}

CAMPAIGNS: Final[dict[str, type[Campaign]]] = {**OF_SIGNATURES, **OF_SERVICES}
