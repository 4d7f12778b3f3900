"""Files inside JSON: Base64 in a field of a request."""

import base64

from mocks.core.http import Refusal

__all__ = ["decoded_file"]


def decoded_file(text: str, field: str) -> bytes:
    """The bytes of a file; Refusal 422 names `field` if it is not Base64 (RFC 4648, section 4)."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refusal(422, "bad-base64", f"{field}: содержимое не в Base64", field=field) from None
