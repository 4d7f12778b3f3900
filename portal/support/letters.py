"""Letters about a ticket to whoever has opened it (SUP-01)."""

from portal.accounts.account import Account
from portal.ports.messenger import Letter
from portal.support.ticket import Ticket
from portal.use_case import Context

__all__ = ["tell"]


def tell(context: Context, account: Account, ticket: Ticket, occasion: str, text: str) -> None:
    """Write by e-mail; without a confirmed one by SMS. Once an occasion."""
    is_mail = account.email_confirmed
    context.send(
        Letter(
            id=f"ticket/{ticket.id}/{occasion}",
            channel="email" if is_mail else "sms",
            to=account.email if is_mail else account.phone,
            subject=f"Обращение {ticket.number}" if is_mail else "",
            text=f"Обращение {ticket.number}. {text}",
        )
    )
