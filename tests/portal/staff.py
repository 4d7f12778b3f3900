"""An organization whose head adds employees."""

import re
from dataclasses import dataclass, field
from typing import Any

from portal.employees.employee import Employee, employee_id, invitation_id
from portal.employees.employee_import import EmployeeImport
from portal.organizations.organization import Membership, membership_id
from portal.organizations.own_role import OwnRole
from portal.ports.employment import TypedEmployee
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.applicants import open_account
from tests.portal.cabinets import Cabinet
from tests.portal.filings import COUNTRY
from tests.portal.wiring import Stand
from world.records import Person

ISAEV = COUNTRY.person(11)
OTHER = COUNTRY.person(12)
HEAD_PHONE = "+70100732259"


@dataclass
class Staff:
    """A cabinet, its head, and forms of those whom the head adds."""

    stand: Stand
    cabinet: Cabinet = field(init=False)
    head: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.cabinet = Cabinet(self.stand)
        self.head = self.cabinet.member("head")
        self.stand.act("set_departments", self.head, **self.departments({"10": "Бухгалтерия"}))

    @property
    def organization(self) -> str:
        return self.cabinet.id

    def departments(self, names: dict[str, str]) -> dict[str, Any]:
        listed = [{"code": code, "name": name} for code, name in names.items()]
        return {"organization": self.cabinet.id, "departments": listed}

    def form(self, person: Person = ISAEV, **changes: Any) -> dict[str, Any]:
        """What is typed about somebody, whose contract says the same."""
        self.stand.employment.contracts.setdefault(
            person.snils,
            TypedEmployee(
                full_name=str(person.name),
                inn=person.inn,
                position="Бухгалтер",
                department="Бухгалтерия",
            ),
        )
        return {
            "organization": self.cabinet.id,
            "full_name": str(person.name),
            "inn": person.inn,
            "snils": person.snils,
            "position": "Бухгалтер",
            "department": "Бухгалтерия",
            "department_code": "10",
            "phone": person.phone,
            "email": person.email,
            "role": "acc",
            **changes,
        }

    def add(self, actor: Actor | None = None, person: Person = ISAEV, **changes: Any) -> Outcome:
        return self.stand.act("add_employee", actor or self.head, **self.form(person, **changes))

    def code(self, phone: str = HEAD_PHONE) -> str:
        """The code that came last."""
        found = re.search(r"\d{6}", self.stand.messenger.sent_to(phone)[-1])
        assert found is not None
        return found[0]

    def confirm(self, person: Person = ISAEV, code: str | None = None) -> Outcome:
        return self.stand.act(
            "confirm_employee",
            self.head,
            organization=self.cabinet.id,
            employee=employee_id(self.cabinet.id, person.inn),
            code=self.code() if code is None else code,
        )

    def invited(self, person: Person = ISAEV, **changes: Any) -> str:
        """Add and confirm; the number of the invitation."""
        assert self.add(person=person, **changes).state == "code_sent"
        assert self.confirm(person).state == "invited"
        kept = self.kept(person)
        return invitation_id(kept.id, kept.attempt)

    def accept(self, invitation: str, person: Person = ISAEV) -> Outcome:
        return self.stand.act("accept_invitation", self.person(person), invitation=invitation)

    def employed(self, person: Person = ISAEV, **changes: Any) -> Actor:
        """Somebody who has accepted their invitation, in the cabinet of the organization."""
        assert self.accept(self.invited(person, **changes), person).state == "active"
        account = self.person(person).account
        return Actor(account=account, organization=self.cabinet.id, signed_in_by="signature")

    def person(self, person: Person = ISAEV) -> Actor:
        """Their own account, confirmed."""
        return open_account(self.stand, person)

    def kept(self, person: Person = ISAEV) -> Employee:
        found = Unit(self.stand.store).get(Employee, employee_id(self.cabinet.id, person.inn))
        assert found is not None
        return found

    def entry(self, actor: Actor) -> Membership | None:
        """What the actor is in the organization."""
        place = membership_id(actor.account or "", self.cabinet.id)
        return Unit(self.stand.store).get(Membership, place)


def put_staff(cabinet: Cabinet, account: str) -> dict[str, str]:
    """One of each that forms of chapter ROLE name, by the field: somebody invited, an `account`
    that acts for the cabinet's organization, a role of its own, a list."""
    unit, organization = Unit(cabinet.stand.store), cabinet.id
    invited = Employee(
        id=employee_id(organization, ISAEV.inn),
        organization=organization,
        full_name=str(ISAEV.name),
        inn=ISAEV.inn,
        snils=ISAEV.snils,
        position="Бухгалтер",
        department="Бухгалтерия",
        department_code="10",
        phone=ISAEV.phone,
        email=ISAEV.email,
        role="acc",
        documents="manage",
        applications="manage",
        added_by=account,
        state="invited",
        attempt=1,
        invited_at=cabinet.stand.clock.now(),
    )
    role = OwnRole(
        id="the role",
        organization=organization,
        title="Курьер",
        rights=("view_applications",),
        made_by=account,
        at=cabinet.stand.clock.now(),
    )
    source = EmployeeImport(
        id="the list", organization=organization, by=account, fields=(), rows=1, batches=1
    )
    for each in (invited, role, source):
        if unit.get(type(each), each.id) is None:
            unit.put(each)
    unit.commit()
    return {
        "employee": invited.id,
        "account": account,
        "former": account,
        "role": role.id,
        "source": source.id,
    }
