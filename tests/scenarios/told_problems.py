"""What a malformed text is told: shared by the tests of malformed scenarios."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from scenarios.loader import loads
from scenarios.problem_texts import TEXTS
from scenarios.problems import Problem, ScenarioError

GOOD = (Path(__file__).parent / "good.yaml").read_text(encoding="utf-8")
NODE = "journeys.own.nodes"

Found = tuple[str, int | None, str]
"""A problem: its code, line and key."""


class Case(NamedTuple):
    """The good scenario with `old` replaced, and the problems it must have."""

    old: str
    new: str
    problems: Sequence[Found]


def told(case: Case) -> list[Found]:
    """What the case is told, in the order of the codes."""
    assert case.old in GOOD
    return sorted(problems_of(GOOD.replace(case.old, case.new, 1)))


def problems_of(
    text: str, overrides: Sequence[str] = (), folder: Path | None = None
) -> list[Found]:
    with pytest.raises(ScenarioError) as raised:
        loads(text, overrides=overrides, folder=folder)
    for problem in raised.value.problems:
        assert_told_in_both_languages(problem)
    return [(problem.code, problem.line, problem.key) for problem in raised.value.problems]


def assert_told_in_both_languages(problem: Problem) -> None:
    russian, english = problem.text("ru"), problem.text("en")
    assert "{" not in russian.replace("{…}", "")
    assert russian != english
    assert len(TEXTS[problem.code]) == 2
