"""People who tie organizations of the country to their accounts."""

import base64
import dataclasses
from dataclasses import dataclass
from typing import Any

from portal.accounts.account import Account
from portal.organizations.organization import Membership, Organization, membership_id
from portal.ports.signatures import CertificateFacts
from portal.registration.registration import requisites_of
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.applicants import Applicant, applicant, open_account
from tests.portal.filings import COUNTRY, application_of
from tests.portal.wiring import Stand
from world.filings import Filing

PASSWORD = "Полигон-2026-вход"


@dataclass(kw_only=True)
class Binder(Applicant):
    """An applicant who adds or binds the organization of the filing."""

    @property
    def head(self) -> Actor:
        """The account of the organization's head."""
        return open_account(self.stand, COUNTRY.person(self.filed.subject.organization.head.person))

    def put_organization(self, **changes: Any) -> str:
        """Let the portal have the organization already, active and nobody's."""
        unit = Unit(self.stand.store)
        organization = Organization(
            id=f"organization {self.filed.form.ogrn}",
            kind=self.filed.kind,
            tier="small",
            requisites=requisites_of(application_of(self.filed)),
            **{"state": "active", **changes},
        )
        unit.put(organization)
        unit.commit()
        self.organization = organization.id
        return organization.id

    def kept(self) -> Organization:
        """The organization as the portal has it."""
        found = Unit(self.stand.store).one(Organization, "ogrn", self.record.ogrn)
        assert found is not None
        return found

    def with_state(self, state: str) -> None:
        """Let the organization be in another state."""
        unit = Unit(self.stand.store)
        changes: dict[str, Any] = {"state": state}
        unit.put(dataclasses.replace(self.kept(), **changes))
        unit.commit()

    def sign_binding(
        self, actor: Actor | None = None, facts: CertificateFacts | None = None
    ) -> str:
        """A signature over the text of the binding, in Base64."""
        text = self.stand.read(
            "binding_to_sign", actor or self.actor, ogrn=self.filed.form.ogrn
        ).data["text"]
        signature = self.stand.signatures.sign(
            text.encode(), facts or self.certificate(), self.stand.clock.now()
        )
        return base64.b64encode(signature).decode()

    def add(self, actor: Actor | None = None, **changes: Any) -> Outcome:
        """Add the organization as its representative, or as changed."""
        payload = {**self.form, "role": "rep", "documents": self.documents, **changes}
        return self.stand.act("add_organization", actor or self.actor, **payload)

    def bind(self, actor: Actor | None = None, **changes: Any) -> Outcome:
        """Bind it by its ОГРН as its representative, or as changed."""
        payload = {
            "number": self.filed.form.ogrn,
            "role": "rep",
            "documents": self.documents,
            **changes,
        }
        return self.stand.act("bind_organization", actor or self.actor, **payload)

    def bind_signed(self, actor: Actor | None = None, **changes: Any) -> Outcome:
        """Bind it, confirmed by a signature."""
        signature = self.sign_binding(actor)
        return self.bind(actor, confirmation="signature", signature=signature, **changes)

    def with_password(self, actor: Actor | None = None) -> dict[str, Any]:
        """Give somebody a password; what they sign in to the organization with."""
        unit = Unit(self.stand.store)
        account = unit.get(Account, (actor or self.actor).account or "")
        assert account is not None
        hashed = self.stand.portal.ports.passwords.hash(PASSWORD)
        unit.put(
            dataclasses.replace(account, password=hashed, password_set_at=self.stand.clock.now())
        )
        unit.commit()
        return {"login": account.inn, "password": PASSWORD, "organization": self.record.ogrn}

    def role_of(self, actor: Actor) -> Membership | None:
        """What somebody is in the organization."""
        of_organization = membership_id(actor.account or "", self.kept().id)
        return Unit(self.stand.store).get(Membership, of_organization)


def binder(stand: Stand, index: int, filed: Filing | None = None) -> Binder:
    """The applicant for an organization of the country, with their papers uploaded."""
    made = applicant(stand, index, filed)
    parts = {each.name: getattr(made, each.name) for each in dataclasses.fields(made)}
    found = Binder(**parts)
    found.upload()
    return found
