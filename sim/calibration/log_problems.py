"""What is wrong with an event log: why it cannot be used, or what was mended in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from rulebook import Language
from scenarios.problems import Problem, TextTable

__all__ = ["LogError", "LogProblem", "Repair", "Repairs"]

_TEXTS: Final = {
    "log_missing": ("файла нет", "there is no such file"),
    "log_unreadable": ("файл не читается: {reason}", "the file cannot be read: {reason}"),
    "log_kind": (
        "ожидался журнал .csv, .csv.gz, .xes или .xes.gz",
        "expected a log .csv, .csv.gz, .xes or .xes.gz",
    ),
    "log_empty": ("в журнале нет ни одного события", "the log has no events"),
    "log_encoding": (
        "ожидался текст в UTF-8; пересохраните файл в этой кодировке",
        "expected UTF-8 text; save the file in this encoding",
    ),
    "log_gzip": ("архив gzip повреждён или оборван", "the gzip archive is broken or cut off"),
    "log_csv": ("нарушен формат CSV", "broken CSV"),
    "log_column": (
        "ожидался столбец {wanted}; назовите его: --columns {role}=СТОЛБЕЦ; есть: {header}",
        "expected a column for the {wanted}; name it: --columns {role}=COLUMN; there are: {header}",
    ),
    "log_no_column": (
        "такого столбца нет: получено {got}; есть: {header}",
        "there is no such column: got {got}; there are: {header}",
    ),
    "log_time": (
        "ожидалось время ISO 8601, например 2026-04-20T09:00:00+03:00, или ДД.ММ.ГГГГ ЧЧ:ММ:СС; "
        "получено {got}",
        "expected an ISO 8601 time like 2026-04-20T09:00:00+03:00, or DD.MM.YYYY HH:MM:SS; "
        "got {got}",
    ),
    "log_mixed_zones": (
        "ожидалось время {expected}, как в строках выше; получено {got}",
        "expected a time {expected}, as in the lines above; got {got}",
    ),
    "log_xml": ("нарушен формат XML: {reason}", "broken XML: {reason}"),
    "log_doctype": ("DOCTYPE в журнале не принимается", "a log may have no DOCTYPE"),
    "log_root": (
        "ожидался корень log (XES), получено {got}",
        "expected the root log (XES), got {got}",
    ),
    "log_too_large": (
        "событий больше {most}; возьмите часть журнала",
        "more than {most} events; take a part of the log",
    ),
    "log_few_cases": (
        "после отбора осталось обращений: {cases}, а нужно не меньше {least}",
        "{cases} cases are left to learn from, at least {least} are needed",
    ),
    "log_zone_unknown": (
        "ожидался пояс из базы tz, например Europe/Moscow; получено {got}",
        "expected a zone of the tz database like Europe/Moscow; got {got}",
    ),
    "log_country_unknown": (
        "ожидался код страны, например RU; получено {got}",
        "expected a country code like RU; got {got}",
    ),
    "log_unusable": (
        "по журналу не строится сценарий: {reason}",
        "no scenario can be made of the log: {reason}",
    ),
}


class LogProblem(Problem):
    """One thing wrong with a log: file, line (CSV rows and XML elements), key, what was expected"""

    texts: ClassVar[TextTable] = _TEXTS


class LogError(Exception):
    """A log that cannot be used: all `problems`."""

    def __init__(self, problems: Iterable[LogProblem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def text(self, lang: Language = "ru") -> str:
        """Every problem on its line."""
        return "\n".join(problem.text(lang) for problem in self.problems)

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True)
class Repair:
    """What was mended or left out: `code` says what and why, `count` how often, `line` where first
    (None where it has no line)."""

    code: str
    count: int
    line: int | None = None


class Repairs:
    """Counts repairs by their code, in the order in which the first of each was made."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lines: dict[str, int | None] = {}

    def add(self, code: str, line: int | None = None, count: int = 1) -> None:
        """Count a repair; none if `count` is 0. Line 0 is one that nobody knows."""
        if count:
            self._counts[code] = self._counts.get(code, 0) + count
            self._lines.setdefault(code, line or None)

    def all(self) -> tuple[Repair, ...]:
        """What was repaired."""
        return tuple(Repair(code, n, self._lines[code]) for code, n in self._counts.items())
