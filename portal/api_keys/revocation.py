"""A key of the API ends before its time (INT-04)."""

from dataclasses import replace

from portal.api_keys.api_key import ApiKey
from portal.use_case import Context

__all__ = ["revoke_all_keys", "revoke_key"]


def revoke_key(context: Context, key: ApiKey) -> ApiKey:
    """From now on the key opens nothing; one that was revoked stays as it is."""
    if key.revoked_at is not None:
        return key
    context.note("revoke_api_key", key.organization, "revoked", key=key.id)
    return context.unit.put(replace(key, revoked_at=context.now))


def revoke_all_keys(context: Context, organization: str) -> None:
    """No program acts for the organization any more: it is unbound (UNB-04)."""
    for key in context.unit.find(ApiKey, "organization", organization):
        revoke_key(context, key)
