"""The traceability matrix: a rule, its scenarios and their last results, its sources, its gates in
the model. Written as `matrix.json` and, for people, `matrix.html`."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rulebook import RuleBook
from scenarios.builtin_models import BUILTIN_JOURNEYS, builtin_journey
from scenarios.journey_format import Check

__all__ = ["JSON_NAME", "Run", "Traced", "kept", "model_gates", "read", "uncovered", "written"]

JSON_NAME: Final = "matrix.json"
_HTML_NAME: Final = "matrix.html"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A scenario (a row of its examples) that has run on a `driver`, and what it asserted."""

    rule: str
    name: str
    file: str
    line: int
    duty: bool
    contrast: bool
    driver: str
    result: str
    accepts: bool
    refuses: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Run":
        """What `as_json` gave."""
        return cls(**{**value, "refuses": tuple(value["refuses"])})

    @property
    def place(self) -> tuple[str, int]:
        """Where it is written."""
        return self.file, self.line

    def shows(self) -> str:
        """Which side of its rule it has shown: `accepting`, `refusing`, or nothing ("").

        A rule that refuses nobody (a duty) is shown by what is done and by where it is not done.
        """
        if self.result != "passed":
            return ""
        if self.duty:
            return "refusing" if self.contrast else "accepting"
        if self.rule in self.refuses:
            return "refusing"
        return "accepting" if self.accepts else ""


@dataclass(slots=True)
class Traced:
    """A rule of the matrix with its runs, by place and driver."""

    rule: str
    gates: tuple[str, ...]
    runs: list[Run] = field(default_factory=list)

    def shown(self, side: str) -> int:
        """How many scenarios (rows of examples) have shown that side on some driver."""
        return len({run.place for run in self.runs if run.shows() == side})

    @property
    def result(self) -> str:
        """`failed` if a run's last result is that, `passed` if all are, `skipped` if some are only
        that, "" if none has run."""
        results = {run.result for run in self.runs}
        return next((each for each in ("failed", "skipped", "passed") if each in results), "")


def kept(
    folder: Path,
    runs: Sequence[Run],
    scenarios: Mapping[tuple[str, int], tuple[str, str]],
    book: RuleBook,
) -> dict[str, Traced]:
    """The matrix after these runs. `scenarios` are rule and name by place, as they are written now:
    of those that did not run the last results hold."""
    by_place = {(run.place, run.driver): run for run in _before(folder)}
    by_place |= {(run.place, run.driver): run for run in runs}
    gates = model_gates(book)
    matrix = {rule: Traced(rule, tuple(gates.get(rule, ()))) for rule in book.rules}
    for _, run in sorted(by_place.items()):
        if scenarios.get(run.place) == (run.rule, run.name):
            matrix[run.rule].runs.append(run)
    return matrix


def read(folder: Path, book: RuleBook) -> dict[str, Traced]:
    """The matrix that was written last; of no runs if there is none."""
    gates = model_gates(book)
    matrix = {rule: Traced(rule, tuple(gates.get(rule, ()))) for rule in book.rules}
    for run in _before(folder):
        if run.rule in matrix:
            matrix[run.rule].runs.append(run)
    return matrix


def uncovered(matrix: Mapping[str, Traced], chapters: Sequence[str], book: RuleBook) -> list[str]:
    """A line for each rule that has to work in specs and lacks a side; of these chapters, of all if
    there are none."""
    lines = [
        f"главы {chapter} нет в своде правил"
        for chapter in chapters
        if chapter not in book.chapters
    ]
    for rule in book.rules.values():
        if "feature" not in rule.use or (chapters and rule.chapter not in chapters):
            continue
        missing = [
            title
            for side, title in (("accepting", "принимающего"), ("refusing", "отказывающего"))
            if not matrix[rule.id].shown(side)
        ]
        if missing:
            lines.append(f"{rule.id}: нет {' и '.join(missing)} сценария — {rule.rule}")
    return lines


def model_gates(book: RuleBook) -> dict[str, list[str]]:
    """The check nodes of the built-in journeys by the rules they check, as `journey/node`."""
    found: dict[str, list[str]] = {}
    for journey in BUILTIN_JOURNEYS:
        graph, _ = builtin_journey(journey, book.policy())
        for name, node in graph.nodes.items():
            for rule in node.check if isinstance(node, Check) else ():
                found.setdefault(rule, []).append(f"{journey}/{name}")
    return found


def written(matrix: Mapping[str, Traced], folder: Path, book: RuleBook) -> None:
    """Write both files, each at once."""
    rows = [
        {
            "rule": rule.id,
            "chapter": rule.chapter,
            "text": rule.rule,
            "uses": list(rule.use),
            "sources": list(rule.sources),
            "gates": list(matrix[rule.id].gates),
            "accepting": matrix[rule.id].shown("accepting"),
            "refusing": matrix[rule.id].shown("refusing"),
            "result": matrix[rule.id].result,
            "scenarios": [run.as_json() for run in matrix[rule.id].runs],
        }
        for rule in book.rules.values()
    ]
    document = {"version": _VERSION, "book": book.version, "rules": rows}
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / JSON_NAME, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    _put(folder / _HTML_NAME, _page(rows, book))


def _page(rows: Iterable[Mapping[str, Any]], book: RuleBook) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    chapters: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if "feature" in row["uses"]:
            chapters.setdefault(row["chapter"], []).append(row)
    titles = {name: chapter.title.ru for name, chapter in book.chapters.items()}
    page = environment.get_template("matrix.html.j2")
    counted = Counter(row["result"] for chapter in chapters.values() for row in chapter)
    rendered = page.render(
        chapters=chapters, titles=titles, version=book.version, counted=counted, by_place=_by_place
    )
    return rendered + "\n"


def _by_place(runs: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """The runs of each scenario (row of examples), one on each driver."""
    found: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for run in runs:
        found.setdefault((run["file"], run["line"]), []).append(run)
    return list(found.values())


def _put(path: Path, text: str) -> None:
    """In place of what was there, at once: others may be reading."""
    draft = path.with_suffix(f"{path.suffix}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _before(folder: Path) -> list[Run]:
    try:
        document = json.loads((folder / JSON_NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    if document.get("version") != _VERSION:
        return []
    return [Run.from_json(run) for row in document["rules"] for run in row["scenarios"]]
