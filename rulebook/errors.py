"""What can be wrong with a rule book or with an override of its parameters, under stable codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CODES: dict[str, str] = {
    "syntax": "the file is not readable YAML, or a key occurs twice in one mapping",
    "missing-file": "a file of the book is absent",
    "shape": "a field is missing, unknown or of the wrong form",
    "duplicate-id": "two entries have one id",
    "duplicate-alias": "an alias of a system is also another system's alias or id",
    "wrong-chapter": "a rule's prefix or a file's name differs from the chapter",
    "wrong-value": "a parameter's default does not fit its type",
    "unknown-rule": "an entry names a rule that is not in the book",
    "unknown-role": "a right names a role that is not in the book",
    "unknown-tier": "a tier includes one that is not in the book",
    "unknown-parameter": "an override or a conflict names a parameter that is not in the book",
    "tier-cycle": "a tier includes itself, directly or through others",
    "inapplicable-kind": "a defect names a counterpart rule for a kind it does not apply to",
    "wrong-type": "an override's value does not fit the parameter's type",
}
"""Every code of `BookProblem` and `PolicyProblem` with its meaning."""


def close_matches(wrong: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of `known` that somebody who wrote `wrong` may have meant, best first."""
    by_fold = {name.casefold(): name for name in known}
    folded = wrong.casefold()
    near = difflib.get_close_matches(folded, by_fold, n=3, cutoff=0.6)
    return tuple(by_fold[name] for name in near)


def hint(suggestions: Sequence[str]) -> str:
    """The tail of a message that offers `suggestions`, empty without any."""
    return f"; did you mean {' or '.join(suggestions)}?" if suggestions else ""


@dataclass(frozen=True)
class BookProblem:
    """One thing wrong with the book: in which `file`, at which `entry` (id or place), and why."""

    code: str
    file: str
    entry: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.reason} [{self.code}]"


class RuleBookError(Exception):
    """The book cannot be used; `problems` names every fault found, with file and entry."""

    def __init__(self, problems: Sequence[BookProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@dataclass(frozen=True)
class PolicyProblem:
    """One wrong override: its `key`, what was `expected`, what it `got`, keys it may have meant."""

    code: str
    key: str
    expected: str
    got: object
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        got = f", got {self.got!r}" if self.code == "wrong-type" else ""
        return f"{self.key}: expected {self.expected}{got}{hint(self.suggestions)} [{self.code}]"


class PolicyError(Exception):
    """Overrides that the book does not admit; `problems` holds every one, in the given order."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UnknownEntryError(KeyError):
    """The book has no `what` (rule, system, parameter) called `name`; `suggestions` are near."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what = what
        self.name = name
        self.suggestions = close_matches(name, known)
        super().__init__(what, name, self.suggestions)

    def __str__(self) -> str:
        return f"the rule book has no {self.what} {self.name}{hint(self.suggestions)}"
