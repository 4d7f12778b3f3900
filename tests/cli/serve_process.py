"""`poligon serve` as a process of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.running import command, environment


@contextmanager
def served(folder: Path, *words: str) -> Iterator[tuple["subprocess.Popen[str]", list[str], str]]:
    """The process, what it has told until it was ready, and its URL."""
    child = subprocess.Popen(
        command(["serve", "--port", "0", "--lang", "en", *words]), cwd=folder, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert child.stdout is not None
        told: list[str] = []
        while not (told and told[-1].startswith("Ready: ")):
            line = child.stdout.readline()
            assert line, child.communicate()[1]
            told.append(line.rstrip("\n"))
        yield child, told, told[-1].removeprefix("Ready: ")
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()
