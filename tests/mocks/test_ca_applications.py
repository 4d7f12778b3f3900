"""Certificates by application: the steps of CERT-13, each that is missing, and the end."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import CertificateSigningRequestBuilder, Name

from mocks.ca.service import service
from mocks.core.country import Country
from signatures import gost
from signatures.certificates import SubjectData, parsed, public_key, subject_of
from signatures.cms import bundled
from signatures.keys import derived_key
from signatures.signing_requests import signing_request
from tests.mocks.agencies import DAY_US, active_legal, end_of, organization
from tests.mocks.asking import ask, ask_json
from tests.mocks.ca_applicant import (
    APPLICATIONS,
    PRICE,
    Applicant,
    attached,
    form,
    head,
    refused,
    verdict,
)
from tests.signatures.needs_gost import ALGORITHMS

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


# --- the way of an application


@EACH
@pytest.mark.parametrize("channel", ["cabinet", "site"])
def test_certificate_is_issued_after_every_step(
    country: Country, algorithm: str, channel: str
) -> None:
    applicant = Applicant(country, algorithm=algorithm, channel=channel)
    case = applicant.issued()
    assert [step["status"] for step in case["history"]] == [
        "registered", "in_check", "awaiting_payment", "awaiting_identification", "issued",
    ]  # fmt: skip
    assert (case["payment"], case["identified_by"]) == ("pay-1", "in_person")
    delivered = json.loads(applicant.post("receipt").body)
    assert delivered["status"] == "delivered"
    assert delivered["history"][-1]["comment"] == "Выдан файлом"
    content = applicant.get("certificate.cer").body
    certificate = parsed(content)
    assert f"{certificate.serial_number:x}" == case["certificate"]
    assert verdict(country, content) == "good"
    one, signer = applicant.organization, head(country, applicant.organization)
    said = subject_of(certificate)
    assert (said.common_name, said.legal_inn, said.ogrn) == (one.short_name, one.inn, one.ogrn)
    assert (said.inn, said.snils, said.surname) == (signer.inn, signer.snils, signer.name.last)
    assert said.title == one.head.position
    now = country.tenant().clock.local()
    assert certificate.not_valid_before == now
    assert certificate.not_valid_after == now + dt.timedelta(days=456)


def test_sole_proprietor_shows_a_passport_and_gets_a_certificate_with_ogrnip(
    country: Country,
) -> None:
    one = organization(
        country, lambda each: each.kind == "sole_proprietor" and each.standing == "active"
    )
    applicant = Applicant(country, one, documents=attached("passport"))
    applicant.issued()
    said = subject_of(parsed(applicant.get("certificate.cer").body))
    signer = head(country, one)
    assert said == SubjectData(
        common_name=str(signer.name),
        surname=signer.name.last,
        given_name=f"{signer.name.first} {signer.name.patronymic}".removesuffix(" None"),
        country="RU",
        inn=one.inn,
        ogrnip=one.ogrn,
        snils=signer.snils,
    )


def test_representative_needs_a_power_of_attorney(country: Country) -> None:
    one = active_legal(country)
    other = country.world.person(one.head.person + 1)
    applicant = Applicant(country, one, representative=other.snils)
    assert applicant.case["missing"] == [
        {
            "kind": "management_power_of_attorney",
            "title": "Доверенность на управление",
            "problem": "absent",
        }
    ]
    body = {"request_id": "add-1", "documents": attached("management_power_of_attorney")}
    assert json.loads(applicant.post("documents", body).body)["status"] == "in_check"
    assert json.loads(applicant.post("documents", body).body)["status"] == "in_check"
    applicant.pass_check().pay()
    identity = {
        "method": "in_person", "series": other.passport.series, "number": other.passport.number,
    }  # fmt: skip
    assert applicant.post("identification", identity).status == 200
    said = subject_of(parsed(applicant.get("certificate.cer").body))
    assert (said.snils, said.title) == (other.snils, "Представитель")


def test_documents_are_awaited_for_thirty_days(country: Country) -> None:
    applicant = Applicant(country, documents=attached("charter", content="0M8R4KGxGuE="))
    assert applicant.case["missing"][0]["problem"] == "wrong_format"
    assert applicant.case["due"] == "2026-03-04T23:59:59.999+03:00"
    tenant = country.tenant()
    tenant.advance(tenant.clock.calendar.midnight(dt.date(2026, 3, 5)) - 1)
    assert applicant.seen()["status"] == "awaiting_documents"
    tenant.advance(1)
    assert applicant.seen()["status"] == "lapsed"
    body = {"request_id": "add-1", "documents": attached("charter")}
    assert refused(applicant.post("documents", body)) == (409, "wrong-state")


@pytest.mark.parametrize("paid", [False, True])
def test_step_that_is_not_made_in_thirty_days_closes_the_application(
    country: Country, paid: bool
) -> None:
    applicant = Applicant(country).pass_check()
    if paid:
        applicant.pay()
    country.tenant().advance(31 * DAY_US)
    assert applicant.seen()["status"] == "lapsed"
    answer = applicant.post("identification", applicant.passport())
    assert refused(answer) == (409, "wrong-state")


def test_same_request_is_filed_once(country: Country) -> None:
    one = active_legal(country)
    body = form(country, one)
    answers = [ask(country, "POST", APPLICATIONS, body) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 200]
    assert answers[0].body == answers[1].body
    other = ask(country, "POST", APPLICATIONS, {**body, "algorithm": "rsa"})
    assert refused(other) == (409, "request-id-taken")
    listed = ask_json(country, "GET", f"{APPLICATIONS}?inn={one.inn}")["applications"]
    assert [case["number"] for case in listed] == ["CERT-2026-000001"]


# --- what is refused at once


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"authority": "nobody"}, (422, "no-such-authority")),
        ({"algorithm": "dsa"}, (422, "invalid")),
        ({"delivery": "post"}, (422, "invalid")),
        ({"code_word": "abc"}, (422, "invalid")),
        ({"head_snils": "11223344596"}, (422, "invalid")),
        ({"inn": "7715970402"}, (422, "bad-inn")),
        ({"ogrn": "1027700132195"}, (422, "ogrn-mismatch")),
        ({"renews": "5"}, (422, "no-such-certificate")),
        ({"delivery": "token"}, (422, "no-request")),
        ({"csr": "nothing"}, (422, "bad-request")),
        ({"csr": "-----BEGIN"}, (422, "bad-request")),
        ({"documents": attached("charter", content="*")}, (422, "bad-base64")),
    ],
)
def test_wrong_application_is_not_filed(
    country: Country, changes: dict[str, Any], error: object
) -> None:
    answer = ask(country, "POST", APPLICATIONS, form(country, active_legal(country), **changes))
    assert refused(answer) == error
    one = active_legal(country)
    assert ask_json(country, "GET", f"{APPLICATIONS}?inn={one.inn}") == {"applications": []}


def test_without_gost_the_refusal_says_what_is_missing(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gost, "unavailable", lambda: "libcrypto has no GOST engine")
    body = form(country, active_legal(country), algorithm="gost")
    assert refused(ask(country, "POST", APPLICATIONS, body)) == (503, "gost-unavailable")


# --- the key


def pem_request(key: Any) -> str:
    builder = CertificateSigningRequestBuilder().subject_name(Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@EACH
def test_key_on_a_token_stays_there(country: Country, algorithm: Any) -> None:
    key = derived_key(algorithm, "token")
    request = base64.b64encode(signing_request(key, SubjectData(common_name="Кто угодно")))
    applicant = Applicant(country, algorithm=algorithm, delivery="token", csr=request.decode())
    applicant.issued()
    certificate = parsed(applicant.get("certificate.cer").body)
    assert public_key(certificate).spki == key.spki
    assert subject_of(certificate).common_name == applicant.organization.short_name
    assert refused(applicant.get("container.pfx")) == (409, "key-not-ours")
    assert json.loads(applicant.post("receipt").body)["history"][-1]["comment"] == (
        "Записан на токен"
    )


def test_request_may_be_pem(country: Country) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    applicant = Applicant(country, csr=pem_request(key))
    applicant.issued()
    numbers = public_key(parsed(applicant.get("certificate.cer").body))
    assert numbers.algorithm == "ecc"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (rsa.generate_private_key(65_537, 1024), "weak-key"),
        (ec.generate_private_key(ec.SECP384R1()), "wrong-algorithm"),
        (rsa.generate_private_key(65_537, 2048), "wrong-algorithm"),
    ],
    ids=["RSA of 1024 bits", "P-384", "RSA where P-256 is applied for"],
)
def test_request_for_another_key_is_refused(country: Country, key: Any, error: str) -> None:
    body = form(country, active_legal(country), csr=pem_request(key))
    assert refused(ask(country, "POST", APPLICATIONS, body)) == (422, error)


def test_request_of_who_does_not_have_the_key_is_refused(country: Country) -> None:
    content = bytearray(signing_request(derived_key("ecc", "a"), SubjectData(common_name="К")))
    content[-1] ^= 1
    csr = base64.b64encode(content).decode()
    body = form(country, active_legal(country), csr=csr)
    assert refused(ask(country, "POST", APPLICATIONS, body)) == (422, "bad-signature")


@EACH
def test_key_of_the_authority_comes_in_a_container(country: Country, algorithm: str) -> None:
    applicant = Applicant(country, algorithm=algorithm)
    applicant.issued()
    certificate = applicant.get("certificate.cer").body
    content = applicant.get("container.pfx?password=1234").body
    if algorithm != "gost":  # cryptography knows no GOST
        key, own, others = pkcs12.load_key_and_certificates(content, b"1234")
        assert key is not None
        assert own is not None
        assert own.public_bytes(Encoding.DER) == certificate
        assert len(others) == 2
    assert applicant.get("certificate.pem").body.count(b"BEGIN CERTIFICATE") == 3
    assert certificate in {each.dump() for each in bundled(applicant.get("certificate.p7b").body)}


# --- the check


def test_registries_are_asked_on_the_day_of_the_check(country: Country) -> None:
    one = active_legal(country)
    applicant = Applicant(country, one)
    end_of(country, one)
    country.tenant().advance(10 * DAY_US)
    case = applicant.seen()
    assert case["status"] == "refused"
    assert [reason["code"] for reason in case["reasons"]] == ["organization_not_active"]
    assert case["history"][-1]["comment"] == "Организация прекратила деятельность"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"head_name": "Другой Человек Иванович"}, "head_mismatch"),
        ({"head_snils": "11223344595"}, "head_snils_mismatch"),
        (
            {
                "representative": "11223344595",
                "documents": attached("charter", "management_power_of_attorney"),
            },
            "no_such_representative",
        ),
    ],
)
def test_data_that_the_registries_do_not_have_are_refused(
    country: Country, changes: dict[str, Any], code: str
) -> None:
    applicant = Applicant(country, **changes)
    country.tenant().advance(10 * DAY_US)
    case = applicant.seen()
    assert case["status"] == "refused"
    assert [reason["code"] for reason in case["reasons"]] == [code]


def test_case_and_yo_do_not_count_in_the_heads_name(country: Country) -> None:
    one = active_legal(country)
    name = str(head(country, one).name).upper()
    assert Applicant(country, one, head_name=name).pass_check().case["reasons"] == []


def test_restricted_passport_is_refused(country: Country) -> None:
    one = active_legal(country)
    applicant = Applicant(country, one)
    changes = {"passport": {"restriction": "lost"}}
    country.tenant().records.change_person(one.head.person, changes)
    country.tenant().advance(10 * DAY_US)
    assert [reason["code"] for reason in applicant.seen()["reasons"]] == ["passport_restricted"]


# --- payment and identification


def test_steps_out_of_turn_say_which_one_is_missing(country: Country) -> None:
    applicant = Applicant(country)
    payment = {"payment_id": "pay-1", "kopecks": PRICE}
    assert refused(applicant.post("payment", payment)) == (409, "wrong-state")
    applicant.pass_check()
    for step in ("identification", "receipt"):
        body = applicant.passport() if step == "identification" else b""
        assert refused(applicant.post(step, body)) == (409, "not-paid")
    assert refused(applicant.get("certificate.cer")) == (409, "not-paid")
    applicant.pay()
    for path in ("certificate.cer", "certificate.pem", "certificate.p7b", "container.pfx"):
        assert refused(applicant.get(path)) == (409, "not-identified")
    assert refused(applicant.post("receipt")) == (409, "not-identified")


def test_payment_is_of_the_price_and_counts_once(country: Country) -> None:
    applicant = Applicant(country).pass_check()
    for kopecks in (PRICE - 1, PRICE + 1):
        answer = applicant.post("payment", {"payment_id": "pay-1", "kopecks": kopecks})
        assert refused(answer) == (422, "wrong-sum")
    applicant.pay().pay()
    other = applicant.post("payment", {"payment_id": "pay-2", "kopecks": PRICE})
    assert refused(other) == (409, "wrong-state")


def test_third_failed_identification_refuses_the_application(country: Country) -> None:
    applicant = Applicant(country).pass_check().pay()
    wrong = {**applicant.passport(), "number": "000001"}
    for _ in range(3):
        assert refused(applicant.post("identification", wrong)) == (422, "identification-failed")
    case = applicant.seen()
    assert (case["status"], case["reasons"][0]["code"]) == ("refused", "not_identified")
    answer = applicant.post("identification", applicant.passport())
    assert refused(answer) == (409, "wrong-state")


def test_passport_that_was_restricted_meanwhile_does_not_identify(country: Country) -> None:
    applicant = Applicant(country).pass_check().pay()
    changes = {"passport": {"restriction": "expired"}}
    person = applicant.organization.head.person
    country.tenant().records.change_person(person, changes)
    answer = applicant.post("identification", applicant.passport())
    assert refused(answer) == (422, "identification-failed")
