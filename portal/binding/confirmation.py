"""A request is confirmed as it was asked: at once by a signature, by a code, by the head."""

from dataclasses import dataclass

from portal.accounts.account import Account
from portal.accounts.legal_force import with_legal_force
from portal.accounts.one_time_codes import (
    TypedCode,
    send_code_to,
    wrong_code,
)
from portal.binding.binding import (
    BINDING_STATES,
    Addition,
    Binding,
    binding_id,
    own_binding,
    shown,
)
from portal.binding.bound import bind
from portal.binding.failed_bindings import count_wrong_binding, lock_of
from portal.binding.head_confirmation import ask_head
from portal.binding.request import Asked, extra_rights
from portal.ports.messenger import Channel
from portal.rules import binding as rules
from portal.rules.binding_claims import EnteredCode
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "BindingCode",
    "OfBinding",
    "begin_binding",
    "confirm_binding",
    "resend_binding_code",
]


@dataclass(frozen=True, kw_only=True)
class BindingCode(TypedCode):
    """The code that has come for a binding."""

    binding: str


@dataclass(frozen=True, kw_only=True)
class OfBinding:
    """A binding of one's own that another code is wanted for, by this channel: `push` is the
    application."""

    binding: str
    channel: Channel = "sms"


@use_case(BindingCode)
@with_legal_force()
def confirm_binding(context: Context, form: BindingCode) -> Outcome:
    """Confirm a binding by the code (BND-04)."""
    found = own_binding(context, form.binding)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    if found.state != "confirming" or found.way != "sms":
        return Outcome(state=found.state, refusal="state")
    locked = lock_of(context, found.account)
    if locked:
        return refused(locked, "forbidden")
    claim = EnteredCode(wrong=wrong_code(context, _purpose(found), form.code))
    violations = rules.code_entered(claim, context.policy)
    if violations:
        count_wrong_binding(context, found.account)
        return refused(violations)
    return bind(context, found)


@use_case(OfBinding)
def resend_binding_code(context: Context, form: OfBinding) -> Outcome:
    """Send another code for a binding that waits for one."""
    found = own_binding(context, form.binding)
    account = context.unit.get(Account, context.actor.account or "")
    if found is None or account is None:
        return Outcome(state="absent", refusal="absent")
    if found.state != "confirming" or found.way != "sms":
        return Outcome(state=found.state, refusal="state")
    return _with_code(context, found, account, form.channel)


def begin_binding(
    context: Context, asked: Asked, full_name: str, inn: str, ogrn: str, addition: Addition | None
) -> Outcome:
    """Go on with a request that nothing stands against, about the organization of those names and
    numbers."""
    before = context.unit.get(Binding, binding_id(asked.account.id, ogrn))
    binding = Binding(
        id=binding_id(asked.account.id, ogrn),
        version=0 if before is None else before.version,
        account=asked.account.id,
        kind=asked.kind,
        inn=inn,
        ogrn=ogrn,
        full_name=full_name,
        role=asked.role,
        extra_rights=extra_rights(context, asked),
        way=asked.way,
        branch_code=asked.branch_code,
        branch_address=asked.branch_address,
        organization=asked.organization,
        addition=addition,
        state="confirming" if before is None else BINDING_STATES.after(before.state, "ask"),
        head_email=asked.head_email,
        head_phone=asked.head_phone,
        asked_at=context.now,
    )
    context.note("bind_organization", ogrn, "asked", way=binding.way)
    if binding.way == "signature":
        return bind(context, binding)
    if binding.way == "head":
        return ask_head(context, binding)
    context.unit.put(binding)
    return _with_code(context, binding, asked.account, asked.code_by)


def _with_code(
    context: Context, binding: Binding, account: Account, channel: Channel = "sms"
) -> Outcome:
    in_vain = send_code_to(context, _purpose(binding), account, channel)
    if in_vain:
        return refused(in_vain, "state", binding.state, shown(binding))
    return Outcome(state=binding.state, data=shown(binding))


def _purpose(binding: Binding) -> str:
    return f"binding/{binding.id}"
