"""Real clients as programs of their own, in the environment that has them.

A program is a Python file that reads its arguments, one JSON object, from standard input and
prints what it saw, one JSON value, to standard output. It knows of the project only the URL of a
served country that a test gives it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

import dev

__all__ = ["CLIENTS", "TESTS", "needs_clients", "saw"]

TESTS: Final = Path(sys.executable)
"""The Python of the tests themselves, with every client of the extra `dev`."""

CLIENTS: Final = dev.CLIENTS_PYTHON
"""The Python of the clients that clash with the others or are too large: esia-connector, pm4py."""

needs_clients = pytest.mark.skipif(
    not CLIENTS.exists(), reason="no .venv/clients/ here: python3 dev.py setup makes it"
)

_DEADLINE_S: Final = 60.0  # after which a client is stuck; nothing is expected to come near it


def saw(
    program: Path, *, python: Path = TESTS, deadline_s: float = _DEADLINE_S, **arguments: Any
) -> Any:
    """What a program printed, given the arguments; it has failed the test if it has not ended well.

    Of the checkout nothing can be imported there, and a proxy of the machine is not asked.
    """
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    try:
        ended = subprocess.run(
            [python, "-I", "-X", "utf8", program],
            input=json.dumps(arguments), capture_output=True, check=False, encoding="utf-8",
            env=environment, timeout=deadline_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.fail(f"{program.name} has not ended in {deadline_s:g} s")
    if ended.returncode != 0:
        pytest.fail(f"{program.name} ended with {ended.returncode}:\n{ended.stderr}")
    return json.loads(ended.stdout)
