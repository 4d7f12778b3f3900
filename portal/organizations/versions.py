"""What organizations said of themselves earlier: their data and settings, version by version
(AUD-02)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final

from portal.organizations.organization import Organization, Requisites
from portal.store.entity import Entity
from portal.use_case import Context
from rulebook import Tier

__all__ = ["OrganizationVersion", "change_organization", "content_of", "versions_of"]

_KEPT: Final = 100  # the latest versions of an organization: an assumption


@dataclass(frozen=True, kw_only=True)
class OrganizationVersion(Entity):
    """What `organization` said from `at` on (None: since before versions were kept), by the
    `number` that its record had then; who has made it so by which `action`. `restored` is the
    number of the version whose content came back."""

    KIND: ClassVar[str] = "organization_version"

    organization: str
    number: int
    requisites: Requisites
    tier: Tier
    services: tuple[str, ...]
    at: dt.datetime | None = None
    account: str | None = None
    operator: str | None = None
    task: str | None = None
    action: str = ""
    restored: int | None = None

    def keys(self) -> Mapping[str, str]:
        """By the organization; ids follow the numbers."""
        return {"organization": self.organization}


def versions_of(context: Context, organization: str) -> list[OrganizationVersion]:
    """The versions that are kept, the earliest first."""
    return context.unit.find(OrganizationVersion, "organization", organization)


def content_of(said: Organization | OrganizationVersion) -> dict[str, Any]:
    """Data and settings by field."""
    settings = {"tier": said.tier, "services": tuple(said.services)}
    return {**asdict(said.requisites), **settings}


def change_organization(
    context: Context,
    before: Organization,
    after: Organization,
    action: str,
    restored: int | None = None,
) -> Organization:
    """Keep `after` in place of `before`, and both contents among the versions; the earliest go when
    there are too many."""
    kept = versions_of(context, before.id)
    if not kept or content_of(kept[-1]) != content_of(before):
        kept.append(_keep(context, _version(before, before.version)))
    if content_of(after) != content_of(before):
        actor = context.actor
        made = _version(
            after,
            before.version + 1,
            at=context.now,
            account=actor.account,
            operator=actor.operator,
            task=actor.task,
            action=action,
            restored=restored,
        )
        kept.append(_keep(context, made))
    for each in kept[:-_KEPT]:
        context.unit.delete(each)
    return context.unit.put(after)


def _version(said: Organization, number: int, **made: Any) -> OrganizationVersion:
    return OrganizationVersion(
        id=f"{said.id}/{number:09}",
        organization=said.id,
        number=number,
        requisites=said.requisites,
        tier=said.tier,
        services=said.services,
        **made,
    )


def _keep(context: Context, version: OrganizationVersion) -> OrganizationVersion:
    earlier = context.unit.get(OrganizationVersion, version.id)
    return context.unit.put(
        version if earlier is None else replace(version, version=earlier.version)
    )
