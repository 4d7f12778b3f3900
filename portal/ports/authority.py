"""Certification authorities: a certificate by application (CERT-13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "AuthorityOrder",
    "CertificationAuthority",
    "NotIdentified",
    "OrderDocument",
    "OrderRefused",
    "OrderState",
    "OrderView",
]

OrderState: TypeAlias = Literal[
    "documents", "checking", "payment", "identification", "issued", "refused", "lapsed"
]
"""What an application waits for, or what came of it."""


class OrderRefused(Exception):
    """The authority does not take the application: `field` of what was sent, and its words."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotIdentified(Exception):
    """What was shown is not the representative's; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument:
    """A document of an application, by its kind of `world.documents`."""

    kind: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityOrder:
    """An application: `representative` is the СНИЛС of who will sign, `csr` a request PKCS#10 (a
    key on a token needs one), `renews` the serial number of the certificate that comes to an end.
    """

    inn: str
    ogrn: str
    authority: str
    algorithm: KeyAlgorithm
    delivery: str
    head_name: str
    head_snils: str
    representative: str
    code_word: str
    csr: str | None
    renews: str | None
    documents: Sequence[OrderDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """Where an application is; `missing` are kinds of documents, `reasons` the authority's codes of
    a refusal."""

    number: str
    state: OrderState
    price_kopecks: int
    missing: Sequence[str] = ()
    reasons: Sequence[str] = ()


class CertificationAuthority(Protocol):
    """The authorities behind one door."""

    def submit(self, request_id: str, order: AuthorityOrder) -> OrderView:
        """File an application; the same one for a repetition. OrderRefused, Unavailable."""

    def view(self, number: str) -> OrderView:
        """Where it is. Unavailable."""

    def supplement(
        self, number: str, request_id: str, documents: Sequence[OrderDocument]
    ) -> OrderView:
        """Bring what is missing; one that waits for nothing stays as it is. Unavailable."""

    def pay(self, number: str, payment_id: str, kopecks: int) -> OrderView:
        """Pass on that it was paid. One that waits for no payment stays as it is. Unavailable."""

    def identify(self, number: str, series: str, passport: str) -> OrderView:
        """Show the representative's passport; one that waits for none stays as it is.
        NotIdentified, Unavailable."""

    def receive(self, number: str) -> bytes:
        """The issued certificate, handed over. Unavailable."""
