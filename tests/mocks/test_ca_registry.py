"""The register of authorities and roots: its list, its changes, what certificates make of them."""

import base64
import json
from typing import Any

import pytest
from asn1crypto import pem
from lxml import etree

from mocks.ca_registry.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities
from signatures import xmldsig
from signatures.certificates import Certificate, fingerprint, parsed, serial_of
from signatures.refusals import SignatureRefused
from signatures.verification import Trust, check
from tests.mocks.asking import ask, ask_json
from tests.signatures.needs_gost import ALGORITHMS
from world.identifiers import is_valid_legal_inn, is_valid_ogrn

DAY_US = 86_400_000_000
LIST = "/ca_registry/CA/DownloadTSL"
REASON = {"reason": "Приказ"}


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def outdated(**options: Any) -> Country:
    fault = {"id": "old", "service": "ca_registry", "kind": "outdated_roots", **options}
    return Country([service], seed=1, faults=[Fault.model_validate(fault)])


def downloaded(country: Country, path: str = LIST) -> etree._Element:
    answer = ask(country, "GET", path)
    assert answer.status == 200
    return etree.fromstring(answer.body)


def post(country: Country, path: str, body: object = REASON) -> Answer:
    return ask(country, "POST", f"/ca_registry/v1/{path}", body)


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["error"]


def texts(root: etree._Element, path: str) -> list[str]:
    return [each.text or "" for each in root.findall(path)]


def verdict(country: Country, certificate: Certificate) -> str:
    tenant = country.tenant()
    try:
        tenant.state(Authorities).check(certificate, tenant.now_us)
    except SignatureRefused as refusal:
        return refusal.code
    return "good"


def roots(country: Country, algorithm: str) -> list[Certificate]:
    body = ask(country, "GET", f"/ca_registry/v1/roots/{algorithm}.pem").body
    return [parsed(der) for _, _, der in pem.unarmor(body, multiple=True)]


def test_list_is_read_as_clients_of_the_real_one_read_it(country: Country) -> None:
    root = downloaded(country)
    assert root.tag == "АккредитованныеУдостоверяющиеЦентры"
    assert texts(root, "Версия") == ["10000"]
    assert texts(root, "Дата") == ["2026-02-02T00:00:00+03:00"]
    centers = root.findall("УдостоверяющийЦентр")
    assert [each.findtext("СтатусАккредитации/Статус") for each in centers] == ["Действует"] * 4
    key = "ПрограммноАппаратныеКомплексы/ПрограммноАппаратныйКомплекс/КлючиУполномоченныхЛиц/Ключ"
    north = centers[0]
    assert [each.tag for each in north] == [
        "Название", "ЭлектроннаяПочта", "КраткоеНазвание", "АдресСИнформациейПоУЦ", "Адрес",
        "ПрограммноАппаратныеКомплексы", "ИНН", "ОГРН", "РеестровыйНомер", "СтатусАккредитации",
        "ИсторияСтатусовАккредитации",
    ]  # fmt: skip
    assert texts(north, f"{key}/АдресаСписковОтзыва/Адрес")[:2] == [
        "http://crl.poligon.test/north-rsa.crl", "http://crl.poligon.test/north-ecc.crl",
    ]  # fmt: skip
    data = north.findall(f"{key}/Сертификаты/ДанныеСертификата")[1]
    certificate = country.tenant().state(Authorities).issuer("north", "ecc").certificate
    assert base64.b64decode(data.findtext("Данные") or "") == certificate.dump()
    assert data.findtext("СерийныйНомер") == serial_of(certificate).upper()
    assert data.findtext("КемВыдан") == "CN=Головной удостоверяющий центр, O=Полигон, C=RU"
    assert data.findtext("ПериодДействияДо") == "2049-07-01T23:59:59+00:00"
    assert texts(north, f"{key}/ИдентификаторКлюча")[1] == certificate.key_identifier.hex().upper()


def test_list_is_signed_by_a_good_certificate_and_no_letter_may_change(country: Country) -> None:
    root = downloaded(country)
    signature = root[-1]
    signed = xmldsig.signed(signature, root, xmldsig.ENVELOPED)
    assert verdict(country, signed.certificate) == "good"
    name = root.find("УдостоверяющийЦентр/Название")
    assert name is not None
    name.text = "УЦ «Чужой»"
    with pytest.raises(SignatureRefused) as refusal:
        xmldsig.signed(signature, root, xmldsig.ENVELOPED)
    assert refusal.value.code == "digest"


def test_both_addresses_give_the_same_list(country: Country) -> None:
    other = "/ca_registry/app/scc/portal/api/v1/portal/ca/getxml"
    assert ask(country, "GET", LIST).body == ask(country, "GET", other).body
    assert service.hosts == ("e-trust.gosuslugi.ru",)


def test_certificate_is_found_by_the_thumbprint_of_the_list(country: Country) -> None:
    root = downloaded(country)
    for data in root.iter("ДанныеСертификата"):
        thumbprint = data.findtext("Отпечаток")
        answer = ask(country, "GET", f"/ca_registry/Shared/DownloadCert?thumbprint={thumbprint}")
        assert base64.b64decode(data.findtext("Данные") or "") == answer.body
    answer = ask(country, "GET", f"/ca_registry/Shared/DownloadCert?thumbprint={'0' * 40}")
    assert refused(answer) == (404, "no-such-certificate")


