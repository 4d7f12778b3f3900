"""The console entry `poligon`: light, so that Ctrl-C is heeded while the rest is still loading."""

import os
import sys
from typing import NoReturn

from poligon.interruption import Interrupted, interruptible
from poligon.texts import language_of, text

__all__ = ["main"]

_BROKEN_PIPE = 141  # as of a program ended by SIGPIPE: whoever read the output has had enough
_RESUMED = (["sweep"], ["plan"])  # commands that keep what they have done


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
        kept = "interrupted_kept" if argv[:1] in _RESUMED else "interrupted"
        sys.stderr.write(text(kept, language_of(argv)) + "\n")
    except BrokenPipeError:
        # Python flushes once more at exit, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _BROKEN_PIPE
    sys.exit(code)
