"""The law of the portal: rules, parameters, messages, roles, defects, systems, and their loader."""

from rulebook.book import RuleBook
from rulebook.errors import (
    BookProblem,
    PolicyError,
    PolicyProblem,
    RuleBookError,
    UnknownEntryError,
)
from rulebook.kinds import KINDS, LANGUAGES, TIERS, USES, Kind, Language, Tier, Use
from rulebook.loader import load, read_book
from rulebook.matrix import MatrixRow, matrix
from rulebook.model import (
    BusinessTier,
    Chapter,
    Conflict,
    Defect,
    Parameter,
    Right,
    Role,
    Rule,
    System,
    Text,
)
from rulebook.policy import Policy
from rulebook.values import Value

__all__ = [
    "KINDS",
    "LANGUAGES",
    "TIERS",
    "USES",
    "BookProblem",
    "BusinessTier",
    "Chapter",
    "Conflict",
    "Defect",
    "Kind",
    "Language",
    "MatrixRow",
    "Parameter",
    "Policy",
    "PolicyError",
    "PolicyProblem",
    "Right",
    "Role",
    "Rule",
    "RuleBook",
    "RuleBookError",
    "System",
    "Text",
    "Tier",
    "UnknownEntryError",
    "Use",
    "Value",
    "load",
    "matrix",
    "read_book",
]
