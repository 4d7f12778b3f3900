"""What a rule finds in a claim, short enough to be compared with a literal."""

from typing import Any

from portal.rules.rule import Rule
from rulebook import load

BOOK = load()


def found(rule: Rule[Any], claim: Any, **overrides: Any) -> list[tuple[str, str | None]]:
    """Fields and Russian reasons under the policy with `overrides`."""
    broken = rule(claim, BOOK.policy(overrides))
    assert {each.rule for each in broken} <= {rule.id}
    return [(each.field, None if each.reason is None else each.reason.ru) for each in broken]
