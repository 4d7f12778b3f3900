"""The head confirms a binding: a link to their mail, a code to their phone (BND-06)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.letter_link import send_link
from portal.accounts.one_time_codes import TypedCode, send_code, wrong_code
from portal.accounts.token_digest import token_digest
from portal.binding.binding import BINDING_STATES, Binding, own_binding, shown
from portal.binding.bound import bind
from portal.ports.messenger import Channel, Letter
from portal.rules import binding as rules
from portal.rules import identifiers
from portal.rules.binding_claims import EnteredCode, HeadRequest
from portal.rules.identifiers import Written
from portal.rules.rule import Violation, every
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, secret, task, use_case

__all__ = [
    "HeadCode",
    "HeadLink",
    "RepeatedRequest",
    "ask_head",
    "confirm_as_head",
    "open_head_link",
    "repeat_head_request",
]


@dataclass(frozen=True, kw_only=True)
class HeadLink:
    """What the link of the letter to the head holds."""

    token: str = secret()


@dataclass(frozen=True, kw_only=True)
class HeadCode(HeadLink, TypedCode):
    """The same, and the code that has come to the head's phone."""


@dataclass(frozen=True, kw_only=True)
class RepeatedRequest:
    """A binding of one's own, and contacts of the head that are up to date."""

    binding: str
    head_email: str
    head_phone: str


@use_case(RepeatedRequest)
def repeat_head_request(context: Context, form: RepeatedRequest) -> Outcome:
    """Ask the head once more; the link before is good for nothing any more."""
    found = own_binding(context, form.binding)
    account = context.unit.get(Account, context.actor.account or "")
    if found is None or account is None:
        return Outcome(state="absent", refusal="absent")
    if found.way != "head" or found.state not in ("confirming", "unanswered"):
        return Outcome(state=found.state, refusal="state")
    contacts = HeadRequest(
        email=form.head_email,
        phone=form.head_phone,
        own_contacts=(account.email, account.phone),
        sent=None,
        now=context.now,
    )
    email = Written(field="head_email", text=form.head_email)
    phone = Written(field="head_phone", text=form.head_phone)
    violations = list(
        every(
            (
                identifiers.email(email, context.policy),
                identifiers.phone(phone, context.policy),
                rules.head_answers(contacts, context.policy),
            )
        )
    )
    if violations:
        return refused(violations)
    asked = replace(
        found,
        state=BINDING_STATES.after(found.state, "ask"),
        head_email=form.head_email,
        head_phone=form.head_phone,
        asked_at=context.now,
    )
    return ask_head(context, asked)


@use_case(HeadLink, signed_in=False)
def open_head_link(context: Context, form: HeadLink) -> Outcome:
    """Follow the link, from wherever the mail is read: a code goes to the head's phone."""
    found, violations = _of_link(context, form.token)
    if found is None:
        return refused(violations, "absent")
    if violations:
        return refused(violations, "state")
    in_vain = send_code(context, _purpose(found), "sms", found.head_phone)
    if in_vain:
        return refused(in_vain, "state")
    return Outcome(
        state="code_sent", data={"full_name": found.full_name, "applicant": _who(context, found)}
    )


@use_case(HeadCode, signed_in=False)
def confirm_as_head(context: Context, form: HeadCode) -> Outcome:
    """Confirm the binding with the code: the organization is bound to whoever has asked."""
    found, violations = _of_link(context, form.token)
    if found is None:
        return refused(violations, "absent")
    if violations:
        return refused(violations, "state")
    claim = EnteredCode(wrong=wrong_code(context, _purpose(found), form.code))
    wrong = rules.code_entered(claim, context.policy)
    if wrong:
        return refused(wrong)
    context.note("confirm_as_head", found.ogrn, "confirmed")
    outcome = bind(context, found)
    return replace(outcome, data={"full_name": found.full_name})


def ask_head(context: Context, binding: Binding) -> Outcome:
    """Send the head a link that is good for a term; a later one makes it void."""
    link = send_link(
        context,
        "head-confirmation",
        to=binding.head_email,
        subject="Подтверждение привязки организации",
        text=(
            f"{_who(context, binding)} привязывает организацию «{binding.full_name}» к своей "
            "учётной записи. Подтвердите по ссылке:"
        ),
    )
    asked = context.unit.put(replace(binding, link=link))
    end = rules.request_end(asked.asked_at, context.policy)
    schedule(context.unit, "expire_head_request", asked.id, end)
    context.note("ask_head", asked.ogrn, "asked")
    return Outcome(state=asked.state, data={**shown(asked), "until": end.isoformat()})


@task
def expire_head_request(context: Context, planned: Task) -> None:
    """The head has not answered: whoever has asked is told to ask again."""
    found = context.unit.get(Binding, planned.subject)
    if found is None or found.state != "confirming" or found.way != "head":
        return
    if not _unanswered(context, found):
        return
    state = BINDING_STATES.after(found.state, "expire")
    context.unit.put(replace(found, state=state, link=None))
    context.note("expire_head_request", found.ogrn, state)
    account = context.unit.get(Account, found.account)
    if account is None:
        return
    contacts: tuple[tuple[Channel, str], ...] = (("sms", account.phone), ("email", account.email))
    for channel, to in contacts:
        context.send(
            Letter(
                id=f"unanswered/{found.id}/{found.asked_at:%Y%m%d%H%M%S}/{channel}",
                channel=channel,
                to=to,
                text=context.portal.book.rule("BND-06").message.ru,
                subject="Привязка организации" if channel == "email" else "",
            )
        )


def _of_link(context: Context, token: str) -> tuple[Binding | None, tuple[Violation, ...]]:
    """The binding that a link is for, and what BND-06 says against it now."""
    found = context.unit.one(Binding, "link", token_digest(token))
    if found is None:
        return None, (Violation("BND-06", "token"),)
    return found, _unanswered(context, found)


def _unanswered(context: Context, binding: Binding) -> tuple[Violation, ...]:
    claim = HeadRequest(
        email=binding.head_email,
        phone=binding.head_phone,
        own_contacts=(),
        sent=binding.asked_at,
        now=context.now,
    )
    return rules.head_answers(claim, context.policy)


def _who(context: Context, binding: Binding) -> str:
    account = context.unit.get(Account, binding.account)
    return "" if account is None else str(account.name)


def _purpose(binding: Binding) -> str:
    return f"head/{binding.id}"
