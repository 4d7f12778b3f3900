"""What personas do: «Анна» and a phrase of `features.acts`, with a table of what is unusual in it.

As «Дано» it has to be accepted, as «Когда» its outcome is what the scenario is about.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from pytest_bdd import given, parsers, when
from pytest_bdd.parsers import StepParser

from features.acts.act import ACTS
from features.scene import Lost, Scene, told
from features.steps.tables import changes_of

__all__: list[str] = []

_FORM: Final = re.compile(r"«(?P<name>[^»]+)» (?P<phrase>.+)")
_LOSSES: Final[dict[str, Lost]] = {"запрос не доходит": "request", "ответ теряется": "answer"}
_KEYED: Final = re.compile(
    r"«(?P<name>[^»]+)» (?P<phrase>.+) под ключом «(?P<key>[!-~]+)»"
    rf"(?:, (?P<loss>{'|'.join(_LOSSES)}))?"
)
_TIMES: Final = re.compile(r"«(?P<name>[^»]+)» (?P<phrase>.+) (?P<times>\d+) раза? подряд")


class _Form(StepParser):
    """A form of words around the phrase of an act."""

    def __init__(self, name: str, form: re.Pattern[str]) -> None:
        super().__init__(name)
        self._words = form

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        match = self._words.fullmatch(name)
        return match.groupdict() if match and match["phrase"] in ACTS else None

    def is_matching(self, name: str) -> bool:
        return self.parse_arguments(name) is not None


_DEED: Final = _Form("«{name}» {phrase}", _FORM)
_UNDER_KEY: Final = _Form("«{name}» {phrase} под ключом «{key}»", _KEYED)
_IN_A_ROW: Final = _Form("«{name}» {phrase} {times} раз подряд", _TIMES)
_REPEATED: Final = parsers.re(r"«(?P<name>[^»]+)» повторяет отправку")


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


@given(_UNDER_KEY)
def _done_under_key_before(
    scene: Scene,
    name: str,
    phrase: str,
    key: str,
    loss: str | None,
    datatable: Sequence[Sequence[str]] | None = None,
) -> None:
    _done_under_key(scene, name, phrase, key, loss, datatable)
    outcome = scene.last.outcome
    assert outcome.accepted or loss, f"«{name}» {phrase}: не удалось, {told(outcome)}"


@when(_UNDER_KEY)
def _done_under_key(
    scene: Scene,
    name: str,
    phrase: str,
    key: str,
    loss: str | None,
    datatable: Sequence[Sequence[str]] | None = None,
) -> None:
    """Under an idempotency key; what is lost on the way leaves the person in the dark."""
    lost = None if loss is None else _LOSSES[loss]
    _do(scene, name, phrase, datatable, key, lost)


@given(_IN_A_ROW)
@when(_IN_A_ROW)
def _done_in_a_row(
    scene: Scene,
    name: str,
    phrase: str,
    times: str,
    datatable: Sequence[Sequence[str]] | None = None,
) -> None:
    for _ in range(int(times)):
        _do(scene, name, phrase, datatable)


@when(_REPEATED)
def _repeated(scene: Scene, name: str, datatable: Sequence[Sequence[str]] | None = None) -> None:
    """The very same once more, under the same key; a table makes it something else."""
    persona = scene.cast[name]
    scene.repeat(persona, changes_of(datatable, {}, persona, scene))


def _do(
    scene: Scene,
    name: str,
    phrase: str,
    table: Sequence[Sequence[str]] | None,
    key: str | None = None,
    lost: Lost | None = None,
) -> Any:
    persona, act = scene.cast[name], ACTS[phrase]
    usual = act.payload(persona, scene) if table else {}
    return scene.do(persona, act, changes_of(table, usual, persona, scene), key, lost)
