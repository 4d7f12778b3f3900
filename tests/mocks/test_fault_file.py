"""Files of faults: what can be planned is read, what can't is told with file, line and key."""

from pathlib import Path

import pytest

from mocks.core.country import Country
from mocks.core.fault_file import read_faults
from mocks.core.service import Service
from scenarios.problems import ScenarioError

WRONG = """\
- {id: a, service: mvd, kind: outage, p: 0.5}
- {id: b, service: mvd, kind: slow}
- {id: c, service: mvd, kind: slow, factor: none, from: noon}
- {id: d, service: mvd, kind: error, factor: 2}
- {id: e, service: mvd, kind: error, id: f}
- id: g
  kind: timeout
"""
UNKNOWN = """\
- {id: a, service: nobody, kind: error}
- {id: b, service: mvd, kind: base_updates}
- {id: c, service: mvd, kind: timeout}
- {id: c, service: mvd, kind: reset}
"""


def trial() -> Country:
    return Country([Service("mvd", own_faults={"base_update": "база обновляется"})])


def told(folder: Path, text: str) -> list[str]:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_faults(path, trial())
    russian = caught.value.text("ru").splitlines()
    english = caught.value.text("en").splitlines()
    assert len(russian) == len(english)
    assert all(ru != en for ru, en in zip(russian, english, strict=True))
    return [line.removeprefix(f"{path}:") for line in english]


def test_faults_of_every_kind_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        """
- {id: down, service: mvd, kind: outage, from: 2026-02-02T12:00, for: 2h}
- {id: late, service: "*", kind: delay, delay: {exponential: {mean: 2s}}, p: 0.1}
- {id: torn, service: mvd, kind: reset, processed: true, times: 3, match: {method: POST}}
- {id: own, service: mvd, kind: base_update}
""",
        encoding="utf-8",
    )
    faults = read_faults(path, trial())
    assert [(f.id, f.service, f.kind, f.for_, f.times, f.p, f.match.method) for f in faults] == [
        ("down", "mvd", "outage", 7_200_000_000, None, 1.0, "*"),
        ("late", "*", "delay", None, None, 0.1, "*"),
        ("torn", "mvd", "reset", None, 3, 1.0, "POST"),
        ("own", "mvd", "base_update", None, None, 1.0, "*"),
    ]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert told(tmp_path, WRONG) == [
        "1: 0.p: kind: outage has no such key",
        "2: 1: kind: slow needs the key factor",
        '3: 2.factor: expected a number above 0, got "none"',
        '3: 2.from: expected a local time like 2026-04-20T09:00 without an offset, got "noon"',
        "4: 3.factor: kind: error has no such key",
        "5: 4.id: the key is already given in line 5",
        "6: 5.service: a required key is missing",
    ]


def test_what_is_unknown_is_told_with_what_there_is(tmp_path: Path) -> None:
    assert told(tmp_path, UNKNOWN) == [
        '1: 0.service: expected one of the values, got "nobody"; allowed: mvd',
        '2: 1.kind: expected one of the values, got "base_updates"; allowed: outage, slow, delay, '
        "error, timeout, reset, truncated, malformed, duplicate, reorder, loss, base_update",
        '4: 3.id: id "c" is already taken above',
    ]


def test_file_that_is_no_list_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "faults: []\n") == ["1: expected a list, got the keys faults"]


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        read_faults(tmp_path / "nowhere.yaml", trial())


def test_problems_of_every_entry_are_told_at_once(tmp_path: Path) -> None:
    text = """\
- {id: a, service: nobody, kind: error}
- {id: b, service: mvd, kind: slow}
- {id: c, service: mvd, kind: timeout}
- {id: c, service: mvd, kind: reset}
"""
    assert [line.partition(":")[0] for line in told(tmp_path, text)] == ["1", "2", "4"]


def test_a_file_that_is_no_list_is_told_so(tmp_path: Path) -> None:
    (line,) = told(tmp_path, "id: a")
    assert "list" in line
