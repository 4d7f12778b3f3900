"""Certificates after their issue: reissued, held, revoked; identification by signature; faults."""

import base64
from typing import Any

import pytest

from mocks.ca.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.pki.authorities import Authorities
from signatures.certificates import SubjectData, fingerprint, parsed, subject_of
from signatures.cms import sign
from signatures.keys import derived_key
from signatures.revocation import Revocation
from signatures.signing_requests import signing_request
from tests.mocks.agencies import DAY_US, active_legal, plan
from tests.mocks.asking import ask, ask_json
from tests.mocks.ca_applicant import APPLICATIONS, Applicant, attached, form, refused, verdict
from world.identifiers import is_valid_legal_inn

KEY = derived_key("ecc", "token")
CSR = base64.b64encode(signing_request(KEY, SubjectData(common_name="Ким"))).decode()
CERTIFICATES = "/ca/v1/certificates"
OWNER = {"by": "owner", "code_word": "ромашка"}
AUTHORITY = {"by": "authority"}


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def owner(country: Country, **changes: Any) -> Applicant:
    """An organization that has got a certificate of KEY."""
    applicant = Applicant(country, csr=CSR, **changes)
    applicant.issued()
    return applicant


def order(country: Country, applicant: Applicant, act: str, body: object) -> Any:
    url = f"{CERTIFICATES}/{applicant.case['certificate']}/{act}"
    return ask(country, "POST", url, body)


def done(country: Country, applicant: Applicant, act: str, body: object) -> str:
    url = f"{CERTIFICATES}/{applicant.case['certificate']}/{act}"
    return str(ask_json(country, "POST", url, body)["status"])


# --- identification by a signature


def identified(country: Country, applicant: Applicant, signer: Applicant, text: str) -> Any:
    """The answer to a signature over `text` by the certificate of `signer`."""
    certificate = parsed(signer.get("certificate.cer").body)
    now = country.tenant().clock.local()
    message = base64.b64encode(sign(text.encode(), KEY, certificate, at=now)).decode()
    body = {"method": "signature", "signature": message}
    return applicant.post("identification", body)


def test_holder_of_a_good_certificate_is_identified_by_it(country: Country) -> None:
    first = owner(country)
    again = Applicant(country, request_id="portal-2", csr=CSR, renews=first.case["certificate"])
    again.pass_check().pay()
    answer = identified(country, again, first, again.case["number"])
    assert answer.status == 200, answer.body.decode()
    case = again.seen()
    assert (case["status"], case["identified_by"]) == ("issued", "signature")
    assert case["renews"] == first.case["certificate"]
    for each in (first, again):
        assert verdict(country, each.get("certificate.cer").body) == "good"


@pytest.mark.parametrize("spoil", ["text", "revoked", "certificate", "base64"])
def test_signature_that_is_not_good_does_not_identify(country: Country, spoil: str) -> None:
    first = owner(country)
    again = Applicant(country, request_id="portal-2").pass_check().pay()
    if spoil == "revoked":
        done(country, first, "revocation", OWNER)
    text = "другое" if spoil == "text" else again.case["number"]
    if spoil in ("text", "revoked"):
        answer = identified(country, again, first, text)
    else:
        content = "*" if spoil == "base64" else base64.b64encode(b"nothing").decode()
        answer = again.post("identification", {"method": "signature", "signature": content})
    expected = "bad-base64" if spoil == "base64" else "identification-failed"
    assert refused(answer) == (422, expected)
    assert again.seen()["status"] == "awaiting_identification"


def test_signature_of_somebody_else_does_not_identify(country: Country) -> None:
    one = active_legal(country)
    other = country.world.person(one.head.person + 1)
    applicant = Applicant(
        country, one, representative=other.snils,
        documents=attached("charter", "management_power_of_attorney"),
    )  # fmt: skip
    applicant.pass_check().pay()
    signer = owner(country, request_id="portal-2")
    answer = identified(country, applicant, signer, applicant.case["number"])
    assert refused(answer) == (422, "identification-failed")


# --- the end of a certificate


def test_certificate_is_shown_with_its_status(country: Country) -> None:
    applicant = owner(country)
    certificate = parsed(applicant.get("certificate.cer").body)
    one = applicant.organization
    shown = ask_json(country, "GET", f"{CERTIFICATES}/{applicant.case['certificate']}")
    assert shown == {
        "serial": applicant.case["certificate"],
        "authority": "north",
        "algorithm": "ecc",
        "owner": one.short_name,
        "inn": one.inn,
        "ogrn": one.ogrn,
        "snils": subject_of(certificate).snils,
        "valid_from": "2026-02-12T10:00:00.000+03:00",
        "valid_until": "2027-05-14T10:00:00.000+03:00",
        "fingerprint": fingerprint(certificate),
        "status": "valid",
        "status_title": "Действует",
        "since": None,
        "reason": None,
    }
    listed = ask_json(country, "GET", f"{CERTIFICATES}?inn={one.inn}")["certificates"]
    assert listed == [shown]
    country.tenant().advance(456 * DAY_US)
    shown = ask_json(country, "GET", f"{CERTIFICATES}/{applicant.case['certificate']}")
    assert shown["status"] == "valid"
    country.tenant().advance(1)
    shown = ask_json(country, "GET", f"{CERTIFICATES}/{applicant.case['certificate']}")
    assert (shown["status"], shown["status_title"]) == ("expired", "Срок действия истёк")


