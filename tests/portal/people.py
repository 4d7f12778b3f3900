"""People of the country on a portal of fakes: signed up, confirmed, signed in."""

import re
from dataclasses import replace
from typing import Any

from portal.accounts.account import Account
from portal.accounts.session import Device, actor_of, device_id
from portal.accounts.sign_up import full_name_of
from portal.organizations.organization import (
    Membership,
    Organization,
    OrganizationState,
    Requisites,
    membership_id,
)
from portal.store.entity import Entity
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.wiring import Stand
from world.country import World
from world.records import Person

COUNTRY = World(1)
KIM, OTHER = COUNTRY.person(0), COUNTRY.person(1)
PASSWORD = "Zx7!mkpRvb2#"
HOME = Actor(ip="10.0.0.1", device="Firefox", region="54")


def form_of(person: Person, **changes: Any) -> dict[str, Any]:
    """What a person types to sign up."""
    typed = {
        "name": str(person.name),
        "birth_date": f"{person.birth_date:%d.%m.%Y}",
        "inn": person.inn,
        "phone": person.phone,
        "email": person.email,
        "password": PASSWORD,
    }
    return {**typed, **changes}


def code_sent_to(stand: Stand, contact: str) -> str:
    """The latest code that came to a phone or an address."""
    texts = [text for text in stand.messenger.sent_to(contact) if "Код подтверждения" in text]
    found = re.search(r"\d{6}", texts[-1])
    assert found is not None
    return found[0]


def signed_up(stand: Stand, person: Person = KIM) -> str:
    """A person's account, not activated; its id."""
    account: str = stand.act("sign_up", **form_of(person)).data["account"]
    return account


def activated(stand: Stand, person: Person = KIM) -> str:
    """A person's account, activated by SMS."""
    account = signed_up(stand, person)
    code = code_sent_to(stand, person.phone)
    assert stand.act("activate_account", account=account, code=code).state == "active"
    return account


def known(stand: Stand, person: Person = KIM, **changes: Any) -> str:
    """A confirmed account that has signed in from HOME before, put straight into the store."""
    account = Account(
        id=f"account-of-{person.index}",
        name=full_name_of(str(person.name)),
        **{
            "inn": person.inn,
            "birth_date": person.birth_date,
            "phone": person.phone,
            "email": person.email,
            "snils": person.snils,
            "state": "confirmed",
            "phone_confirmed": True,
            "email_confirmed": True,
            "password": stand.portal.ports.passwords.hash(PASSWORD),
            "password_set_at": stand.clock.now(),
            "signed_in_at": stand.clock.now(),
            **changes,
        },
    )
    device = Device(
        id=device_id(account.id, HOME.device),
        account=account.id,
        name=HOME.device,
        region=HOME.region,
        since=stand.clock.now(),
        last_seen=stand.clock.now(),
    )
    keep(stand, account, device)
    return account.id


def keep(stand: Stand, *entities: Entity) -> None:
    """Put records into the store."""
    unit = Unit(stand.store)
    for entity in entities:
        unit.put(entity)
    unit.commit()


def account_of(stand: Stand, account: str) -> Account:
    """The account as it is."""
    found = Unit(stand.store).get(Account, account)
    assert found is not None
    return found


def change(stand: Stand, account: str, **changes: Any) -> None:
    """Put other facts into an account."""
    keep(stand, replace(account_of(stand, account), **changes))


def organization_of(
    stand: Stand,
    owner: str,
    *members: str,
    state: OrganizationState = "active",
    index: int = 0,
) -> Organization:
    """An organization of the country, bound to `owner`; the others are managers of it."""
    of = COUNTRY.organization(index)
    requisites = Requisites(
        full_name=of.full_name,
        inn=of.inn,
        ogrn=of.ogrn,
        kpp=of.kpp,
        legal_address=str(of.address),
        phone=of.phone,
        email=of.email,
        bank=of.account.bank,
        bik=of.account.bik,
        account=of.account.number,
        head_name=str(KIM.name),
        head_inn=KIM.inn,
        head_position=of.head.position,
        head_appointed="",
        contact_name=str(KIM.name),
        contact_phone=of.phone,
    )
    made = Organization(
        id=f"organization-{index}",
        kind=of.kind,
        tier=of.tier,
        requisites=requisites,
        state=state,
        owner=owner,
    )
    keep(stand, made)
    for account, role in ((owner, "head"), *((member, "mgr") for member in members)):
        keep(
            stand,
            Membership(
                id=membership_id(account, made.id),
                account=account,
                organization=made.id,
                role=role,
                since=stand.clock.now(),
            ),
        )
    return made


def signed_in(stand: Stand, login: str, actor: Actor = HOME, **form: Any) -> Outcome:
    """Sign in by password, with the code if one is asked for."""
    outcome = stand.act("sign_in", actor, login=login, **{"password": PASSWORD, **form})
    if outcome.state == "code_needed":
        text = list(stand.messenger.letters.values())[-1].text
        code = re.search(r"\d{6}", text)
        assert code is not None
        outcome = stand.act(
            "enter_sign_in_code", actor, sign_in=outcome.data["sign_in"], code=code[0]
        )
    return outcome


def actor_with(stand: Stand, outcome: Outcome, actor: Actor = HOME) -> Actor:
    """Who acts with the token of a sign-in."""
    return actor_of(
        stand.portal,
        outcome.data["token"],
        ip=actor.ip,
        device=actor.device,
        region=actor.region,
    ).actor
