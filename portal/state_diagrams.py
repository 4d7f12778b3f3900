"""The page of state machines, drawn from their tables:
`python -m portal.state_diagrams > docs/state-machines.md`."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any, Final

import portal
from portal.state_table import StateTable

__all__ = ["diagram", "page", "state_tables"]

_HEAD: Final = """\
# State machines of the portal

Drawn from the tables of the code by `python -m portal.state_diagrams > docs/state-machines.md`: \
each state with its title as people see it, and the events that lead from one to another. An event \
that is not drawn is refused in that state.
"""


def state_tables() -> list[StateTable[Any]]:
    """Every table that a module of the portal defines, by name."""
    found = {
        value.name: value
        for module in pkgutil.walk_packages(portal.__path__, "portal.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, StateTable)
    }
    return [found[name] for name in sorted(found)]


def diagram(table: StateTable[Any]) -> Iterator[str]:
    """The lines of a Mermaid state diagram; states that nothing leads from are its ends."""
    yield "stateDiagram-v2"
    for state, title in table.titles.items():
        yield f'    state "{title}" as {state}'
    yield f"    [*] --> {table.first}"
    for (state, event), after in table.transitions.items():
        yield f"    {state} --> {after}: {event}"
    for state in table.titles:
        if all(begin != state for begin, _ in table.transitions):
            yield f"    {state} --> [*]"


def page() -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD]
    for table in state_tables():
        parts.append(f"## {table.name.capitalize()}\n")
        parts.append("\n".join(("```mermaid", *diagram(table), "```")) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
