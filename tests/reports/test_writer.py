"""The report folder: whole, or untouched."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports.simulation import files
from reports.simulation.files import write
from tests.reports.tiny import MADE, tiny

FILES = ["junit.xml", "manifest.json", "report.html", "summary.json"]


def contents(folder: Path) -> dict[str, bytes]:
    """Everything under a folder, by relative path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def old_report(tmp_path: Path) -> Path:
    """A folder with a report and somebody's notes."""
    folder = tmp_path / "out" / "peak"
    write(tiny(name="old"), MADE, folder, "ru")
    (folder / "notes.txt").write_text("mine")
    return folder


def test_a_new_folder_holds_the_four_files_and_nothing_else(tmp_path: Path) -> None:
    path = write(tiny(), MADE, tmp_path / "out" / "peak", "ru")
    assert path == tmp_path / "out" / "peak" / "report.html"
    assert sorted(p.name for p in (tmp_path / "out").rglob("*")) == sorted(["peak", *FILES])
    assert json.loads((path.parent / "manifest.json").read_text()) == {
        "scenario": tiny().name, "seed": 1, "scale": 1.0, "replications": 2, "warmup_s": 0.0,
        "engine": tiny().engine, "command": MADE.command, "versions": {"python": "3.11.2"},
        "event_log": None, "notes": list(tiny().notes),
    }  # fmt: skip
    assert json.loads((path.parent / "summary.json").read_text())["objectives"]["quick"]["pass"]


def test_an_old_report_is_replaced_and_other_files_stay(old_report: Path) -> None:
    write(tiny(name="new"), MADE, old_report, "ru")
    assert sorted(contents(old_report)) == sorted(["notes.txt", *FILES])
    assert "<h1>new</h1>" in (old_report / "report.html").read_text(encoding="utf-8")
    assert (old_report / "notes.txt").read_text() == "mine"


def test_event_log_written_before_is_moved_in_and_named_by_the_manifest(
    tmp_path: Path, old_report: Path
) -> None:
    for number, folder in enumerate([tmp_path / "fresh", old_report]):
        log = tmp_path / "events.csv"
        log.write_text(f"event {number}")
        written = write(tiny(), MADE, folder, "ru", log)
        assert (folder / "events.csv").read_text() == f"event {number}"
        said = json.loads((written.parent / "manifest.json").read_text())
        assert said["event_log"] == "events.csv"
        assert not log.exists()


def test_the_report_is_written_where_a_link_leads(tmp_path: Path, old_report: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to(old_report)
    write(tiny(name="new"), MADE, link, "ru")
    assert link.is_symlink()
    assert "<h1>new</h1>" in (old_report / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["summary", "junit", "simulation_page"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_failure_while_writing_leaves_everything_as_it_was(
    name: str, error: type[BaseException], old_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr(files, name, fail)
    before = contents(old_report.parent.parent)
    with pytest.raises(error):
        write(tiny(name="new"), MADE, old_report, "ru")
    assert contents(old_report.parent.parent) == before
    with pytest.raises(error):
        write(tiny(name="new"), MADE, old_report.parent / "other", "ru")
    assert contents(old_report.parent.parent) == before


@pytest.mark.parametrize("at", range(1, 6))
def test_an_interruption_between_two_renames_puts_the_old_report_back(
    at: int, old_report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[Path, Path], Path] = Path.replace
    calls = 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == at:
            raise KeyboardInterrupt
        return real(self, target)

    log = tmp_path / "events.csv"
    log.write_text("event")
    before = contents(old_report)
    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write(tiny(name="new"), MADE, old_report, "ru", log)
    assert contents(old_report) == before


def test_an_interruption_right_after_the_last_rename_is_undone_too(
    old_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[Path, Path], Path] = Path.replace

    def replace(self: Path, target: Path) -> Path:
        done = real(self, target)
        if self.name == "summary.json" and not self.parent.name.endswith(".old"):
            raise KeyboardInterrupt
        return done

    before = contents(old_report)
    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write(tiny(name="new"), MADE, old_report, "ru")
    assert contents(old_report) == before


def test_where_the_file_system_has_no_links_old_files_are_copied_aside(
    old_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("os.link", link)
    write(tiny(name="new"), MADE, old_report, "ru")
    assert "<h1>new</h1>" in (old_report / "report.html").read_text(encoding="utf-8")


def test_a_manifest_with_a_nan_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(tiny(), replace(MADE, elapsed_s=math.nan), tmp_path / "out", "ru")
    assert list(tmp_path.iterdir()) == []


def test_the_same_result_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tiny(), MADE, tmp_path / name, "en")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
