"""ЕСИА over HTTP: sign-in by the second version of its protocol (AUTH-10, INT-02)."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from portal.ports.clock import Clock
from portal.ports.esia import EsiaPerson, EsiaRefused, EsiaRole
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading
from signatures import jws
from signatures.certificates import Certificate, parsed
from signatures.keys import PrivateKey, PublicKey, SigningKey, digest
from signatures.refusals import SignatureRefused

__all__ = ["EsiaSystem", "HttpEsia", "stand_system"]

_ISSUER: Final = "http://esia.gosuslugi.ru/"
_SCOPE: Final = "openid snils inn usr_org"
_SCOPE_ORG: Final = "org_ogrn org_inn"
_MOST_ROLES: Final = 25  # two areas of access each, of the 60 that ЕСИА lets one ask for
_SIGNED: Final = ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri", "code")
_LEEWAY_S: Final = 60  # clocks of two systems differ
_PUBLIC_KEY: Final = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class EsiaSystem:
    """The portal as an information system of ЕСИА: its mnemonic, key and certificate, where people
    come back to, and the address of ЕСИА for their browsers."""

    mnemonic: str
    key: SigningKey
    certificate: Certificate
    redirect_uri: str
    address: str


def stand_system(ca: HttpClient, address: str) -> EsiaSystem:
    """The system that every test stand has, with the key that its authority gives to anybody.
    Unavailable."""
    place = "/v1/systems/POLIGON/rsa"
    with reading(ca.system):
        return EsiaSystem(
            mnemonic="POLIGON",
            key=PrivateKey.from_pem(ca.bytes("GET", f"{place}/key.pem").content),
            certificate=parsed(ca.bytes("GET", f"{place}/certificate.pem").content),
            redirect_uri="http://127.0.0.1:8080/portal/sign-in/esia",
            address=address,
        )


class HttpEsia:
    """The port `Esia`; `system` is asked for when it is first needed."""

    def __init__(self, client: HttpClient, system: Callable[[], EsiaSystem], clock: Clock) -> None:
        self._client = client
        self._given_system = system
        self._clock = clock

    def sign_in_address(self, state: str) -> str:
        """As the port says. Unavailable until the portal has its key."""
        query = self._signed(
            {
                "client_id": self._system.mnemonic,
                "redirect_uri": self._system.redirect_uri,
                "scope": _SCOPE,
                "scope_org": _SCOPE_ORG,
                "response_type": "code",
                "state": state,
                "access_type": "online",
                "timestamp": self._timestamp(),
            }
        )
        return f"{self._system.address}/aas/oauth2/v2/ac?{urlencode(query)}"

    def person(self, code: str, state: str) -> EsiaPerson:
        """As the port says."""
        markers = self._markers(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._system.redirect_uri,
                "scope": _SCOPE,
                "scope_org": _SCOPE_ORG,
                "state": state,
            }
        )
        if markers.get("state") != state:
            raise EsiaRefused("ЕСИА ответила на другой вопрос")
        with reading(self._client.system):
            claims = self._believed(markers["access_token"])
            oid = int(claims["urn:esia:sbj_id"])
            account = self._told(f"/rs/prns/{oid}", markers["access_token"])
            roles = self._told(f"/rs/prns/{oid}/roles?embed=(elements)", markers["access_token"])
            elements = roles["elements"]
            chosen = claims.get("urn:esia:org:oid")
            return EsiaPerson(
                snils="".join(filter(str.isdigit, account["snils"])),
                inn=account["inn"],
                trusted=account["trusted"],
                organization=next((e["ogrn"] for e in elements if e["oid"] == chosen), None),
                roles=self._roles(elements),
            )

    # --- asking

    def _markers(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Markers; EsiaRefused, Unavailable. A code works once, so it is sent once."""
        form = self._signed(
            {"client_id": self._system.mnemonic, "timestamp": self._timestamp(), **given}
        )
        answer = self._client.json(
            "POST",
            "/aas/oauth2/v3/te",
            form={**form, "token_type": "Bearer"},
            known=(400,),
            repeatable=False,
        )
        if answer.status == 400:
            with reading(self._client.system):
                raise EsiaRefused(str(answer.content["error_description"]))
        found: dict[str, Any] = answer.content
        return found

    def _roles(self, elements: Sequence[Mapping[str, Any]]) -> tuple[EsiaRole, ...]:
        """Roles with the numbers of their organizations, which the portal asks for in its own
        name."""
        shown = elements[:_MOST_ROLES]
        if not shown:
            return ()
        scope = " ".join(f"org_inn?org_oid={each['oid']}" for each in shown)
        own = self._markers({"grant_type": "client_credentials", "scope": scope, "state": "roles"})
        return tuple(
            EsiaRole(
                inn=self._told(f"/rs/orgs/{each['oid']}", own["access_token"])["inn"],
                ogrn=each["ogrn"],
                chief=each["chief"],
            )
            for each in shown
        )

    def _told(self, path: str, marker: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {marker}"}
        answer = self._client.json("GET", path, headers=headers, known=(401, 403))
        if answer.status != 200:
            raise EsiaRefused("ЕСИА не приняла свой же маркер")
        found: dict[str, Any] = answer.content
        return found

    def _believed(self, marker: str) -> dict[str, Any]:
        """What a marker claims; EsiaRefused if it is not ЕСИА's, another system's, or expired."""
        try:
            claims = jws.verified_claims(marker, self._marker_key)
        except SignatureRefused as refused:
            raise EsiaRefused(f"маркер ЕСИА: {refused.message}") from refused
        now_s = self._clock.now().timestamp()
        if claims["iss"] != _ISSUER or claims["client_id"] != self._system.mnemonic:
            raise EsiaRefused("маркер выдан не ЕСИА или не порталу")
        if not claims["nbf"] - _LEEWAY_S <= now_s < claims["exp"]:
            raise EsiaRefused("маркер ЕСИА не действует")
        return claims

    # --- signing

    @cached_property
    def _system(self) -> EsiaSystem:
        return self._given_system()

    @cached_property
    def _marker_key(self) -> PublicKey:
        text = self._client.bytes("GET", "/v1/keys/rsa.pem").content.decode()
        begin, end = _PUBLIC_KEY
        body = text.partition(begin)[2].partition(end)[0]
        return PublicKey(base64.b64decode("".join(body.split())))

    def _signed(self, given: dict[str, str]) -> dict[str, str]:
        text = "".join(given.get(name, "") for name in _SIGNED)
        key, certificate = self._system.key, self._system.certificate.dump()
        signature = base64.urlsafe_b64encode(key.sign(text.encode())).rstrip(b"=")
        return {
            **given,
            "client_secret": signature.decode(),
            "client_certificate_hash": digest(key.algorithm, certificate).hex(),
        }

    def _timestamp(self) -> str:
        return f"{self._clock.now():%Y.%m.%d %H:%M:%S %z}"
