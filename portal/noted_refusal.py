"""What somebody was refused is told in the journal."""

from typing import Any

from portal.use_case import Context, Outcome

__all__ = ["noted_refusal"]


def noted_refusal(
    context: Context, subject: str, outcome: Outcome, *, action: str = "", **details: Any
) -> Outcome:
    """The outcome of what broke rules, with a line of the journal about `subject` (an id) that
    names them. It stands under the name of the act, unless the journal knows that by another
    `action`."""
    broken = sorted({each.rule for each in outcome.violations})
    context.note(action or context.act, subject, "refused", rules=broken, **details)
    return outcome
