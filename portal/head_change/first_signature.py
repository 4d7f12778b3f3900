"""A new head confirms their signature when they first come in (HEAD-03)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.legal_force import by_signature, with_legal_force
from portal.certificates.acting import signer_of
from portal.certificates.signature_check import checked_signature, refused_or_later
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import membership_of
from portal.organizations.organization import Organization
from portal.registration.signed_text import signature_bytes
from portal.rules import head_change as rules
from portal.rules.head_change import HeadSignature
from portal.use_case import Context, Outcome, use_case, view

__all__ = [
    "FirstSignature",
    "FirstSignatureQuery",
    "confirm_head_signature",
    "head_signature_text",
]


@dataclass(frozen=True, kw_only=True)
class FirstSignatureQuery:
    """The organization that one has become head of."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class FirstSignature:
    """A CMS signature (Base64) over `head_signature_text`."""

    organization: str
    signature: str = ""


@view(FirstSignatureQuery)
@in_organization()
def head_signature_text(
    context: Context, query: FirstSignatureQuery, found: Organization
) -> Outcome:
    """What the signature has to be over: UTF-8, nothing added."""
    return Outcome(state="shown", data={"text": _text(found)})


@use_case(FirstSignature)
@with_legal_force(by_signature)
@in_organization()
def confirm_head_signature(context: Context, form: FirstSignature, found: Organization) -> Outcome:
    """Show the signature of the organization by one's own key: from now on one signs for it."""
    account = context.unit.get(Account, context.actor.account or "")
    member = membership_of(context, context.actor.account, found.id)
    if account is None or member is None or member.role != "head":
        return Outcome(state="refused", refusal="forbidden")
    if member.signature_confirmed:
        return Outcome(state="confirmed", refusal="state")
    missing = rules.signature_is_confirmed(HeadSignature(confirmed=False), context.policy)
    if not form.signature:
        return refused_or_later(missing)
    content = _text(found).encode()
    checked = checked_signature(context, signature_bytes(form.signature), content, signer_of(found))
    facts = checked.facts
    is_own = facts is None or facts.certificate.inn == account.inn
    violations = checked.violations if is_own else (*missing, *checked.violations)
    if violations:
        return noted_refusal(context, found.id, refused_or_later(violations))
    context.unit.put(replace(member, signature_confirmed=True))
    context.note("confirm_head_signature", found.id, "confirmed")
    return Outcome(state="confirmed", data={"organization": found.id})


def _text(organization: Organization) -> str:
    return f"Подпись руководителя: ОГРН {organization.requisites.ogrn}"
