"""esia-connector 0.16, unmodified: its whole flow, and what it makes of refusals."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from mocks.core.country import MAIN
from tests.clients.browser import Person, Way
from tests.clients.openssl import needs_openssl
from tests.clients.running import CLIENTS, needs_clients, saw
from tests.clients.stand import OTHER, TENANTS, Stand, standing
from world.records import Person as Record

PROGRAM = Path(__file__).parent / "programs" / "esia_connector_system.py"
CALLBACK = "http://127.0.0.1:5000/esia"
SCOPE = "openid fullname birthdate birthplace gender citizenship snils inn id_doc contacts"
STATE = "a-state"
# Of the country with seed 1: КУЛАГИН heads organizations, СМИРНОВА has no role but her own.
KULAGIN, KULAGIN_SNILS = 2, "72559357432"
SMIRNOVA, SMIRNOVA_SNILS = 6, "96059946769"

# It signs with the openssl command.
pytestmark = [needs_clients, needs_openssl]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made


def settings(stand: Stand, tenant: str = MAIN, system: str = "POLIGON") -> dict[str, str]:
    """What a user writes into the client's settings; `system` is whose key they have."""
    credentials = stand.credentials(system)
    return {
        "esia_client_id": "POLIGON",
        "redirect_uri": CALLBACK,
        "certificate_file": str(credentials.certificate),
        "private_key_file": str(credentials.key),
        "esia_service_url": stand.address("esia", tenant),
        "esia_scope": SCOPE,
        "esia_token_check_key": str(stand.markers_key(tenant)),
    }


def address(given: dict[str, str]) -> str:
    """Where the client sends a person."""
    return str(saw(PROGRAM, python=CLIENTS, settings=given, state=STATE))


def way(stand: Stand, url: str, login: str = KULAGIN_SNILS, **person: Any) -> Way:
    return Person(stand.session(), login, **person).go(url)


def code(stand: Stand, given: dict[str, str]) -> str:
    return way(stand, address(given)).told["code"]


def completed(given: dict[str, str], code: str, **options: Any) -> Any:
    """What the client sees once it has got a code."""
    return saw(PROGRAM, python=CLIENTS, settings=given, state=STATE, code=code, **options)


# --- what it sees


def untagged(seen: Any) -> Any:
    """Without entity tags, which must be there."""
    if isinstance(seen, list):
        return [untagged(each) for each in seen]
    if isinstance(seen, dict):
        assert re.fullmatch("[0-9A-F]{40}", seen["eTag"])
        return {
            name: untagged(value) if name == "elements" else value
            for name, value in seen.items()
            if name != "eTag"
        }
    return seen


def collection(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"stateFacts": ["hasSize"], "size": len(elements), "elements": list(elements)}


def contact(number: int, kind: str, value: str) -> dict[str, Any]:
    state = {"stateFacts": ["Identifiable"], "vrfStu": "VERIFIED"}
    return {**state, "id": number, "type": kind, "value": value}


def addresses(person: Record) -> dict[str, Any]:
    own = person.address
    fields = {
        "stateFacts": ["Identifiable"],
        "addressStr": str(own),
        "countryId": "RUS",
        "zipCode": own.postal_code,
        "region": own.region_name,
        "city": own.locality,
        "street": own.street,
        "house": "134",
        "flat": "21",
    }
    assert (own.house, own.flat) == ("д. 134", "кв. 21")
    return collection({**fields, "id": 24, "type": "PLV"}, {**fields, "id": 25, "type": "PRG"})


