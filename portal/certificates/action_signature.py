"""Signing a request for an action: whose right and which kind of signature open it (ROLE-03,
SIG-01 to SIG-05, SIG-09)."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias

from lxml import etree
from pydantic import Base64Bytes

from portal.accounts.account import Account
from portal.accounts.legal_force import Backing, with_legal_force
from portal.accounts.one_time_codes import enter_code, send_code_to
from portal.certificates.acting import organization_here, signer_of
from portal.certificates.action_right import unfit_to_open
from portal.certificates.signature_check import (
    broken_signature,
    checked_signature,
    refused_or_later,
)
from portal.documents.file_kind import kind_of
from portal.noted_refusal import noted_refusal
from portal.ports.signatures import SignatureFacts, WrongSignature
from portal.rules import certificates, signature_kinds
from portal.rules.certificate_claims import PresentedCertificate
from portal.rules.rule import Violation, every
from portal.rules.signature_kinds import (
    Action,
    NonqualifiedForm,
    SignatureKind,
    SignedAction,
    SignedContent,
)
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case

__all__ = ["ActionChoice", "ActionRequest", "SignedRequest", "begin_action", "open_action"]

_LASTS: Final = dt.timedelta(minutes=15)  # assumption: time to sign a request
_KIND_RULES: Final = (
    signature_kinds.simple_is_not_enough,
    signature_kinds.nonqualified_opens,
    signature_kinds.nonqualified_term,
    signature_kinds.qualified,
    signature_kinds.enhanced,
)


@dataclass(frozen=True, kw_only=True)
class ActionRequest(Entity):
    """That an account wants to do an action; its id is what is signed, once."""

    KIND: ClassVar[str] = "action_request"

    action: Action
    account: str
    organization: str | None

    @property
    def subject(self) -> str:
        """Whose journal tells of it."""
        return self.organization or self.account


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChoice:
    """An action that is to be opened."""

    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request (its id) and the signature over it: CMS over the id in UTF-8, or for a
    non-qualified one an XML `document` with the id as its text and the signature inside. `code` is
    the second factor."""

    request: str
    kind: SignatureKind
    signature: Base64Bytes = b""
    document: Base64Bytes = b""
    code: str = field(default="", metadata={"secret": True})


@use_case(ActionChoice, remembered=False)
def begin_action(context: Context, form: ActionChoice) -> Outcome:
    """Give out what is to be signed for an action, and send the second factor of a sensitive
    one."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    request = context.unit.put(
        ActionRequest(
            id=context.portal.ports.entropy.token("action"),
            action=form.action,
            account=account.id,
            organization=context.actor.organization,
        )
    )
    schedule(context.unit, "forget_action", request.id, context.now + _LASTS)
    if form.action in signature_kinds.SENSITIVE:
        violations = send_code_to(context, _purpose(request), account)
        if violations:
            return refused(violations)
    return Outcome(state="to_sign", data={"request": request.id, "action": request.action})


def _backing(context: Context, form: SignedRequest) -> Backing:
    request = context.unit.get(ActionRequest, form.request)
    is_everyday = request is None or request.action in signature_kinds.EVERYDAY
    return "none" if is_everyday else "signature"


@use_case(SignedRequest)
@with_legal_force(_backing)
def open_action(context: Context, form: SignedRequest) -> Outcome:
    """Open an action by a signature of a kind that it takes, with the right to it in the
    organization that it is for. A request is good for one action; a refused attempt may be made
    again with another signature."""
    request = _own_request(context, form.request)
    if request is None:
        return Outcome(state="absent", refusal="absent")
    if request.organization is not None:
        unfit = unfit_to_open(context, request.organization, request.action)
        if unfit:
            rules = [each.rule for each in unfit]
            context.note(
                "open_action", request.subject, "forbidden", to_do=request.action, rules=rules
            )
            return refused(unfit, "forbidden")
    facts, broken = _SIGNATURES[form.kind](context, request, form)
    claim = SignedAction(
        action=request.action,
        kind=form.kind,
        at=context.now,
        issued=None if facts is None else facts.certificate.not_before,
        stamped=_stamped(context, facts, broken),
        second_factor=bool(form.code),
    )
    violations = (*every(rule(claim, context.policy) for rule in _KIND_RULES), *broken)
    if form.code and not violations:
        _, violations = enter_code(context, _purpose(request), form.code)
    if violations:
        return noted_refusal(
            context, request.subject, refused_or_later(violations), to_do=request.action
        )
    context.unit.delete(request)
    kind = "enhanced" if claim.stamped is not None and form.code else form.kind
    if kind != "none":
        context.signed(kind, None if facts is None else facts.certificate)
    context.note("open_action", request.subject, "opened", to_do=request.action)
    return Outcome(state="opened", data={"action": request.action, "kind": kind})


def _own_request(context: Context, request_id: str) -> ActionRequest | None:
    """The actor's request for whom they act for now; that they belong there no more is noted."""
    request = context.unit.get(ActionRequest, request_id)
    place = context.actor.account, context.actor.organization
    if request is None or (request.account, request.organization) != place:
        return None
    is_left = request.organization is not None and organization_here(context) is None
    return None if is_left else request


@task
def forget_action(context: Context, planned: Task) -> None:
    """A request was not signed in time."""
    request = context.unit.get(ActionRequest, planned.subject)
    if request is not None:
        context.unit.delete(request)


_Found: TypeAlias = tuple[SignatureFacts | None, tuple[Violation, ...]]


def _none(context: Context, request: ActionRequest, form: SignedRequest) -> _Found:
    """Nothing is signed; a simple signature is the session itself."""
    return None, ()


def _nonqualified(context: Context, request: ActionRequest, form: SignedRequest) -> _Found:
    """An XML document with the signature inside, of whichever authority, in its own term."""
    try:
        facts = context.portal.ports.signatures.verify_xml(form.document)
    except WrongSignature as wrong:
        is_xml = kind_of(form.document) == "xml"
        claim = NonqualifiedForm(is_xml=is_xml, refusal=wrong.code)
        by_form = signature_kinds.nonqualified_form(claim, context.policy)
        return None, by_form or broken_signature(context, wrong, claim.field)
    context.signed("nonqualified", facts.certificate)
    if (etree.fromstring(form.document).text or "").strip() != request.id:
        other = SignedContent(refusal="digest", field="document")
        return None, signature_kinds.exact_content(other, context.policy)
    presented = PresentedCertificate(
        facts=facts.certificate, status="good", at=context.now, field="document"
    )
    return facts, certificates.in_force(presented, context.policy)


def _qualified(context: Context, request: ActionRequest, form: SignedRequest) -> _Found:
    """CMS over the request, with a certificate of the organization that the actor acts for."""
    organization = organization_here(context)
    signer = None if organization is None else signer_of(organization)
    checked = checked_signature(context, form.signature, request.id.encode(), signer)
    return checked.facts, checked.violations


_SIGNATURES: Final[
    Mapping[SignatureKind, Callable[[Context, ActionRequest, SignedRequest], _Found]]
] = {"none": _none, "simple": _none, "nonqualified": _nonqualified, "qualified": _qualified}


def _stamped(
    context: Context, facts: SignatureFacts | None, broken: tuple[Violation, ...]
) -> dt.datetime | None:
    """The time of the stamp; a signature that is none is not asked for one besides."""
    if facts is None:
        return context.now if broken else None
    return facts.stamped


def _purpose(request: ActionRequest) -> str:
    return f"open_action/{request.account}/{request.action}"
