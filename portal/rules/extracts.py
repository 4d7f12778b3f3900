"""Chapter APP, certificates and extracts: what has to be there before one is issued."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from portal.rules.reasons import NOT_STATED
from portal.rules.rights import REQUEST_EXTRACTS
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = ["ExtractRequest", "ExtractRight", "extract_is_issued"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRight:
    """The rights of somebody who wants certificates and extracts."""

    rights: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """A request: the kind and whether it is about organizations of that sort, what for, by which
    day (None: not said), about which object where the kind has one (`wants_object`), whether it is
    signed and whether the register's record of the organization is whole."""

    kind: str
    fits: bool
    purpose: str
    wanted_by: dt.date | None
    today: dt.date
    wants_object: bool = False
    object: str = ""
    is_signed: bool = True
    is_complete: bool = True


@rule("APP-06")
def extract_is_issued(claim: ExtractRequest | ExtractRight, policy: Policy) -> Iterator[Found]:
    """Somebody with the right asks, with kind, purpose, term and signature, for an organization
    whose data in the registers are whole."""
    if isinstance(claim, ExtractRight):
        if REQUEST_EXTRACTS not in claim.rights:
            yield Found("organization", Text("нет права", "there is no right to it"))
        return
    if claim.kind not in policy.texts("APP-06.kinds"):
        yield Found("kind", Text("такой справки нет", "there is no such certificate"))
    elif not claim.fits:
        yield Found("kind", Text("не для такой организации", "not of such an organization"))
    if not claim.purpose.strip():
        yield Found("purpose", NOT_STATED)
    if claim.wanted_by is None:
        yield Found("wanted_by", NOT_STATED)
    elif claim.wanted_by < claim.today:
        yield Found("wanted_by", Text("срок уже прошёл", "that day is over"))
    if claim.wants_object and not claim.object.strip():
        yield Found("object", NOT_STATED)
    if not claim.is_signed:
        yield Found("signature", Text("нет подписи", "there is no signature"))
    if not claim.is_complete:
        reason = Text("сведения в реестре неполны", "the register's data are incomplete")
        yield Found("organization", reason)
