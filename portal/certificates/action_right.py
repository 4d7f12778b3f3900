"""The rights that an action wants of whoever acts for an organization (ROLE-03).

To send and to sign are different rights: whatever takes a qualified signature (SIG-04) is signed
for the organization, and wants the right to sign besides what the action itself wants. Everyday
actions (SIG-02) want theirs alone, whatever they are signed with.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.head_change.signing_right import unfit_to_sign
from portal.organizations.rights import rights_in
from portal.rules.rights import (
    EDIT_ORGANIZATION,
    MANAGE_USERS,
    NOTIFICATION_SETTINGS,
    SIGN,
    UNBIND,
    VIEW_REPORTS,
)
from portal.rules.roles import SignedRequest, right_with_signature
from portal.rules.rule import Violation
from portal.rules.signature_kinds import ACTIONS, EVERYDAY, Action
from portal.use_case import Context

__all__ = ["RIGHTS_OF_ACTIONS", "unfit_to_open"]

_OWN: Final[Mapping[Action, str]] = {
    "static_reports": VIEW_REPORTS,
    "notification_settings": NOTIFICATION_SETTINGS,
    "change_account_data": EDIT_ORGANIZATION,
    "transfer_authority": MANAGE_USERS,  # by which a new head is appointed (HEAD-01)
    "close_cabinet": UNBIND,
}

RIGHTS_OF_ACTIONS: Final[Mapping[Action, frozenset[str]]] = MappingProxyType(
    {
        action: frozenset(
            {
                *(() if action in EVERYDAY else (SIGN,)),
                *((_OWN[action],) if action in _OWN else ()),
            }
        )
        for action in ACTIONS
    }
)
"""The rights (of the rule book's `rights`) that each action wants in its organization."""


def unfit_to_open(context: Context, organization: str, action: Action) -> tuple[Violation, ...]:
    """Why the actor, who belongs to an organization, may not open an action for it: HEAD-02 or
    HEAD-03 of who is head no more or not yet, ROLE-03 of anybody else."""
    missing = RIGHTS_OF_ACTIONS[action].difference(rights_in(context, organization))
    if SIGN in missing:
        return unfit_to_sign(context, organization)
    return right_with_signature(SignedRequest(has_right=not missing), context.policy)
