"""What kept machine code is known by."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engines.compiled import failures, recovery
from sim.engines.compiled.fingerprint import fingerprint
from sim.engines.compiled.loop import end_run, run_until
from world import draws

_PRINT = """
from sim.engines.compiled.fingerprint import fingerprint
from sim.engines.compiled.loop import run_until
print(fingerprint(run_until))
"""


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _PRINT],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert told.stdout.strip() == fingerprint(run_until)


@pytest.mark.parametrize(
    ("module", "name"), [(recovery, "HOUR_US"), (failures, "AFTER"), (draws, "LONGEST_US")]
)
def test_a_constant_of_another_module_is_part_of_it(
    module: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(run_until)
    monkeypatch.setattr(module, name, getattr(module, name) + 1)
    assert fingerprint(run_until) != before


def test_what_a_function_never_calls_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(end_run)
    monkeypatch.setattr(failures, "AFTER", 0)
    assert fingerprint(end_run) == before
