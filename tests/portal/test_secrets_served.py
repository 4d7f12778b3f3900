"""No password, code, token or private key gets from a served portal onto the disk or into a log
(SEC-01)."""

import base64
import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving
from stand.portals import Portals
from stand.request_log import request_log
from tests.portal.http_client import Client
from tests.portal.people import COUNTRY, KIM, PASSWORD, form_of
from tests.portal.wiring import CHEAP_PASSWORDS
from world.filings import filing_of

NEW = "Qm4#vTzLkw9!"
DAY = dt.date(2026, 2, 2)


class Life:
    """Kim at a served portal; `secrets` are those that were sent or received."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._sent = 0
        self._token = ""
        self.secrets: dict[str, bytes] = {}

    def live(self) -> None:
        """Sign up, come in, add a generator of codes, change and recover the password, upload what
        should not leave the owner's hands."""
        self._keep("password", PASSWORD)
        self._keep("new password", NEW)
        account = self._do("sign-up", **form_of(KIM))["data"]["account"]
        self._do("activate-account", account=account, code=self._code(KIM.phone, "activation"))
        begun = self._do("sign-in", login=KIM.phone, password=PASSWORD)["data"]["sign_in"]
        inside = self._do("enter-sign-in-code", sign_in=begun, code=self._code(KIM.phone, "entry"))
        self._token = inside["data"]["token"]
        self._keep("token", self._token)
        self._do("add-code-generator", password=PASSWORD)
        self._do("change-password", old=PASSWORD, password=NEW)
        recovery: dict[str, Any] = {"inn": KIM.inn, "email": KIM.email}
        self._do("request-recovery", **recovery)
        code = self._code(KIM.email, "recovery")
        self._do("recover-password", **recovery, code=code, password=PASSWORD)
        self._upload()

    def _upload(self) -> None:
        owner = next(n for n in range(100) if signs_with(n) == "ecc")
        place = f"/ca/v1/organizations/{owner}/{DAY}"
        container = self._client.get(f"{place}/container.pfx?password=wB7-qRt0&key=1").content
        key = load_pem_private_key(self._client.get(f"{place}/key.pem?key=1").content, None)
        assert isinstance(key, EllipticCurvePrivateKey)
        bare = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._keep("container", container[64:128])
        self._keep("key", key.private_numbers().private_value.to_bytes(32, "big"))
        for number, secret in enumerate((container, bare)):
            content = base64.b64encode(secret).decode()
            self._keep(f"upload {number}", content[40:80])
            file: dict[str, Any] = {"context": "registration", "document_type": "charter"}
            self._do("upload-document", 422, **file, file_name="Устав.pdf", content=content)
            self._do("bind-certificate", None, content=content, file_name="ключ.pfx")
            self._do("choose-sign-in-file", None, content=content)

    def _do(self, act: str, status: int | None = 200, **form: Any) -> dict[str, Any]:
        self._sent += 1
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": f"k{self._sent}"}
        answer = self._client.post(f"/portal/v1/{act}", json=form, headers=headers)
        assert status in (None, answer.status_code), answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _code(self, contact: str, name: str) -> str:
        letters = self._client.get(f"/_admin/tenants/main/inboxes/{contact}").json()
        found = re.search(r"подтверждения: (\d{6})", letters[-1]["text"])
        assert found is not None
        self._keep(name, found[1])
        return found[1]

    def _keep(self, name: str, secret: str | bytes) -> None:
        self.secrets[name] = secret.encode() if isinstance(secret, str) else secret


def signs_with(organization: int) -> str:
    return filing_of(COUNTRY, organization, DAY).certificate.algorithm


@contextmanager
def served(database: Path) -> Iterator[Client]:
    country = Country(SERVICES, seed=1)
    portals = Portals(country, CHEAP_PASSWORDS, database=f"sqlite:///{database}", is_kept=True)
    with serving(country, guests=portals.guests) as server:
        portals.begin(server.url)
        client = Client(server.url)
        yield client
        client.close()
    portals.close()


def in_words(secret: bytes, text: bytes) -> bool:
    """Whether the secret is there by itself: a code of six digits is a part of many a number."""
    return (
        re.search(rb"(?<![0-9A-Za-z])" + re.escape(secret) + rb"(?![0-9A-Za-z])", text) is not None
    )


def found_in(text: bytes, secrets: dict[str, bytes]) -> list[str]:
    """Names of the secrets that `text` bears, as they are, in Base64 or in hexadecimal digits."""
    return [
        name
        for name, secret in secrets.items()
        if (in_words(secret, text) if len(secret) < 32 else secret in text)
        or base64.b64encode(secret).rstrip(b"=")[:-2] in text
        or (len(secret) > 8 and secret.hex().encode() in text)
    ]


def test_no_secret_is_in_the_database_or_in_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    database, log = tmp_path / "portal.db", tmp_path / "requests.jsonl"
    with request_log(str(log)), served(database) as client:
        life = Life(client)
        life.live()
        on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("portal.db*"))
    requests_seen = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["act"] for line in requests_seen][:2] == ["sign_up", "activate_account"]
    assert KIM.phone.encode() in on_disk
    assert b"$argon2id$" in on_disk
    assert len(life.secrets) == 10
    assert found_in(on_disk, life.secrets) == []
    assert found_in(log.read_bytes(), life.secrets) == []
    assert found_in(caplog.text.encode(), life.secrets) == []


def test_secrets_would_be_found_in_any_of_their_forms() -> None:
    secrets = {"code": b"123456", "key": bytes(range(40, 80))}
    for text in (b"code 123456.", bytes(range(256)), bytes(range(40, 80)).hex().encode()):
        assert len(found_in(text, secrets)) == 1
    assert found_in(b"9123456, 1234567", secrets) == []
