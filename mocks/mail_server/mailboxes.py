"""Whose mailboxes there are: those of the country, and what a test has changed about them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from mocks.core.http import Refusal
from mocks.core.records import Records
from mocks.core.tenant import Tenant
from world.records import Organization, Person

__all__ = ["Mailbox", "MailboxState", "Mailboxes"]

MailboxState: TypeAlias = Literal["open", "full", "closed"]

_MOST_CHANGED: Final = 10_000

# Addresses of the country end their name with the index of their owner; whether it is theirs, the
# owner's record tells.
_OF_PERSON: Final = re.compile(r".*\.(\d{1,9})@.*", re.ASCII)
_OF_ORGANIZATION: Final = re.compile(r".*-(\d{1,9})\.test", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox; letters from `trusted` senders pass its filter whatever they look like."""

    state: MailboxState = "open"
    trusted: frozenset[str] = frozenset()


class Mailboxes:
    """Mailboxes of one tenant, by address in lower case. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._records = tenant.records
        self._changed: dict[str, Mailbox] = {}

    def find(self, address: str) -> Mailbox | None:
        """The mailbox; None if nobody has this address."""
        changed = self._changed.get(address)
        if changed is not None:
            return changed
        return Mailbox() if _is_of_country(self._records, address) else None

    def change(
        self, address: str, state: MailboxState | None, trusted: frozenset[str] | None
    ) -> Mailbox:
        """Change what is given, and open the mailbox if nobody has it; Refusal 503 for more than
        10,000 changed ones."""
        if address not in self._changed and len(self._changed) >= _MOST_CHANGED:
            raise Refusal(507, "too-many", "Изменено слишком много почтовых ящиков")
        mailbox = self.find(address) or Mailbox()
        if state is not None:
            mailbox = replace(mailbox, state=state)
        if trusted is not None:
            mailbox = replace(mailbox, trusted=trusted)
        self._changed[address] = mailbox
        return mailbox


def _is_of_country(records: Records, address: str) -> bool:
    owners = (
        _owner(_OF_PERSON, address, records.person),
        _owner(_OF_ORGANIZATION, address, records.organization),
        *records.changed(),
    )
    return any(owner is not None and owner.email == address for owner in owners)


def _owner(
    form: re.Pattern[str], address: str, record: Callable[[int], Person | Organization]
) -> Person | Organization | None:
    match = form.fullmatch(address)
    try:
        return None if match is None else record(int(match[1]))
    except IndexError:
        return None
