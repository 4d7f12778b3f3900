"""The feature files as they are written, and what is refused in them before anything runs.

pytest-bdd keeps one of two scenarios of a name in a feature without a word; the other would never
run. So every mistake that would make a spec say less than it seems to is an error of collection.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import Feature as GherkinFeature
from pytest_bdd.gherkin_parser import Rule as GherkinRule
from pytest_bdd.gherkin_parser import Scenario as GherkinScenario
from pytest_bdd.gherkin_parser import Step, get_gherkin_document

from rulebook import RuleBook

__all__ = [
    "CONTRAST",
    "DUTY",
    "FeatureProblem",
    "SpecScenario",
    "UnreadableFile",
    "place_of",
    "problems_in",
    "scenarios_in",
    "scenarios_written",
]

DUTY: Final = "обязанность"
"""The tag of a rule that refuses nobody: it says what the portal does."""
CONTRAST: Final = "иначе"
"""The tag of a scenario of such a rule that shows where the portal does not do it."""

_TAGS: Final = frozenset({DUTY, CONTRAST, "долго"})
_WHY: Final = "почему"
_RULE_ID: Final = re.compile(r"\b[A-Z]{2,5}-\d{2}\b")
_STEPS: Final = range(2, 9)  # a scenario that needs more says how, not what


@dataclass(frozen=True, slots=True)
class FeatureProblem:
    """A mistake in a feature file; `line` counts from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SpecScenario:
    """A scenario as it runs: of an outline each row of its examples, at the row's `line`."""

    rule: str
    name: str
    line: int
    duty: bool
    contrast: bool
    row: tuple[str, ...] = ()


class UnreadableFile(Exception):
    """A feature file is no Gherkin; `problem` says why."""

    def __init__(self, path: Path, problem: FeatureProblem) -> None:
        super().__init__(f"{path}:{problem.line}: {problem.text}")
        self.problem = problem


def scenarios_in(path: Path) -> list[SpecScenario]:
    """Scenarios of a file that has no problems."""
    return [
        each
        for rule in _rules(path)
        for scenario in _scenarios(rule)
        for each in _runs(rule, scenario)
    ]


def scenarios_written(
    folders: Iterable[Path], root: Path
) -> dict[tuple[str, int], tuple[str, str]]:
    """Rule and name of every scenario of the feature files in `folders`, by file and line;
    UnreadableFile for the first one that is no Gherkin."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.feature"))):
        place = place_of(path, root)
        try:
            specs = scenarios_in(path)
        except UnreadableFile as error:
            raise UnreadableFile(Path(place), error.problem) from None
        found |= {(place, spec.line): (spec.rule, spec.name) for spec in specs}
    return found


def place_of(path: Path, root: Path) -> str:
    """A file as the matrix names it: from the project's root, if it is below."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def problems_in(path: Path, book: RuleBook) -> list[FeatureProblem]:
    """Everything that is wrong in a file, by line."""
    try:
        feature = _feature(path)
    except UnreadableFile as error:
        return [error.problem]
    problems: list[FeatureProblem] = []
    seen: dict[str, int] = {}
    rules: dict[str, int] = {}
    for child in feature.children:
        if child.scenario:
            problems.append(_at(child.scenario.location.line, "сценарий вне «Правила»"))
        if child.rule is None:
            continue
        problems += _rule_problems(child.rule, path.stem.upper(), rules, book)
        background = [
            step for c in child.rule.children if c.background for step in c.background.steps
        ]
        background += [
            step for c in feature.children if c.background for step in c.background.steps
        ]
        for scenario in _scenarios(child.rule):
            problems += _scenario_problems(scenario, background, seen, book)
    return sorted(problems, key=lambda problem: problem.line)


def _feature(path: Path) -> GherkinFeature:
    try:
        return get_gherkin_document(str(path)).feature
    except GherkinParseError as error:
        line = error.line_content.strip()
        found = f"«{line}»" if line else "конец файла"
        problem = _at(error.line, f"здесь не то, чего ждёт Gherkin: {found}")
    except UnicodeDecodeError:
        problem = _at(1, "файл не в UTF-8")
    except KeyError:  # of pytest-bdd, for a file without a feature
        problem = _at(1, "в файле нет «Функции»")
    raise UnreadableFile(path, problem)


