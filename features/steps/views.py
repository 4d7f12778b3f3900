"""What personas see."""

import re
from collections.abc import Sequence
from typing import Any, Final

from pytest_bdd import then, when
from pytest_bdd.parsers import StepParser

from features.acts.act import VIEWS, Act
from features.field_titles import field_name
from features.scene import Deed, Scene, told
from features.steps.tables import changes_of, found_at, rows_of, seen_as

__all__: list[str] = []

_FORM: Final = re.compile(
    r"«(?P<name>[^»]+)» (?:(?P<not_>не) )?видит (?P<phrase>[^:]+?)"
    r"(?: в состоянии «(?P<state>[^»]+)»)?(?P<table>:)?"
)


class _Sight(StepParser):
    """«Имя» видит (не видит) a view that somebody has registered, in a state or with a table."""

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        match = _FORM.fullmatch(name)
        if match is None or match["phrase"] not in VIEWS:
            return None
        return {key: match[key] for key in ("name", "not_", "phrase", "state")}

    def is_matching(self, name: str) -> bool:
        return self.parse_arguments(name) is not None


@then(_Sight("«{name}» видит {phrase}"))
def _seen(
    scene: Scene,
    name: str,
    not_: str | None,
    phrase: str,
    state: str | None,
    datatable: Sequence[Sequence[str]] | None = None,
) -> None:
    view, persona = VIEWS[phrase], scene.cast[name]
    outcome = scene.see(persona, view)
    if not_:
        assert not outcome.accepted, f"ожидалось, что не видно; получено: {told(outcome)}"
        return
    assert outcome.accepted, f"ожидалось, что видно; получено: {told(outcome)}"
    if state is not None:
        assert outcome.state == state, f"ожидалось состояние {state}; получено: {told(outcome)}"
    for title, cell in rows_of(datatable, "поле", "значение"):
        got, expected = found_at(outcome.data, field_name(title)), seen_as(cell, persona, scene)
        assert got == expected, f"{_titled(view)}, «{title}»: ожидалось {expected}, получено {got}"
    scene.asserted.accepted = True


_LOOK: Final = re.compile(r"«(?P<name>[^»]+)» запрашивает (?P<phrase>.+)")


class _Request(StepParser):
    """«Имя» запрашивает a view, with a table of what is asked: its outcome is judged."""

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        match = _LOOK.fullmatch(name)
        return match.groupdict() if match and match["phrase"] in VIEWS else None

    def is_matching(self, name: str) -> bool:
        return self.parse_arguments(name) is not None


@when(_Request("«{name}» запрашивает {phrase}"))
def _asked(
    scene: Scene, name: str, phrase: str, datatable: Sequence[Sequence[str]] | None = None
) -> None:
    view, persona = VIEWS[phrase], scene.cast[name]
    usual = view.payload(persona, scene) if datatable else {}
    changes = changes_of(datatable, usual, persona, scene)
    outcome = scene.see(persona, view, changes)
    scene.deeds.append(Deed(name, view, changes, outcome))


def _titled(view: Act) -> str:
    return f"{view.phrase} ({view.name})"
