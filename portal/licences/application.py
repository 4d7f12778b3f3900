"""An application for a licence or a permit as the portal keeps it."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.agency_case import AgencyCase
from portal.state_table import StateTable

__all__ = ["LICENCE_STATES", "LicenceApplication", "LicenceState"]

LicenceState: TypeAlias = Literal[
    "draft", "sending", "awaiting_documents", "in_examination", "granted", "refused", "returned"
]

LICENCE_STATES: Final[StateTable[LicenceState]] = StateTable(
    name="licence",
    titles={
        "draft": "Подготовлена, не подписана",
        "sending": "Подписана, передаётся",
        "awaiting_documents": "Ожидает недостающих документов",
        "in_examination": "Принята, на рассмотрении",
        "granted": "Лицензия предоставлена",
        "refused": "В предоставлении отказано",
        "returned": "Возвращена без рассмотрения",
    },
    first="draft",
    transitions={
        ("draft", "sign"): "sending",
        ("sending", "awaiting_documents"): "awaiting_documents",
        ("sending", "in_examination"): "in_examination",
        ("sending", "granted"): "granted",
        ("sending", "refused"): "refused",
        ("sending", "returned"): "returned",
        ("awaiting_documents", "in_examination"): "in_examination",
        ("awaiting_documents", "granted"): "granted",
        ("awaiting_documents", "refused"): "refused",
        ("awaiting_documents", "returned"): "returned",
        ("in_examination", "granted"): "granted",
        ("in_examination", "refused"): "refused",
    },
)


@dataclass(frozen=True, kw_only=True)
class LicenceApplication(AgencyCase):
    """An application of `kind`; `documents` are ids of the cabinet's by the codes of the
    authority's list, `number` is the authority's, `licence` the number of what was granted and
    `document` the licence among the organization's documents."""

    KIND: ClassVar[str] = "licence_application"

    organization: str
    kind: str
    activity: str
    head_name: str
    valid_until: dt.date | None
    documents: Mapping[str, str]
    digests: tuple[str, ...]
    author: str
    prepared_at: dt.datetime
    state: LicenceState = "draft"
    number: str = ""
    signature: str = ""
    due: dt.datetime | None = None
    missing: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    supplements: int = 0
    licence: str = ""
    document: str = ""

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}

    @property
    def is_over(self) -> bool:
        """Whether it was decided or sent back."""
        return self.state in ("granted", "refused", "returned")

    @property
    def text(self) -> str:
        """What the signature is over: JSON with sorted keys and without spaces, with the SHA-256 of
        every document."""
        until = self.valid_until
        signed = {
            "licence_application": self.id,
            "kind": self.kind,
            "activity": self.activity,
            "head_name": self.head_name,
            "valid_until": None if until is None else until.isoformat(),
            "documents": sorted(self.digests),
        }
        return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def shown(self) -> dict[str, Any]:
        """As lists show it."""
        return {
            "licence_application": self.id,
            "kind": self.kind,
            "activity": self.activity,
            "state": self.state,
            "state_title": LICENCE_STATES.titles[self.state],
            "number": self.number,
            "due": None if self.due is None else self.due.isoformat(),
            "missing": list(self.missing),
            "reasons": list(self.reasons),
            "licence": self.licence,
            "document": self.document,
            "prepared_at": self.prepared_at.isoformat(),
        }
