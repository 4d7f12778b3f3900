"""The service description: what a SOAP client builds itself from."""

import json

import pytest
import requests
from lxml import etree

import mocks
from mocks.core.country import Country
from mocks.core.xml import parsed
from mocks.server.serving import serving
from mocks.smev.errors import OPERATIONS
from mocks.smev.schema import SCHEMAS
from mocks.smev.service import service
from tests.mocks.asking import ask
from tests.mocks.smev_client import WS, System, new_country

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
WSDL_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"


def described(country: Country, path: str = WS, **headers: str) -> etree._Element:
    answer = ask(country, "GET", f"{path}?wsdl", headers=headers)
    assert (answer.status, answer.media_type) == (200, "application/xml; charset=utf-8")
    return parsed(answer.body)


def address(description: etree._Element) -> str | None:
    found = description.find(f".//{WSDL_SOAP}address")
    return None if found is None else found.get("location")


def test_operations_have_their_actions_and_faults() -> None:
    description = described(new_country())
    actions = {
        entry.get("name"): (
            entry[0].get("soapAction"),
            tuple(fault.get("name") for fault in entry.iterfind(f"{WSDL}fault")),
        )
        for entry in description.iterfind(f"{WSDL}binding/{WSDL}operation")
    }
    assert actions == {
        operation: (f"urn:{operation}", tuple(f"{name}Exception" for name in faults))
        for operation, faults in OPERATIONS.items()
    }
    assert list(actions) == [
        "SendRequest",
        "GetRequest",
        "SendResponse",
        "GetResponse",
        "GetStatus",
        "Ack",
    ]


def test_every_message_is_an_element_of_the_schemas_that_are_served_beside_it() -> None:
    country = new_country()
    description = described(country)
    names = set()
    for imported in description.iter(f"{XS}import"):
        schema = parsed(ask(country, "GET", f"/smev/v1.2/{imported.get('schemaLocation')}").body)
        names |= {element.get("name") for element in schema.iterfind(f"{XS}element")}
    messages = [part.get("element", "") for part in description.iter(f"{WSDL}part")]
    assert [name for name in messages if name.partition(":")[2] not in names] == []


def test_address_is_where_the_client_asks() -> None:
    country = new_country()
    country.create_tenant("b")
    host = {"Host": "localhost:8080"}
    assert address(described(country, **host)) == "http://localhost:8080/smev/v1.2/ws"
    assert address(described(country, "/b" + WS, **host)) == "http://localhost:8080/b/smev/v1.2/ws"


def test_client_of_the_production_host_needs_no_other_address() -> None:
    url = "http://smev3-n0.test.gosuslugi.ru:7500/smev/v1.2/ws"
    with mocks.running(services=[service]):
        description = parsed(requests.get(url, params="wsdl", timeout=20).content)
        assert address(description) == url
        for name in SCHEMAS:
            schema = requests.get(url.replace("/ws", f"/{name}"), timeout=20)
            assert schema.content == SCHEMAS[name]


def test_server_tells_its_own_address() -> None:
    country = new_country()
    with serving(country) as server:
        description = parsed(requests.get(f"{server.url}{WS}?WSDL", timeout=20).content)
    assert address(description) == f"{server.url}{WS}"


@pytest.mark.parametrize("query", ["", "?xsd=1", "?wsdl=2"])
def test_description_must_be_asked_for(query: str) -> None:
    answer = ask(new_country(), "GET", f"{WS}{query}")
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "wsdl-or-post")


def test_there_are_three_schemas_and_no_others() -> None:
    country = new_country()
    assert list(SCHEMAS) == [
        "smev-message-exchange-basic-1.2.xsd",
        "smev-message-exchange-faults-1.2.xsd",
        "smev-message-exchange-types-1.2.xsd",
    ]
    for name in ("x.xsd", "..%2Fservice.py"):
        assert ask(country, "GET", f"/smev/v1.2/{name}").status == 404


def test_operation_is_that_of_the_element_whatever_soap_action_says() -> None:
    country = new_country()
    sender = System(country)
    assert sender.get("GetResponse") is None
    headers = {"Content-Type": "application/soap+xml", "SOAPAction": '"urn:Ack"'}
    answer = ask(country, "POST", WS, b"<a/>", headers)
    assert answer.media_type == "text/xml; charset=utf-8"
