"""Chapter AUD: what a line of the journal says, that it stays as it is, who reads it, and which
earlier version of an organization's data comes back."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from portal.rules.rights import VIEW_AUDIT
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "Journal",
    "Lookup",
    "Wish",
    "journal_stays",
    "seen_and_restored",
    "unsaid_in",
]


Wish: TypeAlias = Literal["explain", "change", "remove"]
"""What somebody wants done about a line that is wrong."""

_SAID: Final = ("at", "ip", "action", "result")
_DOERS: Final = ("account", "operator", "task")  # nobody signed in is an account of None
_OF_CERTIFICATE: Final = ("serial", "fingerprint")
_UNSAID: Final = Text("не записано", "not recorded")
_BROKEN: Final = Text("запись изменена или удалена", "the record was changed or deleted")
_NO_TEXT: Final = Text("пояснение пусто", "the explanation is empty")
_LONGEST_TEXT: Final = 4_000  # characters; an assumption: the journal never forgets a line
_LONG_TEXT: Final = Text(
    f"пояснение длиннее {_LONGEST_TEXT} знаков",
    f"the explanation is longer than {_LONGEST_TEXT} characters",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Lines by their numbers, the numbers of those that are not as they were written, why a report
    cannot be read (None: it can), and what is wanted of a line (None: nothing; `text` is the
    explanation)."""

    lines: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    broken: Collection[int] = ()
    unreadable: Text | None = None
    wish: Wish | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The rights of whoever looks, and the earlier version that they want back (None: none) of
    those that are kept."""

    rights: Collection[str]
    wanted: int | None = None
    kept: Collection[int] = ()


@rule("AUD-01")
def journal_stays(claim: Journal, policy: Policy) -> Iterator[Found]:
    """A line says when, from where, who, what, with what result, and for a signature its kind and
    its certificate; it is neither changed nor removed, only explained by another."""
    for number, line in claim.lines.items():
        for name in unsaid_in(line):
            yield Found(f"{number}.{name}", _UNSAID)
    if claim.unreadable is not None:
        yield Found("content", claim.unreadable)
    for number in claim.broken:
        yield Found(str(number), _BROKEN)
    if claim.wish in ("change", "remove"):
        yield Found("wish")
    elif claim.wish == "explain" and not claim.text.strip():
        yield Found("text", _NO_TEXT)
    elif len(claim.text) > _LONGEST_TEXT:
        yield Found("text", _LONG_TEXT)


@rule("AUD-02")
def seen_and_restored(claim: Lookup, policy: Policy) -> Iterator[Found]:
    """Whoever has the right sees the journal and the history, and of versions those that are kept
    come back."""
    if VIEW_AUDIT not in claim.rights:
        yield Found("organization", Text("нет права просмотра журнала", "no right to view it"))
    elif claim.wanted is not None and claim.wanted not in claim.kept:
        yield Found("earlier", Text("такой версии нет", "there is no such version"))


def unsaid_in(line: Mapping[str, Any]) -> Iterator[str]:
    """The fields that a line of the journal lacks, with dots (AUD-01)."""
    yield from (name for name in _SAID if not line.get(name))
    if not any(name in line for name in _DOERS):
        yield "account"
    for place, signature in enumerate(line.get("signatures", ())):
        kind = signature.get("kind")
        if not kind:
            yield f"signatures.{place}.kind"
        if kind != "simple":  # the session is that signature: it has no certificate
            absent = (name for name in _OF_CERTIFICATE if not signature.get(name))
            yield from (f"signatures.{place}.{name}" for name in absent)
