"""What is said while a system is silent: come again (OPS-02)."""

from dataclasses import replace

from portal.ports.unavailable import Unavailable
from portal.rules.operations import AskedSystem, silence_is_waited_for
from portal.use_case import Context, Outcome, refused
from rulebook import Text

__all__ = ["system_title", "told_to_wait", "waits_for"]


def waits_for(context: Context, silent: Unavailable) -> Outcome:
    """The outcome of what a silent system has kept from being done."""
    claim = AskedSystem(title=system_title(context, silent.system), answers=False)
    asked_s = silent.retry_after_s
    data = {} if asked_s is None else {"retry_after_s": asked_s}
    return refused(silence_is_waited_for(claim, context.policy), "later", "later", data)


def told_to_wait(context: Context, outcome: Outcome) -> Outcome:
    """The outcome; of one that says only «later», with the rule that is behind it."""
    if outcome.refusal != "later" or outcome.violations:
        return outcome
    claim = AskedSystem(title=None, answers=False)
    return replace(outcome, violations=silence_is_waited_for(claim, context.policy))


def system_title(context: Context, system: str) -> Text:
    """A system as people know it."""
    found = context.portal.book.systems[system]
    return Text(found.name, found.name_en)
