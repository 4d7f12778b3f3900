"""ЕГРЮЛ: which requests it answers and how it refuses the others, in XML and JSON."""

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.xml import parsed
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import UL, at, legal_request, new_country, one, organizations
from world import identifiers


@pytest.fixture
def country() -> Country:
    return new_country()


# --- requests -------------------------------------------------------------------------------------


def test_unknown_numbers_are_answered_with_code_01(country: Country) -> None:
    nobody = identifiers.legal_inn("990112345")
    answer = ask(country, "POST", "/egrul/smev", legal_request(f"<ИННЮЛ>{nobody}</ИННЮЛ>", "номер"))
    assert answer.status == 200
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ns1:FNSVipULResponse xmlns:ns1="{UL}" '
        'xmlns:fnst="urn://x-artefacts-fns/vipul-types/4.0.6" ИдДок="номер">'
        "<ns1:КодОбр>01</ns1:КодОбр></ns1:FNSVipULResponse>"
    )


def test_a_sole_proprietor_is_not_in_it_under_any_number(country: Country) -> None:
    record = one(country, "sole_proprietor")
    for number in (record.inn, record.ogrn):
        answer = ask(country, "GET", f"/egrul/v1/organizations/{number}")
        assert (answer.status, b"bad-number" in answer.body) == (422, True)
        for name in ("ОГРН", "ИННЮЛ"):
            document = legal_request(f"<{name}>{number}</{name}>")
            assert rejection(country, document)[:2] == (400, "FAILURE")


INN = "<ИННЮЛ>7707083893</ИННЮЛ>"

OGRN = "<ОГРН>1027700132195</ОГРН>"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("<a/>", "xml-wrong-root"),
        ("<FNSVipULRequest ИдДок='1'/>", "xml-wrong-root"),
        (f"<FNSVipULResponse xmlns='{UL}' ИдДок='1'/>", "xml-wrong-root"),
        (f"<FNSVipULRequest xmlns='{UL}'/>", "xml-invalid: FNSVipULRequest/@ИдДок"),
        (f"<FNSVipULRequest xmlns='{UL}' ИдДок='1'/>", "xml-invalid: FNSVipULRequest"),
        (legal_request(""), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request(OGRN + INN), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request(INN + INN), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request("<ИНН>7707083893</ИНН>"), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request("текст" + INN), "xml-invalid: FNSVipULRequest/ЗапросЮЛ"),
        (legal_request("<ИННЮЛ><b/></ИННЮЛ>"), "xml-invalid: FNSVipULRequest/ЗапросЮЛ/ИННЮЛ"),
        (legal_request(INN, ""), "xml-invalid: FNSVipULRequest/@ИдДок"),
        (legal_request(INN, "и" * 37), "xml-invalid: FNSVipULRequest/@ИдДок"),
        (legal_request(INN).replace("ИдДок", "Ид='1' ИдДок"), "xml-invalid: FNSVipULRequest/@Ид"),
        (legal_request(INN).replace("3893", "3894"), "bad-check-digit"),
        (legal_request(OGRN).replace("2195", "2196"), "bad-check-digit"),
        (legal_request(OGRN).replace("2195", "219"), "bad-check-digit"),
        (legal_request(OGRN).replace(">1027", "> 1027"), "bad-check-digit"),
        ("<!DOCTYPE a><a/>", "xml-doctype"),
        ("не XML", "xml-malformed"),
    ],
    ids=str,
)
def test_wrong_requests_are_rejected_with_their_reason(
    country: Country, document: str, expected: str
) -> None:
    status, reason, description = rejection(country, document)
    unknown = expected == "xml-wrong-root"
    assert (status, reason) == (400, "UNKNOWN_REQUEST_DESCRIPTION" if unknown else "FAILURE")
    assert description is not None
    assert description.startswith(f"{expected}:")


def test_the_longest_id_a_case_number_and_comments_are_accepted(country: Country) -> None:
    record = one(country, "legal")
    number = f"<!-- кто --><ОГРН>{record.ogrn}</ОГРН>"
    document = legal_request(number, "и" * 36).replace("ИдДок", "НомерДела='А40-1/2026' ИдДок")
    found = parsed(ask(country, "POST", "/egrul/smev", document).body)
    assert at(found, "СвЮЛ")["ОГРН"] == record.ogrn


# --- JSON -----------------------------------------------------------------------------------------


def test_json_says_what_the_record_says(country: Country) -> None:
    record = next(organizations(country, lambda each: len(each.branches) == 1))
    head = country.world.person(record.head.person)
    branch = record.branches[0]
    found = ask_json(country, "GET", f"/egrul/v1/organizations/{record.inn}")
    assert found == {
        "ogrn": record.ogrn,
        "inn": record.inn,
        "kpp": record.kpp,
        "full_name": record.full_name,
        "short_name": record.short_name,
        "standing": record.standing,
        "registered": record.registered.isoformat(),
        "closed": record.closed and record.closed.isoformat(),
        "address": {
            "text": str(record.address),
            "postal_code": record.address.postal_code,
            "region": record.address.region,
        },
        "tax_office": {"code": record.inn[:4], "name": found["tax_office"]["name"]},
        "head": {
            "name": str(head.name),
            "inn": head.inn,
            "position": record.head.position,
            "since": record.head.since.isoformat(),
        },
        "capital_kopecks": record.capital_kopecks,
        "founders": [
            {
                "name": str(country.world.person(founder.person).name),
                "inn": country.world.person(founder.person).inn,
                "share_kopecks": founder.share_kopecks,
            }
            for founder in record.founders
        ],
        "branches": [
            {
                "number": 1,
                "name": branch.name,
                "kpp": branch.kpp,
                "address": {
                    "text": str(branch.address),
                    "postal_code": branch.address.postal_code,
                    "region": branch.address.region,
                },
            }
        ],
        "activities": found["activities"],
        "as_of": "2026-02-02",
    }
    assert [each["code"] for each in found["activities"]] == list(record.okved)
    assert ask_json(country, "GET", f"/egrul/v1/organizations/{record.ogrn}") == found


@pytest.mark.parametrize(
    ("number", "status", "error"),
    [
        (identifiers.legal_inn("990112345"), 404, "no-such-organization"),
        (identifiers.ogrn("126990000001"), 404, "no-such-organization"),
        ("7707083894", 422, "bad-number"),
        ("770708389", 422, "bad-number"),
        ("abc", 422, "bad-number"),
    ],
)
def test_json_refuses_unknown_and_wrong_numbers(
    country: Country, number: str, status: int, error: str
) -> None:
    answer = ask(country, "GET", f"/egrul/v1/organizations/{number}")
    assert answer.status == status
    assert f'"error":"{error}"' in answer.body.decode()


def rejection(country: Country, document: str) -> tuple[int, str | None, str | None]:
    """HTTP status, reason code and reason of a request that is refused."""
    answer = ask(country, "POST", "/egrul/smev", document)
    root = parsed(answer.body)
    assert etree.QName(root).localname == "RequestRejected"
    return (
        answer.status,
        root.findtext("{*}RejectionReasonCode"),
        root.findtext("{*}RejectionReasonDescription"),
    )
