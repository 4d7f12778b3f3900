"""The portal speaks over protected connections alone."""

from typing import Any

import pytest

from portal.use_case import Outcome
from tests.portal.wiring import broken, portal_with

GOOD = {
    "tls_version": "1.3",
    "cipher": "TLS_AES_256_GCM_SHA384",
    "key_family": "rsa",
    "key_bits": 2048,
}


def opened(**changes: Any) -> Outcome:
    return portal_with().act("open_channel", **{**GOOD, **changes})


@pytest.mark.parametrize(("version", "is_target"), [("1.3", True), ("1.2", False)])
def test_a_connection_at_or_above_the_floor_is_protected(version: str, is_target: bool) -> None:
    outcome = opened(tls_version=version)
    assert (outcome.state, outcome.data["is_target"]) == ("protected", is_target)


def test_everything_that_is_too_weak_is_named_at_once() -> None:
    outcome = opened(tls_version="1.1", cipher="TLS_AES_128_GCM_SHA256", key_bits=2047)
    assert broken(outcome) == ["SEC-01 tls_version", "SEC-02 cipher", "SEC-02 key_bits"]
