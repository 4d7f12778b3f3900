"""Which use cases have legal force, and what has to stand behind them (ACC-02, ACC-07, ACC-10,
AUTH-16).

A use case has it if it is a statement of an organization, or says who acts for one: registration
and its correction, binding and unbinding, activation, another head or administrator, a signature.
What prepares it (codes, drafts, papers), settings and views have none, nor has the order of a
certificate, for which the authority identifies people itself (CERT-13). Behind it stands a sign-in
by signature or bank, or a qualified signature that is sent along: then any sign-in will do.
"""

import functools
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, TypeVar

from portal.accounts.account import Account
from portal.accounts.standing import unfit_for_legal_action
from portal.noted_refusal import noted_refusal
from portal.use_case import Context, Outcome, refused

__all__ = ["WITH_LEGAL_FORCE", "Backing", "by_signature", "with_legal_force"]

F = TypeVar("F")
Run: TypeAlias = Callable[[Context, F], Outcome]

Backing: TypeAlias = Literal["sign_in", "signature", "none"]
"""What stands behind what was sent: the sign-in alone; a qualified signature, for the use case
refuses it without a good one; nothing has to, for this time it has no legal force."""

_WITH_LEGAL_FORCE: Final[dict[str, Callable[[Context, Any], Backing]]] = {}
WITH_LEGAL_FORCE: Final = MappingProxyType(_WITH_LEGAL_FORCE)
"""Each use case that has legal force, by its name, and what stands behind a form of it."""


def by_sign_in(context: Context, form: Any) -> Backing:
    """Always the sign-in alone."""
    return "sign_in"


def by_signature(context: Context, form: Any) -> Backing:
    """Always a signature: that is what the act is."""
    return "signature"


def with_legal_force(
    backing: Callable[[Context, Any], Backing] = by_sign_in, *, ties_organization: bool = False
) -> Callable[[Run[F]], Run[F]]:
    """Let the decorated use case be done only by somebody who may act with legal force: everything
    that is lacking is told at once, before what was sent is looked at. ACC-07 is asked in place of
    ACC-10 if it `ties_organization` to them."""

    def guarded(run: Run[F]) -> Run[F]:
        _WITH_LEGAL_FORCE[run.__name__] = backing

        @functools.wraps(run)
        def checked(context: Context, form: F) -> Outcome:
            behind = backing(context, form)
            account = context.unit.get(Account, context.actor.account or "")
            if account is None or behind == "none":
                return run(context, form)
            found = unfit_for_legal_action(
                context,
                account,
                signed=behind == "signature",
                ties_organization=ties_organization,
            )
            if not found:
                return run(context, form)
            return noted_refusal(context, account.id, refused(found, "forbidden"))

        return checked

    return guarded
