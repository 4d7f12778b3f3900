"""Messages to СМЭВ as XML: in envelopes, in parts and by themselves, signed in every algorithm,
changed before they are signed or after."""

from contextlib import suppress
from random import Random
from typing import Final, NamedTuple

from lxml import etree

from mocks.core.http import Answer, Request
from mocks.core.xml import parsed
from mocks.pki.authorities import Identity, available_algorithms
from mocks.smev.errors import FAULTS, FaultName
from mocks.smev.multipart import parts_of
from mocks.smev.namespaces import BASIC, TYPES, basic, type_of, types
from mocks.smev.rest import PATHS
from signatures import xmldsig
from signatures.canonical_xml import canonical
from signatures.smev_transform import transformed
from tests.fuzz import octets, xml_trees
from tests.fuzz.campaign import Asked, AskingCampaign
from tests.fuzz.said_to_smev import PROVIDER, SERVICES, Said, begin_exchange, said
from tests.mocks.smev_client import PERMIT, WS, System, identity_of, message_id
from tests.mocks.smev_envelopes import SOAP, contents_of, target_of
from world.certificate_profiles import KeyAlgorithm

__all__ = ["SoapMessages"]

_DEEP: Final = etree.XMLParser(huge_tree=True)
_BOUNDARY: Final = b"MIME_boundary"
_RELATED: Final = (
    'multipart/related; type="application/xop+xml"; start="<root>"; boundary=MIME_boundary'
)
_PARTS: Final = (
    b"--MIME_boundary\r\nContent-ID: <root>\r\n\r\nMESSAGE\r\n"
    b"--BOUNDARY\r\nContent-ID: <file>\r\n\r\n\r\n--MIME_boundary--"
)
_BEFORE_SIGNATURE: Final = frozenset({"SignatureVerificationFault", "InvalidContent"})
"""Faults that say nothing of whether the signature was good."""


class _Message(NamedTuple):
    """An envelope without a signature, around the element that is to be signed."""

    said: Said
    before: bytes
    target: bytes
    after: bytes

    def with_target(self, target: bytes) -> bytes:
        """The whole, with another target."""
        return self.before + target + self.after


class SoapMessages(AskingCampaign):
    """What is taken was signed as it is, and is handed out so."""

    count = 2_000
    documented = frozenset({"200", *FAULTS})
    reached = frozenset(
        {"200", "SignatureVerificationFault", "InvalidContent", "MessageIsAlreadySent",
         "TargetMessageIsNotFound"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(*SERVICES)
        self._truths: set[bytes] = set()
        self._signed_before: frozenset[bytes] = frozenset()
        reply_to = begin_exchange(self.country)
        self._messages = [_message(each) for each in said(self.country, reply_to)]
        self._targets = [each.target for each in self._messages]
        self._seeds = [
            self._signed(each.with_target(each.target), self._identity(each, algorithm))
            for each in self._messages
            for algorithm in available_algorithms()
        ]
        self._signed_before = frozenset(self._truths)

    def begin(self) -> None:
        """The exchange begins anew."""
        super().begin()
        self._truths = set(self._signed_before)
        begin_exchange(self.country)

    def asked(self, chance: Random) -> Asked:
        if chance.random() < 0.5:
            return _carried(chance, self._signed_when_changed(chance))
        message = xml_trees.altered(chance, chance.choice(self._seeds), self._seeds)
        return _carried(chance, message)

    def judged(self, asked: Asked, answer: Answer) -> str:
        name = _outcome(asked, answer)
        if name not in _BEFORE_SIGNATURE:
            operation = _operation(asked)
            target = next(operation.iterchildren(etree.Element))
            assert transformed(canonical(target)) in self._truths
            if name == "200" and operation.tag == types("SendRequestRequest"):
                self._check_handed_out(target)
        return name

    def _check_handed_out(self, target: etree._Element) -> None:
        content = target.find(f"{basic('MessagePrimaryContent')}/*")
        assert content is not None
        if type_of(content) == PERMIT:
            provider = System(self.country, PROVIDER, "ecc")
            message = provider.take("GetRequest")
            assert canonical(parsed(message["content"].encode())) == canonical(content)

    # --- making

    def _signed_when_changed(self, chance: Random) -> bytes:
        message = chance.choice(self._messages)
        target = etree.fromstring(message.target)
        number = target.find(types("MessageID"))
        if number is not None:
            number.text = message_id(chance.randrange(100, 2**32))
        changed = xml_trees.rearranged(chance, _written(target), self._targets)
        envelope = message.with_target(changed)
        try:
            return self._signed(envelope, self._identity(message, "ecc"))
        except (ValueError, etree.XMLSyntaxError):  # it cannot be signed, or has xml:id twice
            return envelope

    def _identity(self, message: _Message, algorithm: KeyAlgorithm) -> Identity:
        return identity_of(self.country, message.said.mnemonic, algorithm)

    def _signed(self, envelope: bytes, identity: Identity) -> bytes:
        root = etree.fromstring(envelope, _DEEP)
        operation = _first_of_body(root)
        signature = xmldsig.sign(operation[0], identity.key, identity.certificate, xmldsig.SMEV)
        operation[-1].append(signature)
        self._truths.add(transformed(canonical(operation[0])))
        return _written(root)


def _message(each: Said) -> _Message:
    spaces = f'xmlns:t="{TYPES}" xmlns:b="{BASIC}"'
    head, _, rest = target_of(each.operation, each.fields).partition(" ")
    before = f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body><t:{each.operation}Request {spaces}>'
    after = (
        f"{contents_of(each.fields)}<t:CallerInformationSystemSignature/>"
        f"</t:{each.operation}Request></s:Body></s:Envelope>"
    )
    return _Message(each, before.encode(), f"{head} {spaces} {rest}".encode(), after.encode())


def _first_of_body(root: etree._Element) -> etree._Element:
    return root[1][0]


def _carried(chance: Random, message: bytes) -> Asked:
    way = chance.random()
    if way < 0.75:
        return Asked("POST", WS, message, {"Content-Type": "text/xml; charset=utf-8"})
    if way < 0.85:
        boundary = _BOUNDARY if chance.random() < 0.8 else octets.altered(chance, _BOUNDARY)
        body = _PARTS.replace(b"BOUNDARY", boundary).replace(b"MESSAGE", message)
        return Asked("POST", WS, body, {"Content-Type": _RELATED})
    with suppress(etree.XMLSyntaxError, IndexError):
        message = _written(_first_of_body(etree.fromstring(message)))
    named = [path for name, path in PATHS.items() if f"{name}Request".encode() in message]
    path = chance.choice(named or list(PATHS.values()))
    return Asked("POST", f"/smev{path}", message, {"Content-Type": "application/xml"})


# --- reading --------------------------------------------------------------------------------------


def _outcome(asked: Asked, answer: Answer) -> str:
    """What is told, in the documented form."""
    if answer.status == 200:
        return "200"
    root = etree.fromstring(answer.body)
    if asked.path == WS:
        assert (answer.status, root[0][0].tag) == (500, f"{{{SOAP}}}Fault")
        (root,) = root.iterfind(".//detail/*")
    name: FaultName = etree.QName(root).localname  # type: ignore[assignment]
    assert answer.status == (500 if asked.path == WS else FAULTS[name].status)
    return name


def _operation(asked: Asked) -> etree._Element:
    """The element of the operation, found as SOAP has it."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    root = parsed(parts_of(Request("POST", "", headers=headers, body=asked.body)).root)
    body = root.find(f"{{{SOAP}}}Body")
    return root if body is None else next(body.iterchildren(etree.Element))


def _written(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8")
