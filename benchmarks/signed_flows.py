"""What an information system does with ЕСИА and with СМЭВ, signing all of it, over one connection.

    sign-in    the request for a code; two pages, read and filled (password; role and consent); the
               change of the code; the person's account: seven requests, of which two are signed
    exchange   SendRequest to ЕГРЮЛ, GetResponse, Ack over SOAP: three signed requests, two answers
               signed by СМЭВ, one of them around what the registry has signed

Keys and certificates are had from the certification authority, as users have them. Nobody signs in
twice, and no organization is asked about twice. The system's own work is not counted: the rate of
flows is by the server's CPU time, and by the time that the system waits for answers.
"""

import base64
import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree

from benchmarks.organizations import legal_inns
from benchmarks.served import Answer, Client, get, post
from mocks.core.country import DEFAULT_START
from mocks.smev.namespaces import BASIC, TYPES
from signatures import cms, jws, xmldsig
from signatures.certificates import parsed
from signatures.keys import PrivateKey
from world.certificate_profiles import KeyAlgorithm
from world.country import World

__all__ = ["Exchanges", "FlowRound", "SignIns", "measured"]

_SYSTEM: Final = "POLIGON"
_CALLBACK: Final = "http://127.0.0.1:5000/callback"
_SCOPE: Final = "openid fullname snils"
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_EGRUL: Final = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"
_NOW: Final = DEFAULT_START.replace(tzinfo=dt.timezone(dt.timedelta(hours=3)))  # the clock stands


@dataclass(frozen=True)
class FlowRound:
    """Flows per second of the server's CPU time, and per second of waiting for its answers."""

    per_cpu_s: float
    per_s: float


class _Party:
    """The system at its end of a connection, with its key; its country is the tenant of `root`."""

    def __init__(self, client: Client, flow: str, algorithm: KeyAlgorithm) -> None:
        self._client = client
        self.waited_s = 0.0
        self.root = f"/{flow}-{algorithm}"
        self.ask(post(f"/_admin/tenants{self.root}", b"", _JSON, method="PUT"), 201)
        place = f"{self.root}/ca/v1/systems/{_SYSTEM}/{algorithm}"
        self.key = PrivateKey.from_pem(self.ask(get(f"{place}/key.pem")).body)
        self.certificate = parsed(self.ask(get(f"{place}/certificate.pem")).body)

    def ask(self, request: bytes, expected: int = 200) -> Answer:
        """Wait for an answer with that status."""
        began = time.perf_counter()
        answer = self._client.ask(request)
        self.waited_s += time.perf_counter() - began
        assert answer.status == expected, answer
        return answer

    def begin_round(self) -> float:
        """Begin a connection; the CPU seconds that the server has used."""
        self._client.connect()
        self.waited_s = 0.0
        return self.used_s()

    def used_s(self) -> float:
        """The CPU seconds that the server has used."""
        return self._client.usage()["cpu_s"]


class SignIns:
    """People sign in, one after the other, by the first version of the protocol."""

    def __init__(self, client: Client, algorithm: KeyAlgorithm) -> None:
        self.party = _Party(client, "sign-in", algorithm)
        self._world = World(1)
        self._next = 0

    def run(self) -> None:
        """From the request for a code to the person's account."""
        root = f"{self.party.root}/esia"
        snils = self._world.person(self._next).snils
        self._next += 1
        asked = self._signed({"redirect_uri": _CALLBACK, "response_type": "code"})
        page = self._redirected(get(f"{root}/aas/oauth2/ac?{urlencode(asked)}"))
        self.party.ask(get(page))
        self._filled(page, {"login": snils, "password": "poligon"})
        self.party.ask(get(page))
        back = self._filled(page, {"role": "person", "consent": "yes"})
        code = parse_qs(urlsplit(back).query)["code"][0]
        changed = {"grant_type": "authorization_code", "code": code, "redirect_uri": _CALLBACK}
        body = urlencode(self._signed(changed)).encode()
        marker = json.loads(self.party.ask(post(f"{root}/aas/oauth2/te", body, _FORM)).body)
        token = marker["access_token"]
        oid = jws.unverified_claims(token)["urn:esia:sbj_id"]
        account = self.party.ask(get(f"{root}/rs/prns/{oid}", Authorization=f"Bearer {token}"))
        assert json.loads(account.body)["snils"].replace("-", "").replace(" ", "") == snils

    def _signed(self, fields: dict[str, str]) -> dict[str, str]:
        now = f"{_NOW:%Y.%m.%d %H:%M:%S %z}"
        given = {"scope": _SCOPE, "timestamp": now, "client_id": _SYSTEM, "state": "state"}
        text = "".join(given.values()).encode()
        made = cms.sign(text, self.party.key, self.party.certificate, at=_NOW)
        return {**given, **fields, "client_secret": base64.urlsafe_b64encode(made).decode()}

    def _filled(self, page: str, form: dict[str, str]) -> str:
        """Where a filled page leads."""
        return self._redirected(post(page, urlencode(form).encode(), _FORM))

    def _redirected(self, request: bytes) -> str:
        return self.party.ask(request, 302).headers["location"]


