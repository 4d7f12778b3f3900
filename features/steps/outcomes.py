"""What came of the last act."""

import re
from collections.abc import Sequence
from typing import Final

from pytest_bdd import parsers, then

from features.driver import Broken
from features.field_titles import field_name
from features.scene import Scene, told
from features.steps.tables import found_at, rows_of, seen_as

__all__: list[str] = []

_RULE: Final = r"[A-Z]{2,5}-\d{2}"
_RULES: Final = re.compile(_RULE)
_REFUSALS: Final = {
    "без входа": "unauthenticated",
    "нет права": "forbidden",
    "не найдено": "absent",
    "не в этом состоянии": "state",
    "позже": "later",
}


@then("принято")
def _accepted(scene: Scene) -> None:
    outcome = scene.last.outcome
    assert (outcome.accepted, outcome.violations) == (True, ()), (
        f"ожидалось: принято; получено: {told(outcome)}"
    )
    scene.asserted.accepted = True


@then(parsers.re(r"принято, состояние «(?P<state>[^»]+)»"))
def _accepted_in_state(scene: Scene, state: str) -> None:
    outcome = scene.last.outcome
    assert (outcome.accepted, outcome.state) == (True, state), (
        f"ожидалось: принято, состояние {state}; получено: {told(outcome)}"
    )
    scene.asserted.accepted = True


@then(parsers.re(r"состояние «(?P<state>[^»]+)»"))
def _in_state(scene: Scene, state: str) -> None:
    """Whatever else it says: a warning may come along."""
    outcome = scene.last.outcome
    assert outcome.state == state, f"ожидалось состояние {state}; получено: {told(outcome)}"
    scene.asserted.accepted = outcome.accepted


@then(parsers.re(rf"предупреждение по правилу (?P<rule>{_RULE})"))
def _warned(scene: Scene, rule: str) -> None:
    """It was done, and the rule was named all the same."""
    outcome = scene.last.outcome
    assert outcome.accepted, f"ожидалось: сделано с предупреждением; получено: {told(outcome)}"
    _assert_rules(scene, [rule])


@then(parsers.re(rf"отказ по правилу (?P<rule>{_RULE})"))
def _refused(scene: Scene, rule: str) -> None:
    _assert_rules(scene, [rule])


@then(parsers.re(rf"отказ по правилу (?P<rule>{_RULE}), поле «(?P<field>[^»]+)»"))
def _refused_in_field(scene: Scene, rule: str, field: str) -> None:
    _assert_broken(scene, [(rule, field_name(field))])


@then(parsers.re(rf"отказ по правилам (?P<rules>{_RULE}(?:, {_RULE})*)"))
def _refused_by_several(scene: Scene, rules: str) -> None:
    _assert_rules(scene, _RULES.findall(rules))


@then("отказ:")
def _refused_as_listed(scene: Scene, datatable: Sequence[Sequence[str]]) -> None:
    listed = rows_of(datatable, "правило", "поле")
    _assert_broken(scene, [(rule, field_name(field) if field else "") for rule, field in listed])


@then(parsers.re(rf"исход — (?P<outcome>принято|отказ (?P<rule>{_RULE}))"))
def _came_out(scene: Scene, outcome: str, rule: str | None) -> None:
    """What a table of examples says of each row."""
    if rule is None:
        _accepted(scene)
    else:
        _assert_rules(scene, [rule])


@then(parsers.re(rf"отказ — (?P<why>{'|'.join(_REFUSALS)})"))
def _refused_otherwise(scene: Scene, why: str) -> None:
    outcome = scene.last.outcome
    assert outcome.refusal == _REFUSALS[why], f"ожидался отказ: {why}; получено: {told(outcome)}"


@then(parsers.re(r"в отказе сказано «(?P<text>.+)»"))
def _told_so(scene: Scene, text: str) -> None:
    messages = [broken.message for broken in scene.last.outcome.violations]
    assert any(text in message for message in messages), (
        f"ожидалось, что сказано «{text}»; сказано: {messages}"
    )


@then("в ответе:")
def _answered(scene: Scene, datatable: Sequence[Sequence[str]]) -> None:
    deed = scene.last
    persona = scene.cast[deed.persona]
    for title, cell in rows_of(datatable, "поле", "значение"):
        expected = seen_as(cell, persona, scene)
        got = found_at(deed.outcome.data, field_name(title))
        assert got == expected, f"в ответе «{title}»: ожидалось {expected}, получено {got}"
    scene.asserted.accepted = True


def _assert_rules(scene: Scene, expected: Sequence[str]) -> None:
    """Exactly these rules were broken, in whatever fields."""
    got = dict.fromkeys(broken.rule for broken in scene.last.outcome.violations)
    assert sorted(got) == sorted(expected), (
        f"ожидался отказ по {_named(scene, expected)}; получено: {told(scene.last.outcome)}"
    )
    scene.asserted.refused += expected


def _assert_broken(scene: Scene, expected: Sequence[tuple[str, str]]) -> None:
    """Exactly these rules were broken, each in that field."""
    got: list[tuple[str, str]] = [_place(broken) for broken in scene.last.outcome.violations]
    listed = ", ".join(f"{rule} [{field or 'вся форма'}]" for rule, field in expected)
    assert sorted(got) == sorted(expected), (
        f"ожидался отказ: {listed}; получено: {told(scene.last.outcome)}"
    )
    scene.asserted.refused += [rule for rule, _ in expected]


def _place(broken: Broken) -> tuple[str, str]:
    return broken.rule, broken.field


def _named(scene: Scene, rules: Sequence[str]) -> str:
    return "; ".join(f"{rule} «{scene.book.rule(rule).rule}»" for rule in rules)
