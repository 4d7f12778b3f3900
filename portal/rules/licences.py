"""Chapter APP: licences and permits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.rules.reasons import NOT_FILLED_IN
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = ["LicenceClaim", "licence_is_applied_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceClaim:
    """An application for a licence: its kind, the activity (code of ОКВЭД), what the authority
    misses in the set of documents (titles). `is_signed` is None while nobody asks for the signature
    yet."""

    kind: str
    activity: str
    missing: Sequence[Text] = ()
    is_signed: bool | None = None


@rule("APP-09")
def licence_is_applied_for(claim: LicenceClaim, policy: Policy) -> Iterator[Found]:
    """A kind is chosen, the form is filled in, every document of the authority's list is there, and
    the application is signed."""
    if claim.kind not in policy.texts("APP-09.kinds"):
        yield Found("kind", Text("такого вида нет", "there is no such kind"))
    if not claim.activity.strip():
        yield Found("activity", NOT_FILLED_IN)
    for title in claim.missing:
        yield Found("documents", title)
    if claim.is_signed is False:
        yield Found("signature", Text("нет подписи", "there is no signature"))
