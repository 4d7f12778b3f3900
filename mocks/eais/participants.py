"""Participants of the exchange: organizations, as the registries knew them when they registered."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from mocks.case_work.cases import StateTable
from mocks.case_work.entries import Entry
from mocks.core.records import Change
from mocks.core.tenant import Tenant
from mocks.eais.credentials import Credentials, Tokens
from mocks.licence_registry.registry import EXCHANGE, LicenceRegistry
from world.records import Organization

__all__ = ["MOST_PARTICIPANTS", "Participant", "Participants", "registration_data"]

MOST_PARTICIPANTS: Final = 10_000
"""Participants a tenant may have; a further one is refused."""

_STATES: Final = StateTable(
    titles={
        "active": "Действует",
        "update_required": "Требуется подтвердить изменённые сведения",
        "closed": "Исключён: организация прекратила деятельность",
    },
    follows={
        "active": frozenset({"update_required", "closed"}),
        "update_required": frozenset({"active", "closed"}),
    },
)


@dataclass(eq=False, kw_only=True)
class Participant(Entry):
    """A registered organization; `data` is what was confirmed, `changed` the fields that the
    registries have changed since."""

    states = _STATES

    organization: int
    data: dict[str, str]
    request_digest: str
    changed: list[str] = field(default_factory=list)
    credentials: Credentials = field(default_factory=Credentials)

    def view(self, tenant: Tenant, as_of_us: int) -> dict[str, Any]:
        """The entry as it stood at `as_of_us`, without secrets."""
        shown = super().view(tenant, as_of_us)
        return {
            "participant": shown.pop("number"),
            **shown,
            "data": self.data,
            "changed": self.changed,
        }


class Participants:
    """The participants of `tenant`; changes of the registries reach them (REG-15)."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._by_number: OrderedDict[str, Participant] = OrderedDict()
        self._by_organization: dict[int, Participant] = {}
        self.by_request: dict[tuple[str, str], Participant] = {}
        self.tokens = Tokens()
        self.licences = tenant.state(LicenceRegistry)
        tenant.records.on_change.append(self._on_change)

    def __len__(self) -> int:
        return len(self._by_number)

    def add(self, participant: Participant, request_id: str, now_us: int) -> None:
        """Enter a new participant."""
        self._by_number[participant.number] = participant
        self._by_organization[participant.organization] = participant
        self.by_request[participant.inn, request_id] = participant
        self._publish(participant, now_us)

    def by_number(self, number: str) -> Participant | None:
        """The participant of that number."""
        return self._by_number.get(number)

    def of_organization(self, organization: Organization) -> Participant | None:
        """The participant that an organization is, if it is one."""
        return self._by_organization.get(organization.index)

    def confirm(self, participant: Participant, organization: Organization, now_us: int) -> None:
        """Take the registries' present data of `organization`, which the participant is; Refusal
        409 if nothing has changed."""
        participant.move("active", now_us, "Сведения подтверждены")
        participant.data, participant.changed = registration_data(organization), []
        participant.inn = organization.inn
        self._publish(participant, now_us)

    def _on_change(self, change: Change) -> None:
        participant = self._by_organization.get(change.after.index)
        if participant is None or participant.state == "closed":
            return
        if change.after.standing == "liquidated":
            participant.move("closed", change.at_us, "Организация прекратила деятельность")
            participant.credentials.revoke()
            self.tokens.revoke(participant.number)
            self._publish(participant, change.at_us)
            return
        now = registration_data(change.after)
        participant.changed = [name for name in now if now[name] != participant.data[name]]
        wanted = "update_required" if participant.changed else "active"
        if wanted != participant.state:
            comment = "Сведения реестра изменились"
            if not participant.changed:
                comment = "Сведения реестра снова прежние"
            participant.move(wanted, change.at_us, comment)
            self._publish(participant, change.at_us)

    def _publish(self, participant: Participant, now_us: int) -> None:
        self._tenant.feed(EXCHANGE).publish(
            f"participant-{participant.number}-{now_us}-{participant.state}",
            {"type": "participant_changed", "participant": participant.view(self._tenant, now_us)},
            self._tenant.keys.made(EXCHANGE, f"participant {participant.number}"),
            now_us,
        )


def registration_data(organization: Organization) -> dict[str, str]:
    """What the exchange keeps of an organization's registration."""
    return {
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "kpp": organization.kpp or "",
        "full_name": organization.full_name,
        "address": str(organization.address),
        "head_position": organization.head.position,
    }
