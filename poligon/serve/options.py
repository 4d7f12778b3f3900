"""Options of `poligon serve`: from the words of a command line, checked, every wrong one told."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from poligon.options import OptionError, OptionProblem, Words
from poligon.texts import LANGUAGES

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "NOW", "ServeOptions", "read_serve_options"]

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8080

Now: TypeAlias = Literal["now"]
NOW: Final[Now] = "now"


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """What to serve and where; None: the scenario's seed or 1, no scenario, no file of faults.

    `overrides` and `scale` change the scenario as those of a simulation do: `scale` multiplies its
    constant capacities. `port` 0 is any free one. `speed` is that of the clock of the tenant
    `main`, 0 lets it stand. `start` is the local time at which clocks begin, `now` the real one
    (None: that of the scenario, or the country's own). `database` is the URL of the portal's
    (None: a file that ends with the server), `request_log` the file for its requests, `-` standard
    output. With `cheap_passwords` hashes of passwords and codes cost next to nothing.
    """

    scenario: Path | None = None
    overrides: tuple[str, ...] = ()
    scale: float = 1.0
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    tls: bool = False
    seed: int | None = None
    start: dt.datetime | Now | None = None
    speed: float = 0.0
    faults: Path | None = None
    database: str | None = None
    request_log: str | None = None
    cheap_passwords: bool = False


def read_serve_options(
    *,
    scenario: str | None = None,
    overrides: Sequence[str] = (),
    scale: str | None = None,
    port: str | None = None,
    host: str | None = None,
    tls: bool = False,
    seed: str | None = None,
    start: str | None = None,
    speed: str | None = None,
    faults: str | None = None,
    db: str | None = None,
    request_log: str | None = None,
    cheap_passwords: bool = False,
    lang: str | None = None,
) -> ServeOptions:
    """Options of the words of a command line; OptionError with every wrong one."""
    words = Words()
    words.choice("lang", lang, LANGUAGES, "ru")
    read_port = words.bounded("port", port)
    read_seed = words.bounded("seed", seed)
    read_start = _start(words, start)
    read_speed = 0.0 if speed is None else words.factor("speed", speed)
    if speed is not None and not (math.isfinite(read_speed) and read_speed > 0):
        words.problems.append(OptionProblem("option_factor", "--speed", speed))
    read_scale = words.factor("scale", scale)
    if not (math.isfinite(read_scale) and read_scale > 0):
        words.problems.append(OptionProblem("option_factor", "--scale", scale))
    for option, given in (("--set", bool(overrides)), ("--scale", scale is not None)):
        if given and scenario is None:
            words.problems.append(OptionProblem("option_scenario", option, ""))
    if host is not None and not host.strip():
        words.problems.append(OptionProblem("option_host", "--host", host))
    if words.problems:
        raise OptionError(words.problems)
    return ServeOptions(
        scenario=None if scenario is None else Path(scenario),
        overrides=tuple(overrides),
        scale=read_scale,
        host=host or DEFAULT_HOST,
        port=DEFAULT_PORT if read_port is None else read_port,
        tls=tls,
        seed=read_seed,
        start=read_start,
        speed=read_speed,
        faults=None if faults is None else Path(faults),
        database=db,
        request_log=request_log,
        cheap_passwords=cheap_passwords,
    )


def _start(words: Words, word: str | None) -> dt.datetime | Now | None:
    if word is None:
        return None
    if word == NOW:
        return NOW
    from mocks.controls.clock import local_time  # noqa: PLC0415 - other commands do not wait for mocks

    try:
        return local_time(word)
    except ValueError:
        words.problems.append(OptionProblem("option_start", "--start", word))
        return None
