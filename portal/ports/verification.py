"""The long verification of an organization's data by ФНС and ПФР (VER-01)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["Agency", "CaseState", "CaseView", "DataVerification", "Remark"]

Agency: TypeAlias = Literal["fns", "pfr"]
CaseState: TypeAlias = Literal["waiting", "in_progress", "completed", "remarks"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A discrepancy: the field of what was sent, and what the agency says (VER-03)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Where a case of an agency is."""

    number: str
    state: CaseState
    remarks: Sequence[Remark] = ()


class DataVerification(Protocol):
    """Both agencies, through СМЭВ."""

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        """Send data under the portal's own number; the agency's number of the case, the same for a
        repetition. Unavailable."""

    def state(self, agency: Agency, number: str) -> CaseView:
        """Where the case is. Unavailable."""
