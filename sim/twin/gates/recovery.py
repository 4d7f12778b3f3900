"""Recovery of a lost password."""

from collections.abc import Iterable

from portal.rules.rule import Violation
from sim.twin.desk import Desk
from sim.twin.gates.question import question
from sim.twin.papers import EMAILS, as_typed

_MISTAKES = ("inn_typo", "spaces_in_requisites", "email_invalid")


@question("recovery", "form_gate", use_cases=["request_recovery"])
def form(desk: Desk) -> Iterable[Violation]:
    """ИНН of the organization and e-mail are entered."""
    desk.open_account()
    own = desk.good_with(email=desk.applicant.email)
    typed = desk.papers.typed(own, desk.some(*_MISTAKES), ("inn", *EMAILS))
    email = as_typed(typed, own, EMAILS)
    return desk.act("request_recovery", desk.alone, inn=typed.inn, email=email).violations
