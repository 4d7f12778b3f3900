"""What people of a tenant have received: SMS, letters, push messages."""

import datetime as dt
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from mocks.admin.access import TheTenant
from mocks.admin.problems import NO_TENANT, refusals
from mocks.core.inboxes import Channel, Message
from world.calendar import Calendar

__all__ = ["router"]

router: Final = APIRouter(prefix="/tenants/{tenant}/inboxes", tags=["inboxes"])

Contact = Annotated[
    str, Path(description="Phone, address or device", examples=["+79001234567", "a@example.org"])
]


class ContactView(BaseModel):
    """Somebody who has received `messages` by now, spam included."""

    contact: str
    messages: int


class MessageView(BaseModel):
    """A delivered message; times are local."""

    id: str
    channel: Channel
    to: str
    text: str
    subject: str
    sender: str
    folder: Literal["inbox", "spam"]
    fields: dict[str, str]
    sent: dt.datetime
    delivered: dt.datetime


@router.get("", responses=refusals(_404=NO_TENANT))
async def list_contacts(tenant: TheTenant) -> list[ContactView]:
    """Everybody who has received something."""
    return [ContactView(contact=c, messages=n) for c, n in tenant.contacts().items()]


@router.get("/{contact}", responses=refusals(_404=NO_TENANT, _422="The folder is wrong"))
async def read_inbox(
    tenant: TheTenant,
    contact: Contact,
    folder: Annotated[Literal["inbox", "spam", "all"], Query()] = "inbox",
) -> list[MessageView]:
    """The messages of a contact, oldest first; nobody's inbox is empty."""
    calendar = tenant.state.clock.calendar
    messages = tenant.inbox(contact, None if folder == "all" else folder)
    return [_view(message, calendar) for message in messages]


@router.delete("/{contact}", status_code=204, responses=refusals(_404=NO_TENANT))
async def clear_inbox(tenant: TheTenant, contact: Contact) -> None:
    """Forget the messages of a contact."""
    tenant.clear_inbox(contact)


@router.delete("", status_code=204, responses=refusals(_404=NO_TENANT))
async def clear_inboxes(tenant: TheTenant) -> None:
    """Forget the messages of everybody."""
    tenant.clear_inbox()


def _view(message: Message, calendar: Calendar) -> MessageView:
    return MessageView(
        id=message.id,
        channel=message.channel,
        to=message.to,
        text=message.text,
        subject=message.subject,
        sender=message.sender,
        folder=message.folder,
        fields=message.fields,
        sent=calendar.local(message.sent_us),
        delivered=calendar.local(message.delivered_us),
    )
