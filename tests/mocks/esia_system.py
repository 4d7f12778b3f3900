"""An information system that signs people in through ЕСИА, each step in a line."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities, Identity
from signatures import cms
from signatures.keys import digest
from tests.mocks.asking import ask, ask_json
from world.certificate_profiles import KeyAlgorithm

SECOND_US = 1_000_000
CALLBACK = "http://127.0.0.1:5000/callback"
SCOPE = "openid fullname snils"
# Of the country with seed 1: the head of ООО "СЕВЕРПРОМ" and of others, a clerk of АО
# "ТРИУМФИНВЕСТ", the head of a liquidated company too.
KULAGIN = "72559357432"
KULAGIN_OID = 1_000_000_002
SEVERPROM_OGRN, SEVERPROM_OID = "1141513472429", 1_200_000_002
TRIUMFINVEST_OGRN, TRIUMFINVEST_OID = "1023680876922", 1_200_000_026
LIQUIDATED_OID = 1_200_000_006
# Works nowhere and heads nothing.
SMIRNOVA = "96059946769"
SMIRNOVA_OID = 1_000_000_006


@dataclass
class System:
    """A system with the key of `identity`, of the first or the second version of the protocol.

    Changes are made before signing; what is `altered` is changed after it, None takes it away.
    """

    country: Country
    version: int = 1
    mnemonic: str = "POLIGON"
    algorithm: KeyAlgorithm = "rsa"
    tenant: str = "main"
    identity: Identity | None = None

    @property
    def root(self) -> str:
        return f"/{self.tenant}/esia"

    @property
    def own(self) -> Identity:
        if self.identity is None:
            authorities = self.country.tenant(self.tenant).state(Authorities)
            self.identity = authorities.identity(self.mnemonic, self.algorithm)
        return self.identity

    @property
    def now(self) -> dt.datetime:
        tenant = self.country.tenant(self.tenant)
        return tenant.clock.calendar.local(tenant.now_us)

    # --- signing

    def signature(self, text: str) -> str:
        """`client_secret` over that text."""
        if self.version == 1:
            made = cms.sign(text.encode(), self.own.key, self.own.certificate, at=self.now)
        else:
            made = self.own.key.sign(text.encode())
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()

    def signed(
        self, given: dict[str, str], altered: Mapping[str, str | None] | None = None, end: str = ""
    ) -> dict[str, str]:
        """`given` with its signature; `end` is what a second version's text ends with."""
        first = ("scope", "timestamp", "client_id", "state")
        second = ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri")
        names = first if self.version == 1 else second
        text = "".join(given.get(name, "") for name in names)
        given["client_secret"] = self.signature(text + (end if self.version > 1 else ""))
        if self.version > 1:
            certificate = self.own.certificate.dump()
            given["client_certificate_hash"] = digest(self.own.key.algorithm, certificate).hex()
        for name, value in (altered or {}).items():
            given.pop(name, None)
            if value is not None:
                given[name] = value
        return given

    # --- codes

    def request(
        self, altered: Mapping[str, str | None] | None = None, **changes: str
    ) -> dict[str, str]:
        """Parameters of a request for a code."""
        given = {
            "client_id": self.mnemonic,
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "response_type": "code",
            "state": "a-state",
            "access_type": "offline",
            "timestamp": self.timestamp(),
        }
        return self.signed({**given, **changes}, altered)

    def timestamp(self, later_s: int = 0) -> str:
        return f"{self.now + dt.timedelta(seconds=later_s):%Y.%m.%d %H:%M:%S %z}"

    def begin(
        self,
        altered: Mapping[str, str | None] | None = None,
        cookie: str | None = None,
        **changes: str,
    ) -> Answer:
        """The answer to a request for a code."""
        path = "/aas/oauth2/ac" if self.version == 1 else "/aas/oauth2/v2/ac"
        query = urlencode(self.request(altered, **changes))
        headers = {} if cookie is None else {"Cookie": cookie}
        return ask(self.country, "GET", f"{self.root}{path}?{query}", headers=headers)

    def code(self, login: str = KULAGIN, role: str = "person", **changes: str) -> str:
        """A code that somebody has let the system have."""
        unasked = {"poligon_login": login, "poligon_role": role}
        told = redirected(self.begin(unasked, **changes))
        return told["code"]

    # --- markers

    def exchange(
        self,
        code: str,
        altered: Mapping[str, str | None] | None = None,
        **changes: str,
    ) -> Answer:
        """The answer to the change of a code."""
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.ask_markers({**given, **changes}, altered, end=code)

    def refresh(
        self, token: str, altered: Mapping[str, str | None] | None = None, **changes: str
    ) -> Answer:
        """The answer to the change of a refresh token."""
        given = {"grant_type": "refresh_token", "refresh_token": token, "redirect_uri": CALLBACK}
        return self.ask_markers({**given, **changes}, altered)

    def own_markers(self, scope: str, **changes: str) -> Answer:
        """The answer to a request in the system's own name."""
        return self.ask_markers({"grant_type": "client_credentials", "scope": scope, **changes})

    def ask_markers(
        self,
        given: dict[str, str],
        altered: Mapping[str, str | None] | None = None,
        end: str = "",
    ) -> Answer:
        common = {
            "client_id": self.mnemonic,
            "scope": SCOPE,
            "state": "te-state",
            "timestamp": self.timestamp(),
            "token_type": "Bearer",
        }
        path = "/aas/oauth2/te" if self.version == 1 else "/aas/oauth2/v3/te"
        body = urlencode(self.signed({**common, **given}, altered, end))
        return ask(self.country, "POST", f"{self.root}{path}", body)

    def markers(self, login: str = KULAGIN, role: str = "person", **changes: str) -> Any:
        """Markers for somebody who has just signed in."""
        scope = {name: changes[name] for name in ("scope", "scope_org") if name in changes}
        answer = self.exchange(self.code(login, role, **changes), None, **scope)
        assert answer.status == 200, answer.body.decode()
        return json.loads(answer.body)

    # --- data

    def read(self, path: str, marker: str) -> Answer:
        """The answer of the REST service."""
        headers = {"Authorization": f"Bearer {marker}", "Host": "esia.test:8080"}
        return ask(self.country, "GET", f"{self.root}/rs{path}", headers=headers)

    def data(self, path: str, marker: str) -> Any:
        """What the REST service tells."""
        answer = self.read(path, marker)
        assert answer.status == 200, answer.body.decode()
        return json.loads(answer.body)

    # --- registration

    def register(self, **card: Any) -> Any:
        """Enter the system with its certificate; what its card shows."""
        whole = {
            "name": "Учётная система",
            "certificates": [pem(self.own)],
            "redirect_uris": [CALLBACK],
            **card,
        }
        return ask_json(self.country, "PUT", f"{self.root}/v1/clients/{self.mnemonic}", whole)


def pem(identity: Identity) -> str:
    text = base64.encodebytes(identity.certificate.dump()).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"


def redirected(answer: Answer) -> dict[str, str]:
    """What a redirect tells the system that is led back to."""
    location = urlsplit(str(answer.header("Location")))
    assert (answer.status, location.netloc) == (302, "127.0.0.1:5000"), answer
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def declined(answer: Answer) -> tuple[str, str]:
    """Error and code of ЕСИА of a refusal, sent back or as JSON."""
    told = redirected(answer) if answer.status == 302 else json.loads(answer.body)
    if answer.status != 302:
        assert answer.status == 400
    return told["error"], told["error_description"].partition(":")[0]


def challenge(verifier: str) -> str:
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    return made.rstrip(b"=").decode()
