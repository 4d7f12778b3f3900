"""The history of an organization's data and settings, and an earlier version back (AUD-02)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from portal.audit.journal import for_readers, names_in
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.edit_organization import OWN, edited_elsewhere, unfit_profile
from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.organizations.versions import (
    OrganizationVersion,
    change_organization,
    content_of,
    versions_of,
)
from portal.rules import audit as rules
from portal.rules.audit import Lookup
from portal.rules.rights import EDIT_ORGANIZATION, VIEW_AUDIT
from portal.use_case import Context, Outcome, Refusal, refused, use_case, view

__all__ = ["HistoryQuery", "Restoration", "organization_history", "restore_version"]


@dataclass(frozen=True, kw_only=True)
class HistoryQuery:
    """The organization whose history is wanted."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """The number of the `earlier` version whose content is to be back, and the `version` of the
    profile as it was read."""

    organization: str
    version: int
    earlier: int


@view(HistoryQuery)
@for_readers
def organization_history(context: Context, query: HistoryQuery, found: Organization) -> Outcome:
    """Every version that is kept, the latest first: when, who, which fields, what it says."""
    names = names_in(context, found)
    items = [_shown(each, fields, names) for each, fields in _with_changes(context, found)]
    return Outcome(state="shown", data={"version": found.version, "items": items[::-1]})


@use_case(Restoration)
@in_organization(EDIT_ORGANIZATION)
def restore_version(context: Context, form: Restoration, found: Organization) -> Outcome:
    """Let the organization's own data and settings be again what they were, as a new version; what
    registers hold stays as they say."""
    act = "restore_version"
    kept = {each.number: each for each in versions_of(context, found.id)}
    claim = Lookup(rights=rights_in(context, found.id), wanted=form.earlier, kept=kept)
    violations = rules.seen_and_restored(claim, context.policy)
    if violations:
        is_forbidden = VIEW_AUDIT not in claim.rights
        refusal: Refusal = "forbidden" if is_forbidden else "wrong"
        return noted_refusal(context, found.id, refused(violations, refusal))
    elsewhere = edited_elsewhere(found, form.version)
    if elsewhere is not None:
        return elsewhere
    restored = _as_it_was(found, kept[form.earlier])
    violations = unfit_profile(context, found, restored.requisites)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    changed = _differing(content_of(found), content_of(restored))
    if changed:
        change_organization(context, found, restored, act, form.earlier)
    context.note(act, found.id, "restored", earlier=form.earlier, fields=changed)
    version = found.version + bool(changed)
    return Outcome(state="restored", data={"organization": found.id, "version": version})


# --- inside ---------------------------------------------------------------------------------------


def _as_it_was(organization: Organization, earlier: OrganizationVersion) -> Organization:
    own = {name: getattr(earlier.requisites, name) for name in OWN}
    return replace(
        organization,
        requisites=replace(organization.requisites, **own),
        tier=earlier.tier,
        services=earlier.services,
    )


def _with_changes(
    context: Context, organization: Organization
) -> Iterator[tuple[OrganizationVersion, list[str]]]:
    """Versions in their order with the fields that each has changed."""
    versions = versions_of(context, organization.id)
    for first in versions[:1]:
        yield first, []
    for before, after in pairwise(versions):
        yield after, _differing(content_of(before), content_of(after))


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, said in after.items() if said != before[name]]


def _shown(
    version: OrganizationVersion, changed: Iterable[str], names: dict[str, str]
) -> dict[str, Any]:
    return {
        "id": version.number,
        "at": None if version.at is None else version.at.isoformat(),
        "account": version.account,
        "name": names.get(version.account or ""),
        "operator": version.operator,
        "task": version.task,
        "action": version.action,
        "restored": version.restored,
        "changed": list(changed),
        "requisites": asdict(version.requisites),
        "tier": version.tier,
        "services": list(version.services),
    }
