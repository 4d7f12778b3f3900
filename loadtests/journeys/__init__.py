"""What people do at the portal, a module for each journey: `prepare` is what comes before it and
is not measured, `walk` is the journey."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from loadtests.case import Case
from loadtests.journeys import (
    account,
    application,
    binding,
    employees,
    legal_registration,
    recovery,
    sign_in,
    sole_registration,
    status,
)
from rulebook.kinds import Kind

__all__ = ["WALKED", "Journey", "journey_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """`of_builtin` is the built-in journey of the model that it stands for, `kind` the applicant it
    needs (None: any). `is_reusable`: who has done it may do it again. `needs_stand`: it reads
    inboxes, or needs others to act outside the portal."""

    name: str
    of_builtin: str
    prepare: Callable[[Case], None]
    walk: Callable[[Case], None]
    kind: Kind | None = None
    is_reusable: bool = False
    needs_stand: bool = True


WALKED: Final[Mapping[str, Journey]] = MappingProxyType(
    {
        each.name: each
        for each in (
            Journey(
                name="account",
                of_builtin="account",
                prepare=account.prepare,
                walk=account.walk,
                needs_stand=False,
            ),
            Journey(
                name="legal_registration",
                of_builtin="registration",
                prepare=legal_registration.prepare,
                walk=legal_registration.walk,
                kind="legal",
            ),
            Journey(
                name="sole_registration",
                of_builtin="registration",
                prepare=sole_registration.prepare,
                walk=sole_registration.walk,
                kind="sole_proprietor",
            ),
            Journey(
                name="binding",
                of_builtin="binding",
                prepare=binding.prepare,
                walk=binding.walk,
            ),
            Journey(
                name="sign_in",
                of_builtin="sign_in",
                prepare=sign_in.prepare,
                walk=sign_in.walk,
                is_reusable=True,
            ),
            Journey(
                name="employees",
                of_builtin="employees",
                prepare=employees.prepare,
                walk=employees.walk,
                kind="sole_proprietor",
            ),
            Journey(
                name="application",
                of_builtin="application",
                prepare=application.prepare,
                walk=application.walk,
                kind="sole_proprietor",
                is_reusable=True,
            ),
            Journey(
                name="status",
                of_builtin="verification",
                prepare=status.prepare,
                walk=status.walk,
                kind="sole_proprietor",
                is_reusable=True,
            ),
            Journey(
                name="recovery",
                of_builtin="recovery",
                prepare=recovery.prepare,
                walk=recovery.walk,
            ),
        )
    }
)


def journey_of(builtin: str, kind: Kind) -> Journey | None:
    """The journey that stands for a built-in one of the model with an applicant of that kind; None
    if people do not walk it."""
    found = [each for each in WALKED.values() if each.of_builtin == builtin]
    ofkind = [each for each in found if each.kind == kind]
    return next(iter([*ofkind, *found]), None)
