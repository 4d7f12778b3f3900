"""Whose account or card it is, and what the bank tells about the holder."""

from typing import Any, Final

from mocks.accounts.cards import card_of, card_owner
from mocks.accounts.ledger import Accounts
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.records import Organization

__all__ = ["claims_about", "holder_of", "holder_of_hint"]

_PARTS: Final = 4


def holder_of(tenant: Tenant, inn: str, bik: str, account: str) -> Organization | None:
    """The organization with this ИНН if the account is its own; None otherwise."""
    organization = tenant.records.organization_by_inn(inn)
    if organization is None:
        return None
    own = (organization.account.bik, organization.account.number)
    return organization if own == (bik, account) else None


def holder_of_hint(call: Call, hint: str) -> Organization | None:
    """The customer named by `account:БИК:счёт:ИНН` or `card:номер`, whose account is not closed and
    whose card is good; None if there is no such customer."""
    kind, *parts = hint.split(":")
    records = call.tenant.records
    organization = None
    if kind == "account" and len(parts) + 1 == _PARTS:
        bik, account, inn = parts
        organization = holder_of(call.tenant, inn, bik, account)
    elif kind == "card" and len(parts) == 1:
        organization = card_owner(records, parts[0])
        today = call.tenant.clock.calendar.date(call.now_us)
        if organization is not None and card_of(records, organization).is_expired(today):
            return None
    if organization is None or call.tenant.state(Accounts).state(organization) == "closed":
        return None
    return organization


def claims_about(tenant: Tenant, organization: Organization) -> dict[str, Any]:
    """The organization and who acts for it, in the claims of СберБизнес ID."""
    head = tenant.records.person(organization.head.person)
    account = organization.account
    claims: dict[str, Any] = {"inn": organization.inn, "orgOgrn": organization.ogrn}
    if organization.kpp is not None:
        claims["orgKpp"] = organization.kpp
    return {
        **claims,
        "orgFullName": organization.full_name,
        "OrgName": organization.short_name,
        "orgJuridicalAddress": str(organization.address),
        "name": str(head.name),
        "phone_number": head.phone,
        "accounts": [
            {
                "accountNumber": account.number,
                "bic": account.bik,
                "corrAccountNumber": account.correspondent,
            }
        ],
    }
