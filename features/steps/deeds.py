"""What personas do: «Анна» and a phrase of `features.acts`, with a table of what is unusual in it.

As «Дано» it has to be accepted, as «Когда» its outcome is what the scenario is about.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from pytest_bdd import given, when
from pytest_bdd.parsers import StepParser

from features.acts.act import ACTS
from features.scene import Scene, told
from features.steps.tables import changes_of

__all__: list[str] = []

_FORM: Final = re.compile(r"«(?P<name>[^»]+)» (?P<phrase>.+)")


class _Phrase(StepParser):
    """«Имя» and the phrase of an act that somebody has registered."""

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        match = _FORM.fullmatch(name)
        return match.groupdict() if match and match["phrase"] in ACTS else None

    def is_matching(self, name: str) -> bool:
        return self.parse_arguments(name) is not None


_DEED: Final = _Phrase("«{name}» {phrase}")


@given(_DEED)
def _done_before(
    scene: Scene, name: str, phrase: str, datatable: Sequence[Sequence[str]] | None = None
) -> None:
    outcome = _do(scene, name, phrase, datatable)
    assert outcome.accepted, f"«{name}» {phrase}: это должно было удаться, но {told(outcome)}"


@when(_DEED)
def _done(
    scene: Scene, name: str, phrase: str, datatable: Sequence[Sequence[str]] | None = None
) -> None:
    _do(scene, name, phrase, datatable)


def _do(scene: Scene, name: str, phrase: str, table: Sequence[Sequence[str]] | None) -> Any:
    persona, act = scene.cast[name], ACTS[phrase]
    usual = act.payload(persona, scene) if table else {}
    return scene.do(persona, act, changes_of(table, usual, persona, scene))
