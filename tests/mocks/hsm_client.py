"""A client of the HSM: sessions by role, and the port `KeyStore` over its messages."""

import base64
import json
from typing import Any

from asn1crypto import pem

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.hsm.roles import PINS, Role
from signatures.gost import GostUnavailable
from signatures.key_store import (
    KEY_STORE_REFUSALS,
    KeyEntry,
    KeyStoreRefused,
    StoreAlgorithm,
    StoreSignature,
    WrappedKey,
)
from tests.mocks.asking import ask

KEYS = "/hsm/v1/keys"


def log_in(country: Country, role: Role, pin: str | None = None) -> Answer:
    """The answer to a login, with the right PIN unless another is given."""
    return ask(
        country,
        "POST",
        "/hsm/v1/sessions",
        {"role": role, "pin": PINS[role] if pin is None else pin},
    )


class HsmClient:
    """Asks with a session of one role, which it opens when first needed."""

    def __init__(self, country: Country, role: Role) -> None:
        self._country = country
        self._role = role
        self.token: str | None = None

    def ask(self, method: str, path: str, body: object = b"") -> Answer:
        """The answer to one request, whatever it is."""
        if self.token is None:
            self.token = str(json.loads(log_in(self._country, self._role).body)["session"])
        headers = {"Authorization": f"Bearer {self.token}"}
        return ask(self._country, method, f"/hsm/v1{path}", body, headers)

    def json(self, method: str, path: str, body: object = b"") -> Any:
        """The JSON of an answer that must be a success."""
        answer = self.ask(method, path, body)
        assert answer.status < 400, answer.body.decode()
        return json.loads(answer.body)

    def refused(self, method: str, path: str, body: object = b"") -> tuple[int, str]:
        """Status and code of an answer that must be a refusal."""
        answer = self.ask(method, path, body)
        assert answer.status >= 400, answer.body.decode()
        return answer.status, str(json.loads(answer.body)["error"])


class HttpKeyStore:
    """The port over HTTP; every role does its part, and logs in anew when its session is over."""

    def __init__(self, country: Country) -> None:
        self._officer = HsmClient(country, "officer")
        self._user = HsmClient(country, "user")
        self._auditor = HsmClient(country, "auditor")

    def generate(self, name: str, algorithm: StoreAlgorithm, bits: int | None = None) -> KeyEntry:
        body = {"algorithm": algorithm, "bits": bits}
        return entry_of(json.loads(done(self._officer, "POST", f"/keys/{name}", body)))

    def entries(self) -> tuple[KeyEntry, ...]:
        listed = json.loads(done(self._auditor, "GET", "/keys"))["keys"]
        return tuple(entry_of(each) for each in listed)

    def entry(self, name: str) -> KeyEntry:
        return entry_of(json.loads(done(self._user, "GET", f"/keys/{name}")))

    def public_half(self, name: str, version: int | None = None) -> bytes:
        query = "" if version is None else f"?version={version}"
        _, _, spki = pem.unarmor(done(self._user, "GET", f"/keys/{name}/public.pem{query}"))
        return bytes(spki)

    def sign(self, name: str, data: bytes, version: int | None = None) -> StoreSignature:
        made = self._use(name, "sign", data=coded(data), version=version)
        return StoreSignature(made["version"], base64.b64decode(made["signature"]))

    def verify(self, name: str, data: bytes, signature: StoreSignature) -> bool:
        body = {"data": coded(data), "signature": coded(signature.value)}
        return bool(self._use(name, "verify", **body, version=signature.version)["valid"])

    def wrap(self, name: str, data_key: bytes) -> WrappedKey:
        made = self._use(name, "wrap", data_key=coded(data_key))
        return WrappedKey(made["version"], base64.b64decode(made["wrapped"]))

    def unwrap(self, name: str, wrapped: WrappedKey) -> bytes:
        body = {"wrapped": coded(wrapped.value), "version": wrapped.version}
        return base64.b64decode(self._use(name, "unwrap", **body)["data_key"])

    def rotate(self, name: str) -> KeyEntry:
        return entry_of(json.loads(done(self._officer, "POST", f"/keys/{name}/rotate")))

    def destroy(self, name: str) -> KeyEntry:
        return entry_of(json.loads(done(self._officer, "DELETE", f"/keys/{name}")))

    def _use(self, name: str, operation: str, **body: Any) -> Any:
        return json.loads(done(self._user, "POST", f"/keys/{name}/{operation}", body))


def done(client: HsmClient, method: str, path: str, body: object = b"") -> bytes:
    """The body of a success; KeyStoreRefused, GostUnavailable."""
    answer = client.ask(method, path, body)
    if answer.status == 401:
        client.token = None
        answer = client.ask(method, path, body)
    if answer.status < 400:
        return answer.body
    problem = json.loads(answer.body)
    if problem["error"] == "gost-unavailable":
        raise GostUnavailable(problem["message"])
    raise KeyStoreRefused(
        problem["error"] if problem["error"] in KEY_STORE_REFUSALS else "unavailable"
    )


def entry_of(shown: dict[str, Any]) -> KeyEntry:
    return KeyEntry(
        shown["name"],
        shown["algorithm"],
        shown["bits"],
        shown["version"],
        destroyed=shown["status"] == "destroyed",
    )


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()