@pytest.mark.parametrize("tenant", TENANTS)
def test_whole_flow_tells_the_person_of_the_country(stand: Stand, tenant: str) -> None:
    given = settings(stand, tenant)
    found = way(stand, address(given))
    assert found.headings == ["Вход", "Как войти?", "Предоставить доступ?"]
    assert found.end == f"{CALLBACK}?code={found.told['code']}&state={STATE}"

    seen = completed(given, found.told["code"])

    person = stand.country.world.person(KULAGIN)
    assert seen["oid"] == 1_000_000_002
    assert untagged(seen["main"]) == {
        "stateFacts": ["EntityRoot"],
        "firstName": person.name.first,
        "lastName": person.name.last,
        "middleName": person.name.patronymic,
        "birthDate": "23.02.1996",
        "birthPlace": person.birth_place,
        "gender": "M",
        "trusted": True,
        "citizenship": "RUS",
        "snils": "725-593-574 32",
        "inn": person.inn,
        "updatedOn": 1_457_913_600,  # 14 March 2016, when the passport was issued
        "status": "REGISTERED",
        "verifying": False,
        "rIdDoc": 21,
        "containsUpCfmCode": False,
    }
    assert untagged(seen["contacts"]) == collection(
        contact(22, "MBT", "+7(969)6244727"), contact(23, "EML", person.email)
    )
    assert untagged(seen["addresses"]) == addresses(person)
    assert untagged(seen["documents"]) == collection(
        {
            "stateFacts": ["EntityRoot"],
            "id": 21,
            "type": "RF_PASSPORT",
            "vrfStu": "VERIFIED",
            "series": person.passport.series,
            "number": person.passport.number,
            "issueDate": "14.03.2016",
            "issueId": "720003",
            "issuedBy": person.passport.issued_by,
        }
    )
    assert (person.birth_date.isoformat(), person.snils) == ("1996-02-23", KULAGIN_SNILS)
    assert person.phone == "+79696244727"


def test_person_without_organizations_is_not_asked_for_a_role(stand: Stand) -> None:
    given = settings(stand)
    found = way(stand, address(given), SMIRNOVA_SNILS)
    assert found.headings == ["Вход", "Предоставить доступ?"]
    name = stand.country.world.person(SMIRNOVA).name
    seen = completed(given, found.told["code"])["main"]
    assert (seen["lastName"], seen["firstName"]) == (name.last, name.first)


def test_person_who_has_consented_signs_in_again_without_a_page(stand: Stand) -> None:
    given = settings(stand)
    browser = Person(stand.session(), KULAGIN_SNILS)
    browser.go(address(given))
    again = browser.go(address(given))
    assert again.headings == ["Как войти?"]
    assert completed(given, again.told["code"])["oid"] == 1_000_000_002


def test_flow_goes_over_tls_with_the_authority_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(tmp_path, tls=True) as stand:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stand.trust))
        given = settings(stand)
        assert given["esia_service_url"].startswith("https://")
        assert completed(given, code(stand, given))["oid"] == 1_000_000_002


# --- on the way to a code


def declined(found: Way) -> tuple[str, str, str]:
    """Error, code and state that a person comes back with."""
    told = found.told
    return told["error"], told["error_description"].partition(":")[0], told["state"]


def altered(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    assert set(changes) <= set(given)
    return parts._replace(query=urlencode({**given, **changes})).geturl()


def test_person_who_refuses_comes_back_with_access_denied(stand: Stand) -> None:
    found = way(stand, address(settings(stand)), consents=False)
    assert declined(found) == ("access_denied", "ESIA-007004", STATE)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({"scope": f"{SCOPE} usr_org"}, STATE, id="scope"),
        pytest.param({"state": "another"}, "another", id="state"),
    ],
)
def test_request_altered_after_signing_is_declined(
    stand: Stand, changes: dict[str, str], state: str
) -> None:
    found = way(stand, altered(address(settings(stand)), **changes))
    assert declined(found) == ("access_denied", "ESIA-007053", state)
    assert found.headings == []


def test_key_of_another_system_is_declined(stand: Stand) -> None:
    found = way(stand, address(settings(stand, system="STRANGER")))
    assert declined(found) == ("unauthorized_client", "ESIA-007005", STATE)


def test_key_that_is_not_of_the_certificate_makes_an_empty_signature(stand: Stand) -> None:
    """The openssl command refuses to sign with it, and the client does not look."""
    strange = {"private_key_file": str(stand.credentials("STRANGER").key)}
    url = address({**settings(stand), **strange})
    assert "client_secret=&" in url
    assert declined(way(stand, url)) == ("invalid_request", "ESIA-007014", STATE)