class Exchanges:
    """Requests to ЕГРЮЛ through СМЭВ, each answered before the next one is sent.

    СМЭВ and the registry sign with keys of the system's algorithm.
    """

    def __init__(self, client: Client, algorithm: KeyAlgorithm) -> None:
        self.party = _Party(client, "exchange", algorithm)
        self._inns = legal_inns()
        self._sent = 0
        settings = {"visibility_s": 900, "stale_s": None, "algorithm": algorithm}
        path = f"{self.party.root}/smev/v1/settings"
        self.party.ask(post(path, json.dumps(settings).encode(), _JSON, method="PUT"))

    def run(self) -> None:
        """Send a request, get its response, acknowledge that."""
        self._sent += 1
        message_id = f"{self._sent:08x}-ff00-11f0-8000-0242ac120002"
        self._answered(
            "SendRequest",
            f'<t:SenderProvidedRequestData Id="D"><t:MessageID>{message_id}</t:MessageID>'
            f'<b:MessagePrimaryContent><FNSVipULRequest xmlns="{_EGRUL}" ИдДок="1"><ЗапросЮЛ>'
            f"<ИННЮЛ>{next(self._inns)}</ИННЮЛ></ЗапросЮЛ></FNSVipULRequest>"
            f"</b:MessagePrimaryContent></t:SenderProvidedRequestData>",
        )
        message = self._answered(
            "GetResponse",
            f'<b:MessageTypeSelector Id="S"><b:Timestamp>{_NOW.isoformat()}</b:Timestamp>'
            f"</b:MessageTypeSelector>",
        )
        assert message.findtext(f".//{{{TYPES}}}OriginalMessageId") == message_id
        response_id = message.findtext(f".//{{{TYPES}}}MessageMetadata/{{{TYPES}}}MessageId")
        self._answered(
            "Ack", f'<b:AckTargetMessage Id="A" accepted="true">{response_id}</b:AckTargetMessage>'
        )

    def _answered(self, operation: str, target: str) -> etree._Element:
        root = etree.fromstring(
            f'<s:Envelope xmlns:s="{_SOAP}"><s:Body><t:{operation}Request xmlns:t="{TYPES}" '
            f'xmlns:b="{BASIC}">{target}<t:CallerInformationSystemSignature/>'
            f"</t:{operation}Request></s:Body></s:Envelope>"
        )
        element = root[0][0]
        signature = xmldsig.sign(element[0], self.party.key, self.party.certificate, xmldsig.SMEV)
        element[1].append(signature)
        body = etree.tostring(root, encoding="utf-8")
        path = f"{self.party.root}/smev/v1.2/ws"
        return etree.fromstring(self.party.ask(post(path, body, "text/xml")).body)


def measured(flow: SignIns | Exchanges, count: int) -> FlowRound:
    """Run a flow so many times."""
    before = flow.party.begin_round()
    for _ in range(count):
        flow.run()
    used_s = flow.party.used_s() - before
    return FlowRound(count / used_s, count / flow.party.waited_s)
