"""Verification cases asked for as СМЭВ brings them: the JSON face in XML."""

from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.core.xml import parsed
from mocks.fns.service import service as fns
from mocks.pfr.service import service as pfr
from mocks.smev.namespaces import MessageType
from mocks.smev.service import service as smev
from tests.mocks.asking import ask
from tests.mocks.smev_client import System
from tests.mocks.verification_cases import DAY_US, SCENARIO, Agency, country_of
from tests.sim.tracing import scenario

NAMESPACE = "urn://poligon/verification/fns/1.0.0"


def document(operation: str, parts: str = "", namespace: str = NAMESPACE) -> str:
    return (
        f'<VerificationRequest xmlns="{namespace}" operation="{operation}">{parts}'
        "</VerificationRequest>"
    )


def data_of(country: Country, **changes: Any) -> str:
    """What the registry has of the first organization, as an element."""
    records = country.tenant().records
    one = records.organization(0)
    head = records.person(one.head.person)
    told = {
        "request_id": "r-1",
        "inn": one.inn,
        "ogrn": one.ogrn,
        "kpp": one.kpp,
        "full_name": one.full_name.replace("&", "&amp;"),
        "address": str(one.address),
        "registered": one.registered.isoformat(),
        "capital_kopecks": one.capital_kopecks,
        "head_last_name": head.name.last,
        "head_first_name": head.name.first,
        "head_patronymic": head.name.patronymic,
        "head_inn": head.inn,
        **changes,
    }
    return "<data>" + "".join(f"<{name}>{text}</{name}>" for name, text in told.items()) + "</data>"


def said(answer: Answer) -> list[tuple[str, ...]]:
    """The answer's element and texts, in order."""
    assert answer.status == 200, answer.body.decode()
    (told,) = parsed(answer.body)
    return [
        (each.tag.removeprefix(f"{{{NAMESPACE}}}"), (each.text or "").strip())
        for each in told.iter()
    ]


@pytest.fixture
def country() -> Country:
    return country_of(fns)


def asked(country: Country, operation: str, parts: str = "") -> list[tuple[str, ...]]:
    return said(ask(country, "POST", "/fns/smev", document(operation, parts)))


def case(
    country: Country, stage: str, status: str, *remarks: tuple[str, str, str]
) -> list[tuple[str, ...]]:
    told: list[tuple[str, ...]] = [("case", ""), ("number", "FNS-2026-000001")]
    told += [("inn", country.tenant().records.organization(0).inn)]
    told += [("status", status), ("stage", stage)]
    for field, code, message in remarks:
        told += [("remark", ""), ("field", field), ("code", code), ("message", message)]
    return told


def test_a_case_is_filed_once_and_shown(country: Country) -> None:
    filed = case(country, "checking", "in_progress")
    assert asked(country, "submit", data_of(country)) == filed
    assert asked(country, "submit", data_of(country)) == filed
    assert asked(country, "show", "<number>FNS-2026-000001</number>") == filed
    shown = Agency(country, "fns").show("FNS-2026-000001")
    assert (shown["stage"], shown["round"]) == ("checking", 1)


def test_remarks_are_told_and_other_data_begin_anew(country: Country) -> None:
    asked(country, "submit", data_of(country, capital_kopecks=5))
    country.tenant().advance(DAY_US)
    number = "<number>FNS-2026-000001</number>"
    message = "Уставный капитал не совпадает с записью реестра"
    remark = ("capital_kopecks", "mismatch", message)
    assert asked(country, "show", number) == case(country, "remarks", "completed", remark)
    other = number + data_of(country, request_id="r-2")
    assert asked(country, "change", other) == case(country, "checking", "in_progress")


@pytest.mark.parametrize(
    ("operation", "parts", "error"),
    [
        ("show", "<number>FNS-1</number>", "no-such-case"),
        ("hurry", "<number>FNS-2026-000001</number>", "too-early"),
        ("submit", "<data><inn>1</inn></data>", "invalid"),
    ],
)
def test_what_json_refuses_is_an_answer_here(
    country: Country, operation: str, parts: str, error: str
) -> None:
    asked(country, "submit", data_of(country))
    told = asked(country, operation, parts)
    assert told[:2] == [("refusal", ""), ("error", error)]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<VerificationRequest/>", "xml-wrong-root"),
        (document("submit", "<data/>", NAMESPACE.replace("fns", "pfr")), "xml-wrong-root"),
        (document("delete", "<number>1</number>"), "xml-invalid"),
        (document("show"), "xml-invalid"),
        (document("show", "<number><b/></number>"), "xml-invalid"),
        (document("submit", '<data><inn xmlns="urn:other">1</inn></data>'), "xml-invalid"),
        (document("submit", "<data/><number>1</number>"), "xml-invalid"),
        ("<", "xml-malformed"),
    ],
)
def test_a_document_of_another_form_is_refused(country: Country, body: str, error: str) -> None:
    answer = ask(country, "POST", "/fns/smev", body)
    assert (answer.status, error in answer.body.decode()) == (400, True)


@pytest.mark.parametrize(("agency", "sender"), [("fns", "FNS001"), ("pfr", "PFRF01")])
def test_smev_carries_it(agency: str, sender: str) -> None:
    country = Country([smev, fns, pfr], scenario=scenario(SCENARIO, horizon="30d"))
    namespace = NAMESPACE.replace("fns", agency)
    content = document("show", "<number>1</number>", namespace)
    System(country).request(1, content)
    answered = System(country).take("GetResponse", MessageType(namespace, "VerificationResponse"))
    assert (answered["sender"], "no-such-case" in answered["content"]) == (sender, True)
    System(country).request(2, document("show", namespace=namespace))
    rejected = System(country).take("GetResponse")
    assert rejected["processing"]["category"] == "requestIsRejectedBySmev"
