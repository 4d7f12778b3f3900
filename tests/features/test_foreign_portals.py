"""Foreign portals in processes of their own, judged by the specs: what they do passes, what they
lack is skipped, and of a portal that breaks one rule exactly that rule's refusals fail."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.cli.serve_process import served
from tests.foreign_portal.driver import RULES

ROOT = Path(__file__).parents[2]
FOREIGN = "tests.foreign_portal.driver:open_stand"
LARGE = "ровно_сто_мегабайт"  # what no broken rule but DOC-10 changes, and takes long
CODES = {rule: code for code, rule in RULES.items()}
SUPPORTED = ("id.feature", "pwd.feature", "acc.feature", "doc.feature")

Runs: TypeAlias = list[dict[str, Any]]


@contextmanager
def foreign_portal(*words: str) -> Iterator[str]:
    """The second portal in a process; its address."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.foreign_portal", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        assert address, child.communicate()[1]
        yield address
    finally:
        child.kill()
        child.communicate()


def judged(folder: Path, address: str, driver: str, *words: str) -> tuple[Runs, str]:
    """How the scenarios have ended on the portal, and what pytest has told."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider",
            "--driver", driver, "--base-url", address, "--matrix-dir", str(folder), *words,
        ],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    document = json.loads((folder / "matrix.json").read_text(encoding="utf-8"))
    return [run for row in document["rules"] for run in row["scenarios"]], done.stdout


def places(runs: Runs, result: str) -> set[tuple[str, int]]:
    return {(run["file"], run["line"]) for run in runs if run["result"] == result}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Runs, str]:
    """The second portal as it is."""
    files = [f"features/{name}" for name in SUPPORTED]
    with foreign_portal() as address:
        return judged(tmp_path_factory.mktemp("whole"), address, FOREIGN, *files)


def test_a_second_portal_passes_what_it_has_and_skips_the_rest(whole: tuple[Runs, str]) -> None:
    runs, told = whole
    assert places(runs, "failed") == set()
    passed = {run["rule"] for run in runs if run["result"] == "passed"}
    expected = {f"ID-{number:02}" for number in range(1, 17)}
    expected |= {"ACC-01", "ACC-02", "ACC-03", "ACC-07"}
    expected |= {f"PWD-{number:02}" for number in range(1, 7)}
    expected |= {f"DOC-{number:02}" for number in range(1, 13)}
    assert expected <= passed
    assert "портал под проверкой не умеет: begin_bank_sign_in (такого у портала нет)" in told
    assert "портал под проверкой не умеет: faults (реестров у портала нет)" in told


@pytest.mark.parametrize("rule", ["ID-01", "ID-05", "ID-06", "ID-14", "PWD-06", "DOC-06"])
def test_of_a_portal_with_one_rule_broken_exactly_its_refusals_fail(
    rule: str, whole: tuple[Runs, str], tmp_path: Path
) -> None:
    file = f"features/{rule.partition('-')[0].lower()}.feature"
    refusals = {(run["file"], run["line"]) for run in whole[0] if rule in run["refuses"]}
    with foreign_portal("--break", CODES[rule]) as address:
        runs, _ = judged(tmp_path, address, FOREIGN, file, "-k", f"not {LARGE}")
    assert refusals
    assert places(runs, "failed") == refusals
    of_rule = {run["rule"] for run in runs if run["result"] == "failed"}
    assert rule in of_rule


def test_a_served_poligon_is_judged_by_its_address(tmp_path: Path) -> None:
    said = tmp_path / "abilities.yaml"
    said.write_text(
        "version: 1\ntime: admin\ninbox: admin\nfaults: {lacks: реестры стенда общие}\n",
        encoding="utf-8",
    )
    with served(tmp_path) as (_, _, address):
        runs, told = judged(
            tmp_path, address, "external", "--capabilities", str(said),
            "features/id.feature", "features/acc.feature",
            "-m", "ID-01 or ACC-02",
        )  # fmt: skip
    assert places(runs, "failed") == set()
    assert {run["rule"] for run in runs if run["result"] == "passed"} == {"ID-01", "ACC-02"}
    assert {run["driver"] for run in runs} == {"external"}
    assert "портал под проверкой не умеет: faults (реестры стенда общие)" in told
