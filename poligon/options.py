"""Options of a simulation: from the words of a command line, checked, every wrong one told."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

from poligon.texts import LANGUAGES, text
from rulebook import Language
from sim.experiments.event_log import EventFormat, missing_extra
from sim.experiments.experiment import MAX_REPLICATIONS, Precision

__all__ = ["OptionError", "OptionProblem", "Options", "problems_of", "read_options"]

Engine = Literal["auto", "simpy", "compiled"]
Fidelity = Literal["flow", "twin"]
Backend = Literal["local", "dask"]

MOST_JOBS: Final = 256  # more processes than any machine has use for
MOST_SEED: Final = 2**63 - 1
# What the contract names and this version does not have yet, and what there is instead.
_LATER: Final = {
    "engine": ("compiled", "auto, simpy"),
    "fidelity": ("twin", "flow"),
    "backend": ("dask", "local"),
}

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


def problems_of(options: Options) -> list[OptionProblem]:
    """What is wrong with `options`, apart from what only the scenario tells."""
    found = [
        *_count("--replications", options.replications, MAX_REPLICATIONS),
        *_count("--jobs", options.jobs, MOST_JOBS),
        *_count("--seed", options.seed, MOST_SEED, low=0),
    ]
    if not (math.isfinite(options.scale) and options.scale > 0):
        found.append(OptionProblem("option_factor", "--scale", options.scale))
    wanted = options.until_precision
    if wanted is not None and not 0 < wanted.relative < 1:
        got = f"{wanted.metric}={wanted.relative}"
        found.append(OptionProblem("option_precision", "--until-precision", got))
    for name, (later, now) in _LATER.items():
        if getattr(options, name) == later:
            found.append(OptionProblem("option_later", f"--{name}", later, {"allowed": now}))
    if options.scheduler is not None:
        found.append(OptionProblem("option_without", "--scheduler", options.scheduler))
    if options.events is not None and (extra := missing_extra(options.events)) is not None:
        found.append(OptionProblem("option_extra", "--events", options.events, {"extra": extra}))
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
) -> Options:
    """Options of the words of a command line; OptionError with every wrong one."""
    found: list[OptionProblem] = []

    def choice(name: str, word: str | None, allowed: Sequence[T], default: D) -> T | D:
        for value in allowed:
            if value == word:
                return value
        if word is not None:
            names = {"allowed": ", ".join(map(str, allowed))}
            found.append(OptionProblem("option_choice", f"--{name}", word, names))
        return default

    def whole(name: str, word: str | None, low: int, high: int) -> int | None:
        if word is None:
            return None
        if _WHOLE.fullmatch(word):
            return int(word)
        found.extend(_count(f"--{name}", word, high, low))
        return None

    options = Options(
        replications=whole("replications", replications, 1, MAX_REPLICATIONS),
        until_precision=_precision(until_precision, found),
        jobs=whole("jobs", jobs, 1, MOST_JOBS),
        backend=choice("backend", backend, get_args(Backend), "local"),
        scheduler=scheduler,
        scale=_scale(scale, found),
        engine=choice("engine", engine, get_args(Engine), "auto"),
        fidelity=choice("fidelity", fidelity, get_args(Fidelity), "flow"),
        seed=whole("seed", seed, 0, MOST_SEED),
        overrides=tuple(overrides),
        events=choice("events", events, list(EventFormat), None),
        out=None if out is None else _folder(out, found),
        lang=choice("lang", lang, LANGUAGES, "ru"),
    )
    found += problems_of(options)
    if found:
        raise OptionError(found)
    return options


def _precision(word: str | None, found: list[OptionProblem]) -> Precision | None:
    if word is None:
        return None
    metric, _, share = word.rpartition("=")
    try:
        relative = float(share)
    except ValueError:
        relative = math.nan
    if not metric.strip() or math.isnan(relative):
        found.append(OptionProblem("option_precision", "--until-precision", word))
        return None
    return Precision(metric.strip(), relative)


def _scale(word: str | None, found: list[OptionProblem]) -> float:
    try:
        return 1.0 if word is None else float(word)
    except ValueError:
        found.append(OptionProblem("option_factor", "--scale", word))
        return 1.0


def _folder(word: str, found: list[OptionProblem]) -> Path:
    if not word.strip() or "\0" in word:
        found.append(OptionProblem("option_folder_name", "--out", word.replace("\0", "\\0")))
    return Path(word)


def _count(option: str, got: object, high: int, low: int = 1) -> list[OptionProblem]:
    if got is None or (isinstance(got, int) and low <= got <= high):
        return []
    return [OptionProblem("option_count", option, got, {"low": low, "high": high})]


def _plain(got: object) -> str:
    """On one line, whatever was typed."""
    return " ".join(str(got).split())
