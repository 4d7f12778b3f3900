"""Sign-in for which a bank vouches: it asks its customer, the portal asks the bank (AUTH-09)."""

from dataclasses import dataclass

from portal.accounts.account import Account
from portal.accounts.admission import admit
from portal.accounts.attempts import attempt_of, begin_attempt, use_up
from portal.ports.bank import BankCustomer
from portal.rules.sign_in import BankAnswered, bank_vouches
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "BeginBank",
    "OfBank",
    "account_of_customer",
    "begin_bank_sign_in",
    "finish_bank_sign_in",
]


@dataclass(frozen=True, kw_only=True)
class BeginBank:
    """Whom the bank is to ask: `account:БИК:счёт:ИНН` or `card:номер`."""

    hint: str


@dataclass(frozen=True, kw_only=True)
class OfBank:
    """A question to the bank; `for_organization` says whether its cabinet is entered."""

    attempt: str
    for_organization: bool = False


@use_case(BeginBank, signed_in=False, remembered=False, during_maintenance=True)
def begin_bank_sign_in(context: Context, form: BeginBank) -> Outcome:
    """Let the bank ask its customer."""
    ports = context.portal.ports
    number = ports.bank.begin(ports.entropy.token("bank question"), form.hint)
    if number is None:
        claim = BankAnswered(customer=False, confirmed=False, known=False)
        return refused(bank_vouches(claim, context.policy))
    attempt = begin_attempt(context, "bank", number=number)
    return Outcome(state="waiting", data={"attempt": attempt.id})


@use_case(OfBank, signed_in=False, remembered=False, during_maintenance=True)
def finish_bank_sign_in(context: Context, form: OfBank) -> Outcome:
    """Come in once the customer has confirmed; `waiting` until then."""
    attempt = attempt_of(context, "bank", form.attempt)
    if attempt is None or attempt.number is None or attempt.used:
        return refused([], "absent")
    reply = context.portal.ports.bank.answer(attempt.number)
    if reply.answer == "waiting":
        return Outcome(state="waiting", data={"attempt": attempt.id})
    use_up(context, attempt)
    customer = reply.customer
    account = None if customer is None else account_of_customer(context, customer)
    claim = BankAnswered(customer=True, confirmed=customer is not None, known=account is not None)
    found = bank_vouches(claim, context.policy)
    if customer is None or account is None:
        return refused(found, "unauthenticated")
    ogrn = customer.ogrn if form.for_organization else None
    return admit(context, account, ogrn, "bank")


def account_of_customer(context: Context, customer: BankCustomer) -> Account | None:
    """The account of the person who acts for a bank's customer: theirs by phone and by name."""
    found = context.unit.one(Account, "phone", customer.phone)
    if found is None or str(found.name).casefold() != customer.name.casefold():
        return None
    return found
