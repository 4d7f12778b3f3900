"""The console entry `poligon`: light, so that Ctrl-C is heeded while the rest is still loading."""

import os
import sys
from typing import NoReturn

from poligon.interruption import Interrupted, interruptible
from poligon.texts import language_of, text

__all__ = ["main"]

_BROKEN_PIPE = 141  # as of a program ended by SIGPIPE: whoever read the output has had enough
_RESUMED = ("compare", "sweep", "plan")  # commands that keep the runs they have finished


def main() -> NoReturn:
    """Run the command that the process was started with, and exit."""
    argv = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        with interruptible():
            from poligon.app import run  # noqa: PLC0415 - under the handlers

            code = run(argv)
            sys.stdout.flush()
    except Interrupted as interrupted:
        code = interrupted.exit_code
        kept = "interrupted_kept" if _keeps_runs(argv) else "interrupted"
        sys.stderr.write(text(kept, language_of(argv)) + "\n")
    except BrokenPipeError:
        # Python flushes once more at exit, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _BROKEN_PIPE
    sys.exit(code)


def _keeps_runs(argv: list[str]) -> bool:
    return argv[:1] in [[command] for command in _RESUMED] or "--sensitivity" in argv
