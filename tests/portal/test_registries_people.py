"""ЕГРЮЛ, ЕГРИП, ФНС, МВД, the scanner, the bank, video: ports over the real mocks."""

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from portal.ports.bank import BankCustomer, BankReply
from portal.ports.registers import RegisterChange
from portal.ports.unavailable import Unavailable
from portal.ports.video import VideoView
from tests.portal.country_ports import CountryPorts, country_ports, named, tenant_ports
from world.documents import EICAR

NOBODY = "540930590277"  # an ИНН with wrong check digits


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    services = ("egrul", "egrip", "fns", "mvd", "antivirus", "bank", "video_id", "biometry")
    with country_ports(*services) as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


# --- registers


def test_a_legal_entity_is_found_by_both_numbers_in_its_own_register(here: CountryPorts) -> None:
    of, head = here.organization(), here.head()
    found = here.ports.registers.find("legal", of.ogrn)
    assert found == here.ports.registers.find("legal", of.inn)
    assert found is not None
    assert (found.inn, found.kpp, found.full_name) == (of.inn, of.kpp, of.full_name)
    assert (found.address, found.registered) == (str(of.address), of.registered)
    assert (found.head_name, found.head_inn) == (str(head.name), head.inn)
    assert (found.standing, found.capital_kopecks) == ("active", of.capital_kopecks)
    assert here.ports.registers.find("sole_proprietor", of.inn) is None


def test_a_proprietor_is_their_own_head_without_kpp_and_capital(here: CountryPorts) -> None:
    index = next(i for i in range(50) if here.organization(i).kind == "sole_proprietor")
    of = here.organization(index)
    found = here.ports.registers.find("sole_proprietor", of.ogrn)
    assert found is not None
    assert (found.kpp, found.capital_kopecks, found.branches) == (None, None, ())
    assert found.head_inn == found.inn == of.inn


@pytest.mark.parametrize("number", ["", "123", "../../fns", "1027700132195", "ОГРН"])
def test_of_a_number_that_nobody_has_there_is_no_record(here: CountryPorts, number: str) -> None:
    assert here.ports.registers.find("legal", number) is None


def test_changes_come_after_the_number_that_is_known(here: CountryPorts) -> None:
    of = here.organization()
    for name in ("А", "Б"):
        here.tenant.records.change_organization(0, {"full_name": name})
    told = [RegisterChange(number, "legal", of.ogrn, of.inn, ("full_name",)) for number in (1, 2)]
    assert here.ports.registers.changes("legal", 0) == told
    assert here.ports.registers.changes("legal", 1) == told[1:]
    assert here.ports.registers.changes("sole_proprietor", 0) == []


def test_a_record_that_cannot_be_given_now_is_no_missing_one(here: CountryPorts) -> None:
    here.fails("egrul", "withheld")
    with pytest.raises(Unavailable):
        here.ports.registers.find("legal", here.organization().ogrn)


# --- ФНС and МВД


def test_a_person_is_who_they_say(here: CountryPorts) -> None:
    head = here.head()
    assert here.ports.fns.check_person(named(head), head.inn) == ("match", ())
    other = replace(named(head), first_name="Иван", birth_date=dt.date(1970, 1, 1))
    verdict, fields = here.ports.fns.check_person(other, head.inn)
    assert (verdict, sorted(fields)) == ("mismatch", ["birth_date", "first_name"])
    assert here.ports.fns.check_person(named(head), NOBODY) == ("not_found", ())


def test_an_account_is_the_organizations_or_not(here: CountryPorts) -> None:
    own, other = here.organization().account, here.organization(1).account
    inn = here.organization().inn
    assert here.ports.fns.check_account(inn, own.bik, own.number) is True
    assert here.ports.fns.check_account(inn, other.bik, other.number) is False
    assert here.ports.fns.check_account(inn, own.bik, own.number[:-1]) is False
    assert here.ports.fns.check_account("7707083893", own.bik, own.number) is False


def test_a_passport_is_good_restricted_anothers_or_nobodys(here: CountryPorts) -> None:
    head = here.head()
    passport = head.passport

    def checked(**changes: Any) -> tuple[str, list[str]]:
        asked = {"series": passport.series, "number": passport.number, "issued": passport.issued}
        verdict, fields = here.ports.mvd.check_passport(named(head), **{**asked, **changes})
        return verdict, sorted(fields)

    assert checked() == ("valid", [])
    assert checked(issued=dt.date(2001, 1, 1)) == ("mismatch", ["issued"])
    assert checked(number="12") == ("not_found", [])
    here.tenant.records.change_person(head.index, {"passport": {"restriction": "lost"}})
    assert checked() == ("lost", [])


