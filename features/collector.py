"""Feature files as pytest collects them: `pytest features/id.feature`."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from pytest_bdd import scenario

from features.feature_files import SpecScenario, problems_in, scenarios_in
from rulebook import RuleBook

__all__ = ["SPEC", "FeatureFile"]

SPEC: Final = "poligon_spec"
"""The marker that bears the `SpecScenario` of a test."""
_EXAMPLE: Final = "_pytest_bdd_example"


class FeatureFile(pytest.Module):
    """A feature file: a test for each scenario, for each row of its examples."""

    book: RuleBook

    def collect(self) -> Any:
        """Its tests; CollectError names every mistake with file and line."""
        problems = problems_in(self.path, self.book)
        if problems:
            where = self.path.relative_to(self.config.rootpath)
            lines = [f"{where}:{problem.line}: {problem.text}" for problem in problems]
            raise self.CollectError("\n".join(lines))
        return super().collect()

    def _getobj(self) -> ModuleType:
        module = ModuleType(f"features.{self.path.stem}")
        module.__file__ = str(self.path)
        runs: dict[str, list[SpecScenario]] = {}
        for run in scenarios_in(self.path):
            runs.setdefault(run.name, []).append(run)
        for name, those in runs.items():
            setattr(module, _function_name(module, name), _test(self.path, name, those))
        return module


def _function_name(module: ModuleType, scenario_name: str) -> str:
    name = "test_" + re.sub(r"\W+", "_", scenario_name).strip("_")
    while hasattr(module, name):
        name += "_"
    return name


def _test(path: Path, name: str, runs: list[SpecScenario]) -> Callable[..., Any]:
    test: Any = scenario(str(path), name, features_base_dir=str(path.parent))(_passed)
    marks = [mark for mark in test.pytestmark if mark.name != "parametrize"]
    examples = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    if not examples:
        marks.append(getattr(pytest.mark, SPEC)(runs[0]).mark)
    test.pytestmark = marks
    for mark in examples:  # pytest-bdd makes one of all tables
        rows = [
            pytest.param(*row.values, marks=getattr(pytest.mark, SPEC)(run), id=f"L{run.line}")
            for row, run in zip(mark.args[1], runs, strict=True)
        ]
        test = pytest.mark.parametrize(_EXAMPLE, rows)(test)
    return test  # type: ignore[no-any-return]


def _passed() -> None:
    """A scenario is its steps: there is nothing to do after them."""
