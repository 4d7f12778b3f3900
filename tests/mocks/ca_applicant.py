"""An organization on its way to a certificate."""

import json
from typing import Any

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities
from signatures.certificates import parsed
from signatures.refusals import SignatureRefused
from tests.mocks.agencies import DAY_US, PDF, active_legal
from tests.mocks.asking import ask, ask_json
from world.records import Organization, Person

APPLICATIONS = "/ca/v1/applications"
PRICE = 350_000


def head(country: Country, one: Organization) -> Person:
    return country.tenant().records.person(one.head.person)


def attached(*codes: str, content: str = PDF) -> list[dict[str, str]]:
    return [{"kind": code, "file_name": f"{code}.pdf", "content": content} for code in codes]


def form(country: Country, one: Organization, **changes: Any) -> dict[str, Any]:
    """What the head of a legal entity applies with; the key is made by the authority."""
    signer = head(country, one)
    return {
        "request_id": "portal-1",
        "inn": one.inn,
        "ogrn": one.ogrn,
        "authority": "north",
        "channel": "cabinet",
        "algorithm": "ecc",
        "delivery": "file",
        "head_name": str(signer.name),
        "head_snils": signer.snils,
        "representative": signer.snils,
        "code_word": "ромашка",
        "documents": attached("charter"),
        **changes,
    }


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["error"]


class Applicant:
    """An organization that goes from step to step."""

    def __init__(self, country: Country, one: Organization | None = None, **changes: Any) -> None:
        self.country = country
        self.organization = active_legal(country) if one is None else one
        self.case: dict[str, Any] = ask_json(country, "POST", APPLICATIONS, form(
            country, self.organization, **changes
        ))  # fmt: skip

    @property
    def url(self) -> str:
        return f"{APPLICATIONS}/{self.case['number']}"

    def post(self, step: str, body: object = b"") -> Answer:
        return ask(self.country, "POST", f"{self.url}/{step}", body)

    def get(self, path: str) -> Answer:
        return ask(self.country, "GET", f"{self.url}/{path}")

    def seen(self) -> dict[str, Any]:
        """The case as it stands."""
        self.case = ask_json(self.country, "GET", self.url)
        return self.case

    def pass_check(self) -> "Applicant":
        self.country.tenant().advance(10 * DAY_US)
        assert self.seen()["status"] == "awaiting_payment"
        return self

    def pay(self) -> "Applicant":
        answer = self.post("payment", {"payment_id": "pay-1", "kopecks": PRICE})
        assert answer.status == 200, answer.body.decode()
        return self

    def passport(self) -> dict[str, str]:
        passport = head(self.country, self.organization).passport
        return {"method": "in_person", "series": passport.series, "number": passport.number}

    def identify(self) -> "Applicant":
        answer = self.post("identification", self.passport())
        assert answer.status == 200, answer.body.decode()
        return self

    def issued(self) -> dict[str, Any]:
        """The case with its certificate, all steps taken."""
        return self.pass_check().pay().identify().seen()


def verdict(country: Country, content: bytes) -> str:
    tenant = country.tenant()
    try:
        tenant.state(Authorities).check(parsed(content), tenant.now_us)
    except SignatureRefused as refusal:
        return refusal.code
    return "good"
