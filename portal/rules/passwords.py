"""Chapter PWD: how good a password must be, how long it lasts, how it is got back."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.names import latin

__all__ = [
    "NewPassword",
    "PasswordAge",
    "Recovery",
    "SupportRequest",
    "TemporaryPassword",
    "complete_support_request",
    "hard_to_guess",
    "is_recommended",
    "not_too_old",
    "own_instead_of_temporary",
    "recovered_by_right",
    "strong_enough",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """A password somebody wants: under the `strict` policy it is compared with what is known of
    the person (`personal`: names, numbers, dates, addresses) and with the one before."""

    text: str
    strict: bool
    personal: Sequence[str] = ()
    is_previous: bool = False
    field: str = "password"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordAge:
    """When a password was set, and the moment of a sign-in with it."""

    set_at: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryPassword:
    """That somebody goes on with a password, which others have set or they themselves."""

    temporary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What came with a new password: whether ИНН and e-mail are one account's and the code is
    the one that was sent. Which of them is wrong is not told."""

    account_found: bool
    code_good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRequest:
    """What support needs to give access back; `documents` are how many files of founding papers."""

    inn: str
    ogrn: str
    phone: str
    contact: str
    documents: int


# The most common passwords and words of leaked lists and of this portal; small letters.
_WORDS: Final = (
    "password", "passwort", "parol", "пароль", "qwerty", "йцукен", "admin", "админ", "login",
    "welcome", "letmein", "master", "monkey", "dragon", "sunshine", "princess", "football",
    "iloveyou", "secret", "секрет", "привет", "privet", "любовь", "lubov", "солнце", "солнышко",
    "россия", "russia", "москва", "moscow", "moskva", "gosuslugi", "госуслуги", "portal", "портал",
    "company", "компания", "director", "директор", "бухгалтер", "summer", "winter", "лето", "зима",
)  # fmt: skip
_DISGUISED: Final = str.maketrans("@0134$57", "aoleasst")
_ROWS: Final = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю",
)  # fmt: skip
_RUN: Final = 4  # keys in a row; assumption
_SHORTEST_PERSONAL: Final = 3  # letters of a name worth finding; assumption


@rule("PWD-01")
def strong_enough(claim: NewPassword, policy: Policy) -> Iterator[Found]:
    """Long enough, with small and capital letters, a digit and a special sign."""
    least = policy.count("PWD-01.min_length")
    if len(claim.text) < least:
        yield Found(
            claim.field,
            Text(f"короче {least} знаков", f"shorter than {least} characters"),
        )
    for is_there, reason in (
        (any(map(str.islower, claim.text)), Text("нет строчной буквы", "no lower-case letter")),
        (any(map(str.isupper, claim.text)), Text("нет прописной буквы", "no upper-case letter")),
        (any(map(str.isdigit, claim.text)), Text("нет цифры", "no digit")),
        (any(map(_is_special, claim.text)), Text("нет спецзнака", "no special character")),
    ):
        if not is_there:
            yield Found(claim.field, reason)


@rule("PWD-02")
def hard_to_guess(claim: NewPassword, policy: Policy) -> Iterator[Found]:
    """Under the strict policy: longer, without words, personal data, keys in a row, and new."""
    if not claim.strict:
        return
    least = policy.count("PWD-02.strict_min_length")
    small = claim.text.casefold()
    # What is shorter than PWD-01 allows is named once, by PWD-01.
    if policy.count("PWD-01.min_length") <= len(claim.text) < least:
        yield Found(claim.field, Text(f"короче {least} знаков", f"shorter than {least} characters"))
    if any(word in each for word in _WORDS for each in (small, small.translate(_DISGUISED))):
        yield Found(claim.field, Text("словарное слово", "a dictionary word"))
    if any(part in small for part in _parts(claim.personal)):
        yield Found(claim.field, Text("личные данные", "personal data"))
    if _has_run(small):
        yield Found(claim.field, Text("клавиши подряд", "a run of keys"))
    if claim.is_previous:
        yield Found(claim.field, Text("прежний пароль", "the previous password"))


@rule("PWD-03")
def not_too_old(claim: PasswordAge, policy: Policy) -> Iterator[Found]:
    """A password lasts so many days; then it opens only its own change."""
    longest = dt.timedelta(days=policy.count("PWD-03.max_age_days"))
    if claim.now - claim.set_at >= longest:
        yield Found("password")


@rule("PWD-04")
def own_instead_of_temporary(claim: TemporaryPassword, policy: Policy) -> Iterator[Found]:
    """A password set by others is changed at the first sign-in."""
    if claim.temporary:
        yield Found("password")


@rule("PWD-05")
def recovered_by_right(claim: Recovery, policy: Policy) -> Iterator[Found]:
    """ИНН and e-mail of one account, and the code that was sent to its contact."""
    if not (claim.account_found and claim.code_good):
        yield Found("")


@rule("PWD-06")
def complete_support_request(claim: SupportRequest, policy: Policy) -> Iterator[Found]:
    """ИНН, ОГРН, phone, founding documents and a way to reach the person."""
    for field in ("inn", "ogrn", "phone", "contact"):
        if not getattr(claim, field).strip():
            yield Found(field)
    if not claim.documents:
        yield Found("documents")


def is_recommended(text: str, policy: Policy) -> bool:
    """Whether a password is as long as PWD-01 advises, which is not demanded."""
    return len(text) >= policy.count("PWD-01.recommended_length")


def _is_special(sign: str) -> bool:
    return not sign.isalnum() and not sign.isspace()


def _parts(personal: Collection[str]) -> Iterator[str]:
    """What of a person's data may not stand in a password: words and numbers, Latin ones too."""
    for each in personal:
        for part in re.split(r"[\s@.+/-]+", each.casefold()):
            if len(part) >= _SHORTEST_PERSONAL:
                yield part
                yield latin(part)


def _has_run(text: str) -> bool:
    runs = (text[at : at + _RUN] for at in range(len(text) - _RUN + 1))
    return any(
        len(set(run)) == 1 or any(run in row or run in row[::-1] for row in _ROWS) for run in runs
    )
