"""An application for a certificate (CERT-13): what is submitted, what a case is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from mocks.case_work.applicants import Submission
from mocks.case_work.attachments import Attachments, DocumentSet
from mocks.case_work.cases import StateTable
from mocks.core.number_fields import Snils
from mocks.pki.issued import Issued
from rulebook.kinds import Kind
from signatures.keys import PrivateKey
from world.certificate_profiles import KeyAlgorithm
from world.documents import TITLES, DocumentKind
from world.filings import AUTHORITY

__all__ = [
    "FOUNDING_DOCUMENTS",
    "PRICE_KOPECKS",
    "STATES",
    "CertificateApplication",
    "Delivery",
    "Issue",
]

Delivery: TypeAlias = Literal["token", "file"]
"""Whose key it is: made on the applicant's token and known by a request PKCS#10, or by the
authority, which gives it out in a file."""

PRICE_KOPECKS: Final = 350_000
"""Assumption: what a certificate costs."""

FOUNDING_DOCUMENTS: Final[Mapping[Kind, tuple[DocumentKind, ...]]] = {
    "legal": ("charter",),
    "sole_proprietor": ("passport",),
}
"""Founding documents of CERT-13; a sole proprietor has none but shows who they are."""

STATES: Final = StateTable(
    titles={
        "registered": "Заявка поступила",
        "awaiting_documents": "Ожидает недостающих документов",
        "in_check": "Документы и сведения проверяются",
        "awaiting_payment": "Ожидает оплаты",
        "awaiting_identification": "Ожидает идентификации представителя",
        "issued": "Сертификат выпущен",
        "delivered": "Сертификат выдан",
        "refused": "В выпуске отказано",
        "lapsed": "Закрыта: срок шага истёк",
    },
    follows={
        "registered": frozenset({"awaiting_documents", "in_check"}),
        "awaiting_documents": frozenset({"awaiting_documents", "in_check", "lapsed"}),
        "in_check": frozenset({"awaiting_payment", "refused"}),
        "awaiting_payment": frozenset({"awaiting_identification", "lapsed"}),
        "awaiting_identification": frozenset({"issued", "refused", "lapsed"}),
        "issued": frozenset({"delivered"}),
    },
)
"""The steps of CERT-13; a reissue takes the same."""

_Number = Annotated[str, Field(pattern=r"^[0-9a-f]{1,40}$")]


class CertificateApplication(Submission):
    """The application, from the cabinet or the authority's site.

    `representative` is the СНИЛС of who will sign, `csr` a request PKCS#10 in PEM or Base64 (a key
    on a token needs one), `code_word` lets the owner revoke, `renews` is the serial number of a
    certificate that comes to its end.
    """

    authority: str
    channel: Literal["cabinet", "site"]
    algorithm: KeyAlgorithm
    delivery: Delivery
    head_name: Annotated[str, Field(min_length=1, max_length=200)]
    head_snils: Snils
    representative: Snils
    code_word: Annotated[str, Field(min_length=4, max_length=64)]
    csr: Annotated[str, Field(max_length=20_000)] | None = None
    renews: _Number | None = None
    documents: Attachments = ()


@dataclass
class Issue:
    """What a case is about.

    `spki` is the public key of a request, `key` the private one that the authority has made;
    `missing` is what the set of documents lacks, `reasons` why it was refused, `wrong_words` how
    often the code word was guessed wrong since it was right.
    """

    authority: str
    channel: str
    algorithm: KeyAlgorithm
    delivery: Delivery
    head_name: str
    head_snils: str
    representative: str
    code_word: str
    spki: bytes | None
    renews: str | None
    documents: DocumentSet
    missing: list[dict[str, str]] = field(default_factory=list)
    reasons: list[dict[str, str]] = field(default_factory=list)
    payment: str | None = None
    identified_by: str | None = None
    failed_identifications: int = 0
    wrong_words: int = 0
    key: PrivateKey | None = None
    issued: Issued | None = None
    false_refusal: bool = False
    wrong_inn: bool = False

    def required(self, kind: Kind, head_signs: bool) -> dict[str, str]:
        """Titles of the documents it takes, by their codes."""
        codes = [*FOUNDING_DOCUMENTS[kind], *([] if head_signs else [AUTHORITY])]
        return {code: TITLES[code] for code in codes}

    def view(self) -> dict[str, Any]:
        """What answers show of it besides the case."""
        return {
            "authority": self.authority,
            "channel": self.channel,
            "algorithm": self.algorithm,
            "delivery": self.delivery,
            "renews": self.renews,
            "missing": self.missing,
            "reasons": self.reasons,
            "price_kopecks": PRICE_KOPECKS,
            "payment": self.payment,
            "identified_by": self.identified_by,
            "certificate": None if self.issued is None else f"{self.issued.serial:x}",
        }
