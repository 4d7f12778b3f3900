"""The journal of runs: what is kept, what a kill leaves of it, when a run may be used again."""

from pathlib import Path

import pytest

from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.objectives import TermShare
from sim.experiments.setting import Setting
from sim.studies import journal as journal_module
from sim.studies.journal import Journal, point_key
from sim.studies.runs import Runs
from sim.studies.samples import Sample
from tests.cli.running import SMALL, write

ONE = Sample(0, {"journeys.j.arrived": 60.0, "recovery.x": None}, {"easy": TermShare(0.1, 2)})
TWO = Sample(1, {"journeys.j.arrived": 0.1 + 0.2}, {"easy": TermShare(None, 0)})


def small(**changes: str) -> CompleteScenario:
    text = SMALL
    for old, new in changes.items():
        text = text.replace(f"{old}:", f"{old}: {new} #")
    return loads(text)


def test_runs_are_read_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    with Journal(path) as journal:
        journal.add("a", ONE)
        journal.add("b", TWO)
        assert journal.samples("a") == {0: ONE}
    with Journal(path) as journal:
        assert (journal.samples("a"), journal.samples("b")) == ({0: ONE}, {1: TWO})
        assert journal.samples("c") == {}


def test_every_length_of_a_torn_line_loses_only_its_run(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    with Journal(path) as journal:
        journal.add("a", ONE)
        whole = path.stat().st_size
        journal.add("a", TWO)
    content = path.read_bytes()
    for length in range(whole, len(content) - 1):
        path.write_bytes(content[:length])
        with Journal(path) as journal:
            assert journal.samples("a") == {0: ONE}, length
            journal.add("a", TWO)
        with Journal(path) as journal:
            assert journal.samples("a") == {0: ONE, 1: TWO}, length


def test_line_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text('[]\n{"point": 1}\nnull\n7\n\n', encoding="utf-8")
    with Journal(path) as journal:
        journal.add("a", ONE)
    assert path.read_text(encoding="utf-8").startswith("[]\n")


def test_key_differs_with_everything_that_figures_depend_on(tmp_path: Path) -> None:
    base = small()
    key = point_key(base, Setting(1.0, 5), 3)
    assert point_key(small(), Setting(1.0, 5), 3) == key
    others = [
        point_key(base, Setting(0.5, 5), 3),
        point_key(base, Setting(1.0, 6), 3),
        point_key(base, Setting(1.0, 5, fidelity="twin"), 3),
        point_key(small(name="other"), Setting(1.0, 5), 3),
        point_key(loads(SMALL, overrides=["stations.desk.servers=3"]), Setting(1.0, 5), 3),
    ]
    assert len({key, *others}) == 6


def test_key_differs_with_the_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {point_key(small(), Setting(1.0, 5), 3)}
    monkeypatch.setattr(journal_module, "sources_digest", lambda packages: "changed")
    assert len(keys | {point_key(small(), Setting(1.0, 5), 3)}) == 2


def test_key_of_a_run_by_the_portal_differs_with_the_sources_of_the_portal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def keys() -> list[str]:
        return [
            point_key(small(), Setting(1.0, 5, fidelity=fidelity), 3)
            for fidelity in ("flow", "twin")
        ]

    changed = {"portal": 1}
    monkeypatch.setattr(
        journal_module, "sources_digest", lambda packages: str([changed.get(p) for p in packages])
    )
    before = keys()
    changed["portal"] = 2
    assert [a == b for a, b in zip(before, keys(), strict=True)] == [True, False]


def test_key_differs_with_a_data_file_of_the_same_name(tmp_path: Path) -> None:
    text = SMALL.replace("rate: {per_hour: 10, profile: flat}", "instants: arrivals.csv").replace(
        ", arrivals_until: 2026-04-20T06:00", ""
    )
    write(tmp_path, text)
    keys = [point_key(loads(text, folder=tmp_path), Setting(1.0, 5), 3)]
    (tmp_path / "arrivals.csv").write_text("time\n2026-04-20T00:00:01\n", encoding="utf-8")
    keys.append(point_key(loads(text, folder=tmp_path), Setting(1.0, 5), 3))
    assert keys[0] != keys[1]


class Counted(LocalBackend):
    """Notes how many numbers were asked of it."""

    asked: list[int] = []

    def workers(self, at_most: int) -> int:
        self.asked.append(at_most)
        return super().workers(at_most)


def test_known_runs_are_not_made_again_and_missing_ones_are(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    with Journal(path) as journal:
        whole = Runs(LocalBackend(1), journal=journal).of("p", small(), 4)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    Counted.asked.clear()
    with Journal(path) as journal:
        again = Runs(Counted(1), journal=journal).of("p", small(), 4)
    assert again == whole
    assert Counted.asked == [2]
    assert sorted(path.read_bytes().splitlines()) == sorted(line.strip() for line in lines)
    with Journal(path) as journal:
        assert Runs(Counted(1), journal=journal).of("p", small(), 3) == whole[:3]
    assert Counted.asked == [2]


def test_runs_go_on_until_enough_and_are_remembered_without_a_journal() -> None:
    runs = Runs(Counted(1))
    Counted.asked.clear()
    found = runs.until("p", small(), lambda samples: len(samples) == 3, 2, 9)
    assert [sample.number for sample in found] == [0, 1, 2]
    assert len(runs.until("p", small(), lambda samples: len(samples) >= 2, 2, 9)) == 2
    assert len(Counted.asked) == 1
    assert [s.number for s in runs.until("p", small(), lambda _: False, 2, 4)] == [0, 1, 2, 3]


def test_journal_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "missing" / "runs.jsonl") as journal,
        pytest.raises(OSError, match="directory"),
    ):
        journal.add("a", ONE)


def test_journal_without_a_run_leaves_no_file(tmp_path: Path) -> None:
    with Journal(tmp_path / "runs.jsonl") as journal:
        assert journal.samples("a") == {}
    assert [*tmp_path.iterdir()] == []
