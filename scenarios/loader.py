"""Scenario files: from a path or a text to a scenario ready to run, or every problem at once."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import rulebook
from rulebook import RuleBook
from scenarios.completion import CompleteScenario, complete, find_problems
from scenarios.overrides import apply_overrides
from scenarios.positions import decode, parse_yaml, read_bytes
from scenarios.problems import ScenarioError
from scenarios.sections import read_sections

__all__ = ["load", "loads"]


def load(
    path: Path, overrides: Sequence[str] = (), book: RuleBook | None = None
) -> CompleteScenario:
    """The scenario of a file under `--set` overrides; ScenarioError with every problem found."""
    return _read(read_bytes(path), str(path), path.parent, overrides, book)


def loads(
    text: str,
    name: str = "<scenario>",
    folder: Path | None = None,
    overrides: Sequence[str] = (),
    book: RuleBook | None = None,
) -> CompleteScenario:
    """Like `load` for a text; files it names are relative to `folder` (default: the current)."""
    content = text.encode("utf-8", "surrogatepass")
    return _read(content, name, folder or Path(), overrides, book)


def _read(
    content: bytes, name: str, folder: Path, overrides: Sequence[str], book: RuleBook | None
) -> CompleteScenario:
    book = book or rulebook.load()
    document = parse_yaml(decode(content, name), name)
    problems = [*document.problems, *apply_overrides(document, overrides, book)]
    scenario, sections, found = read_sections(document, folder)
    problems += found
    if scenario is not None and not problems:
        digest = hashlib.sha256(content)
        for override in overrides:
            digest.update(b"\0" + override.encode("utf-8", "surrogatepass"))
        return complete(scenario, book, document, folder, digest.hexdigest())
    problems += find_problems(sections, document, folder, book)
    raise ScenarioError(problems)
