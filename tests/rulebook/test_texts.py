"""What people read: every text exists in both languages and says something of its own."""

from __future__ import annotations

import re

import pytest

from rulebook import Rule, Text, load

BOOK = load()
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
PLACEHOLDER = re.compile(r"[{}<>_…]|\.\.\.|%[sd]|\b(TODO|TBD|FIXME|XXX|lorem|заглушк\w*)\b", re.I)

TEXTS: dict[str, Text] = {
    **{f"message of {rule.id}": rule.message for rule in BOOK.rules.values()},
    **{f"rule {rule.id}": Text(rule.rule, rule.rule_en) for rule in BOOK.rules.values()},
    **{f"chapter {name}": chapter.title for name, chapter in BOOK.chapters.items()},
    **{f"defect {defect.id}": defect.text for defect in BOOK.defects.values()},
    **{f"role {role.id}": role.name for role in BOOK.roles.values()},
    **{f"right {right.id}": right.name for right in BOOK.rights.values()},
    **{f"tier {tier.id}": tier.name for tier in BOOK.tiers.values()},
    **{f"system {each.id}": Text(each.name, each.name_en) for each in BOOK.systems.values()},
}


def test_every_rule_has_a_text_and_a_message_among_those_checked() -> None:
    assert len(BOOK.rules) == 219
    assert len(TEXTS) == 2 * 219 + 25 + 32 + 8 + 19 + 3 + 48


@pytest.mark.parametrize("name", TEXTS)
def test_russian_is_russian_and_english_has_no_cyrillic(name: str) -> None:
    assert CYRILLIC.search(TEXTS[name].ru)
    assert TEXTS[name].en
    assert not CYRILLIC.search(TEXTS[name].en)


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=lambda rule: rule.id)
def test_message_is_whole_sentences_without_placeholders(rule: Rule) -> None:
    for message in (rule.message.ru, rule.message.en):
        assert not PLACEHOLDER.search(message)
        assert message.endswith((".", "(Retry-After)."))
        assert len(message) > 40
    assert rule.message.ru != rule.rule
    assert rule.message.en != rule.rule_en


def test_no_two_rules_tell_a_person_the_same() -> None:
    for language in ("ru", "en"):
        messages = [rule.message.in_language(language) for rule in BOOK.rules.values()]
        assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=lambda rule: rule.id)
def test_message_repeats_no_number_that_a_policy_may_change(rule: Rule) -> None:
    numbers = {
        str(number)
        for parameter in rule.params.values()
        for number in (
            parameter.value if isinstance(parameter.value, tuple) else (parameter.value,)
        )
        if isinstance(number, int | float)
    }
    said = set(re.findall(r"\d+", rule.message.ru + " " + rule.message.en))
    assert not numbers & said
