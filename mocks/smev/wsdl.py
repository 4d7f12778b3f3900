"""The service description (WSDL 1.1), made of the table of operations."""

from typing import Final

from lxml import etree

from mocks.smev.errors import FAULTS, OPERATIONS
from mocks.smev.namespaces import FAULTS as FAULTS_NAMESPACE
from mocks.smev.namespaces import SERVICE, TYPES
from mocks.smev.schema import FAULTS_SCHEMA, TYPES_SCHEMA

__all__ = ["wsdl"]

_WSDL: Final = "http://schemas.xmlsoap.org/wsdl/"
_SOAP: Final = "http://schemas.xmlsoap.org/wsdl/soap/"
_XS: Final = "http://www.w3.org/2001/XMLSchema"
_HTTP: Final = "http://schemas.xmlsoap.org/soap/http"
_NSMAP: Final = {
    "wsdl": _WSDL,
    "soap": _SOAP,
    "xs": _XS,
    "tns": SERVICE,
    "types": TYPES,
    "fault": FAULTS_NAMESPACE,
}
_PORT_TYPE: Final = "SMEVMessageExchangePortType"
_BINDING: Final = "SMEVMessageExchangeSoap11Binding"
_PORT: Final = "SMEVMessageExchangeEndpoint"


def wsdl(address: str) -> etree._Element:
    """What a client of the service at `address` needs to know; schemas are imported by names
    relative to the document's own."""
    root = etree.Element(f"{{{_WSDL}}}definitions", targetNamespace=SERVICE, nsmap=_NSMAP)
    _add_schemas(root)
    for operation in OPERATIONS:
        _add_message(root, f"{operation}RequestMsg", f"types:{operation}Request")
        _add_message(root, f"{operation}ResponseMsg", f"types:{operation}Response")
    for name in FAULTS:
        _add_message(root, f"{name}Exception", f"fault:{name}")
    _add_port_type(root)
    _add_binding(root)
    service = _add(root, "service", name="SMEVMessageExchangeService")
    port = _add(service, "port", name=_PORT, binding=f"tns:{_BINDING}")
    _add_soap(port, "address", location=address)
    return root


def _add_schemas(root: etree._Element) -> None:
    schema = etree.SubElement(_add(root, "types"), f"{{{_XS}}}schema")
    imported = {TYPES: TYPES_SCHEMA, FAULTS_NAMESPACE: FAULTS_SCHEMA}
    for namespace, location in imported.items():
        etree.SubElement(schema, f"{{{_XS}}}import", namespace=namespace, schemaLocation=location)


def _add_message(root: etree._Element, name: str, element: str) -> None:
    _add(_add(root, "message", name=name), "part", name="parameters", element=element)


def _add_port_type(root: etree._Element) -> None:
    port_type = _add(root, "portType", name=_PORT_TYPE)
    for operation, faults in OPERATIONS.items():
        entry = _add(port_type, "operation", name=operation)
        _add(entry, "input", message=f"tns:{operation}RequestMsg")
        _add(entry, "output", message=f"tns:{operation}ResponseMsg")
        for name in faults:
            _add(entry, "fault", name=f"{name}Exception", message=f"tns:{name}Exception")


def _add_binding(root: etree._Element) -> None:
    binding = _add(root, "binding", name=_BINDING, type=f"tns:{_PORT_TYPE}")
    _add_soap(binding, "binding", style="document", transport=_HTTP)
    for operation, faults in OPERATIONS.items():
        entry = _add(binding, "operation", name=operation)
        _add_soap(entry, "operation", soapAction=f"urn:{operation}", style="document")
        for direction in ("input", "output"):
            _add_soap(_add(entry, direction), "body", use="literal")
        for name in faults:
            fault = _add(entry, "fault", name=f"{name}Exception")
            _add_soap(fault, "fault", name=f"{name}Exception", use="literal")


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_WSDL}}}{tag}", attributes)


def _add_soap(parent: etree._Element, tag: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_SOAP}}}{tag}", attributes)