@pytest.mark.parametrize("by", [OWNER, AUTHORITY], ids=["owner", "authority"])
def test_certificate_is_held_let_work_again_and_revoked(
    country: Country, by: dict[str, str]
) -> None:
    applicant = owner(country)
    content = applicant.get("certificate.cer").body
    told = []
    for act in ("hold", "release", "hold", "revocation"):
        country.tenant().advance(DAY_US)
        told.append((done(country, applicant, act, by), verdict(country, content)))
    assert told == [
        ("on_hold", "on-hold"), ("valid", "good"), ("on_hold", "on-hold"), ("revoked", "revoked"),
    ]  # fmt: skip


def test_revocation_has_its_reason_and_reaches_the_lists(country: Country) -> None:
    applicant = owner(country)
    done(country, applicant, "revocation", {**OWNER, "reason": "key_compromise"})
    tenant = country.tenant()
    serial = int(applicant.case["certificate"], 16)
    status = tenant.state(Authorities).status(("north", "ecc"), serial, tenant.now_us)
    assert status == Revocation(serial, tenant.clock.local(), "key_compromise")


@pytest.mark.parametrize(
    ("acts", "error"),
    [
        (["revocation", "revocation"], "already-revoked"),
        (["revocation", "hold"], "already-revoked"),
        (["hold", "hold"], "already-on-hold"),
        (["release"], "not-on-hold"),
        (["revocation", "release"], "not-on-hold"),
    ],
)
def test_order_that_changes_nothing_is_refused(
    country: Country, acts: list[str], error: str
) -> None:
    applicant = owner(country)
    for act in acts[:-1]:
        done(country, applicant, act, AUTHORITY)
    assert refused(order(country, applicant, acts[-1], AUTHORITY)) == (409, error)


def test_code_word_that_is_wrong_three_times_leaves_it_to_the_authority(country: Country) -> None:
    applicant = owner(country)
    wrong = {"by": "owner", "code_word": "лютик"}
    for body in (wrong, {"by": "owner"}):
        assert refused(order(country, applicant, "hold", body)) == (403, "wrong-code-word")
    assert done(country, applicant, "hold", OWNER) == "on_hold"
    for _ in range(3):
        assert refused(order(country, applicant, "release", wrong)) == (403, "wrong-code-word")
    assert refused(order(country, applicant, "release", OWNER)) == (403, "code-word-locked")
    assert done(country, applicant, "release", AUTHORITY) == "valid"


def test_certificate_of_a_system_is_the_authoritys_to_revoke(country: Country) -> None:
    content = ask(country, "GET", "/ca/v1/systems/POLIGON/ecc/certificate.pem").body
    url = f"{CERTIFICATES}/{parsed(content).serial_number:x}/revocation"
    assert refused(ask(country, "POST", url, OWNER)) == (403, "no-code-word")
    assert ask_json(country, "POST", url, AUTHORITY)["status"] == "revoked"
    assert verdict(country, content) == "revoked"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, (422, "invalid")),
        ({"by": "court"}, (422, "invalid")),
        ({"by": "authority", "reason": "certificate_hold"}, (422, "invalid")),
    ],
)
def test_wrong_order_is_refused(country: Country, body: object, error: object) -> None:
    assert refused(order(country, owner(country), "revocation", body)) == error


@pytest.mark.parametrize("serial", ["1", "zz", "1" * 41])
def test_certificate_that_was_never_issued_is_not_found(country: Country, serial: str) -> None:
    for answer in (
        ask(country, "GET", f"{CERTIFICATES}/{serial}"),
        ask(country, "POST", f"{CERTIFICATES}/{serial}/hold", AUTHORITY),
    ):
        assert refused(answer) == (404, "no-such-certificate")


def test_certificate_of_another_organization_cannot_be_renewed(country: Country) -> None:
    first = owner(country)
    other = next(
        one
        for one in map(country.world.organization, range(500))
        if one.kind == "legal" and one.standing == "active" and one.inn != first.organization.inn
    )
    body = form(country, other, renews=first.case["certificate"])
    assert refused(ask(country, "POST", APPLICATIONS, body)) == (422, "no-such-certificate")


# --- faults


def test_lost_case_is_overdue_and_never_checked(country: Country) -> None:
    plan(country, "ca", "lost_case")
    applicant = Applicant(country)
    country.tenant().advance(60 * DAY_US)
    case = applicant.seen()
    assert (case["status"], case["overdue"]) == ("in_check", True)


def test_false_refusal_has_no_ground(country: Country) -> None:
    plan(country, "ca", "false_refusal", times=1)
    first, second = Applicant(country), Applicant(country, request_id="portal-2")
    country.tenant().advance(10 * DAY_US)
    reasons = [{"code": "not_confirmed", "text": "Сведения не подтверждены"}]
    assert first.seen()["reasons"] == reasons
    assert second.seen()["status"] == "awaiting_payment"


def test_wrong_inn_in_a_certificate_is_another_right_one(country: Country) -> None:
    """CERT-04 is what must find it out: the certificate itself is good."""
    plan(country, "ca", "wrong_inn")
    applicant = owner(country)
    content = applicant.get("certificate.cer").body
    said = subject_of(parsed(content))
    assert said.legal_inn is not None
    assert is_valid_legal_inn(said.legal_inn)
    assert said.legal_inn != applicant.organization.inn
    assert said.ogrn == applicant.organization.ogrn
    assert verdict(country, content) == "good"


def test_outage_only_delays_the_check(country: Country) -> None:
    applicant = Applicant(country)
    fault = {"id": "down", "service": "ca", "kind": "outage", "for": "2d"}
    country.tenant().plan_fault(Fault.model_validate(fault))
    country.tenant().advance(5 * DAY_US)
    assert applicant.seen()["history"][-1]["at"] > "2026-02-04T10:00:00"
    assert applicant.case["status"] == "awaiting_payment"
