"""The pages about services, and their examples: a request in a block `http`, then the answer."""

import re
from pathlib import Path
from typing import NamedTuple

PAGES = Path(__file__).parents[2] / "docs" / "services"
_EXAMPLE = re.compile(
    r"```http\n(\w+) (\S+)\n((?:[\w-]+: [^\n]+\n)*)(?:\n(.+?)\n)?```\n```(\w+)\n(.+?)\n```",
    re.DOTALL,
)


class Example(NamedTuple):
    """A request, and the answer in `language`."""

    method: str
    url: str
    headers: dict[str, str]
    body: str
    language: str
    answer: str


def page(name: str) -> str:
    """The text of a page."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def examples(name: str) -> list[Example]:
    """Every example of a page, in its order; fails if one of its requests has no answer."""
    text = page(name)
    found = [
        Example(method, url, dict(line.split(": ", 1) for line in lines.splitlines()), *rest)
        for method, url, lines, *rest in _EXAMPLE.findall(text)
    ]
    assert len(found) == text.count("```http")
    return found
