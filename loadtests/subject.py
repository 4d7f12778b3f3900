"""Whom a case is about, and who acts for them at the portal."""

from dataclasses import dataclass, field

from loadtests.applicants import Applicant
from world.records import Person

__all__ = ["Subject", "Visitor"]


@dataclass
class Visitor:
    """A person at the portal: the session's token, how many messages of each contact they have
    read."""

    person: Person
    address: str
    password: str
    token: str = ""
    read: dict[str, int] = field(default_factory=dict)


@dataclass
class Subject:
    """Whom a case is about: the applicant and what they have at the portal by now, ids by name.
    Who is prepared once may serve several cases, one after another."""

    applicant: Applicant
    visitor: Visitor
    colleague: Visitor
    known: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    standing: str = "active"
