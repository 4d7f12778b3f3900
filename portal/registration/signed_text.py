"""What an applicant signs, and the signature as it is sent."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final

from portal.rules.registration import Application

__all__ = ["application_text", "signature_bytes"]

_FIELDS: Final = tuple(each.name for each in fields(Application))


def application_text(application: Application, papers: Sequence[Mapping[str, str]]) -> bytes:
    """The bytes that the signature of an application is over: JSON with sorted keys and without
    spaces, of every field and of the attached documents' ids and SHA-256."""
    typed = {name: getattr(application, name) for name in _FIELDS}
    signed = {"application": typed, "documents": list(papers)}
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def signature_bytes(text: str) -> bytes:
    """A signature as it was sent, in Base64; what is not Base64 is no signature, by its bytes."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # letters that Base64 has not, or no ASCII at all
        return text.encode()
