"""Options of a load test: from the words of a command line, checked, every wrong one told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtests.plan import is_address, is_loopback
from poligon.options import OptionError, OptionProblem, Words, out_of_bounds
from poligon.texts import LANGUAGES
from rulebook import Language
from scenarios.durations import parse_duration
from world.microseconds import SECOND_US

__all__ = ["LoadOptions", "problems_of_load", "read_load_options"]


@dataclass(frozen=True, kw_only=True)
class LoadOptions:
    """How to load; None means the scenario's own.

    `target` is the root of a stand of Poligon's, or the address above `/v1` of another portal;
    without one portal and mocks are served here, at `port` (0: any free one). `speed` is model
    seconds per second, `scale` multiplies arrivals and capacities. `is_mine`: whoever asks may load
    a target that is not this machine. `duration_s` bounds the arrivals, in seconds of the wall.
    """

    target: str | None = None
    is_mine: bool = False
    port: int = 0
    workers: int = 1
    scale: float | None = None
    speed: float | None = None
    duration_s: float | None = None
    seed: int | None = None
    overrides: tuple[str, ...] = ()
    faults: Path | None = None
    out: Path | None = None
    lang: Language = "ru"


def read_load_options(
    *,
    target: str | None = None,
    is_mine: bool = False,
    port: str | None = None,
    workers: str | None = None,
    scale: str | None = None,
    speed: str | None = None,
    duration: str | None = None,
    seed: str | None = None,
    overrides: Sequence[str] = (),
    faults: str | None = None,
    out: str | None = None,
    lang: str | None = None,
) -> LoadOptions:
    """Options of the words of a command line; OptionError with every wrong one."""
    words = Words()
    read_port, read_workers = words.whole("port", port), words.whole("workers", workers)
    options = LoadOptions(
        target=target,
        is_mine=is_mine,
        port=0 if read_port is None else read_port,
        workers=1 if read_workers is None else read_workers,
        scale=None if scale is None else words.factor("scale", scale),
        speed=None if speed is None else words.factor("speed", speed),
        duration_s=_duration_s(words, duration),
        seed=words.whole("seed", seed),
        overrides=tuple(overrides),
        faults=None if faults is None else Path(faults),
        out=words.folder("out", out),
        lang=words.choice("lang", lang, LANGUAGES, "ru"),
    )
    found = [*words.problems, *problems_of_load(options)]
    if found:
        raise OptionError(found)
    return options


def _duration_s(words: Words, word: str | None) -> float | None:
    if word is None:
        return None
    try:
        us = parse_duration(word)
    except ValueError:
        us = 0
    if us <= 0:
        words.problems.append(OptionProblem("load_duration", "--for", word))
        return None
    return us / SECOND_US


def problems_of_load(options: LoadOptions) -> list[OptionProblem]:
    """What is wrong with `options`, apart from what only the scenario and the target tell."""
    found = [
        problem
        for name in ("port", "workers", "seed")
        for problem in out_of_bounds(name, getattr(options, name))
    ]
    found += [
        OptionProblem(code, f"--{name}", value)
        for code, name, value in (
            ("option_factor", "scale", options.scale),
            ("option_factor", "speed", options.speed),
            ("load_duration", "for", options.duration_s),
        )
        if value is not None and not (math.isfinite(value) and value > 0)
    ]
    if options.target is None:
        if options.is_mine:
            found.append(OptionProblem("load_mine_alone", "--i-own-this-target", ""))
        return found
    if not is_address(options.target):
        found.append(OptionProblem("load_target_form", "--target", options.target))
    elif not options.is_mine and not is_loopback(options.target):
        found.append(OptionProblem("load_consent", "--target", options.target))
    if options.port:
        found.append(OptionProblem("load_port_of_target", "--port", options.port))
    if options.faults is not None:
        found.append(OptionProblem("load_faults_of_target", "--faults", options.faults))
    return found
