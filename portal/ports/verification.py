"""The long verification of an organization's data by ФНС and ПФР (VER-01)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = [
    "Agency",
    "CaseState",
    "CaseView",
    "DataVerification",
    "HurriedTooEarly",
    "Remark",
    "UnknownCase",
]

Agency: TypeAlias = Literal["fns", "pfr"]
CaseState: TypeAlias = Literal["waiting", "in_progress", "clarification", "remarks", "completed"]
"""`clarification`: an officer has asked the applicant and waits (VER-10); `completed`: all agrees.
"""


class UnknownCase(LookupError):
    """The agency has no such case, or its number is another organization's by now (an agency that
    forgets begins to count anew): it is lost there, and has to be submitted anew."""


class HurriedTooEarly(Exception):
    """The agency's own count of the guaranteed term is not over yet (VER-06)."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A discrepancy: the field of what was sent, and what the agency says (VER-03, VER-10)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Where a case of an agency is."""

    number: str
    state: CaseState
    remarks: Sequence[Remark] = ()


class DataVerification(Protocol):
    """Both agencies, through СМЭВ: each may raise OnItsWay, whose repetition gets the answer."""

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        """Send data under the portal's own number; the agency's number of the case, the same for a
        repetition. Unavailable."""

    def state(self, agency: Agency, number: str, inn: str) -> CaseView:
        """Where the case of the organization of this ИНН is. Unavailable, UnknownCase."""

    def change(self, agency: Agency, number: str, request_id: str, data: Mapping[str, str]) -> str:
        """Give the case other data: it begins anew (VER-04). The number of the case that goes on,
        a new one if that one was completed. Unavailable, UnknownCase."""

    def reply(
        self, agency: Agency, number: str, request_id: str, text: str, data: Mapping[str, str]
    ) -> str:
        """The applicant's reply to an officer's query, with the data to go on with (VER-10); as
        `change` if nobody waits for one. Unavailable, UnknownCase."""

    def hurry(self, agency: Agency, number: str) -> None:
        """Let the case go before others (VER-06); one that is not worked on stays as it is.
        Unavailable, UnknownCase, HurriedTooEarly."""
