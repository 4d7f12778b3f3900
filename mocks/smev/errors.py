"""Why СМЭВ refuses: the faults of the message exchange 1.2, in one table, and their XML.

Numbers (SMEV-…) and codes are those met in public answers of СМЭВ; where none is known, a fault has
its description alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from lxml import etree

from mocks.smev.namespaces import NSMAP, MessageType, basic, fault

__all__ = ["FAULTS", "OPERATIONS", "FaultName", "SmevError", "invalid_content", "unsigned"]

FaultName: TypeAlias = Literal[
    "AccessDenied",
    "AttachmentContentMiscoordination",
    "AttachmentSizeLimitExceeded",
    "BusinessDataTypeIsNotSupported",
    "DestinationOverflow",
    "EndOfLifeReached",
    "IncorrectResponseContentType",
    "InvalidContent",
    "InvalidMessageIdFormat",
    "MessageIsAlreadySent",
    "QuoteLimitExceeded",
    "RecipientIsNotFound",
    "SMEVFailure",
    "SenderIsNotRegistered",
    "SignatureVerificationFault",
    "StaleMessageId",
    "TargetMessageIsNotFound",
    "TransactionCodeInvalid",
    "UnknownMessageType",
]

_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE: Final = f"{{{_INSTANCE}}}type"
_NSMAP: Final = {**NSMAP, "xsi": _INSTANCE}


class FaultKind(NamedTuple):
    """A fault: the JSON face's HTTP status (SOAP has 500 always), text, number and code."""

    status: int
    text: str
    number: str | None = None
    code: str | None = None


FAULTS: Final[Mapping[FaultName, FaultKind]] = {
    "AccessDenied": FaultKind(403, "Отправителю не разрешено отправлять запросы этого типа"),
    "AttachmentContentMiscoordination": FaultKind(
        422, "Заголовки вложений не соответствуют содержимому"
    ),
    "AttachmentSizeLimitExceeded": FaultKind(413, "Суммарный размер вложений превысил предел"),
    "BusinessDataTypeIsNotSupported": FaultKind(
        422, "Сообщение с таким корневым элементом не зарегистрировано в СМЭВ"
    ),
    "DestinationOverflow": FaultKind(
        503,
        "Очередь, в которую должно быть отправлено сообщение, переполнена",
        "SMEV-600",
        "TR:SYNC:PP:15",
    ),
    "EndOfLifeReached": FaultKind(422, "Превышено время жизни сообщения"),
    "IncorrectResponseContentType": FaultKind(
        422, "Содержимое ответа зарегистрировано в СМЭВ как запрос"
    ),
    "InvalidContent": FaultKind(
        400, "Сообщение не соответствует схеме", "SMEV-403", "TR:SYNC:PP:55"
    ),
    "InvalidMessageIdFormat": FaultKind(422, "Идентификатор сообщения — не UUID версии 1"),
    "MessageIsAlreadySent": FaultKind(409, "Сообщение с таким идентификатором уже отправлено"),
    "QuoteLimitExceeded": FaultKind(413, "Суммарный размер вложений превысил остаток квоты"),
    "RecipientIsNotFound": FaultKind(404, "Получатель не найден"),
    "SMEVFailure": FaultKind(503, "Сообщение невозможно принять: сбой в СМЭВ"),
    "SenderIsNotRegistered": FaultKind(403, "Отправитель не зарегистрирован в СМЭВ"),
    "SignatureVerificationFault": FaultKind(
        403, "ЭП-ОВ не прошла проверку", "SMEV-100", "TR:SYNC:SPS:1"
    ),
    "StaleMessageId": FaultKind(422, "Идентификатор сообщения устарел"),
    "TargetMessageIsNotFound": FaultKind(
        404, "Сообщение не найдено среди неподтверждённых", "SMEV-501", "TR:SYNC:DAS:4"
    ),
    "TransactionCodeInvalid": FaultKind(422, "Неверный код транзакции"),
    "UnknownMessageType": FaultKind(422, "Тип сообщения не зарегистрирован в СМЭВ"),
}

_OF_GETTING: Final[tuple[FaultName, ...]] = (
    "InvalidContent",
    "SMEVFailure",
    "SenderIsNotRegistered",
    "SignatureVerificationFault",
    "UnknownMessageType",
)
_OF_SENDING: Final[tuple[FaultName, ...]] = (
    "AttachmentContentMiscoordination",
    "AttachmentSizeLimitExceeded",
    "BusinessDataTypeIsNotSupported",
    "DestinationOverflow",
    "InvalidContent",
    "InvalidMessageIdFormat",
    "MessageIsAlreadySent",
    "QuoteLimitExceeded",
    "RecipientIsNotFound",
    "SMEVFailure",
    "SenderIsNotRegistered",
    "SignatureVerificationFault",
    "StaleMessageId",
)

