"""Signatures as they are sent."""

import pytest

from portal.registration.signed_text import signature_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0L/QvtC00L/QuNGB0Yw=", "подпись".encode()),
        ("0L/QvtC00L/QuNGB0Yw", b"0L/QvtC00L/QuNGB0Yw"),  # the padding is missing
        ("не Base64", "не Base64".encode()),
        ("", b""),
    ],
)
def test_what_is_not_base64_is_no_signature_by_its_bytes(text: str, expected: bytes) -> None:
    assert signature_bytes(text) == expected
