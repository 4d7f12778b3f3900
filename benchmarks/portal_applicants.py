"""Applicants with everything prepared, put straight into a portal's records: who they are, their
confirmations and papers, a session. They sign with keys of the country's authorities."""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Final

from mocks.core.country import Country
from mocks.pki.authorities import Authorities
from portal.accounts.account import Account
from portal.accounts.session import Session
from portal.adapters.country_record import record_of
from portal.documents.stored_document import StoredDocument
from portal.ports.registers import RegisterRecord
from portal.ports.store import Store
from portal.registration.application_check import SignedApplication, signed_text
from portal.registration.corporate_email import OwnedEmail
from portal.registration.inn_confirmation import ConfirmedInn
from portal.store.unit import Unit
from portal.use_case import Actor
from signatures import cms
from world.documents import Document
from world.filings import Filing, filing_of
from world.records import Person

__all__ = ["Applicants", "Ready"]

_TOGETHER: Final = 100  # applicants in a commit
_ALGORITHMS: Final = frozenset({"ecc", "rsa"})  # those of every machine


@dataclass(frozen=True, slots=True)
class Ready:
    """An applicant who has only to send `payload`, and to look at it then."""

    actor: Actor
    token: str
    payload: dict[str, Any]


class Applicants:
    """Legal entities and sole proprietors of `country` in its own mix, each with an applicant who
    is nobody else's, at the time that it is there; `records` are what registers say of them."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.records: dict[str, RegisterRecord] = {}
        self._world = country.world
        self._now: dt.datetime = country.tenant().clock.local()
        self._authorities = country.tenant().state(Authorities)
        self._filings = self._good_filings()

    def take(self, store: Store, count: int) -> list[Ready]:
        """The next `count` of them, in the records of `store`."""
        found: list[Ready] = []
        while count > len(found):
            unit = Unit(store)
            together = min(_TOGETHER, count - len(found))
            found += [self._put(unit, each) for each in islice(self._filings, together)]
            unit.commit()
        return found

    # --- inside

    def _good_filings(self) -> Iterator[Filing]:
        seen: set[int] = set()
        for index in range(self._world.organizations):
            filed = filing_of(self._world, index, self._now.date())
            subject = filed.subject
            is_good = subject.organization.standing == "active"
            is_good = is_good and subject.passport_restricted_on is None
            is_new = subject.applicant.index not in seen
            if is_good and is_new and filed.certificate.algorithm in _ALGORITHMS:
                seen.add(subject.applicant.index)
                yield filed

    def _put(self, unit: Unit, filed: Filing) -> Ready:
        organization = filed.subject.organization
        account, inn = f"account-{organization.index}", filed.form.inn
        record = record_of(organization, self._world.person(organization.head.person))
        self.records[record.inn] = self.records[record.ogrn] = record
        token = hashlib.sha256(account.encode()).hexdigest()[:32]
        session = hashlib.sha256(token.encode()).hexdigest()
        papers = [
            self._paper(each, account, session, f"{organization.index}-{number}")
            for number, each in enumerate(filed.documents)
        ]
        for entity in (
            self._account(account, filed.subject.applicant),
            self._session(session, account),
            ConfirmedInn(id=f"{account}/{inn}", account=account, inn=inn, at=self._now),
            OwnedEmail(
                id=f"{account}/{filed.form.email.casefold()}",
                digest=hashlib.sha256(f"email/{account}".encode()).hexdigest(),
                confirmed_at=self._now,
            ),
            *papers,
        ):
            unit.put(entity)
        return Ready(_actor(account, session), token, self._payload(filed, papers))

    def _payload(self, filed: Filing, papers: list[StoredDocument]) -> dict[str, Any]:
        fields = asdict(filed.form)
        documents = [each.id for each in papers]
        payload = {"kind": filed.kind, **fields, "documents": documents}
        if filed.kind == "legal":
            form = SignedApplication(kind=filed.kind, **fields, documents=tuple(documents))
            identity = self._authorities.of_profile(filed.certificate)
            text = signed_text(form, papers)
            message = cms.sign(text, identity.key, identity.certificate, at=self._now)
            payload["signature"] = base64.b64encode(message).decode()
        return payload

    def _account(self, account: str, person: Person) -> Account:
        return Account(
            id=account,
            inn=person.inn,
            name=person.name,
            birth_date=person.birth_date,
            phone=person.phone,
            email=f"{account}@example.org",
            snils=person.snils,
            state="confirmed",
            phone_confirmed=True,
            email_confirmed=True,
        )

    def _session(self, session: str, account: str) -> Session:
        return Session(
            id=session,
            account=account,
            organization=None,
            method="signature",
            device="",
            ip="127.0.0.1",
            region="",
            opened=self._now,
        )

    def _paper(self, of: Document, account: str, session: str, number: str) -> StoredDocument:
        return StoredDocument(
            id=f"document-{number}",
            owner=account,
            organization=None,
            session=session,
            context="registration",
            document_type=of.kind,
            file_name=of.file_name,
            file_format="pdf",
            size=len(of.content),
            digest=hashlib.sha256(of.content).hexdigest(),
            status="ready",
            uploaded_at=self._now,
            valid_until=of.valid_until,
        )


def _actor(account: str, session: str) -> Actor:
    return Actor(account=account, session=session, signed_in_by="signature")
