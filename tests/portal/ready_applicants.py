"""Applicants who have done everything but file: signed in, confirmed, papers uploaded. They file
with signatures that a served country accepts."""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from portal.accounts.session import Session
from portal.documents.stored_document import StoredDocument
from portal.ports.store import Store
from portal.registration.application_check import SignedApplication, signed_text
from portal.store.unit import Unit
from signatures import cms
from signatures.certificates import parsed
from signatures.keys import PrivateKey
from tests.portal.applicants import Applicant, applicant
from tests.portal.fakes import CountedEntropy, MovedClock
from tests.portal.filings import COUNTRY
from tests.portal.http_client import Client
from tests.portal.wiring import Stand
from world.filings import Filing, filing_of

__all__ = ["SEED", "ReadyApplicant", "filings_on", "ready_applicant", "stand_over"]

SEED: Final = COUNTRY.seed
"""Of the country that has to be served."""


@dataclass(frozen=True)
class ReadyApplicant:
    """An applicant who is signed in under `token`; `text` is what their signature is over."""

    applicant: Applicant
    token: str
    text: bytes

    @property
    def account(self) -> str:
        """The id of the account."""
        return self.applicant.actor.account or ""

    @property
    def ogrn(self) -> str:
        """Of the organization."""
        return self.applicant.filed.form.ogrn

    @property
    def payload(self) -> dict[str, Any]:
        """The application, not signed yet."""
        return {**self.applicant.form, "documents": self.applicant.documents}

    def application(self, country: Client, now: dt.datetime) -> dict[str, Any]:
        """What is sent, signed `now` by the key that `country` has for the organization."""
        filed = self.applicant.filed
        if filed.kind != "legal":
            return self.payload
        index = filed.subject.organization.index
        place = f"/ca/v1/organizations/{index}/{filed.as_of}"
        key = PrivateKey.from_pem(_fetched(country, f"{place}/key.pem?key={index}"))
        certificate = parsed(_fetched(country, f"{place}/certificate.cer?key={index}"))
        signature = cms.sign(self.text, key, certificate, at=now)
        return {**self.payload, "signature": base64.b64encode(signature).decode()}


def stand_over(store: Store, now: dt.datetime, entropy: CountedEntropy) -> Stand:
    """A portal over records that another is going to serve: its time stands at `now`."""
    clock = MovedClock()
    clock.move_to(now)
    return Stand(store=store, clock=clock, entropy=entropy)


def filings_on(day: dt.date, *algorithms: str) -> Iterator[Filing]:
    """Good filings of that day, one for an organization and an applicant each; certificates have
    keys of `algorithms`."""
    seen: set[int] = set()
    for index in range(COUNTRY.organizations):
        if COUNTRY.organization(index).standing != "active":
            continue
        filed = filing_of(COUNTRY, index, day)
        applicant_of, subject = filed.subject.applicant, filed.subject
        if filed.certificate.algorithm not in algorithms or applicant_of.index in seen:
            continue
        if subject.account_confirmed_on is None or subject.passport_restricted_on is not None:
            continue
        seen.add(applicant_of.index)
        yield filed


def ready_applicant(stand: Stand, filed: Filing) -> ReadyApplicant:
    """An applicant in the records of `stand` who has prepared everything."""
    index = filed.subject.organization.index
    found = applicant(stand, index, filed)
    found.prepare()
    token = hashlib.sha256(f"token/{index}".encode()).hexdigest()[:32]
    session = Session(
        id=hashlib.sha256(token.encode()).hexdigest(),
        account=found.actor.account or "",
        organization=None,
        method="signature",
        device="",
        ip=found.actor.ip,
        region=found.actor.region,
        opened=stand.clock.now(),
    )
    unit = Unit(stand.store)
    unit.put(session)
    unit.commit()
    papers = (unit.get(StoredDocument, each) for each in found.documents)
    form = SignedApplication(**{**found.form, "documents": tuple(found.documents)})
    text = signed_text(form, [each for each in papers if each is not None])
    return ReadyApplicant(found, token, text)


def _fetched(country: Client, path: str) -> bytes:
    answer = country.get(path)
    assert answer.status_code == 200, answer.text
    return answer.content
