"""A file of faults: a YAML list of what `mocks.core.faults` can plan."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mocks.core.country import Country
from mocks.core.faults import Fault, FaultError
from scenarios.positions import Document, decode, parse_value, read_bytes
from scenarios.problems import Problem, ScenarioError
from scenarios.sections import coded, validated

__all__ = ["read_faults"]


def read_faults(path: Path, trial: Country) -> list[Fault]:
    """The faults of a file; ScenarioError with every problem found, each at its line.

    They are planned in `trial` to see if that can be done, which is not to be used any more.
    """
    name = str(path)
    document = parse_value(decode(read_bytes(path), name), name)
    problems = list(document.problems)
    faults: list[Fault] = []
    try:
        faults = validated(list[Fault], document.value, path.parent)
    except ValidationError as error:
        problems += [_problem(document, detail) for detail in error.errors(include_url=False)]
    plan = trial.tenant().faults
    for index, fault in enumerate(faults):
        try:
            plan.add(fault, now_us=0)
        except FaultError as error:
            problems.append(_unplanned(document, (index,), error))
    if problems:
        raise ScenarioError(problems)
    return faults


def _problem(document: Document, detail: ErrorDetails) -> Problem:
    raised = detail.get("ctx", {}).get("error")
    if isinstance(raised, FaultError):
        return _unplanned(document, detail["loc"], raised)
    path, code, params = coded(detail)
    return document.problem(code, path, **params)


def _unplanned(document: Document, place: tuple[int | str, ...], error: FaultError) -> Problem:
    return document.problem(error.code, (*place, *filter(None, [error.key])), **error.params)
