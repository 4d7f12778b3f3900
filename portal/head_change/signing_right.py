"""Why somebody may not sign: they were head, they have just become it, or their role does not give
the right (HEAD-02, HEAD-03, ROLE-03)."""

from portal.organizations.membership import membership_of
from portal.organizations.rights import rights_of
from portal.rules import head_change as rules
from portal.rules.head_change import FormerHead, HeadSignature
from portal.rules.rights import SIGN
from portal.rules.roles import SignedRequest, right_with_signature
from portal.rules.rule import Violation
from portal.use_case import Context

__all__ = ["unfit_to_sign"]


def unfit_to_sign(context: Context, organization: str) -> tuple[Violation, ...]:
    """What these rules say to a member without the right to sign; nothing to anybody else."""
    member = membership_of(context, context.actor.account, organization)
    if member is None:
        return ()
    former = FormerHead(rights=(), signs=member.headed_until is not None)
    signature = HeadSignature(confirmed=member.signature_confirmed)
    of_head = (
        *rules.former_head_signs_no_more(former, context.policy),
        *rules.signature_is_confirmed(signature, context.policy),
    )
    claim = SignedRequest(has_right=SIGN in rights_of(context, member))
    return of_head or right_with_signature(claim, context.policy)
