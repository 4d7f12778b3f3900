"""Cabinets of organizations with people in them, put straight into a portal's store."""

import base64
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.account import Account
from portal.certificates.bound_certificate import BoundCertificate
from portal.organizations.organization import (
    Membership,
    Organization,
    Requisites,
    membership_id,
)
from portal.ports.signatures import CertificateFacts
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from rulebook import Kind
from tests.portal.wiring import Stand
from world.records import FullName

LEGAL = {"inn": "7707083893", "ogrn": "1027700132195"}
OTHER_LEGAL = {"inn": "7736050003", "ogrn": "1027700070518"}
SOLE = {"inn": "500100732259", "ogrn": "304500116000157"}


@dataclass
class Cabinet:
    """An organization of a portal, and its people by role."""

    stand: Stand
    kind: Kind = "legal"
    numbers: dict[str, str] = field(default_factory=lambda: dict(LEGAL))

    def __post_init__(self) -> None:
        self.id = f"organization {self.numbers['ogrn']}"
        unit = Unit(self.stand.store)
        unit.put(
            Organization(
                id=self.id,
                kind=self.kind,
                tier="small",
                requisites=Requisites(
                    full_name="ООО «Ромашка»",
                    kpp="773601001" if self.kind == "legal" else None,
                    legal_address="Москва",
                    phone="+74950000000",
                    email="office@romashka.test",
                    bank="Банк",
                    bik="044525225",
                    account="40702810938000000001",
                    head_name="Иванов Иван Иванович",
                    head_inn="500100732259",
                    head_position="Генеральный директор",
                    head_appointed="01.02.2020",
                    contact_name="Иванов Иван Иванович",
                    contact_phone="+79160000001",
                    **self.numbers,
                ),
                state="active",
            )
        )
        unit.commit()

    def member(self, role: str = "head", inn: str = "500100732259", **more: Any) -> Actor:
        """Somebody who acts for the organization in that role (from now on), and their account;
        they have come in by signature. `more` is told of the membership."""
        account = f"account {inn}"
        unit = Unit(self.stand.store)
        if unit.get(Account, account) is None:
            unit.put(
                Account(
                    id=account,
                    inn=inn,
                    name=FullName(last="Иванов", first="Иван", patronymic="Иванович"),
                    birth_date=dt.date(1980, 1, 1),
                    phone=f"+7{inn[-10:]}",
                    email=f"{inn}@mail.test",
                    state="confirmed",
                    phone_confirmed=True,
                )
            )
        before = unit.get(Membership, membership_id(account, self.id))
        unit.put(
            Membership(
                id=membership_id(account, self.id),
                version=0 if before is None else before.version,
                account=account,
                organization=self.id,
                role=role,
                since=self.stand.clock.now(),
                **more,
            )
        )
        unit.commit()
        return Actor(account=account, organization=self.id, signed_in_by="signature")

    def certificate(self, **facts: Any) -> CertificateFacts:
        """A good certificate of the organization, whose key is the head's."""
        if self.kind == "legal":
            whose = {"legal_inn": self.numbers["inn"], "ogrn": self.numbers["ogrn"]}
        else:
            whose = {"ogrnip": self.numbers["ogrn"]}
        given: dict[str, Any] = {"inn": "500100732259", **whose, **facts}
        return self.stand.signatures.issue(self.stand.clock, "ООО «Ромашка»", **given)

    def bind(self, actor: Actor, facts: CertificateFacts, **more: Any) -> Outcome:
        """Upload a certificate as its file."""
        return self.stand.act("bind_certificate", actor, content=encoded(facts.der), **more)

    def signed(self, content: str | bytes, facts: CertificateFacts, **more: Any) -> str:
        """A signature over `content`, in Base64."""
        exact = content.encode() if isinstance(content, str) else content
        return encoded(self.stand.signatures.sign(exact, facts, **more))

    def active(self, actor: Actor, facts: CertificateFacts | None = None) -> str:
        """The id of a certificate that is bound and tried."""
        facts = facts or self.certificate()
        bound = self.bind(actor, facts).data
        signature = self.signed(bound["challenge"], facts)
        tried = self.stand.act(
            "trial_signature", actor, certificate=bound["certificate"], signature=signature
        )
        assert tried.state == "active"
        return str(bound["certificate"])

    def states(self, actor: Actor) -> dict[str, str]:
        """The states of the cabinet's certificates by id."""
        items = self.stand.read("list_certificates", actor).data["items"]
        return {each["certificate"]: each["state"] for each in items}


def encoded(content: bytes) -> str:
    """Base64, as forms take bytes."""
    return base64.b64encode(content).decode()


def kept(stand: Stand, cabinet: Cabinet) -> list[BoundCertificate]:
    """The certificates of a cabinet as they are kept."""
    return Unit(stand.store).find(BoundCertificate, "organization", cabinet.id)
