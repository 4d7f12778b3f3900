"""A service of an organization as the portal keeps it, and who finds it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from portal.noted_refusal import noted_refusal
from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.rules import published_services as rules
from portal.rules.published_services import ServiceAuthor, ServiceState
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused

__all__ = ["SERVICE_STATES", "PublishedService", "catalogued", "looked_after", "service_of"]

SERVICE_STATES: Final[StateTable[ServiceState]] = StateTable(
    name="published service",
    titles={
        "draft": "Черновик",
        "tested": "Проверена",
        "published": "Опубликована",
        "off": "Отключена, в архиве",
        "deleted": "Удалена",
    },
    first="draft",
    transitions={
        ("draft", "change"): "draft",
        ("draft", "test"): "tested",  # SVC-01
        ("draft", "delete"): "deleted",
        ("tested", "change"): "draft",
        ("tested", "test"): "tested",
        ("tested", "publish"): "published",  # SVC-01
        ("tested", "delete"): "deleted",
        ("published", "change"): "published",  # SVC-02: only into what would pass the test
        ("published", "switch_off"): "off",  # SVC-03
        ("published", "delete"): "deleted",
        ("off", "change"): "draft",
        ("off", "publish"): "published",
        ("off", "delete"): "deleted",
    },
)

_CATALOGUED: Final = "published"


@dataclass(frozen=True, kw_only=True)
class PublishedService(Entity):
    """What an organization offers. Of `responsible` (accounts) each looks after it; `templates` are
    documents of the organization, `access` the kinds of organizations that it is for, `industry` a
    code of ОКВЭД. `price_kopecks` and `term_days` are None until they are said."""

    KIND: ClassVar[str] = "published_service"

    organization: str
    publisher: str
    name: str
    description: str
    price_kopecks: int | None
    term_days: int | None
    access: tuple[str, ...]
    industry: str
    responsible: tuple[str, ...]
    templates: tuple[str, ...]
    state: ServiceState = "draft"
    published_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By whose it is, and all that are published together."""
        whose = {"organization": self.organization}
        return {**whose, "catalogue": _CATALOGUED} if self.state == "published" else whose

    def shown(self) -> dict[str, Any]:
        """As everybody sees it."""
        return {
            "service": self.id,
            "version": self.version,
            "publisher": self.publisher,
            "name": self.name,
            "description": self.description,
            "price_kopecks": self.price_kopecks,
            "term_days": self.term_days,
            "access": list(self.access),
            "industry": self.industry,
            "responsible": list(self.responsible),
            "templates": list(self.templates),
            "state": self.state,
            "state_title": SERVICE_STATES.titles[self.state],
            "published_at": None if self.published_at is None else self.published_at.isoformat(),
        }


def catalogued(context: Context) -> list[PublishedService]:
    """Everything that is published, by whomever."""
    return context.unit.find(PublishedService, "catalogue", _CATALOGUED)


def service_of(
    context: Context, organization: Organization, service_id: str
) -> PublishedService | Outcome:
    """A service of the organization; absent if there is none, or it is another's, whose journal
    then has a line."""
    found = context.unit.get(PublishedService, service_id)
    if found is not None and found.organization == organization.id:
        return found
    if found is not None:
        context.note(context.act, found.organization, "another's", service=found.id)
    return Outcome(state="absent", refusal="absent")


def looked_after(
    context: Context, organization: Organization, service_id: str
) -> PublishedService | Outcome:
    """The same, if it is not deleted and the actor is in charge of it or may publish; SVC-02."""
    found = service_of(context, organization, service_id)
    if isinstance(found, Outcome):
        return found
    claim = ServiceAuthor(
        state=found.state,
        is_responsible=context.actor.account in found.responsible,
        rights=rights_in(context, organization.id),
    )
    violations = rules.in_charge_of_what_there_is(claim, context.policy)
    if not violations:
        return found
    refusal = refused(violations, "state" if found.state == "deleted" else "forbidden")
    return noted_refusal(context, organization.id, refusal, service=found.id)
