"""How far a key of the API reaches (INT-04)."""

from portal.organizations.admission import ADMISSIONS
from portal.rules.integration import KeyUse, key_is_allowed
from portal.rules.rule import Violation
from portal.use_case import Actor
from rulebook import Policy

__all__ = ["beyond_key"]


def beyond_key(actor: Actor, act: str, policy: Policy) -> tuple[Violation, ...]:
    """What INT-04 says of an act of somebody signed in: with a key only that is done which asks for
    a right in an organization. Whether the key has that right is asked where every right is."""
    right = ADMISSIONS.get(act)
    if actor.key is None or right is not None:
        return ()
    claim = KeyUse(in_force=True, rights=actor.key.rights, right=None)
    return key_is_allowed(claim, policy)