def test_a_code_of_authority_goes_through_the_head(here: CountryPorts) -> None:
    of, head = here.organization(), here.head()
    fns = here.ports.fns
    number = fns.ask_authority_code("r-1", of.inn, of.ogrn, here.head(1).inn)
    assert number is not None
    assert fns.ask_authority_code("r-1", of.inn, of.ogrn, here.head(1).inn) == number
    code = here.tenant.inbox(head.inn)[0].fields["code"]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert [fns.confirm_authority(number, each) for each in ("12", wrong, code, wrong)] == [
        "wrong_code",
        "wrong_code",
        "confirmed",
        "closed",
    ]


@pytest.mark.parametrize(("inn", "representative"), [("7707083893", None), (None, NOBODY)])
def test_nobody_gets_a_code_for_who_is_not_known(
    here: CountryPorts, inn: str | None, representative: str | None
) -> None:
    of = here.organization()
    asked = here.ports.fns.ask_authority_code(
        "r-1", inn or of.inn, of.ogrn, representative or here.head(1).inn
    )
    assert asked is None


# --- the scanner


def test_a_virus_is_named_and_a_clean_file_passes(here: CountryPorts) -> None:
    assert here.ports.antivirus.scan("устав.pdf", b"%PDF-1.7") is None
    assert here.ports.antivirus.scan("устав.pdf", EICAR) == "EICAR-Test-File"


def test_a_file_that_no_engine_has_looked_at_does_not_pass(here: CountryPorts) -> None:
    here.fails("antivirus", "engine_error")
    with pytest.raises(Unavailable, match="SERVER_ERROR"):
        here.ports.antivirus.scan("устав.pdf", b"%PDF-1.7")


# --- the bank


def begun(here: CountryPorts) -> str:
    account = here.organization().account
    hint = f"account:{account.bik}:{account.number}:{here.organization().inn}"
    number = here.ports.bank.begin("b-1", hint)
    assert number is not None
    return number


def customer_does(here: CountryPorts, number: str, what: str) -> None:
    address = f"{here.tenant.url}/bank/app/requests/{number}/{what}"
    requests.post(address, timeout=5).raise_for_status()


def test_a_customer_who_confirms_is_vouched_for(here: CountryPorts) -> None:
    number = begun(here)
    assert here.ports.bank.answer(number) == BankReply(answer="waiting")
    customer_does(here, number, "confirm")
    of, head = here.organization(), here.head()
    customer = BankCustomer(inn=of.inn, ogrn=of.ogrn, name=str(head.name), phone=head.phone)
    assert here.ports.bank.answer(number) == BankReply(answer="confirmed", customer=customer)


def test_a_customer_who_declines_or_waits_too_long_has_declined(here: CountryPorts) -> None:
    number = begun(here)
    customer_does(here, number, "decline")
    assert here.ports.bank.answer(number) == BankReply(answer="declined")
    later = begun(here)
    here.tenant.clock.advance("301s")
    assert here.ports.bank.answer(later) == BankReply(answer="declined")


def test_nobody_is_asked_whom_the_bank_does_not_know(here: CountryPorts) -> None:
    assert here.ports.bank.begin("b-1", "card:2200000000000000") is None


def test_a_statement_that_another_key_has_signed_is_not_believed(here: CountryPorts) -> None:
    here.fails("bank", "wrong_signature")
    number = begun(here)
    customer_does(here, number, "confirm")
    with pytest.raises(Unavailable, match="makes no sense"):
        here.ports.bank.answer(number)


# --- video


def test_a_conversation_ends_as_the_operator_decides(here: CountryPorts) -> None:
    head = here.head()
    video = here.ports.video
    session = video.begin("v-1", named(head), head.snils)
    assert video.begin("v-1", named(head), head.snils) == session
    assert video.view(session.number) == VideoView(state="waiting")
    shown = {
        "face": head.snils,
        "liveness": "live",
        "passport_series": head.passport.series,
        "passport_number": head.passport.number,
    }
    address = f"{here.tenant.url}{session.address}"
    joined = requests.post(address, json={"consent": False, "shown": shown}, timeout=5)
    assert joined.status_code in (200, 202), joined.text
    here.tenant.clock.advance("1h")
    assert video.view(session.number) == VideoView(state="refused", reason="no_consent")


