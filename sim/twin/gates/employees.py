"""An employee is added."""

from collections.abc import Iterable

from portal.employees.departments import Departments
from portal.rules.rule import Violation
from sim.twin.desk import ORGANIZATION, Desk
from sim.twin.gates.question import question
from sim.twin.papers import EMAILS, PHONES, as_typed

_CODE = "10"


@question("employees", "form_gate", use_cases=["add_employee"])
def form(desk: Desk) -> Iterable[Violation]:
    """The administrator sends the card, which is compared with the labour contract."""
    administrator = desk.administrator()
    entry = desk.filing.employee
    person = desk.registries.world.person(entry.employment.person)
    desk.put(Departments(id=ORGANIZATION, names={_CODE: entry.employment.department}))
    own = desk.good_with(
        phone=entry.phone,
        email=entry.email,
    )
    mistakes = desk.some("phone_without_code", "email_invalid")
    typed = desk.papers.typed(own, mistakes, (*PHONES, *EMAILS))
    return desk.act(
        "add_employee",
        administrator,
        organization=ORGANIZATION,
        full_name=entry.full_name,
        inn=entry.inn,
        snils=person.snils,
        position=entry.position,
        department=entry.department,
        department_code=_CODE,
        phone=as_typed(typed, own, PHONES),
        email=as_typed(typed, own, EMAILS),
    ).violations
