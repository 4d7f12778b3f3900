"""The digest of sources: what changes it and what does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.experiments.sources import FIGURES, digest_of, sources_digest


def tree(folder: Path) -> dict[str, Path]:
    for place, content in {
        "sim/a.py": "A = 1\n", "sim/data/table.yaml": "x: 1\n", "scenarios/b.py": "B = 1\n",
        "scenarios/week.yaml": "version: 1\n", "scenarios/builtin/j.yaml": "start: a\n",
        "sim/__pycache__/a.pyc": "compiled",
    }.items():  # fmt: skip
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return {name: folder / name for name in ("sim", "scenarios")}


def written(place: str) -> Callable[[Path], object]:
    return lambda folder: (folder / place).write_text("changed", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        written("sim/a.py"),
        written("sim/new.py"),
        written("sim/data/table.yaml"),
        written("scenarios/builtin/j.yaml"),
        lambda folder: (folder / "sim/a.py").rename(folder / "sim/c.py"),
        lambda folder: (folder / "sim/a.py").rename(folder / "scenarios/a.py"),
        lambda folder: (folder / "sim/a.py").unlink(),
    ],
)
def test_digest_differs_with_any_source(tmp_path: Path, change: Callable[[Path], object]) -> None:
    folders = tree(tmp_path)
    before = digest_of(folders)
    assert digest_of(folders) == before
    change(tmp_path)
    assert digest_of(folders) != before


@pytest.mark.parametrize("place", ["sim/__pycache__/a.pyc", "scenarios/week.yaml"])
def test_digest_is_the_same_with_another_scenario_or_compiled_code(
    tmp_path: Path, place: str
) -> None:
    folders = tree(tmp_path)
    before = digest_of(folders)
    written(place)(tmp_path)
    assert digest_of(folders) == before


def test_digest_of_this_program_is_taken_once() -> None:
    assert sources_digest() == sources_digest(FIGURES)
    assert sources_digest(FIGURES) is sources_digest(FIGURES)
    assert sources_digest(FIGURES) != sources_digest(FIGURES[:1])
