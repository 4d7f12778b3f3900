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
    if isinstance(document.value, list):
        # One by one, so that what is wrong with one hides nothing of the others.
        for index, entry in enumerate(document.value):
            try:
                faults.append(_planned(entry, path.parent, trial))
            except ValidationError as error:
                problems += _problems(document, (index,), error)
            except FaultError as error:
                problems.append(_unplanned(document, (index,), error))
    else:
        try:
            validated(list[Fault], document.value, path.parent)
        except ValidationError as error:
            problems += _problems(document, (), error)
    if problems:
        raise ScenarioError(problems)
    return faults


def _planned(entry: object, folder: Path, trial: Country) -> Fault:
    fault: Fault = validated(Fault, entry, folder)
    trial.tenant().faults.add(fault, now_us=0)
    return fault


def _problems(
    document: Document, place: tuple[int | str, ...], error: ValidationError
) -> list[Problem]:
    details = error.errors(include_url=False)
    return [_problem(document, {**detail, "loc": (*place, *detail["loc"])}) for detail in details]


def _problem(document: Document, detail: ErrorDetails) -> Problem:
    raised = detail.get("ctx", {}).get("error")
    if isinstance(raised, FaultError):
        return _unplanned(document, detail["loc"], raised)
    path, code, params = coded(detail)
    return document.problem(code, path, **params)


def _unplanned(document: Document, place: tuple[int | str, ...], error: FaultError) -> Problem:
    return document.problem(error.code, (*place, *filter(None, [error.key])), **error.params)