def test_who_does_not_come_to_a_conversation_is_refused(here: CountryPorts) -> None:
    head = here.head()
    session = here.ports.video.begin("v-1", named(head), head.snils)
    here.tenant.clock.advance("2h")
    assert here.ports.video.view(session.number) == VideoView(state="refused", reason="no_show")


# --- all of them


CALLS: dict[str, Callable[[CountryPorts], object]] = {
    "egrul": lambda here: here.ports.registers.find("legal", here.organization().ogrn),
    "egrip": lambda here: here.ports.registers.changes("sole_proprietor", 0),
    "fns": lambda here: here.ports.fns.check_person(named(here.head()), here.head().inn),
    "mvd": lambda here: here.ports.mvd.check_passport(
        named(here.head()), "5098", "707945", dt.date(1998, 4, 2)
    ),
    "antivirus": lambda here: here.ports.antivirus.scan("a.pdf", b"x"),
    "bank": lambda here: here.ports.bank.begin("b-1", "card:2200000000000000"),
    "video_id": lambda here: here.ports.video.begin("v-1", named(here.head()), here.head().snils),
}


@pytest.mark.parametrize("service", CALLS)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "outage"},
        {"kind": "delay", "delay": {"constant": "1h"}},
        {"kind": "malformed"},
        {"kind": "truncated"},
        {"kind": "reset"},
        {"kind": "error", "status": 503, "retry_after": "60s"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_a_service_that_fails_is_unavailable_and_never_an_answer(
    here: CountryPorts, service: str, fault: dict[str, Any]
) -> None:
    match = {} if fault["kind"] == "outage" else {"match": {"path": "/*"}}
    here.fails(service, **{**fault, **match})
    with pytest.raises(Unavailable) as failure:
        CALLS[service](here)
    assert failure.value.system == service
    assert failure.value.retry_after_s == (60 if fault["kind"] == "error" else None)


# --- biometry


def sample(here: CountryPorts, snils: str, challenge: str, quality: str = "good") -> bytes:
    """What a camera takes of the person."""
    answer = requests.post(
        f"{here.tenant.url}/biometry/v1/people/{snils}/samples",
        json={"modality": "face", "challenge": challenge, "quality": quality},
        timeout=10,
    )
    return base64.b64decode(answer.json()["sample"])


def enrol(here: CountryPorts, snils: str) -> None:
    """The person has come to a bank, which has taken their template."""
    address = f"{here.tenant.url}/biometry/v1"
    asked = {"snils": snils, "purpose": "enrolment"}
    challenge = requests.post(f"{address}/challenges", json=asked, timeout=10).json()["challenge"]
    form = {
        "request_id": "e-1",
        "snils": snils,
        "level": "confirmed",
        "consent": True,
        "challenge": challenge,
        "samples": {"face": base64.b64encode(sample(here, snils, challenge)).decode()},
    }
    requests.post(f"{address}/templates", json=form, timeout=10).raise_for_status()


def test_a_face_is_the_persons_anothers_or_nobodys(here: CountryPorts) -> None:
    one, other = here.country.world.person(1).snils, here.country.world.person(2).snils
    biometry = here.ports.biometry

    def verdict(of: str, number: int, **changes: str) -> str:
        challenge = biometry.challenge(one) or ""
        taken = sample(here, of, changes.get("taken_for", challenge))
        return biometry.verify(f"v-{number}", one, challenge, {"face": taken})

    assert biometry.challenge("12345678901") is None
    assert verdict(one, 1) == "no_template"
    enrol(here, one)
    assert verdict(one, 2) == "match"
    assert verdict(other, 3) == "no_match"
    assert verdict(one, 4, taken_for="another challenge") == "not_alive"
    assert biometry.verify("v-5", one, "none", {"face": sample(here, one, "none")}) == (
        "no_challenge"
    )
    challenge = biometry.challenge(one) or ""
    assert biometry.verify("v-6", one, challenge, {"face": b"no picture"}) == "no_sample"
    assert [verdict(other, number) for number in range(7, 12)][-1] == "locked"


def test_silent_biometry_is_unavailable(here: CountryPorts) -> None:
    here.fails("biometry", "error", status=503)
    with pytest.raises(Unavailable):
        here.ports.biometry.challenge(here.country.world.person(1).snils)
