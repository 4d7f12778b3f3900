"""Every step of the feature files means one thing, every act leads to something there is."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import Step
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

import features.acts
import features.steps
import portal.registry_of_use_cases  # noqa: F401  registers every use case
import rulebook
from features.acts.act import ACTS, VIEWS
from features.feature_files import problems_in
from portal import use_case

FOLDER = Path(features.__path__[0])
FILES = sorted(FOLDER.glob("*.feature"))
BOOK = rulebook.load()


@pytest.fixture(scope="module")
def definitions() -> list[StepFunctionContext]:
    """The step definitions of the specs."""
    for package in (features.acts, features.steps):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    return [
        each
        for each in list(step_function_context_registry.values())
        if each.step_func.__module__.startswith("features.steps.")
    ]


def steps_of(path: Path) -> Iterator[Step]:
    """Every step that runs, with the values of its example."""
    for template in get_feature(str(path.parent), path.name).scenarios.values():
        rows = [row for table in template.examples for row in table.as_contexts()] or [{}]
        for row in rows:
            yield from template.render(row).steps


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_step_has_one_definition(path: Path, definitions: list[StepFunctionContext]) -> None:
    wrong = {}
    for step in steps_of(path):
        fits = [
            each
            for each in definitions
            if each.type == step.type and each.parser.is_matching(step.name)
        ]
        if len(fits) != 1:
            wrong[f"{path.name}:{step.line_number} {step.name}"] = len(fits)
    assert wrong == {}


def test_no_step_is_unused(definitions: list[StepFunctionContext]) -> None:
    """A definition may stand for «Дано» and «Когда»: one of them is enough."""
    steps = {(step.type, step.name) for path in FILES for step in steps_of(path)}
    used = {
        each.step_func
        for each in definitions
        if any(kind == each.type and each.parser.is_matching(name) for kind, name in steps)
    }
    unused = {each.step_func for each in definitions} - used
    assert sorted(f"{each.__module__}.{each.__name__}" for each in unused) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_feature_file_is_written_as_it_has_to_be(path: Path) -> None:
    assert problems_in(path, BOOK) == []


@pytest.mark.usefixtures("definitions")
def test_acts_and_views_are_of_the_portal() -> None:
    assert {act.name for act in ACTS.values()} <= set(use_case.USE_CASES)
    assert {view.name for view in VIEWS.values()} <= set(use_case.VIEWS)
