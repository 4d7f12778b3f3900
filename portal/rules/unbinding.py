"""Chapter UNB: an organization is untied from the account it is bound to."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from portal.rules.rights import UNBIND
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "OpenApplications",
    "Unbinder",
    "UnbindingConfirmation",
    "Unbound",
    "closed_after_unbinding",
    "may_unbind",
    "no_open_applications",
    "twice_confirmed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbinder:
    """The rights in the organization of whoever wants to unbind it."""

    rights: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbindingConfirmation:
    """Whether the password is right, the means of the second confirmation (empty: none) and what is
    wrong with that (None: nothing)."""

    password_is_right: bool
    second: str
    wrong: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApplications:
    """Titles of applications of the organization that are not finished."""

    titles: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbound:
    """What there is of an organization once it is unbound: its owner, how many people act for it,
    sessions that are open for it."""

    owner: str | None
    members: int
    sessions: int
    wants_access: bool = False


@rule("UNB-01")
def may_unbind(claim: Unbinder, policy: Policy) -> Iterator[Found]:
    """The head, an authorised representative or an administrator unbinds."""
    if UNBIND not in claim.rights:
        yield Found("organization")


@rule("UNB-02")
def twice_confirmed(claim: UnbindingConfirmation, policy: Policy) -> Iterator[Found]:
    """By the password, and by one of the second means."""
    if not claim.password_is_right:
        yield Found("password", Text("пароль неверен", "the password is wrong"))
    if claim.second not in policy.texts("UNB-02.second"):
        yield Found("second", Text("так не подтверждают", "that does not confirm"))
    elif claim.wrong is not None:
        yield Found(claim.second, claim.wrong)


@rule("UNB-03")
def no_open_applications(claim: OpenApplications, policy: Policy) -> Iterator[Found]:
    """Everything that was filed is finished or moved."""
    for title in claim.titles:
        yield Found("applications", Text(title, title))


@rule("UNB-04")
def closed_after_unbinding(claim: Unbound, policy: Policy) -> Iterator[Found]:
    """Nobody has it, acts for it or is in it; whoever wants in has to bind it anew."""
    if claim.owner is not None:
        yield Found("owner")
    if claim.members:
        yield Found("members")
    if claim.sessions:
        yield Found("sessions")
    if claim.wants_access:
        yield Found("organization")
