"""What is said of a step that there is not."""

from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from pytest_bdd.feature import get_feature
from pytest_bdd.parser import Step

__all__ = ["missing_step"]

_KEYWORDS: Final = {"given": "Дано", "when": "Когда", "then": "Тогда"}
_ALIKE: Final = 0.7  # a slip or two in a short step


def missing_step(step: Step, place: str, folder: Path) -> str:
    """That `step` at `place` (file and line) is none, and what the specs in `folder` say that is
    most like it: often the same words under another keyword."""
    kinds = _steps_of(folder)
    alike = get_close_matches(step.name, kinds, n=1, cutoff=_ALIKE)
    advice = [f"возможно, «{_KEYWORDS[kinds[name]]} {name}»" for name in alike]
    told = f"{place}: нет такого шага: «{_KEYWORDS[step.type]} {step.name}»"
    return "; ".join([told, *advice, "все шаги перечислены в docs/specs.md"])


@cache
def _steps_of(folder: Path) -> dict[str, str]:
    """The steps of the feature files, each with its kind."""
    return {
        step.name: step.type
        for path in sorted(folder.glob("*.feature"))
        for template in get_feature(str(folder), path.name).scenarios.values()
        for step in template.steps
    }