def test_numbers_of_authorities_are_right_and_nobodys(country: Country) -> None:
    entries = ask_json(country, "GET", "/ca_registry/v1/authorities")["authorities"]
    assert [entry["number"] for entry in entries] == [1, 2, 3, 4]
    for entry in entries:
        assert is_valid_legal_inn(entry["inn"])
        assert is_valid_ogrn(entry["ogrn"])
        assert country.world.organization_by_inn(entry["inn"]) is None
        assert country.world.organization_by_ogrn(entry["ogrn"]) is None


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_roots_check_the_certificates_of_the_country(country: Country, algorithm: Any) -> None:
    tenant = country.tenant()
    identity = tenant.state(Authorities).identity("POLIGON", algorithm)
    trusted = Trust(roots=roots(country, algorithm), known=[identity.chain[0]])
    chain = check(identity.certificate, tenant.clock.local(), trusted)
    assert fingerprint(chain[0]) == fingerprint(identity.chain[1])
    assert len(trusted.roots) == 3


def test_accreditation_ends_and_is_given_back(country: Country) -> None:
    identity = country.tenant().state(Authorities).identity("POLIGON", "ecc")
    told = [verdict(country, identity.certificate)]
    history = []
    for act in ("withdrawal", "accreditation"):
        country.tenant().advance(DAY_US)
        entry = json.loads(post(country, f"authorities/north/{act}").body)
        history = [(step["at"][:10], step["status"]) for step in entry["history"]]
        told.append(verdict(country, identity.certificate))
        assert refused(post(country, f"authorities/north/{act}")) == (409, "wrong-state")
    assert told == ["good", "unknown-root", "good"]
    assert history == [
        ("2018-07-06", "active"), ("2026-02-03", "terminated"), ("2026-02-04", "active"),
    ]  # fmt: skip
    root = downloaded(country)
    assert texts(root, "Версия") == ["10004"]
    assert texts(root, "Дата") == ["2026-02-04T10:00:00+03:00"]
    center = root.find("УдостоверяющийЦентр")
    assert center is not None
    statuses = "ИсторияСтатусовАккредитации/СтатусАккредитации/Статус"
    assert texts(center, statuses) == ["Действует", "Прекращена", "Действует"]


def test_root_is_removed_and_put_back(country: Country) -> None:
    tenant = country.tenant()
    identity = tenant.state(Authorities).identity("POLIGON", "ecc")
    told = [(len(roots(country, "ecc")), verdict(country, identity.certificate))]
    for act, status in (("removal", "removed"), ("return", "trusted")):
        entry = json.loads(post(country, f"roots/head/{act}").body)
        assert entry["status"] == status
        told.append((len(roots(country, "ecc")), verdict(country, identity.certificate)))
        assert refused(post(country, f"roots/head/{act}")) == (409, "wrong-state")
    assert told == [(3, "good"), (2, "unknown-root"), (3, "good")]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("authorities/express/accreditation", REASON, (404, "no-such-authority")),
        ("authorities/nobody/withdrawal", REASON, (404, "no-such-authority")),
        ("roots/express-root/return", REASON, (404, "no-such-root")),
        ("authorities/north/withdrawal", {}, (422, "invalid")),
        ("authorities/north/withdrawal", {"reason": ""}, (422, "invalid")),
    ],
)
def test_what_the_register_has_not_is_refused(
    country: Country, path: str, body: object, error: object
) -> None:
    assert refused(post(country, path, body)) == error


def test_history_of_an_entry_is_bounded(country: Country) -> None:
    for _ in range(60):
        post(country, "authorities/north/withdrawal")
        entry = json.loads(post(country, "authorities/north/accreditation").body)
    assert len(entry["history"]) == 100


def test_tenants_have_registers_of_their_own(country: Country) -> None:
    country.create_tenant("other")
    post(country, "authorities/north/withdrawal")
    told = [
        ask_json(country, "GET", f"{name}/ca_registry/v1/authorities")["authorities"][0]["status"]
        for name in ("", "/other")
    ]
    assert told == ["terminated", "active"]


def test_outdated_list_lacks_a_root_and_gives_a_chain_error_until_it_is_updated() -> None:
    """CERT-17: the error is told apart from revocation and expiry, and an update clears it."""
    country = outdated(times=1)
    tenant = country.tenant()
    state = tenant.state(Authorities)
    issuer = state.issuer("treasury", "ecc").certificate
    told = []
    for _ in range(2):
        trusted = roots(country, "ecc")
        try:
            chain = check(
                issuer, tenant.clock.local(), Trust(roots=trusted), usage=["key_cert_sign"]
            )
        except SignatureRefused as refusal:
            told.append((len(trusted), refusal.code))
        else:
            told.append((len(trusted), f"{len(chain)} certificates"))
    assert told == [(2, "unknown-root"), (3, "2 certificates")]


def test_outdated_list_has_the_number_and_the_date_of_its_day() -> None:
    """So whoever fetches it can tell. The root came on 3 March 2025; the clock starts 337 days and
    10 hours after the list of the day before."""
    country = outdated(times=1)
    heads = [ask_json(country, "GET", "/ca_registry/v1/roots") for _ in range(2)]
    assert [(head["version"], head["issued"]) for head in heads] == [
        (9_662, "2025-03-02T00:00:00.000+03:00"),
        (10_000, "2026-02-02T00:00:00.000+03:00"),
    ]


def test_outdated_list_lacks_the_authorities_below_the_root() -> None:
    country = outdated()
    assert len(downloaded(country).findall("УдостоверяющийЦентр")) == 3
    entries = ask_json(country, "GET", "/ca_registry/v1/authorities")["authorities"]
    assert [each["id"] for each in entries] == ["north", "guarantor", "archive"]
    assert [each["id"] for each in ask_json(country, "GET", "/ca_registry/v1/roots")["roots"]] == [
        "head", "head-2010",
    ]  # fmt: skip
