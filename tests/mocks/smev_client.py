"""Information systems that sign what they say to СМЭВ, through either of its faces."""

import base64
import json
from collections.abc import Callable
from typing import Any

import requests

from mocks.core.country import MAIN, Country
from mocks.core.http import Answer
from mocks.egrip.service import service as egrip
from mocks.egrul.service import service as egrul
from mocks.mvd.service import service as mvd
from mocks.pki.authorities import Authorities, Identity
from mocks.smev.namespaces import MessageType
from mocks.smev.rest import PATHS, SIGNATURE_HEADER
from mocks.smev.service import service as smev
from signatures import cms
from tests.mocks.asking import ask
from tests.mocks.smev_envelopes import Refused, contents_of, envelope, opened, target_of, told
from world.certificate_profiles import KeyAlgorithm

SECOND_US = 1_000_000
VISIBILITY_US = 900 * SECOND_US
WS = "/smev/v1.2/ws"
PERMIT = MessageType("urn://test/permit/1.0", "PermitRequest")
PERMIT_RESPONSE = MessageType("urn://test/permit/1.0", "PermitResponse")

Send = Callable[[str, bytes, dict[str, str]], Answer]


def new_country(**options: Any) -> Country:
    return Country([smev, egrul, egrip, mvd], seed=1, **options)


def message_id(number: int) -> str:
    """A UUID of version 1, another one for each number."""
    return f"{number:08x}-ff00-11f0-8000-0242ac120002"


def permit(text: str = "1", root: str = PERMIT.root) -> str:
    """A document of a type that no registry answers."""
    return f'<p:{root} xmlns:p="{PERMIT.namespace}"><p:n>{text}</p:n></p:{root}>'


def register(country: Country, mnemonic: str, *answered: MessageType, **fields: Any) -> Answer:
    """Let a system take part, and answer those types of requests."""
    kinds = [{"namespace": kind.namespace, "root": kind.root, **fields} for kind in answered]
    body = {"name": mnemonic, "types": kinds}
    return ask(country, "PUT", f"/smev/v1/participants/{mnemonic}", body)


def sending(country: Country, tenant: str = MAIN) -> Send:
    """Messages to a country of this process."""
    prefix = "" if tenant == MAIN else f"/{tenant}"
    return lambda path, body, headers: ask(country, "POST", prefix + path, body, headers)


def sending_to(url: str) -> Send:
    """Messages to a server."""

    def send(path: str, body: bytes, headers: dict[str, str]) -> Answer:
        answer = requests.post(url + path, data=body, headers=headers, timeout=60)
        media_type = answer.headers["Content-Type"]
        return Answer(answer.status_code, answer.content, media_type, tuple(answer.headers.items()))

    return send


class System:
    """An information system of `country` that asks in JSON."""

    def __init__(
        self,
        country: Country,
        mnemonic: str = "POLIGON",
        algorithm: KeyAlgorithm = "rsa",
        send: Send | None = None,
    ) -> None:
        self.country = country
        self.identity = identity_of(country, mnemonic, algorithm)
        self.send = send or sending(country)

    def ask(self, operation: str, **asked: Any) -> dict[str, Any]:
        """What is told in answer to an operation; Refused for a fault."""
        body = json.dumps(asked, ensure_ascii=False).encode()
        answer = self.send(f"/smev{PATHS[operation]}", body, self.headers(body))
        content: dict[str, Any] = json.loads(answer.body)
        if answer.status != 200:
            raise Refused(content["error"], content["message"])
        signature = base64.b64decode(answer.header(SIGNATURE_HEADER) or "")
        signer = cms.signed(signature, answer.body).certificate
        assert signer.subject.native["common_name"] == "SMEV"
        return content

    def headers(self, body: bytes) -> dict[str, str]:
        """Headers of a body, with the signature over it."""
        at = self.country.tenant().clock.local()
        signature = cms.sign(body, self.identity.key, self.identity.certificate, at=at)
        encoded = base64.b64encode(signature).decode()
        return {"Content-Type": "application/json", SIGNATURE_HEADER: encoded}

    # --- in one line

    def request(self, number: int, content: str | None = None, **fields: Any) -> dict[str, Any]:
        """Send a request under the identifier of `number`."""
        content = permit(str(number)) if content is None else content
        return self.ask("SendRequest", message_id=message_id(number), content=content, **fields)

    def respond(self, number: int, to: str, **said: Any) -> dict[str, Any]:
        """Send a response under the identifier of `number`."""
        return self.ask("SendResponse", message_id=message_id(number), to=to, **said)

    def get(self, operation: str, wanted: MessageType | None = None) -> dict[str, Any] | None:
        """The message that GetRequest or GetResponse hands out."""
        chosen = {} if wanted is None else {"namespace": wanted.namespace, "root": wanted.root}
        message: dict[str, Any] | None = self.ask(operation, **chosen)["message"]
        return message

    def take(self, operation: str, wanted: MessageType | None = None) -> dict[str, Any]:
        """The same, which must be there, acknowledged."""
        message = self.get(operation, wanted)
        assert message is not None
        self.acknowledge(message["message_id"])
        return message

    def acknowledge(self, number: str, *, accepted: bool = True) -> None:
        self.ask("Ack", message_id=number, accepted=accepted)

    def statuses(self) -> list[tuple[str, str]]:
        """Identifiers and categories of all statuses that wait."""
        found = []
        while (status := self.ask("GetStatus")["status"]) is not None:
            found.append((status["original_message_id"], status["category"]))
        return found


class SoapSystem(System):
    """The same in envelopes."""

    def ask(self, operation: str, **asked: Any) -> dict[str, Any]:
        files = contents_of(asked)
        body = envelope(self.identity, operation, target_of(operation, asked), files)
        answer = self.send(WS, body, {"Content-Type": "text/xml; charset=utf-8"})
        return told(operation, opened(answer))


def identity_of(country: Country, mnemonic: str, algorithm: KeyAlgorithm = "rsa") -> Identity:
    return country.tenant().state(Authorities).identity(mnemonic, algorithm)


def refused(call: Callable[[], object]) -> tuple[str, str]:
    """The name and the text of the fault that a call must end with."""
    try:
        call()
    except Refused as refusal:
        return refusal.name, refusal.text
    raise AssertionError("СМЭВ has not refused")
