"""Rules of the finished chapters and their implementations are the same ones, and the model checks
no other."""

from typing import Final

import portal.registry_of_use_cases  # noqa: F401  registers every rule
from portal.rules.rule import RULES
from rulebook import load
from scenarios.builtin_models import BUILTIN_JOURNEYS, builtin_journey
from scenarios.journey_format import Check

BOOK = load()
FINISHED: Final = (
    *("ID", "ACC", "PWD", "AUTH", "CERT", "SIG", "REG", "VER"),
    *("BND", "ACT", "UNB", "HEAD", "DOC", "OPS", "AUD", "SEC", "ROLE"),
    *("SVC", "EDI", "NTF", "INT", "ENV", "SUP"),
)
"""Chapters whose rules with `feature` in `use` are all implemented."""


def finished(rule_id: str) -> bool:
    return rule_id.partition("-")[0] in FINISHED


def test_every_rule_of_a_finished_chapter_that_specs_show_is_implemented_and_no_other() -> None:
    book = {each.id for each in BOOK.rules.values() if finished(each.id) and "feature" in each.use}
    assert {each for each in RULES if finished(each)} == book


def test_every_implementation_has_a_rule_in_the_book() -> None:
    assert sorted(set(RULES) - set(BOOK.rules)) == []


def test_every_gate_of_the_model_checks_a_rule_that_the_portal_has() -> None:
    nodes = [
        node
        for journey in BUILTIN_JOURNEYS
        for node in builtin_journey(journey, BOOK.policy())[0].nodes.values()
    ]
    checked = {rule for node in nodes if isinstance(node, Check) for rule in node.check}
    assert "ID-01" in checked
    assert sorted(each for each in checked if finished(each) and each not in RULES) == []


def test_every_mistake_of_an_applicant_is_caught_by_a_rule_that_the_portal_has() -> None:
    caught = {
        rule
        for defect in BOOK.defects.values()
        for rule in (defect.caught_by, *defect.caught_by_kind.values())
    }
    assert sorted(each for each in caught if finished(each) and each not in RULES) == []
