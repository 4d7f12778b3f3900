"""Setting passwords: chosen ones by the policy (PWD-01, PWD-02), temporary ones by the portal."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from portal.accounts.account import Account
from portal.organizations.organization import Membership
from portal.ports.messenger import Letter
from portal.rules.passwords import NewPassword, hard_to_guess, strong_enough
from portal.rules.rule import Violation, every
from portal.use_case import Context

__all__ = ["chosen_password", "give_temporary_password", "set_temporary", "wrong_with_password"]

_TEMPORARY: Final = "Tp-{}-7"  # small letters and digits come from the token
_LETTER: Final = (
    "Ваш временный пароль: {}. При первом входе портал попросит заменить его на собственный."
)


def wrong_with_password(
    context: Context, account: Account, text: str, field: str = "password"
) -> list[Violation]:
    """What the policy says against a password of `account`; the strict one is for people who act
    for an organization (PWD-02)."""
    claim = NewPassword(
        text=text,
        strict=bool(context.unit.find(Membership, "account", account.id)),
        personal=tuple(_personal(account)),
        is_previous=context.portal.ports.passwords.verify(account.password, text),
        field=field,
    )
    return list(every((strong_enough(claim, context.policy), hard_to_guess(claim, context.policy))))


def chosen_password(context: Context, account: Account, text: str) -> Account:
    """The account with the password that its person has chosen."""
    return replace(
        account,
        password=context.portal.ports.passwords.hash(text),
        password_set_at=context.now,
        password_is_temporary=False,
    )


def give_temporary_password(context: Context, account: Account) -> Account:
    """The account with a password that the portal has made and mails to it (PWD-04)."""
    entropy = context.portal.ports.entropy
    text = _TEMPORARY.format(entropy.token("temporary password")[:16])
    context.send_secret(
        Letter(
            id=entropy.token("letter"),
            channel="email",
            to=account.email,
            subject="Временный пароль",
            text=_LETTER.format(text),
        )
    )
    return set_temporary(context, account, text)


def set_temporary(context: Context, account: Account, text: str) -> Account:
    """The account with a password that somebody else has set."""
    return replace(
        account,
        password=context.portal.ports.passwords.hash(text),
        password_set_at=context.now,
        password_is_temporary=True,
    )


def _personal(account: Account) -> Iterator[str]:
    name, born = account.name, account.birth_date
    yield from (name.last, name.first, name.patronymic or "")
    yield from (f"{born:%d.%m.%Y}", f"{born:%d%m%Y}", f"{born:%Y%m%d}", f"{born:%d%m%y}")
    yield from (account.inn, account.snils or "", account.phone[2:], account.email)
