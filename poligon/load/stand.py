"""What a load test is aimed at: portal and mocks in a process of their own, or somebody's URL."""

import datetime as dt
import socket
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from mocks.admin import PREFIX
from mocks.core.country import MAIN
from poligon.children import Child, child
from poligon.exits import ExitCode
from poligon.interruption import heed
from poligon.load.options import LoadOptions
from poligon.options import OptionError, OptionProblem
from poligon.texts import text
from rulebook import Language

__all__ = ["Stand", "StandBroken", "own_stand", "stand_at"]

_START_S: Final = 120.0  # of a machine that has much else to do
_LOOK_S: Final = 0.05
_TARGET_S: Final = 10.0  # a target that takes longer for its first answer is not there
_DATABASE: Final = "portal.db"
_BEFORE: Final = dt.timedelta(days=2)


class StandBroken(Exception):
    """The server that was started here has ended by itself; `said` is what it wrote last."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class Stand:
    """A target. `root` is the stand's address, `portal` that above `/v1`; `is_ours` if the target
    is a stand of Poligon's, whose inboxes and clock can be used. `server` and `database` are those
    of a stand that was started here."""

    root: str
    portal: str
    is_ours: bool
    server: Child | None = None
    database: Path | None = None

    @property
    def mocks(self) -> str | None:
        """Where services of the tenant are."""
        return f"{self.root}/{MAIN}" if self.is_ours else None

    @property
    def administration(self) -> str | None:
        """Where the tenant is administered."""
        return f"{self.root}{PREFIX}/tenants/{MAIN}" if self.is_ours else None

    def check(self) -> None:
        """StandBroken if the server has ended."""
        if self.server is not None and self.server.exit_code is not None:
            raise StandBroken(self.server.said()[-2000:])


@contextmanager
def own_stand(
    scenario: Path,
    options: LoadOptions,
    scale: float,
    start: dt.datetime,
    *,
    cheap_passwords: bool = False,
    processors: Collection[int] | None = None,
    place: Path | None = None,
) -> Iterator[Stand]:
    """Portal and mocks by `scenario`, its capacities multiplied by `scale`, its clock standing two
    days before `start`, the scenario's: time in which people can be prepared. It may use
    `processors` (None: all).

    The database is a file below `place` (None: where temporary files are) that is gone afterwards.
    OptionError for a port or a file of faults that cannot be had, StandBroken if the server ends
    before it is ready.
    """
    _check_port(options.port)
    with tempfile.TemporaryDirectory(prefix="poligon-load-", dir=place) as name:
        folder = Path(name)
        database = folder / _DATABASE
        words: list[str | Path] = [
            sys.executable, "-m", "poligon", "serve", "--lang", options.lang,
            "--scenario", scenario, "--scale", repr(scale), "--port", str(options.port),
            "--db", f"sqlite:///{database}", "--start", f"{start - _BEFORE:%Y-%m-%dT%H:%M}",
        ]  # fmt: skip
        for override in options.overrides:
            words += ["--set", override]
        if options.seed is not None:
            words += ["--seed", str(options.seed)]
        if options.faults is not None:
            words += ["--faults", options.faults]
        if cheap_passwords:
            words.append("--cheap-passwords")
        with child(words, folder / "server.log", processors=processors) as server:
            root = _ready(server, options.lang)
            yield Stand(root, f"{root}/portal", True, server, database)


def stand_at(address: str) -> Stand:
    """The target at a URL; OptionError if nothing answers there."""
    root = address.rstrip("/")
    try:
        with requests.Session() as session:
            session.trust_env = False
            found = session.get(
                f"{root}{PREFIX}/tenants/{MAIN}", timeout=_TARGET_S, allow_redirects=False
            )
            is_ours = found.status_code == 200 and "speed" in _json(found)
    except requests.RequestException as error:
        reason = {"reason": _reason(error)}
        raise OptionError(
            [OptionProblem("load_unreachable", "--target", address, reason)]
        ) from None
    return Stand(root, f"{root}/portal" if is_ours else root, is_ours)


def _json(answer: requests.Response) -> dict[str, object]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _reason(error: requests.RequestException) -> str:
    """The innermost cause: those around it repeat each other."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return getattr(cause, "strerror", None) or type(error).__name__


def _ready(server: Child, lang: Language) -> str:
    """The address that the server names in its last line once it accepts."""
    ready = text("serve_ready", lang, url="")
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        heed()
        last = server.said().rpartition(ready)
        if last[1] and last[2].endswith("\n"):
            return last[2].strip()
        if server.wait(_LOOK_S) is not None:
            break
    said = server.said()
    if server.exit_code == ExitCode.BAD_INPUT:
        end = text("problems", lang, problems="")
        problems = [line for line in said.splitlines() if not line.endswith(end)]
        raise OptionError([OptionProblem("load_server", "", line) for line in problems])
    raise StandBroken(said[-2000:])


def _check_port(port: int) -> None:
    if not port:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise OptionError([OptionProblem("option_port_forbidden", "--port", port)]) from None
        except OSError:
            raise OptionError([OptionProblem("option_port_taken", "--port", port)]) from None
