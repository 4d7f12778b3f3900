"""The bank over HTTP: identification by CIBA in poll mode (OpenID Connect CIBA Core 1.0)."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.ports.bank import BankCustomer, BankReply
from portal.ports.unavailable import Unavailable
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpBank"]

_CLIENT: Final = {"client_id": "portal", "client_secret": "portal-secret"}
_GRANT: Final = "urn:openid:params:grant-type:ciba"
_WAITING: Final = frozenset({"authorization_pending", "slow_down"})
_DECLINED: Final = frozenset({"access_denied", "expired_token", "invalid_grant"})


class HttpBank:
    """The port `Bank`. What a customer has confirmed is believed if the bank's key has signed it
    for this portal and this question."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def begin(self, request_id: str, hint: str) -> str | None:
        """As the port says. A question is put once: a lost answer may leave one that nobody asks
        about any more."""
        form = {**_CLIENT, "scope": "openid", "login_hint": hint, "nonce": request_id}
        answer = self._client.json(
            "POST", "/bc-authorize", form=form, known=(400,), repeatable=False
        )
        with reading(self._client.system):
            if answer.status == 200:
                return str(answer.content["auth_req_id"])
            if answer.content["error"] == "unknown_user_id":
                return None
        raise Unavailable(self._client.system, f"bc-authorize: {answer.content['error']}")

    def answer(self, number: str) -> BankReply:
        """As the port says; a customer who has not answered in time has declined."""
        form = {**_CLIENT, "grant_type": _GRANT, "auth_req_id": number}
        answer = self._client.json("POST", "/token", form=form, known=(400,), repeatable=False)
        with reading(self._client.system):
            if answer.status == 200:
                return BankReply(
                    answer="confirmed", customer=self._customer(number, answer.content)
                )
            error = answer.content["error"]
        if error in _WAITING:
            return BankReply(answer="waiting")
        if error in _DECLINED:
            return BankReply(answer="declined")
        raise Unavailable(self._client.system, f"token: {error}")

    def _customer(self, number: str, tokens: Mapping[str, Any]) -> BankCustomer:
        claims = self._verified(tokens["id_token"])
        if (
            claims["aud"] != _CLIENT["client_id"]
            or claims["urn:openid:params:jwt:claim:auth_req_id"] != number
        ):
            raise ValueError("a statement for another client or question")
        return BankCustomer(
            inn=claims["inn"],
            ogrn=claims["orgOgrn"],
            name=claims["name"],
            phone=claims["phone_number"],
        )

    def _verified(self, token: str) -> dict[str, Any]:
        signed, _, signature = token.rpartition(".")
        head, _, claims = signed.partition(".")
        key_id = json.loads(_decoded(head))["kid"]
        keys = self._client.json("GET", "/jwks").content["keys"]
        public = {each["kid"]: each["x"] for each in keys if each["alg"] == "EdDSA"}[key_id]
        try:
            key = Ed25519PublicKey.from_public_bytes(_decoded(public))
            key.verify(_decoded(signature), signed.encode())
        except InvalidSignature:
            raise ValueError("a statement that the bank has not signed") from None
        found: dict[str, Any] = json.loads(_decoded(claims))
        return found


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
