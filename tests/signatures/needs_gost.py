"""Tests of GOST run where the system has it, and say why they don't elsewhere."""

import pytest

from signatures import gost

needs_gost = pytest.mark.skipif(
    gost.unavailable() is not None, reason=f"no GOST here: {gost.unavailable()}"
)

ALGORITHMS = (
    "rsa",
    "ecc",
    pytest.param("gost", marks=needs_gost),
)
"""Every algorithm of CERT-07 as parameters of a test."""
