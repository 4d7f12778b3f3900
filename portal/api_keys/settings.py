"""Keys of the API are issued, seen and revoked by whoever manages access (INT-04)."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from portal.api_keys.api_key import PREFIX, ApiKey, key_id
from portal.api_keys.revocation import revoke_key
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.organizations.rights import rights_in
from portal.rules.integration import NOT_FOR_KEYS, KeyOrder, key_is_allowed
from portal.rules.rights import ACCESS_SETTINGS
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = ["KeysQuery", "NewKey", "RevokedKey", "api_keys", "issue_api_key", "revoke_api_key"]

_LONGEST_DAYS: Final = 365  # assumption: as long as a certificate is usually in force


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """A key for the program `title`, with rights of the rule book; for so many `days`."""

    organization: str
    title: str
    rights: tuple[str, ...]
    days: int = _LONGEST_DAYS


@dataclass(frozen=True, kw_only=True)
class RevokedKey:
    """The key that is to be used no more, by its id in `api_keys`."""

    organization: str
    api_key: str


@dataclass(frozen=True, kw_only=True)
class KeysQuery:
    """All keys of an organization."""

    organization: str


@use_case(NewKey, remembered=False)
@in_organization(ACCESS_SETTINGS)
def issue_api_key(context: Context, form: NewKey, found: Organization) -> Outcome:
    """Issue a key: `token` is shown now and never again; it goes where a session's goes."""
    order = KeyOrder(
        title=form.title,
        rights=form.rights,
        own_rights=frozenset(rights_in(context, found.id)) - NOT_FOR_KEYS,
        days=form.days,
        longest_days=_LONGEST_DAYS,
    )
    violations = key_is_allowed(order, context.policy)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    token = PREFIX + context.portal.ports.entropy.token("api key")
    made = context.unit.put(
        ApiKey(
            id=key_id(token),
            organization=found.id,
            title=form.title.strip(),
            rights=tuple(dict.fromkeys(form.rights)),
            issued_by=context.actor.account or "",
            issued_at=context.now,
            expires=context.now + dt.timedelta(days=form.days),
        )
    )
    context.note("issue_api_key", found.id, "issued", key=made.id, rights=list(made.rights))
    return Outcome(state="issued", data={"token": token, **made.shown(context.now)})


@use_case(RevokedKey)
@in_organization(ACCESS_SETTINGS)
def revoke_api_key(context: Context, form: RevokedKey, found: Organization) -> Outcome:
    """From now on the key opens nothing."""
    kept = of_organization(context, found, context.unit.get(ApiKey, form.api_key), "api_key")
    if kept is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state="revoked", data=revoke_key(context, kept).shown(context.now))


@view(KeysQuery)
@in_organization(ACCESS_SETTINGS)
def api_keys(context: Context, query: KeysQuery, found: Organization) -> Outcome:
    """Keys of an organization, the latest first, revoked ones too."""
    kept = context.unit.find(ApiKey, "organization", found.id)
    kept.sort(key=lambda each: (each.issued_at, each.id), reverse=True)
    return Outcome(state="shown", data={"items": [each.shown(context.now) for each in kept]})
