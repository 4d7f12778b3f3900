"""An application of an organization to an agency, and how it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.applications.catalogue import KINDS
from portal.applications.kinds import CATEGORIES, ApplicationKind
from portal.rules.applications import is_overdue
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context

__all__ = [
    "APPLICATION_STATES",
    "FINAL",
    "OPEN",
    "Application",
    "ApplicationSignature",
    "ApplicationState",
    "Question",
    "Step",
    "applications_of",
    "shown",
]

ApplicationState: TypeAlias = Literal["draft", "processing", "awaiting", "approved", "rejected"]

APPLICATION_STATES: Final[StateTable[ApplicationState]] = StateTable(
    name="application",
    titles={
        "draft": "Черновик",
        "processing": "В обработке",
        "awaiting": "Ожидает дополнительной информации",
        "approved": "Одобрено",
        "rejected": "Отклонено",
    },
    first="draft",
    transitions={
        ("draft", "submit"): "processing",  # APP-02
        ("processing", "ask"): "awaiting",  # APP-03
        ("awaiting", "answer"): "processing",
        ("processing", "approve"): "approved",
        ("processing", "reject"): "rejected",
        ("awaiting", "reject"): "rejected",
    },
)

OPEN: Final[frozenset[ApplicationState]] = frozenset({"processing", "awaiting"})
"""States in which an application was filed and is not decided (UNB-03)."""
FINAL: Final[frozenset[ApplicationState]] = frozenset({"approved", "rejected"})
"""States in which it is over (APP-13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of status: the state that was reached, when, why, by whom (an account, an operator's
    name or a planned task), and when its stage is expected to end (APP-02)."""

    state: ApplicationState
    at: dt.datetime
    comment: str
    by: str
    expected: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody has asked an operator on the card, and the answer once there is one; `due` is
    its last moment (APP-12)."""

    text: str
    by: str
    at: dt.datetime
    due: dt.datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Application(Entity):
    """An application of an organization, of a `kind` of the catalogue; a draft until it was
    submitted, which gives it a `number` of its own.

    `author` has begun it, `responsible` is the employee in charge (APP-04), both accounts.
    `values` are the form's by name, `documents` ids. `due` is the last moment of the stage that
    goes on, `act` the id of the electronic act once it is over (APP-13). `submitted_by` is the
    organization that it was submitted by, if it has moved since. `details` are for those who build
    on it.
    """

    KIND: ClassVar[str] = "application"

    organization: str
    kind: str
    author: str
    created_at: dt.datetime
    state: ApplicationState = "draft"
    number: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    responsible: str | None = None
    submitted_at: dt.datetime | None = None
    due: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    steps: tuple[Step, ...] = ()
    questions: tuple[Question, ...] = ()
    act: str | None = None
    submitted_by: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    def keys(self) -> Mapping[str, str]:
        """By the organization; as one that is considered, or that waits for an operator's
        answer."""
        considered = {"stage": "open"} if self.state in OPEN else {}
        asked = {"talk": "asked"} if any(not each.answer for each in self.questions) else {}
        return {"organization": self.organization, **considered, **asked}

    def unique(self) -> Mapping[str, str]:
        """By the number."""
        return {"number": self.number} if self.number else {}

    @property
    def of_kind(self) -> ApplicationKind:
        """Its kind in the catalogue."""
        return KINDS[self.kind]

    @property
    def payer(self) -> str:
        """The organization that pays for it: whose it was when it was submitted."""
        return self.submitted_by or self.organization

    @property
    def title(self) -> str:
        """As people call it: the kind and the number."""
        return f"{self.of_kind.title.ru} {self.number or '(черновик)'}"


@dataclass(frozen=True, kw_only=True)
class ApplicationSignature(Entity):
    """The CMS signature (Base64) that the application of the same id was submitted with; apart from
    it, so that lists do not read it."""

    KIND: ClassVar[str] = "application_signature"

    signature: str


def applications_of(context: Context, organization: str) -> list[Application]:
    """All of an organization's, drafts as well."""
    return context.unit.find(Application, "organization", organization)


def shown(context: Context, application: Application) -> dict[str, Any]:
    """An application as lists show it."""
    kind = application.of_kind
    return {
        "application": application.id,
        "number": application.number,
        "kind": application.kind,
        "title": kind.title.ru,
        "category": kind.category,
        "category_title": CATEGORIES[kind.category].ru,
        "agency": kind.agency,
        "state": application.state,
        "state_title": APPLICATION_STATES.titles[application.state],
        "author": application.author,
        "responsible": application.responsible,
        "created_at": _iso(application.created_at),
        "submitted_at": _iso(application.submitted_at),
        "expected": _iso(application.due),
        "finished_at": _iso(application.finished_at),
        "is_overdue": is_overdue(application.due, application.finished_at, context.now),
        "price_kopecks": kind.price_kopecks,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
