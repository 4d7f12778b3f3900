"""The project's book says exactly what the common book of the portal's rules says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from rulebook import RuleBook, load

SHARED = Path(__file__).parents[2].parent / "shared" / "rulebook.yaml"


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    if not SHARED.is_file():
        pytest.skip("the common rule book lies beside the checkout only where it is developed")
    content: dict[str, Any] = yaml.safe_load(SHARED.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load()


def rules_of(shared: dict[str, Any]) -> list[dict[str, Any]]:
    return [rule for name, rules in shared.items() if name.isupper() for rule in rules]


def plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def test_every_rule_is_there_and_no_other(shared: dict[str, Any], book: RuleBook) -> None:
    assert sorted(book.rules) == sorted(rule["id"] for rule in rules_of(shared))


def test_text_sources_use_and_context_are_the_same(shared: dict[str, Any], book: RuleBook) -> None:
    ours = {
        rule.id: (rule.rule, list(rule.sources), list(rule.use), rule.context)
        for rule in book.rules.values()
    }
    assert ours == {
        rule["id"]: (rule["rule"], rule["src"], rule["use"], rule.get("context"))
        for rule in rules_of(shared)
    }


def test_rules_of_a_prefix_keep_their_order(shared: dict[str, Any], book: RuleBook) -> None:
    for name, chapter in book.chapters.items():
        theirs = [rule["id"] for rule in rules_of(shared) if rule["id"].startswith(f"{name}-")]
        assert [rule.id for rule in chapter.rules] == theirs


def test_parameters_have_the_same_names_and_values(shared: dict[str, Any], book: RuleBook) -> None:
    ours = {
        rule.id: {name: plain(parameter.value) for name, parameter in rule.params.items()}
        for rule in book.rules.values()
    }
    assert ours == {rule["id"]: rule.get("params", {}) for rule in rules_of(shared)}


def test_only_the_confirmation_of_binding_belongs_to_a_chapter(book: RuleBook) -> None:
    of_rules = {each.key for rule in book.rules.values() for each in rule.params.values()}
    assert set(book.parameters) - of_rules == {"BND.confirmation"}


def test_defects_are_the_same_in_the_same_order(shared: dict[str, Any], book: RuleBook) -> None:
    ours = [
        {"id": defect.id, "where": defect.where, "caught_by": defect.caught_by}
        for defect in book.defects.values()
    ]
    assert ours == shared["defects"]


def test_systems_are_the_same_in_the_same_order(shared: dict[str, Any], book: RuleBook) -> None:
    ours = [
        {
            "id": system.id,
            "name": system.name,
            "role": system.role,
            "rules": list(system.rules),
            "src": list(system.sources),
        }
        for system in book.systems.values()
    ]
    assert ours == shared["systems"]


def test_rights_have_the_same_roles(shared: dict[str, Any], book: RuleBook) -> None:
    assert {right.id: list(right.roles) for right in book.rights.values()} == shared["roles"]


def test_tiers_have_the_same_contents(shared: dict[str, Any], book: RuleBook) -> None:
    ours = {tier.id: [*tier.includes, *tier.features] for tier in book.tiers.values()}
    assert ours == shared["tiers"]


def test_conflicts_are_resolved_the_same_way(shared: dict[str, Any], book: RuleBook) -> None:
    ours = [{"what": each.what, "resolved": each.resolved} for each in book.conflicts]
    assert ours == shared["conflicts"]
