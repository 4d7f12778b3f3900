"""Letters about a verification (VER-03, VER-05, VER-07, VER-10)."""

from typing import Final

from portal.accounts.account import Account
from portal.ports.messenger import Channel, Letter
from portal.ports.verification import Agency
from portal.registration.registration import Registration
from portal.rules.verification import AGENCY_TITLES
from portal.use_case import Context

__all__ = ["tell_applicant", "tell_of_finished_check", "tell_person_in_charge"]

_SUBJECT: Final = "Проверка сведений организации"


def tell_of_finished_check(
    context: Context, registration: Registration, round_: int, agency: Agency, text: str
) -> None:
    """By SMS and by mail (VER-05)."""
    title = AGENCY_TITLES[agency].ru
    letter_id = f"check/{registration.id}/{round_}/{agency}"
    tell_applicant(context, registration, letter_id, f"Проверка {title} завершена. {text}")


def tell_applicant(context: Context, registration: Registration, letter_id: str, text: str) -> None:
    """The person who has filed the application, by SMS and by mail."""
    account = context.unit.get(Account, registration.account)
    if account is not None:
        _send(context, letter_id, account.phone, account.email, text)


def tell_person_in_charge(
    context: Context, registration: Registration, letter_id: str, text: str
) -> None:
    """The contact person of the organization, and its mail (VER-10)."""
    form = registration.application
    _send(context, letter_id, form.contact_phone, form.email, text)


def _send(context: Context, letter_id: str, phone: str, email: str, text: str) -> None:
    contacts: tuple[tuple[Channel, str, str], ...] = (
        ("sms", phone, ""),
        ("email", email, _SUBJECT),
    )
    for channel, to, subject in contacts:
        context.send(
            Letter(id=f"{letter_id}/{channel}", channel=channel, to=to, text=text, subject=subject)
        )
