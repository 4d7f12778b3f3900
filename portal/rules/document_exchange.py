"""Chapter EDI: what may be sent to a counterparty, who is a side of it, where a signed document
goes by itself, what the archive gives back."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.file_formats import FileFormat

__all__ = [
    "ROUTES",
    "ArchivedPart",
    "ExchangeSides",
    "ForwardedDocument",
    "OutgoingDocument",
    "Recipient",
    "Route",
    "forwarded_where_it_belongs",
    "from_the_archive_as_it_was",
    "ready_to_be_sent",
    "sides_alone",
]

Recipient: TypeAlias = Literal["registration", "procurement", "tax"]
"""A service that signed documents go to by themselves (EDI-03)."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where documents of a kind go, and how people call the kind."""

    recipient: Recipient
    title: Text


ROUTES: Final[Mapping[str, Route]] = MappingProxyType(
    {
        "registration": Route(
            "registration", Text("Документ для регистрации", "Document for registration")
        ),
        "bid": Route("procurement", Text("Заявка на участие в закупке", "Bid")),
        "contract": Route("procurement", Text("Контракт по закупке", "Procurement contract")),
        "complaint": Route("procurement", Text("Жалоба по закупке", "Complaint of procurement")),
        "tax": Route("tax", Text("Документ для налоговой", "Document for the tax service")),
    }
)
"""Kinds of documents that go on to a service."""

_UNSIGNED: Final = Text("документ не подписан", "the document is not signed")
_BROKEN: Final = Text(
    "подпись или её сертификат не прошли проверку", "the signature or its certificate has failed"
)
_NOT_READY: Final = Text("файл проверяется или заблокирован", "the file is checked or blocked")
_ALTERED: Final = Text("содержимое изменено", "the content is altered")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingDocument:
    """A document that is to be sent: its format by its content, whether it is ready and whole,
    whether it is signed and the signature holds now; the counterparty (empty: there is none of that
    number on the portal) and who sends it."""

    file_format: FileFormat | None
    is_ready: bool
    is_whole: bool
    is_signed: bool
    signature_holds: bool
    recipient: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSides:
    """Who wants something of a document of the exchange, and whose it is (empty: there is none of
    that number, which strangers are not told)."""

    organization: str
    sides: Collection[str]
    field: str = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedDocument:
    """A document that goes to a service by itself: the kind that was stated, whether it is signed,
    and what the service has said against it (empty: nothing)."""

    kind: str
    is_signed: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPart:
    """What the archive gives back: SHA-256 of what was archived (empty: nothing was) and of what
    was restored (empty: no copy opens), and whether the signature over it holds."""

    kept: str
    restored: str
    signature_holds: bool = True
    field: str = "document"


@rule("EDI-01")
def ready_to_be_sent(claim: OutgoingDocument, policy: Policy) -> Iterator[Found]:
    """A document of a format of DOC-04, whole and signed, goes to another organization that is
    there."""
    formats = policy.texts("DOC-04.formats")
    if claim.file_format not in formats:
        got, wanted = claim.file_format or "—", ", ".join(formats)
        yield Found("document", Text(f"«{got}», а нужно: {wanted}", f"«{got}» instead of {wanted}"))
    elif not claim.is_ready:
        yield Found("document", _NOT_READY)
    elif not claim.is_whole:
        yield Found("document", _ALTERED)
    if not claim.is_signed:
        yield Found("signature", _UNSIGNED)
    elif not claim.signature_holds:
        yield Found("signature", _BROKEN)
    if not claim.recipient:
        yield Found("counterparty", Text("такой организации на портале нет", "it is not here"))
    elif claim.recipient == claim.sender:
        yield Found("counterparty", Text("это вы сами", "that is yourself"))


@rule("EDI-02")
def sides_alone(claim: ExchangeSides, policy: Policy) -> Iterator[Found]:
    """Only who has sent a document and who has got it see it, sign it and send it."""
    if claim.organization not in claim.sides:
        yield Found(claim.field)


@rule("EDI-03")
def forwarded_where_it_belongs(claim: ForwardedDocument, policy: Policy) -> Iterator[Found]:
    """A signed document of a known kind goes to the service of that kind, which takes it."""
    if claim.kind not in ROUTES:
        yield Found("kind", Text("вид документа не указан", "its kind is not stated"))
    if not claim.is_signed:
        yield Found("signature", _UNSIGNED)
    if claim.refusal:
        yield Found("document", Text(claim.refusal, claim.refusal))


@rule("EDI-04")
def from_the_archive_as_it_was(claim: ArchivedPart, policy: Policy) -> Iterator[Found]:
    """What comes from the archive is equal byte for byte to what went there, and its signature
    holds."""
    if not claim.kept:
        yield Found(claim.field, Text("в архиве его нет", "it is not in the archive"))
    elif not claim.restored:
        yield Found(claim.field, Text("ни одна копия не открывается", "no copy opens"))
    elif claim.kept != claim.restored:
        yield Found(claim.field, Text("не совпадает побайтно", "it differs"))
    elif not claim.signature_holds:
        yield Found(claim.field, Text("подпись не сходится", "the signature does not hold"))
