"""Why a run has not begun: left by Locust, read by the command, told in the reader's language."""

from pathlib import Path

import pytest

from loadtests.applicants import NobodyLeft
from loadtests.plan import PlanError
from loadtests.refusal import Refusal, read_refusal, refusal_of, write_refusal
from loadtests.target import StandMismatch, TargetError
from poligon.load.locust_run import _problem

PORTAL = "http://127.0.0.1:1/portal"
ASKED = "GET http://127.0.0.1:1/clock"


@pytest.mark.parametrize(
    ("error", "refusal", "ru", "en"),
    [
        (
            StandMismatch(PORTAL),
            Refusal("country", {"portal": PORTAL}),
            f"у {PORTAL} другая страна, чем у сценария: запустите там тот же сценарий с тем же "
            "зерном",
            f"{PORTAL} has another country than the plan: serve the same scenario there, with the "
            "same seed",
        ),
        (
            NobodyLeft("legal"),
            Refusal("nobody", {"kind": "legal"}),
            "в стране не осталось заявителей вида legal: она мала для такой нагрузки",
            "the country has no applicant of the kind legal left: it is too small for such a load",
        ),
        (
            TargetError(ASKED, "503 busy\nnow"),
            Refusal("target", {"request": ASKED, "answer": "503 busy\nnow"}),
            f"{ASKED}: получено 503 busy now",
            f"{ASKED}: got 503 busy now",
        ),
        (
            TargetError(ASKED, "{}", "clock"),
            Refusal("target_clock", {"request": ASKED, "answer": "{}"}),
            f"{ASKED}: это не часы стенда: {{}}",
            f"{ASKED}: no clock of a stand: {{}}",
        ),
        (
            TargetError(ASKED, "<html>", "json"),
            Refusal("target_json", {"request": ASKED, "answer": "<html>"}),
            f"{ASKED}: это не JSON: <html>",
            f"{ASKED}: no JSON: <html>",
        ),
        (
            TargetError(ASKED, "[]", "organization"),
            Refusal("target_organization", {"request": ASKED, "answer": "[]"}),
            f"{ASKED}: это не организация: []",
            f"{ASKED}: no organization: []",
        ),
        (PlanError("plan: x"), Refusal("other", {"said": "plan: x"}), "plan: x", "plan: x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refusal_of_a_run_is_told_in_both_languages(
    error: Exception, refusal: Refusal, ru: str, en: str, tmp_path: Path
) -> None:
    write_refusal(tmp_path, refusal_of(error))
    read = read_refusal(tmp_path)
    assert read == refusal
    problem = _problem(read)
    assert problem.text("ru") == f"нагрузить нельзя: {ru}"
    assert problem.text("en") == f"this cannot be loaded: {en}"


def test_run_that_was_not_refused_has_no_refusal(tmp_path: Path) -> None:
    assert read_refusal(tmp_path) is None