def _rules(path: Path) -> Iterator[GherkinRule]:
    for child in _feature(path).children:
        if child.rule:
            yield child.rule


def _scenarios(rule: GherkinRule) -> Iterator[GherkinScenario]:
    return (child.scenario for child in rule.children if child.scenario)


def _runs(rule: GherkinRule, scenario: GherkinScenario) -> Iterator[SpecScenario]:
    rule_id = next(tag.name[1:] for tag in rule.tags if _RULE_ID.fullmatch(tag.name[1:]))
    duty = any(tag.name == f"@{DUTY}" for tag in rule.tags)
    contrast = any(tag.name == f"@{CONTRAST}" for tag in scenario.tags)
    if not scenario.examples:
        yield SpecScenario(rule_id, scenario.name, scenario.location.line, duty, contrast)
    for examples in scenario.examples:
        for row in examples.table_body or ():
            cells = tuple(cell.value for cell in row.cells)
            yield SpecScenario(rule_id, scenario.name, row.location.line, duty, contrast, cells)


def _rule_problems(
    rule: GherkinRule, chapter: str, rules: dict[str, int], book: RuleBook
) -> Iterator[FeatureProblem]:
    ids = []
    for tag in rule.tags:
        name = tag.name.lstrip("@")
        if not _RULE_ID.fullmatch(name):
            if name not in _TAGS:
                yield _at(tag.location.line, f"неизвестный тег {tag.name}")
            continue
        ids.append(name)
        if name not in book.rules:
            yield _at(tag.location.line, f"правила {name} нет в своде правил")
        elif not name.startswith(f"{chapter}-"):
            yield _at(tag.location.line, f"правило {name} не из главы {chapter}")
        if name in rules:
            yield _at(tag.location.line, f"правило {name} уже описано в строке {rules[name]}")
        rules.setdefault(name, tag.location.line)
    if len(ids) != 1:
        yield _at(rule.location.line, "у «Правила» должен быть один тег вида @REG-02")


def _scenario_problems(
    scenario: GherkinScenario, background: Sequence[Step], seen: dict[str, int], book: RuleBook
) -> Iterator[FeatureProblem]:
    line = scenario.location.line
    if scenario.name in seen:
        yield _at(line, f"сценарий «{scenario.name}» уже есть в строке {seen[scenario.name]}")
    seen.setdefault(scenario.name, line)
    for tag in scenario.tags:
        if tag.name.lstrip("@") not in _TAGS:
            yield _at(tag.location.line, f"неизвестный тег {tag.name}")
    if len(scenario.steps) + len(background) not in _STEPS:
        yield _at(line, f"шагов должно быть от {_STEPS[0]} до {_STEPS[-1]}")
    if all(step.keyword_type != "Outcome" for step in scenario.steps):
        yield _at(line, "сценарий ничего не утверждает: нет шага «Тогда»")
    for step in scenario.steps:
        cells = (
            [c.value for row in step.datatable.rows for c in row.cells] if step.datatable else []
        )
        yield from _unknown_rules(step.location.line, [step.text, *cells], book)
    yield from _example_problems(scenario, book)


def _example_problems(scenario: GherkinScenario, book: RuleBook) -> Iterator[FeatureProblem]:
    for examples in scenario.examples:
        titles = (
            [cell.value for cell in examples.table_header.cells] if examples.table_header else []
        )
        if _WHY not in titles:
            yield _at(examples.location.line, f"у примеров нет столбца «{_WHY}»")
        rows: dict[tuple[str, ...], int] = {}
        for row in examples.table_body or ():
            cells = tuple(
                cell.value for title, cell in zip(titles, row.cells, strict=False) if title != _WHY
            )
            if cells in rows:
                yield _at(row.location.line, f"пример уже есть в строке {rows[cells]}")
            rows.setdefault(cells, row.location.line)
            yield from _unknown_rules(row.location.line, cells, book)


def _unknown_rules(line: int, texts: Sequence[str], book: RuleBook) -> Iterator[FeatureProblem]:
    for text in texts:
        for rule_id in _RULE_ID.findall(text):
            if rule_id.partition("-")[0] in book.chapters and rule_id not in book.rules:
                yield _at(line, f"правила {rule_id} нет в своде правил")


def _at(line: int, text: str) -> FeatureProblem:
    return FeatureProblem(line, text)
