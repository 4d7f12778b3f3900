"""Options of a simulation: from the words of a command line, checked, every wrong one told."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

from poligon.texts import LANGUAGES, text
from rulebook import Language
from scenarios.fields import MOST_SEED
from sim.engines.choice import Engine
from sim.experiments.event_log import EventFormat, missing_extra
from sim.experiments.experiment import MAX_REPLICATIONS, Precision
from sim.experiments.setting import Fidelity, Setting
from world.numbering import MOST_ORGANIZATIONS, MOST_PEOPLE

__all__ = [
    "OptionError",
    "OptionProblem",
    "Options",
    "Words",
    "out_of_bounds",
    "problems_of",
    "read_options",
    "unknown_metric",
]

Backend = Literal["local", "dask"]

_BOUNDS: Final = {
    "replications": (1, MAX_REPLICATIONS),
    "jobs": (1, 256),  # more processes than any machine has use for
    "workers": (1, 64),
    "seed": (0, MOST_SEED),
    "index": (0, MOST_PEOPLE - 1),
    "organizations": (1, MOST_ORGANIZATIONS),
    "port": (0, 65_535),
}
_SIMILAR: Final = 3  # metrics named when one is unknown
_WHOLE: Final = re.compile(r"-?[0-9]{1,30}")

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to simulate; None means the default of docs/command-line.md.

    `overrides` are `--set` words; `out` is the report's folder; `lang` is the report's language.
    """

    replications: int | None = None
    until_precision: Precision | None = None
    jobs: int | None = None
    backend: Backend = "local"
    scheduler: str | None = None
    scale: float = 1.0
    engine: Engine = "auto"
    fidelity: Fidelity = "flow"
    seed: int | None = None
    overrides: tuple[str, ...] = ()
    events: EventFormat | None = None
    out: Path | None = None
    lang: Language = "ru"
    sensitivity: bool = False

    @property
    def setting(self) -> Setting:
        """What figures depend on beside the scenario, and the engine."""
        return Setting(self.scale, self.seed, self.engine, self.fidelity)


@dataclass(frozen=True)
class OptionProblem:
    """One wrong option: `code` of the table of texts (`option_…`), option, the value it got."""

    code: str
    option: str
    got: object
    params: Mapping[str, object] = field(default_factory=dict)
    closest: Sequence[str] = ()

    def text(self, lang: Language) -> str:
        """One line: what was expected and what was met."""
        line = text(self.code, lang, option=self.option, got=_plain(self.got), **self.params)
        if self.closest:
            line += text("option_closest", lang, names=", ".join(self.closest))
        return line


