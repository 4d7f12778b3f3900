"""ЕСИА: data of people and organizations, as far as scopes open them, in its own field names."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

import mocks
from mocks.core.country import Country
from mocks.esia.service import service
from tests.mocks.asking import ask
from tests.mocks.esia_system import (
    KULAGIN,
    KULAGIN_OID,
    LIQUIDATED_OID,
    SEVERPROM_OGRN,
    SEVERPROM_OID,
    SMIRNOVA_OID,
    TRIUMFINVEST_OID,
    System,
)

PRNS, ORGS = f"/prns/{KULAGIN_OID}", f"/orgs/{SEVERPROM_OID}"
URL = "http://esia.test:8080/esia/rs"
ETAG = re.compile(r"[0-9A-F]{40}")
DENIED = {"code": "ESIA-005029", "message": "SecurityErrorEnum.scopeNotAllowed"}


@pytest.fixture
def system() -> System:
    return System(Country([service], seed=1))


def marker(system: System, scope: str) -> str:
    return str(system.markers(scope=scope)["access_token"])


def own_marker(system: System, *names: str, oid: int = SEVERPROM_OID) -> str:
    scope = " ".join(f"{name}?org_oid={oid}" for name in names)
    return str(json.loads(system.own_markers(scope).body)["access_token"])


def untagged(body: dict[str, Any]) -> dict[str, Any]:
    """`body` without its entity tag, which must be there."""
    assert ETAG.fullmatch(body.pop("eTag"))
    return body


# --- people


def test_whole_account_has_the_fields_of_real_ones(system: System) -> None:
    scope = "openid fullname birthdate birthplace gender snils inn id_doc"
    assert untagged(system.data(PRNS, marker(system, scope))) == {
        "stateFacts": ["EntityRoot"],
        "firstName": "Касьян",
        "lastName": "Кулагин",
        "middleName": "Артёмович",
        "birthDate": "23.02.1996",
        "birthPlace": "г. Тобольск",
        "gender": "M",
        "trusted": True,
        "citizenship": "RUS",
        "snils": "725-593-574 32",
        "inn": system.country.world.person(2).inn,
        "updatedOn": 1_457_913_600,
        "status": "REGISTERED",
        "verifying": False,
        "rIdDoc": 21,
        "containsUpCfmCode": False,
    }


@pytest.mark.parametrize(
    ("scope", "fields"),
    [
        ("openid", []),
        ("fullname", ["firstName", "lastName", "middleName"]),
        ("birthdate", ["birthDate"]),
        ("birthplace", ["birthPlace"]),
        ("gender", ["gender"]),
        ("citizenship", ["citizenship"]),
        ("id_doc", ["citizenship"]),
        ("snils", ["snils"]),
        ("inn", ["inn"]),
    ],
)
def test_each_area_opens_its_fields_and_no_others(
    system: System, scope: str, fields: list[str]
) -> None:
    always = {
        "stateFacts", "trusted", "updatedOn", "status", "verifying", "rIdDoc",
        "containsUpCfmCode", "eTag",
    }  # fmt: skip
    told = system.data(PRNS, marker(system, scope))
    assert [name for name in told if name not in always] == fields


PARTS = {
    "ctts": ("contacts", "fullname"),
    "addrs": ("addresses", "email"),
    "docs": ("id_doc", "contacts"),
    "kids": ("kid_fullname", "fullname"),
    "vhls": ("vehicles", "id_doc"),
    "roles": ("usr_org", "openid"),
    "orgs": ("usr_org", "fullname"),
}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_needs_an_area_of_its_own(system: System, part: str) -> None:
    enough, other = PARTS[part]
    assert system.read(f"{PRNS}/{part}", marker(system, enough)).status == 200
    answer = system.read(f"{PRNS}/{part}", marker(system, other))
    assert (answer.status, json.loads(answer.body)) == (403, DENIED)
    assert answer.header("WWW-Authenticate") == 'Bearer error="insufficient_scope"'


def test_collection_is_links_that_lead_to_its_elements(system: System) -> None:
    opened = marker(system, "contacts id_doc")
    for part in ("ctts", "addrs", "docs"):
        links = untagged(system.data(f"{PRNS}/{part}", opened))
        embedded = untagged(system.data(f"{PRNS}/{part}?embed=(elements)", opened))
        assert links["stateFacts"] == embedded["stateFacts"] == ["hasSize"]
        assert links["size"] == embedded["size"] == len(links["elements"])
        followed = []
        for link in links["elements"]:
            assert link.startswith(f"{URL}{PRNS}/{part}/")
            followed.append(system.data(link.removeprefix(URL), opened))
        assert followed == embedded["elements"]


def test_contacts_are_those_that_were_opened(system: System) -> None:
    mobile = {
        "stateFacts": ["Identifiable"],
        "id": 22,
        "type": "MBT",
        "vrfStu": "VERIFIED",
        "value": "+7(969)6244727",
    }
    email = {**mobile, "id": 23, "type": "EML", "value": "kasian.kulagin.2@post.test"}
    for scope, expected in (
        ("mobile", [mobile]),
        ("email", [email]),
        ("contacts", [mobile, email]),
    ):
        told = system.data(f"{PRNS}/ctts?embed=(elements)", marker(system, scope))
        assert [untagged(each) for each in told["elements"]] == expected
    assert system.read(f"{PRNS}/ctts/22", marker(system, "email")).status == 404


def test_passport_is_the_one_of_the_country_and_restricted_ones_are_not_verified(
    system: System,
) -> None:
    opened = marker(system, "id_doc")
    passport = {
        "stateFacts": ["EntityRoot"],
        "id": 21,
        "type": "RF_PASSPORT",
        "vrfStu": "VERIFIED",
        "series": "7116",
        "number": "576892",
        "issueDate": "14.03.2016",
        "issueId": "720003",
        "issuedBy": "УФМС России по Тюменской области",
    }
    told = system.data(f"{PRNS}/docs?embed=(elements-1)", opened)
    assert [untagged(each) for each in told["elements"]] == [passport]
    records = system.country.tenant().records
    records.change_person(2, {"passport": {"restriction": "lost"}})
    told = system.data(f"{PRNS}/docs?embed=(elements)", opened)
    assert told["elements"][0]["vrfStu"] == "NOT_VERIFIED"


def test_addresses_are_where_one_lives_and_is_registered(system: System) -> None:
    told = system.data(f"{PRNS}/addrs?embed=(elements)", marker(system, "addresses"))
    living, registered = (untagged(each) for each in told["elements"])
    assert living == {
        "stateFacts": ["Identifiable"],
        "id": 24,
        "type": "PLV",
        "addressStr": "626045, Тюменская область, г. Тобольск, ул. Комсомольская, д. 134, кв. 21",
        "countryId": "RUS",
        "zipCode": "626045",
        "region": "Тюменская область",
        "city": "г. Тобольск",
        "street": "ул. Комсомольская",
        "house": "134",
        "flat": "21",
    }
    assert registered == {**living, "id": 25, "type": "PRG"}


def test_roles_are_inline_and_tell_what_one_is_there(system: System) -> None:
    told = system.data(f"{PRNS}/roles", marker(system, "usr_org"))
    assert (told["stateFacts"], told["size"]) == (["hasSize"], 5)
    assert told["elements"][0] == {
        "oid": SEVERPROM_OID,
        "prnOid": KULAGIN_OID,
        "fullName": 'ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "СЕВЕРПРОМ"',
        "shortName": 'ООО "СЕВЕРПРОМ"',
        "ogrn": SEVERPROM_OGRN,
        "type": "LEGAL",
        "chief": True,
        "admin": True,
        "phone": "+7(867)2252926",
        "email": "info@severprom-2.test",
        "active": True,
        "hasRightOfSubstitution": True,
        "hasApprovalTabAccess": False,
        "isLiquidated": False,
    }
    of = {role["oid"]: (role["chief"], role["isLiquidated"]) for role in told["elements"]}
    assert of[LIQUIDATED_OID] == (True, True)
    assert of[TRIUMFINVEST_OID] == (False, False)


def test_organizations_are_links_even_when_elements_are_asked_for(system: System) -> None:
    opened = marker(system, "usr_org")
    for query in ("", "?embed=(elements)"):
        told = system.data(f"{PRNS}/orgs{query}", opened)
        assert told["size"] == 5
        assert told["elements"][0] == f"{URL}{ORGS}"


def test_account_takes_in_the_parts_that_are_asked_for(system: System) -> None:
    """The request that ekapusta/oauth2-esia makes."""
    query = "?embed=(contacts.elements-1,documents.elements,organizations.elements)"
    opened = marker(system, "openid email id_doc usr_org")
    told = system.data(f"{PRNS}{query}", opened)
    for name, part in (("contacts", "ctts"), ("documents", "docs")):
        assert told[name] == system.data(f"{PRNS}/{part}?embed=(elements)", opened)
    assert told["organizations"] == system.data(f"{PRNS}/orgs", opened)
    assert "addresses" not in told
    links = system.data(f"{PRNS}?embed=(contacts)", opened)
    assert links["contacts"] == system.data(f"{PRNS}/ctts", opened)
    assert system.read(f"{PRNS}?embed=(addresses.elements)", opened).status == 403


def test_second_slash_of_an_old_client_is_forgiven(system: System) -> None:
    told = system.data(f"{PRNS}//vhls?embed=(elements)", marker(system, "vehicles"))
    assert (told["size"], told["elements"]) == (0, [])


@pytest.mark.parametrize(
    "oid", [str(SMIRNOVA_OID), "1999999999", "0", "x", "-1", "1" * 40, "١٠٠٠٠٠٠٠٠٢"]
)
def test_nobody_elses_data_are_given(system: System, oid: str) -> None:
    opened = marker(system, "openid contacts")
    for path in (f"/prns/{oid}", f"/prns/{oid}/ctts"):
        answer = system.read(path, opened)
        assert (answer.status, json.loads(answer.body)) == (403, DENIED)


def test_unknown_part_or_element_is_not_found(system: System) -> None:
    opened = marker(system, "contacts")
    for path in (f"{PRNS}/pets", f"{PRNS}/ctts/0", f"{PRNS}/pets/1"):
        assert system.read(path, opened).status == 404
    assert ask(system.country, "GET", f"/esia/rs{PRNS}/pets").status == 401


def test_changes_of_a_record_are_seen_at_once_and_change_the_tag(system: System) -> None:
    opened = marker(system, "fullname")
    before = system.data(PRNS, opened)
    records = system.country.tenant().records
    records.change_person(2, {"name": {"last": "Иванов", "patronymic": None}})
    after = system.data(PRNS, opened)
    assert after["lastName"] == "Иванов"
    assert "middleName" not in after
    assert after["eTag"] != before["eTag"]


def test_person_whom_a_test_has_added_signs_in_and_is_told_about(system: System) -> None:
    records = system.country.tenant().records
    added = records.add_person(
        2,
        {
            "inn": "500100732259",
            "snils": "00100199800",
            "phone": "+79990000001",
            "email": "added@shop.test",
            "passport": {"series": "4509", "number": "000001"},
        },
    )
    assert added.index == -1
    for login in ("001-001-998 00", "+7 (999) 000-00-01", "8 999 000-00-01", "added@shop.test"):
        told = system.markers(login, scope="contacts")
        told = system.data("/prns/999999999/ctts?embed=(elements)", told["access_token"])
        assert [each["value"] for each in told["elements"]][1] == "added@shop.test"
    opened = system.markers("added@shop.test", scope="usr_org")["access_token"]
    assert system.data("/prns/999999999/roles", opened)["size"] == 0
    records.restore()
    assert system.read("/prns/999999999/roles", opened).status == 403


# --- organizations


def test_organization_has_the_fields_of_real_ones(system: System) -> None:
    names = [
        "org_shortname", "org_fullname", "org_type", "org_ogrn", "org_inn", "org_kpp", "org_leg",
        "org_emps", "org_brhs",
    ]  # fmt: skip
    told = untagged(system.data(ORGS, own_marker(system, *names)))
    severprom = system.country.world.organization(2)
    assert told == {
        "stateFacts": ["Identifiable"],
        "oid": SEVERPROM_OID,
        "shortName": 'ООО "СЕВЕРПРОМ"',
        "fullName": 'ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "СЕВЕРПРОМ"',
        "type": "LEGAL",
        "ogrn": SEVERPROM_OGRN,
        "inn": severprom.inn,
        "kpp": severprom.kpp,
        "leg": "12300",
        "staffCount": 1 + len(system.country.world.employees_of(2)),
        "branchesCount": 0,
        "isLiquidated": False,
    }


def test_sole_proprietor_is_a_business_without_kpp(system: System) -> None:
    opened = own_marker(system, "org_type", "org_kpp", "org_leg", oid=1_200_000_003)
    told = untagged(system.data("/orgs/1200000003", opened))
    assert (told["type"], told["leg"], "kpp" in told) == ("BUSINESS", "50102", False)


ORG_PARTS = {
    "ctts": ("org_ctts", "org_addrs"),
    "addrs": ("org_addrs", "org_ctts"),
    "emps": ("org_emps", "org_grps"),
    "grps": ("org_grps", "org_emps"),
    "brhs": ("org_brhs", "org_emps"),
    "vhls": ("org_vhls", "org_inn"),
}


@pytest.mark.parametrize("part", ORG_PARTS)
def test_each_part_of_an_organization_needs_an_area_of_its_own(system: System, part: str) -> None:
    enough, other = ORG_PARTS[part]
    opened = own_marker(system, enough)
    links = untagged(system.data(f"{ORGS}/{part}", opened))["elements"]
    embedded = system.data(f"{ORGS}/{part}?embed=(elements)", opened)["elements"]
    assert [system.data(link.removeprefix(URL), opened) for link in links] == embedded
    answer = system.read(f"{ORGS}/{part}", own_marker(system, other))
    assert (answer.status, json.loads(answer.body)) == (403, DENIED)


def test_marker_of_one_organization_opens_no_other_and_no_person(system: System) -> None:
    opened = own_marker(system, "org_inn", "org_emps")
    for path in (f"/orgs/{TRIUMFINVEST_OID}", f"/orgs/{TRIUMFINVEST_OID}/emps", PRNS, "/orgs/1"):
        assert system.read(path, opened).status == 403
    persons = marker(system, "openid usr_org")
    assert system.read(ORGS, persons).status == 403


def test_employees_are_the_head_and_who_works_there(system: System) -> None:
    opened = own_marker(system, "org_emps", oid=TRIUMFINVEST_OID)
    told = system.data(f"/orgs/{TRIUMFINVEST_OID}/emps?embed=(elements)", opened)["elements"]
    head, *others = told
    assert (head["chief"], [each["chief"] for each in others]) == (True, [False] * len(others))
    kulagin = next(each for each in others if each["prnOid"] == KULAGIN_OID)
    assert untagged(kulagin) == {
        "stateFacts": ["Identifiable"],
        "prnOid": KULAGIN_OID,
        "orgOid": TRIUMFINVEST_OID,
        "chief": False,
        "position": "Бухгалтер",
        "blocked": False,
        "person": {"firstName": "Касьян", "lastName": "Кулагин", "middleName": "Артёмович"},
    }
    contracts = system.country.world.employees_of(26)
    assert {each["prnOid"] - 1_000_000_000 for each in others} == {c.person for c in contracts}


def test_head_alone_is_among_the_administrators(system: System) -> None:
    opened = own_marker(system, "org_grps")
    whole = untagged(system.data(f"{ORGS}/grps?embed=(elements)", opened))["elements"]
    assert [group["grp_id"] for group in whole] == ["ORG_ADMIN"]
    of_head = system.data(f"{ORGS}/emps/{KULAGIN_OID}/grps?embed=(elements)", opened)
    assert of_head["elements"] == whole
    of_other = system.data(f"{ORGS}/emps/{SMIRNOVA_OID}/grps?embed=(elements)", opened)
    assert (of_other["size"], of_other["elements"]) == (0, [])


def test_branches_show_their_addresses_if_those_were_opened(system: System) -> None:
    index = next(n for n in range(2_000) if system.country.world.organization(n).branches)
    organization, oid = system.country.world.organization(index), 1_200_000_000 + index
    bare = own_marker(system, "org_brhs", oid=oid)
    told = system.data(f"/orgs/{oid}/brhs?embed=(elements)", bare)
    branch = organization.branches[0]
    assert untagged(told["elements"][0]) == {
        "stateFacts": ["Identifiable"],
        "id": 1,
        "name": branch.name,
        "kpp": branch.kpp,
    }
    wider = own_marker(system, "org_brhs", "org_brhs_addrs", oid=oid)
    told = system.data(f"/orgs/{oid}/brhs/1", wider)
    assert told["addresses"][0]["addressStr"] == str(branch.address)


def test_change_of_head_changes_roles_at_once(system: System) -> None:
    opened = marker(system, "usr_org")
    tenant = system.country.tenant()
    change = {"head": {"person": SMIRNOVA_OID - 1_000_000_000}}
    tenant.records.change_organization(2, change, tenant.now_us)
    told = system.data(f"{PRNS}/roles", opened)
    assert SEVERPROM_OID not in [role["oid"] for role in told["elements"]]
    theirs = system.markers("96059946769", scope="usr_org")["access_token"]
    (role,) = system.data(f"/prns/{SMIRNOVA_OID}/roles", theirs)["elements"]
    assert (role["oid"], role["chief"]) == (SEVERPROM_OID, True)


def test_links_lead_to_the_host_and_the_tenant_that_was_asked() -> None:
    country = Country([service], seed=1)
    country.create_tenant("qa")
    for tenant, host, expected in (
        ("main", "esia.test", "http://esia.test/esia/rs/"),
        ("qa", "esia.test:81", "http://esia.test:81/qa/esia/rs/"),
        ("main", "esia.gosuslugi.ru", "http://esia.gosuslugi.ru/rs/"),
        ("main", "ESIA.gosuslugi.ru:443", "http://ESIA.gosuslugi.ru:443/rs/"),
    ):
        system = System(country, tenant=tenant)
        opened = system.markers(KULAGIN, scope="usr_org")["access_token"]
        headers = {"Authorization": f"Bearer {opened}", "Host": host}
        answer = ask(country, "GET", f"{system.root}/rs{PRNS}/orgs", headers=headers)
        assert json.loads(answer.body)["elements"][0] == f"{expected}orgs/{SEVERPROM_OID}"


def test_in_process_a_client_finds_everything_at_the_production_host() -> None:
    with mocks.running(services=[service], seed=1) as country:
        query = urlencode(System(country.core).request())
        session = requests.Session()
        page = session.get(f"https://esia.gosuslugi.ru/aas/oauth2/ac?{query}")
        assert page.url.startswith("https://esia.gosuslugi.ru/login/")
        form = {"login": KULAGIN, "password": "poligon", "role": "person", "consent": "yes"}
        back = session.post(page.url, data=form, allow_redirects=False)
        assert back.headers["Location"].startswith("http://127.0.0.1:5000/callback?code=")
        assert [(cookie.name, cookie.path) for cookie in session.cookies] == [("esia_session", "/")]
        again = session.get(f"https://esia.gosuslugi.ru/aas/oauth2/ac?{query}&x=1")
        assert "Как войти?" in again.text
        opened = System(country.core).markers(KULAGIN, scope="contacts")["access_token"]
        session.headers["Authorization"] = f"Bearer {opened}"
        links = session.get(f"https://esia.gosuslugi.ru/rs{PRNS}/ctts").json()["elements"]
        assert links[0].startswith("https://esia.gosuslugi.ru/rs/prns/")
        assert session.get(links[0]).json()["type"] == "MBT"
