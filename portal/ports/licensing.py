"""The authorities that grant licences and permits (APP-09)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = [
    "LicenceDocument",
    "LicenceNotTaken",
    "LicenceOrder",
    "LicenceView",
    "Licensing",
    "LicensingState",
]

LicensingState: TypeAlias = Literal[
    "awaiting_documents", "in_examination", "granted", "refused", "returned"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceDocument:
    """A document by its code in the authority's list."""

    code: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceOrder:
    """An application: the kind (of `APP-09.kinds`), the activity (ОКВЭД), and for a permit the last
    day that it is wanted for."""

    inn: str
    ogrn: str
    kind: str
    head_name: str
    activity: str
    valid_until: dt.date | None
    documents: Sequence[LicenceDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceView:
    """An application as the authority shows it: its `number` there, the last moment of the stage,
    what the set lacks, why it was refused, the number of the licence."""

    number: str
    state: LicensingState
    due: dt.datetime | None = None
    missing: Sequence[str] = ()
    reasons: Sequence[str] = ()
    licence: str = ""


class LicenceNotTaken(Exception):
    """The authority does not take such an application; `field` is what is wrong in it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


class Licensing(Protocol):
    """All authorities behind one door."""

    def lists(self) -> Mapping[str, Mapping[str, str]]:
        """Documents by code with their titles, by the kind that asks for them. Unavailable."""

    def apply(self, request_id: str, order: LicenceOrder) -> LicenceView:
        """Apply; a repetition of `request_id` gives the case that there is. LicenceNotTaken,
        Unavailable."""

    def supplement(
        self, number: str, request_id: str, documents: Sequence[LicenceDocument]
    ) -> LicenceView:
        """Bring what was missing, once for each `request_id`. Unavailable."""

    def view(self, number: str) -> LicenceView:
        """Where a case is. Unavailable."""

    def document(self, licence: str) -> bytes:
        """The licence as PDF. Unavailable."""