class OptionError(Exception):
    """Options that cannot be used: all their `problems`."""

    def __init__(self, problems: Sequence[OptionProblem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(problem.text("en") for problem in self.problems)


def unknown_metric(option: str, metric: str, known: Iterable[str]) -> OptionProblem:
    """No figure of the scenario is called `metric`; those called alike are named."""
    closest = get_close_matches(metric, known, _SIMILAR)
    return OptionProblem("option_metric", option, metric, closest=closest)


def problems_of(options: Options) -> list[OptionProblem]:
    """What is wrong with `options`, apart from what only the scenario tells."""
    found = [
        problem
        for name in ("replications", "jobs", "seed")
        for problem in out_of_bounds(name, getattr(options, name))
    ]
    if not (math.isfinite(options.scale) and options.scale > 0):
        found.append(OptionProblem("option_factor", "--scale", options.scale))
    wanted = options.until_precision
    if wanted is not None and not 0 < wanted.relative < 1:
        got = f"{wanted.metric}={wanted.relative}"
        found.append(OptionProblem("option_precision", "--until-precision", got))
    found += _backend_problems(options)
    if options.events is not None and (extra := missing_extra(options.events)) is not None:
        found.append(OptionProblem("option_extra", "--events", options.events, {"extra": extra}))
    return found


def _backend_problems(options: Options) -> list[OptionProblem]:
    found = []
    if options.backend == "dask":
        if find_spec("distributed") is None:
            missing = {"extra": "dask"}
            found.append(OptionProblem("option_extra", "--backend", options.backend, missing))
        if options.scheduler is None:
            found.append(OptionProblem("option_scheduler", "--backend", options.backend))
        if options.events is not None:
            found.append(OptionProblem("option_events_here", "--events", options.events))
    elif options.scheduler is not None:
        found.append(OptionProblem("option_without", "--scheduler", options.scheduler))
    return found


def read_options(
    *,
    replications: str | None = None,
    until_precision: str | None = None,
    jobs: str | None = None,
    backend: str | None = None,
    scheduler: str | None = None,
    scale: str | None = None,
    engine: str | None = None,
    fidelity: str | None = None,
    seed: str | None = None,
    overrides: Sequence[str] = (),
    events: str | None = None,
    out: str | None = None,
    lang: str | None = None,
    sensitivity: bool = False,
) -> Options:
    """Options of the words of a command line; OptionError with every wrong one."""
    words = Words()
    options = Options(
        replications=words.whole("replications", replications),
        until_precision=words.precision("until-precision", until_precision),
        jobs=words.whole("jobs", jobs),
        backend=words.choice("backend", backend, get_args(Backend), "local"),
        scheduler=scheduler,
        scale=words.factor("scale", scale),
        engine=words.choice("engine", engine, get_args(Engine), "auto"),
        fidelity=words.choice("fidelity", fidelity, get_args(Fidelity), "flow"),
        seed=words.whole("seed", seed),
        overrides=tuple(overrides),
        events=words.choice("events", events, list(EventFormat), None),
        out=words.folder("out", out),
        lang=words.choice("lang", lang, LANGUAGES, "ru"),
        sensitivity=sensitivity,
    )
    found = [*words.problems, *problems_of(options)]
    if found:
        raise OptionError(found)
    return options


class Words:
    """Reads words into values; what has not even the form of one is among the `problems`, and
    read as if not given."""

    def __init__(self) -> None:
        self.problems: list[OptionProblem] = []

    def choice(self, name: str, word: str | None, allowed: Sequence[T], default: D) -> T | D:
        """The one of `allowed` that is the word."""
        for value in allowed:
            if value == word:
                return value
        if word is not None:
            names = {"allowed": ", ".join(map(str, allowed))}
            self.problems.append(OptionProblem("option_choice", f"--{name}", word, names))
        return default

    def whole(self, name: str, word: str | None) -> int | None:
        """A whole number, within its bounds or not."""
        if word is None or _WHOLE.fullmatch(word):
            return None if word is None else int(word)
        self.problems += out_of_bounds(name, word)
        return None

    def bounded(self, name: str, word: str | None) -> int | None:
        """A whole number that is also within its bounds."""
        number = self.whole(name, word)
        self.problems += out_of_bounds(name, number)
        return number

    def precision(self, name: str, word: str | None) -> Precision | None:
        """METRIC=SHARE."""
        if word is None:
            return None
        metric, _, share = word.rpartition("=")
        relative = _number(share)
        if metric.strip() and relative is not None:
            return Precision(metric.strip(), relative)
        self.problems.append(OptionProblem("option_precision", f"--{name}", word))
        return None

    def factor(self, name: str, word: str | None) -> float:
        """A number; 1 if none is given."""
        factor = 1.0 if word is None else _number(word)
        if factor is None:
            self.problems.append(OptionProblem("option_factor", f"--{name}", word))
        return 1.0 if factor is None else factor

    def folder(self, name: str, word: str | None) -> Path | None:
        """The name of a folder."""
        return self._path(name, word, "option_folder_name")

    def file(self, name: str, word: str | None) -> Path | None:
        """The name of a file."""
        return self._path(name, word, "option_file_name")

    def _path(self, name: str, word: str | None, code: str) -> Path | None:
        if word is None:
            return None
        if not word.strip() or "\0" in word:
            got = word.replace("\0", "\\0")
            self.problems.append(OptionProblem(code, f"--{name}", got))
            return None
        return Path(word)


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def out_of_bounds(name: str, got: object) -> list[OptionProblem]:
    """The problem of the option `name`, of those that have bounds, if it is none of None and the
    whole numbers within them."""
    low, high = _BOUNDS[name]
    if got is None or (isinstance(got, int) and low <= got <= high):
        return []
    return [OptionProblem("option_count", f"--{name}", got, {"low": low, "high": high})]


def _plain(got: object) -> str:
    """On one line, whatever was typed."""
    return " ".join(str(got).split())