OPERATIONS: Final[Mapping[str, tuple[FaultName, ...]]] = {
    "SendRequest": (
        *_OF_SENDING,
        "AccessDenied",
        "EndOfLifeReached",
        "TransactionCodeInvalid",
    ),
    "GetRequest": _OF_GETTING,
    "SendResponse": (*_OF_SENDING, "IncorrectResponseContentType"),
    "GetResponse": _OF_GETTING,
    "GetStatus": _OF_GETTING,
    "Ack": (
        "InvalidContent",
        "SMEVFailure",
        "SenderIsNotRegistered",
        "SignatureVerificationFault",
        "TargetMessageIsNotFound",
    ),
}
"""The operations, and the faults that each may end with."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A field that a fault has besides code and description."""

    name: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()


class SmevError(Exception):
    """СМЭВ refuses with the fault `name`; `text` replaces the table's, `details` are its fields."""

    def __init__(self, name: FaultName, text: str | None = None, *details: Detail) -> None:
        self.name = name
        self.kind = FAULTS[name]
        self.text = text or self.kind.text
        self.details = details
        super().__init__(self.text)

    @property
    def description(self) -> str:
        """The text with its number before it, as СМЭВ writes it."""
        return f"{self.kind.number}:{self.text}" if self.kind.number else self.text

    def element(self) -> etree._Element:
        """The fault as the detail of a SOAP fault."""
        element = etree.Element(fault(self.name), nsmap=_NSMAP)
        if not self.details:
            element.set(_TYPE, "SmevFault")
        self._fill(element)
        return element

    def add_to(self, parent: etree._Element, name: str) -> None:
        """The fault as a last child `name` of `parent`, its type told by xsi:type."""
        element = etree.SubElement(parent, name, nsmap=_NSMAP)
        element.set(_TYPE, f"ns3:{self.name}" if self.details else "SmevFault")
        self._fill(element)

    def as_json(self) -> dict[str, Any]:
        """The fault as the JSON face tells it."""
        told: dict[str, Any] = {"error": self.name, "message": self.text}
        if self.kind.number:
            told["number"] = self.kind.number
        if self.details:
            told["details"] = [{"name": each.name, "text": each.text} for each in self.details]
        return told

    def _fill(self, element: etree._Element) -> None:
        if self.kind.code:
            etree.SubElement(element, basic("Code")).text = self.kind.code
        etree.SubElement(element, basic("Description")).text = self.description
        for detail in self.details:
            field = etree.SubElement(element, fault(detail.name), dict(detail.attributes))
            field.text = detail.text


def invalid_content(*errors: str, text: str | None = None) -> SmevError:
    """A message that its schema does not allow."""
    details = (Detail("ValidationError", error, (("errorPosition", "-1"),)) for error in errors)
    return SmevError("InvalidContent", text, *details)


SignatureProblem: TypeAlias = Literal[
    "PoorSOAPEnvelopeFormat",
    "NoSignatureFound",
    "IncorrectSignatureTarget",
    "SignatureIsInvalid",
    "CertificateIsNotFound",
    "CertificateIsExpired",
]


def unsigned(problem: SignatureProblem, text: str | None = None) -> SmevError:
    """A message whose signature is not good."""
    detail = Detail("SignatureVerificationFault", problem)
    return SmevError("SignatureVerificationFault", text, detail)


def unsupported(kind: MessageType) -> SmevError:
    """A message of a type that nobody has registered."""
    return SmevError(
        "BusinessDataTypeIsNotSupported",
        None,
        Detail("RootElementLocalName", kind.root),
        Detail("RootElementNamespaceURI", kind.namespace),
    )


def overflow(destination: str) -> SmevError:
    """A queue that takes no more."""
    return SmevError(
        "DestinationOverflow",
        None,
        Detail("MessageBrokerAddress", "smev"),
        Detail("DestinationName", destination),
    )


def attachments_too_large(permitted: int, real: int) -> SmevError:
    """Attachments of more than `permitted` bytes in all."""
    return SmevError(
        "AttachmentSizeLimitExceeded",
        None,
        Detail("PermittedTotalAttachmentSize", str(permitted)),
        Detail("RealTotalAttachmentSize", str(real)),
    )


def quota_exceeded(remaining: int, real: int) -> SmevError:
    """Attachments of more bytes than there is room for."""
    return SmevError(
        "QuoteLimitExceeded",
        None,
        Detail("RemainedTotalQuoteSize", str(remaining)),
        Detail("RealTotalAttachmentSize", str(real)),
    )
