"""Who may ask the bank to identify its customers."""

import base64
import binascii
import hmac
from typing import Final

from mocks.core.http import Refusal
from mocks.core.service import Call

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "authenticated"]

CLIENT_ID: Final = "portal"
"""The one client that the bank knows."""

CLIENT_SECRET: Final = "portal-secret"
"""Its password: no secret, every reader of the documents has it."""


def authenticated(call: Call, form: dict[str, str]) -> str:
    """Who asks, by password in the header or the form (RFC 6749, 2.3.1); Refusal 401."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, credentials = (call.request.header("Authorization") or "").partition(" ")
    if scheme == "Basic":
        client_id, secret = _basic(credentials)
    known = hmac.compare_digest(secret.encode(), CLIENT_SECRET.encode())
    if client_id != CLIENT_ID or not known:
        headers = {"WWW-Authenticate": "Basic"}
        message = "Система неизвестна или её пароль неверен"
        raise Refusal(401, "invalid_client", message, headers=headers)
    return client_id


def _basic(credentials: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = text.partition(":")
    return client_id, secret
