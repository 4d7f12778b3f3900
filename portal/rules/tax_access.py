"""Chapter APP: access to tax services."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = ["TaxAccessClaim", "tax_access_is_open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAccessClaim:
    """Where a request of access to tax services is (as people read it; None: nobody has asked), and
    whether it is open."""

    is_open: bool
    state: Text | None = None


@rule("APP-10")
def tax_access_is_open(claim: TaxAccessClaim, policy: Policy) -> Iterator[Found]:
    """ФНС has opened access that the taxpayer has confirmed."""
    if not claim.is_open:
        asked = Text("доступ не запрошен", "nobody has asked for access")
        yield Found("access", claim.state or asked)
