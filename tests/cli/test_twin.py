"""`poligon simulate --fidelity twin`: the report of the flow model, decided by the portal."""

import json
from pathlib import Path

import pytest

from poligon.app import run
from tests.cli.running import write

REGISTRATION = """
version: 1
name: twin
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T12:00}
population: {organizations: 10000, defects: {inn_typo: 0.3, poa_expired: 0.3, org_liquidated: 0.3}}
stations: {}
arrivals: [{journey: registration, rate: {per_day: 24}}]
journeys: {registration: builtin}
"""
OWN_GATE = """
version: 1
name: own
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T12:00}
stations: {}
arrivals: [{journey: own, rate: {per_day: 2}}]
journeys:
  own:
    start: sub
    nodes:
      sub: {run: recovery, next: look}
      look: {check: [REG-02, ID-01], next: done, fail: {to: sub, after: {constant: 1h}}}
      done: {end: completed}
  recovery: builtin
"""


def simulated(folder: Path, text: str, name: str, *words: str) -> int:
    path = write(folder, text)
    out = ["--out", str(folder / name), "--lang", "en", "--replications", "1"]
    return run(["simulate", str(path), *out, *words])


def test_twin_writes_the_report_of_the_flow_model_and_says_who_decided(tmp_path: Path) -> None:
    for fidelity in ("flow", "twin"):
        assert simulated(tmp_path, REGISTRATION, fidelity, "--fidelity", fidelity) == 0
    flow, twin = (tmp_path / each / "summary.json" for each in ("flow", "twin"))
    assert twin.read_bytes() == flow.read_bytes()
    assert json.loads(flow.read_text(encoding="utf-8"))["rejections"]["REG-07"]["value"] > 0
    written = json.loads((tmp_path / "twin" / "manifest.json").read_text(encoding="utf-8"))
    assert (written["fidelity"], written["engine"]) == ("twin", "simpy")
    assert written["command"].endswith("--replications 1 --fidelity twin")


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        (OWN_GATE, (), "the portal knows gates of built-in journeys; here are others (own: look)"),
        (
            REGISTRATION.replace("2026-04-20", "2025-12-31"),
            (),
            "the scenario starts on 2025-12-31, the country is described on 2026-01-01",
        ),
        (REGISTRATION, ("--engine", "compiled"), "--engine compiled: the portal's own code"),
        (
            REGISTRATION + "policy: {DOC-01.formats: [docx, jpg], CERT-10.max_clock_skew_s: 60}\n",
            (),
            "small.yaml, policy.DOC-01.formats: the portal refuses even whoever makes no mistake "
            "(registration.document_gate, rule DOC-01)",
        ),
        (
            REGISTRATION.replace("poa_expired", "document_wrong_format")
            + "policy: {DOC-01.formats: [pdf, docx, xlsx, jpg, png, xml]}\n",
            (),
            "policy.DOC-01.formats: under such rules nobody can make the mistake "
            "document_wrong_format",
        ),
    ],
)
def test_what_no_portal_can_decide_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: tuple[str, ...], told: str
) -> None:
    assert simulated(tmp_path, text, "r", "--fidelity", "twin", *words) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert not (tmp_path / "r").exists()


def test_a_journey_of_ones_own_may_run_built_in_ones_under_the_twin(tmp_path: Path) -> None:
    written = OWN_GATE.replace("next: look}", "next: done}").splitlines()
    text = "\n".join(line for line in written if "look:" not in line)
    assert simulated(tmp_path, text, "r", "--fidelity", "twin") == 0


STUDIES = {
    "sweep": ["--vary", "stations.egrul.servers=1,2"],
    "compare": ["--set-b", "stations.egrul.servers=1"],
    "plan": ["--vary", "stations.egrul.servers=1,2", "--objective", "some"],
}
OBJECTIVE = "objectives: [{id: some, journey: registration, within: 90d, at_least: 0.01}]\n"


def studied(folder: Path, study: str, text: str, name: str, *words: str) -> int:
    path = write(folder, text)
    out = ["--out", str(folder / name), "--lang", "en", "--replications", "2", "--jobs", "1"]
    return run([study, str(path), *STUDIES[study], *out, *words])


@pytest.mark.parametrize("study", STUDIES)
def test_study_by_the_portal_has_the_figures_of_the_flow_model_from_runs_of_its_own(
    study: str, tmp_path: Path
) -> None:
    written, kept = {}, {}
    for fidelity in ("flow", "twin"):
        text = REGISTRATION + OBJECTIVE
        assert studied(tmp_path, study, text, "out", "--fidelity", fidelity) == 0
        written[fidelity] = json.loads((tmp_path / f"out/{study}.json").read_text("utf-8"))
        kept[fidelity] = (tmp_path / "out/runs.jsonl").read_text("utf-8").splitlines()
        assert written[fidelity].pop("fidelity") == fidelity
    commands = [written[fidelity].pop("command") for fidelity in ("flow", "twin")]
    assert ["--fidelity twin" in command for command in commands] == [False, True]
    assert written["twin"] == written["flow"]
    assert len(kept["twin"]) == 2 * len(kept["flow"])


@pytest.mark.parametrize("study", STUDIES)
def test_study_that_no_portal_can_decide_is_exit_2_before_any_run(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = REGISTRATION.replace("2026-04-20", "2025-12-31") + OBJECTIVE
    assert studied(tmp_path, study, text, "out", "--fidelity", "twin") == 2
    assert "the country is described on 2026-01-01" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_side_that_no_portal_can_decide_is_told_before_the_other_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--set-b", "policy.DOC-01.formats=[docx, jpg]", "--fidelity", "twin"]
    assert studied(tmp_path, "compare", REGISTRATION, "out", *more) == 2
    assert "policy.DOC-01.formats: the portal refuses" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
