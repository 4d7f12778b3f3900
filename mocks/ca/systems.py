"""Keys and certificates of information systems, for whoever asks: they are of a test stand."""

import re
from typing import Final

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from mocks.pki.asked_algorithm import asked_algorithm
from mocks.pki.authorities import Authorities, Identity
from mocks.pki.files import certificate_pem, key_pem

__all__ = ["show_certificate", "show_chain", "show_key"]

_MNEMONIC: Final = re.compile(r"[\w.-]{1,64}")  # X.520: a common name has 64 characters at most


def show_key(call: Call) -> Answer:
    """The private key."""
    return key_pem(_identity(call).key)


def show_certificate(call: Call) -> Answer:
    """The present certificate of that key."""
    return certificate_pem(_identity(call).certificate)


def show_chain(call: Call) -> Answer:
    """The certificates above it, up to the root's."""
    return certificate_pem(*_identity(call).chain)


def _identity(call: Call) -> Identity:
    algorithm = asked_algorithm(call.values["algorithm"])
    mnemonic = call.values["mnemonic"]
    if not _MNEMONIC.fullmatch(mnemonic):
        message = "Мнемоника системы: от 1 до 64 букв, цифр, знаков «_», «-» и «.»"
        raise Refusal(422, "bad-mnemonic", message, field="mnemonic")
    return call.tenant.state(Authorities).identity(mnemonic, algorithm)
