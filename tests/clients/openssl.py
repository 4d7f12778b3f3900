"""The `openssl` command as an independent judge of signatures, certificates and timestamps."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

__all__ = ["Verdict", "needs_openssl", "openssl"]

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no openssl command here (package openssl)"
)

_GOST: Final = Path(__file__).with_name("gost.cnf")
_DEADLINE_S: Final = 60.0  # after which the command is stuck; nothing is expected to come near it


@dataclass(frozen=True)
class Verdict:
    """How the command has ended, and what it wrote."""

    code: int
    out: bytes
    said: str
    """Standard error: words such as `Verification successful` are there."""


def openssl(*words: str | Path, data: bytes = b"", gost: bool = False) -> Verdict:
    """The verdict of a subcommand with its options, given `data` on standard input.

    With `gost` the engine is loaded first: only for tests that need GOST, as without the engine the
    command would fail. TimeoutExpired if it is stuck.
    """
    environment = {**os.environ, "OPENSSL_CONF": str(_GOST)} if gost else None
    ended = subprocess.run(
        ["openssl", *words], input=data, capture_output=True, check=False, env=environment,
        timeout=_DEADLINE_S,
    )  # fmt: skip
    return Verdict(ended.returncode, ended.stdout, ended.stderr.decode(errors="replace"))
