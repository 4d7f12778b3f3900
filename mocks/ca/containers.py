"""A key and its certificates as a file .pfx under the password that a client asks for."""

from collections.abc import Sequence
from typing import Final

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from signatures.certificates import Certificate
from signatures.keys import PrivateKey
from signatures.pkcs12 import container

__all__ = ["PASSWORD", "container_file"]

PASSWORD: Final = "poligon"
"""If parameter `password` gives no other."""

_LONGEST_PASSWORD: Final = 128  # characters
_LONGEST_SERIAL: Final = 20  # bytes (RFC 5280, 4.1.2.2)


def container_file(
    call: Call, key: PrivateKey, certificate: Certificate, chain: Sequence[Certificate]
) -> Answer:
    """The file; Refusal 422 for a password that is too long."""
    password = call.request.parameter("password") or PASSWORD
    if len(password) > _LONGEST_PASSWORD:
        message = f"Пароль длиннее {_LONGEST_PASSWORD} знаков"
        raise Refusal(422, "bad-password", message, field="password")
    salt = certificate.serial_number.to_bytes(_LONGEST_SERIAL)
    content = container(key, certificate, password, chain=chain, salt=salt)
    return Answer(200, content, "application/x-pkcs12")
