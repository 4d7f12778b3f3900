"""An information system that talks to СМЭВ by zeep, from the service description alone."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import zeep
from lxml import etree
from zeep.transports import Transport

from mocks.core.country import MAIN
from signatures import xmldsig
from signatures.certificates import parsed, subject_of
from signatures.keys import PrivateKey
from tests.clients.stand import MOSCOW, Credentials, Stand
from world.certificate_profiles import KeyAlgorithm

__all__ = ["Party", "Signatures", "Type", "selector"]

TYPES: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.2"

_OWN: Final = f"{{{TYPES}}}CallerInformationSystemSignature"
_OF_SMEV: Final = f"{{{TYPES}}}SMEVSignature"
_OF_SENDER: Final = f"{{{TYPES}}}SenderInformationSystemSignature"
_SENT: Final = (f"{{{TYPES}}}SenderProvidedRequestData", f"{{{TYPES}}}SenderProvidedResponseData")

Type: TypeAlias = tuple[str, str]
"""Namespace and local name of the root of a message's content."""


class Signatures(zeep.Plugin):
    """A plugin of zeep that signs what is asked, and checks who has signed what is answered.

    `alter` may change a message that was signed; `signers` are those of the last answer.
    """

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.alter: Callable[[etree._Element], object] = lambda _: None
        self.signers: list[str | None] = []

    def egress(
        self, envelope: etree._Element, http_headers: Any, operation: Any, binding_options: Any
    ) -> tuple[etree._Element, Any]:
        """Sign the first element of an operation, beside which the signature is put."""
        (asked,) = envelope[-1]
        key = PrivateKey.from_pem(self.credentials.key.read_bytes())
        certificate = parsed(self.credentials.certificate.read_bytes())
        etree.SubElement(asked, _OWN).append(xmldsig.sign(asked[0], key, certificate, xmldsig.SMEV))
        self.alter(asked)
        return envelope, http_headers

    def ingress(
        self, envelope: etree._Element, http_headers: Any, operation: Any
    ) -> tuple[etree._Element, Any]:
        """Check the sender's signature and that of СМЭВ; SignatureRefused if one does not fit."""
        self.signers = []
        for place in envelope.iter(_OF_SENDER, _OF_SMEV):
            message = place.getparent()
            assert message is not None
            target = next(message.iterchildren(*_SENT), message[0])
            certificate = xmldsig.signed(place[0], target, xmldsig.SMEV).certificate
            self.signers.append(subject_of(certificate).common_name)
        return envelope, http_headers


class Party:
    """The system `mnemonic` at the СМЭВ of a tenant; `ask` has the operations."""

    def __init__(
        self,
        stand: Stand,
        mnemonic: str = "POLIGON",
        tenant: str = MAIN,
        algorithm: KeyAlgorithm = "rsa",
    ) -> None:
        self.signatures = Signatures(stand.credentials(mnemonic, algorithm))
        client: Any = zeep.Client
        transport: Any = Transport
        self.client = client(
            f"{stand.address('smev', tenant)}/v1.2/ws?wsdl",
            transport=transport(session=stand.session()),
            plugins=[self.signatures],
        )
        self.ask = self.client.service

    def sends(
        self, content: etree._Element, message_id: str = "", files: Any = None, **fields: Any
    ) -> str:
        """Send a request; its identifier. `files` go beside its data, which have also `fields`."""
        own = message_id or str(uuid.uuid1())
        data = {"MessageID": own, "MessagePrimaryContent": {"_value_1": content}, **fields}
        self.ask.SendRequest(
            SenderProvidedRequestData={**data, "Id": "SIGNED_BY_CALLER"},
            AttachmentContentList=files,
        )
        return own

    def responds(self, request: Any, **said: Any) -> str:
        """Answer a request that was taken; the identifier of the response."""
        own = str(uuid.uuid1())
        data = {"MessageID": own, "To": request.ReplyTo, **said}
        self.ask.SendResponse(SenderProvidedResponseData={**data, "Id": "SIGNED_BY_CALLER"})
        return own

    def request(self, wanted: Type | None = None) -> Any:
        """The next request, None if there is none."""
        message = self.ask.GetRequest(MessageTypeSelector=selector(wanted))
        return None if message is None else message.Request

    def response(self, wanted: Type | None = None) -> Any:
        """The next response, None if there is none."""
        message = self.ask.GetResponse(MessageTypeSelector=selector(wanted))
        return None if message is None else message.Response

    def acknowledges(self, message_id: str, *, accepted: bool = True) -> None:
        target = {"Id": "SIGNED_BY_CALLER", "accepted": accepted, "_value_1": message_id}
        self.ask.Ack(AckTargetMessage=target)

    def status(self) -> tuple[str, str] | None:
        """Message and category of the next status, None if there is none."""
        stamp = {"Id": "SIGNED_BY_CALLER", "_value_1": dt.datetime.now(MOSCOW)}
        told = self.ask.GetStatus(Timestamp=stamp)
        if told is None:
            return None
        status = told.AsyncProcessingStatusData.AsyncProcessingStatus
        return status.OriginalMessageId, status.StatusCategory


def selector(wanted: Type | None) -> dict[str, Any]:
    """MessageTypeSelector for messages of one type, or of any."""
    chosen = {}
    if wanted is not None:
        chosen["NamespaceURI"], chosen["RootElementLocalName"] = wanted
    return {"Id": "SIGNED_BY_CALLER", **chosen, "Timestamp": dt.datetime.now(MOSCOW)}
