"""Chapter ACT: a verified organization's cabinet is opened, with what its size and choice give."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from portal.ports.verification import Agency, CaseState
from portal.rules.rule import Found, rule
from portal.rules.verification import AGENCY_TITLES
from rulebook import Policy, Text

__all__ = [
    "FOR_ALL",
    "Activation",
    "ActivationLink",
    "AfterActivation",
    "ChecksSoFar",
    "FunctionUse",
    "ServiceUse",
    "activation_form",
    "after_checks",
    "by_link",
    "function_of_tier",
    "link_end",
    "opened_for_employees",
    "service_is_on",
]

FOR_ALL: Final = ("single_sign_on", "audit_log")
"""What every size of business has (ACT-05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """What was typed to activate a cabinet and what is known of the organization; `phones` are
    those it may be confirmed by, `wrong_code` is what is wrong with the code (None: nothing)."""

    inn: str
    ogrn: str
    phone: str
    known_inn: str
    known_ogrn: str
    phones: Collection[str]
    wrong_code: Text | None
    terms_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksSoFar:
    """Where the checks of the agencies are."""

    states: dict[Agency, CaseState]


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterActivation:
    """Whether the cabinet is active, whether an employee wants in, and the channels through which
    its activation was told."""

    active: bool
    employee_wants_in: bool = False
    told: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationLink:
    """The link of a letter that somebody follows now: when it went (None: there is no such link),
    whether it was followed before."""

    sent: dt.datetime | None
    used: bool
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionUse:
    """A function of the cabinet, and those of the organization's size of business."""

    function: str
    of_tier: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUse:
    """A service, the services that are switched on, and whether its terms were accepted."""

    service: str
    switched_on: Collection[str]
    terms_accepted: bool = True


def link_end(sent: dt.datetime, policy: Policy) -> dt.datetime:
    """When the link of a letter that went then is too old (ACT-04)."""
    return sent + dt.timedelta(hours=policy.number("ACT-04.link_ttl_h"))


@rule("ACT-01")
def activation_form(claim: Activation, policy: Policy) -> Iterator[Found]:
    """ИНН, ОГРН and phone are the organization's, the code is the one sent, the terms accepted."""
    if claim.inn != claim.known_inn:
        yield Found("inn", Text("не этой организации", "not this organization's"))
    if claim.ogrn != claim.known_ogrn:
        yield Found("ogrn", Text("не этой организации", "not this organization's"))
    if claim.phone not in claim.phones:
        yield Found("phone", Text("не этой организации", "not this organization's"))
    if claim.wrong_code is not None:
        yield Found("code", claim.wrong_code)
    if not claim.terms_accepted:
        yield Found("terms_accepted", Text("условия не приняты", "the terms are not accepted"))


@rule("ACT-02")
def after_checks(claim: ChecksSoFar, policy: Policy) -> Iterator[Found]:
    """Both agencies have completed their checks."""
    for agency, title in AGENCY_TITLES.items():
        if claim.states.get(agency) != "completed":
            yield Found(f"checks.{agency}", title)


@rule("ACT-03")
def opened_for_employees(claim: AfterActivation, policy: Policy) -> Iterator[Found]:
    """Employees come in once the cabinet is active, and that it is was told."""
    if not claim.active:
        if claim.employee_wants_in:
            yield Found("organization")
    elif not claim.told and not claim.employee_wants_in:
        yield Found("notice")


@rule("ACT-04")
def by_link(claim: ActivationLink, policy: Policy) -> Iterator[Found]:
    """The link of the letter works once, for a term."""
    if claim.sent is None:
        yield Found("token", Text("такой ссылки нет", "there is no such link"))
    elif claim.used:
        yield Found("token", Text("ссылка уже использована", "the link was used"))
    elif claim.now >= link_end(claim.sent, policy):
        yield Found("token", Text("срок ссылки истёк", "the link is too old"))


@rule("ACT-05")
def function_of_tier(claim: FunctionUse, policy: Policy) -> Iterator[Found]:
    """The function is of the size of business, or everybody's."""
    if claim.function not in FOR_ALL and claim.function not in claim.of_tier:
        yield Found("function")


@rule("ACT-06")
def service_is_on(claim: ServiceUse, policy: Policy) -> Iterator[Found]:
    """The service is switched on, with its terms accepted."""
    if claim.service not in claim.switched_on:
        yield Found("service")
    if not claim.terms_accepted:
        yield Found("terms_accepted", Text("условия не приняты", "the terms are not accepted"))
