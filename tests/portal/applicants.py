"""Applicants of the country in front of a portal: what they type, upload, confirm and sign."""

import base64
import dataclasses
import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from portal.accounts.account import Account
from portal.ports.registers import RegisterRecord
from portal.ports.signatures import CertificateFacts
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.filings import application_of, filing, record_of
from tests.portal.wiring import Stand
from world.certificate_profiles import CertificateProfile
from world.documents import Document
from world.filings import Filing
from world.records import Person


@dataclass(kw_only=True)
class Applicant:
    """Somebody who files `filed` with the portal of `stand`."""

    stand: Stand
    filed: Filing
    actor: Actor
    record: RegisterRecord
    documents: list[str] = field(default_factory=list)
    organization: str = ""

    @property
    def form(self) -> dict[str, Any]:
        """The application as it is typed."""
        return dataclasses.asdict(application_of(self.filed))

    def prepare(self) -> None:
        """Confirm what has to be confirmed, upload the papers."""
        self.confirm_inn()
        if self.filed.kind == "legal":
            self.confirm_email()
        self.upload()

    def confirm_inn(self) -> Outcome:
        """Ask for the code, and enter it; what forbids that."""
        numbers = {"kind": self.filed.kind, "inn": self.filed.form.inn}
        asked = self.stand.act("request_inn_code", self.actor, **numbers)
        if asked.refusal is not None:
            return asked
        return self.stand.act("confirm_organization_inn", self.actor, **numbers, code=self.code())

    def code(self) -> str:
        """The code that has come last to the phone of the account."""
        text = self.stand.messenger.sent_to(self.filed.subject.applicant.phone)[-1]
        found = re.search(r"\d{6}", text)
        assert found is not None
        return found[0]

    def confirm_email(self) -> Outcome:
        """Have the link sent to the corporate mail, and follow it; what forbids that."""
        email = self.filed.form.email
        asked = self.stand.act("send_corporate_email_link", self.actor, email=email)
        if asked.refusal is not None:
            return asked
        token = self.stand.messenger.sent_to(email)[-1].rpartition("/")[2]
        return self.stand.act("confirm_corporate_email", token=token)

    def upload(self) -> list[Outcome]:
        """Upload every document of the filing for registration; those that are taken are kept."""
        outcomes = [
            self.stand.act(
                "upload_document",
                self.actor,
                context="registration",
                document_type=document.kind,
                file_name=document.file_name,
                content=_encoded(document),
                valid_until=document.valid_until and document.valid_until.isoformat(),
            )
            for document in self.filed.documents
        ]
        self.documents = [each.data["document"] for each in outcomes if not each.violations]
        return outcomes

    def certificate(self, **facts: Any) -> CertificateFacts:
        """A certificate of the filing's profile, with other `facts`."""
        known = _facts(self.filed.certificate)
        return self.stand.signatures.issue(self.stand.clock, **{**known, **facts})

    def signed(self, certificate: CertificateFacts | None = None, **changes: Any) -> dict[str, Any]:
        """The application with other fields, and a signature over it."""
        payload = {**self.form, "documents": self.documents, **changes}
        if self.filed.kind != "legal":
            return payload
        shown = self.stand.read("registration_text", self.actor, **payload)
        skew = dt.timedelta(seconds=self.filed.environment.clock_skew_s)
        signature = self.stand.signatures.sign(
            shown.data["text"].encode(),
            certificate or self.certificate(),
            self.stand.clock.now() + skew,
        )
        return {**payload, "signature": base64.b64encode(signature).decode()}

    def register(
        self,
        certificate: CertificateFacts | None = None,
        key: str | None = None,
        **changes: Any,
    ) -> Outcome:
        """File the application, signed."""
        payload = self.signed(certificate, **changes)
        outcome = self.stand.act("register_organization", self.actor, key, **payload)
        self.organization = outcome.data.get("organization", self.organization)
        return outcome

    def resubmit(self, answer: str = "", **changes: Any) -> Outcome:
        """Send it again, signed anew."""
        payload = self.signed(**changes)
        return self.stand.act(
            "resubmit_registration",
            self.actor,
            organization=self.organization,
            answer=answer,
            **payload,
        )

    def card(self) -> Outcome:
        """The card of the application."""
        return self.stand.read("registration", self.actor, organization=self.organization)


def applicant(stand: Stand, index: int, filed: Filing | None = None) -> Applicant:
    """The applicant for an organization of the country, with a confirmed account; the register has
    its record. Another filing may be given in place of the good one."""
    filed = filed or filing(index)
    record = record_of(filed.subject.organization)
    if record not in stand.registers.records:
        stand.registers.add(record)
    actor = open_account(
        stand, filed.subject.applicant, confirmed=filed.subject.account_confirmed_on is not None
    )
    return Applicant(stand=stand, filed=filed, actor=actor, record=record)


def open_account(stand: Stand, person: Person, *, confirmed: bool = True) -> Actor:
    """A person of the country with an account, who has come in by signature."""
    account_id = f"account-{person.index}"
    unit = Unit(stand.store)
    if unit.get(Account, account_id) is None:
        unit.put(
            Account(
                id=account_id,
                inn=person.inn,
                name=person.name,
                birth_date=person.birth_date,
                phone=person.phone,
                email=person.email,
                snils=person.snils,
                state="confirmed" if confirmed else "active",
                phone_confirmed=True,
                email_confirmed=True,
            )
        )
        unit.commit()
    session = f"session-{person.index}"
    return Actor(account=account_id, session=session, signed_in_by="signature")


@cache
def _encoded(document: Document) -> str:
    return base64.b64encode(document.content).decode()


def _facts(profile: CertificateProfile) -> dict[str, Any]:
    subject = profile.subject
    return {
        "name": subject.common_name,
        "inn": subject.inn,
        "legal_inn": subject.legal_inn,
        "ogrn": subject.ogrn,
        "snils": subject.snils,
    }