def test_stand_whose_clock_does_not_show_the_real_time_declines(stand: Stand) -> None:
    stand.advance(360)
    found = way(stand, address(settings(stand)))
    assert declined(found) == ("invalid_request", "ESIA-007015", STATE)


def test_address_of_return_that_is_not_registered_is_told_to_the_person(stand: Stand) -> None:
    given = {**settings(stand), "redirect_uri": "https://portal.example.test/esia"}
    answer = stand.session().get(address(given))
    assert answer.status_code == 400
    assert "ESIA-007023" in answer.text


# --- on the way to markers


def refused(seen: Any) -> tuple[str, int, str, str, str]:
    """What was raised, and what the answer says: status, error, code, state."""
    answer = seen["answer"]
    told = answer["error"], answer["error_description"].partition(":")[0], answer["state"]
    return (seen["raised"], seen["status"], *told)


def test_markers_for_the_key_of_another_system_are_refused(stand: Stand) -> None:
    found = code(stand, settings(stand))
    seen = completed(settings(stand, system="STRANGER"), found)
    assert refused(seen) == ("HttpError", 400, "unauthorized_client", "ESIA-007005", STATE)


def test_scope_that_the_code_is_not_for_is_refused(stand: Stand) -> None:
    given = settings(stand)
    seen = completed({**given, "esia_scope": f"{SCOPE} usr_org"}, code(stand, given))
    assert refused(seen) == ("HttpError", 400, "invalid_scope", "ESIA-007006", STATE)


@pytest.mark.parametrize("tenant", TENANTS)
def test_certificate_revoked_meanwhile_is_refused(stand: Stand, tenant: str) -> None:
    given = settings(stand, tenant)
    found = code(stand, given)
    stand.revoke("POLIGON", tenant=tenant)
    seen = completed(given, found)
    assert refused(seen) == ("HttpError", 400, "access_denied", "ESIA-007053", STATE)


def test_certificate_revoked_for_one_tenant_works_for_another(stand: Stand) -> None:
    stand.revoke("POLIGON", tenant=OTHER)
    given = settings(stand)
    assert completed(given, code(stand, given))["oid"] == 1_000_000_002


def test_code_works_once(stand: Stand) -> None:
    given = settings(stand)
    found = code(stand, given)
    assert completed(given, found)["oid"] == 1_000_000_002
    assert refused(completed(given, found))[2:4] == ("invalid_grant", "ESIA-007011")


def test_code_does_not_outlive_its_three_minutes(stand: Stand) -> None:
    given = settings(stand)
    found = code(stand, given)
    stand.advance(180)
    assert refused(completed(given, found))[2:4] == ("invalid_grant", "ESIA-007011")


def test_code_of_another_tenant_is_unknown(stand: Stand) -> None:
    found = code(stand, settings(stand, OTHER))
    assert refused(completed(settings(stand), found))[2:4] == ("invalid_grant", "ESIA-007011")


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        ("wrong_signature", "InvalidSignatureError"),
        ("wrong_issuer", "InvalidIssuerError"),
        ("expired_marker", "ExpiredSignatureError"),
    ],
)
def test_marker_that_a_client_must_refuse_is_refused(
    stand: Stand, fault: str, because: str
) -> None:
    stand.plan("esia", fault, times=1)
    given = settings(stand)
    seen = completed(given, code(stand, given))
    assert seen == {"raised": "IncorrectMarkerError", "because": because}
    assert completed(given, code(stand, given))["oid"] == 1_000_000_002


def test_marker_that_was_not_validated_opens_nothing(stand: Stand) -> None:
    stand.plan("esia", "wrong_signature")
    given = settings(stand)
    seen = completed(given, code(stand, given), validate_token=False)
    message = {"code": "ESIA-005011", "message": "SecurityErrorEnum.invalidToken"}
    assert seen == {"raised": "HttpError", "status": 401, "answer": message}
