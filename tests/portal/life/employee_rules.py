"""Employees: invited, let in by themselves, moved, made administrators, dismissed."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from portal.accounts.account import Account
from portal.employees.employee import Employee, employee_id, invitation_id
from portal.organizations.organization import Membership
from portal.ports.employment import TypedEmployee
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.life.people import Citizen, Firm, accepted
from tests.portal.life.scene import Scene

__all__ = ["EmployeeRules"]

_LEGAL: Final = 2  # the first two organizations are legal entities, which have employees
_FIRMS: Final = st.sampled_from([0, 0, 0, 1])
_WEEK: Final = dt.timedelta(hours=168)
_ROLES: Final = st.sampled_from(["emp", "mgr", "acc", "tech"])
_WHO: Final = st.sampled_from(["in charge"] * 6 + ["head", "rep", "next"])
_HIRED: Final = st.sampled_from(["next"] * 4 + ["newcomer", "rep", "stranger"])
_RIGHT: Final = st.sampled_from([True] * 5 + [False])
_JOB: Final = {"position": "Бухгалтер", "department": "Бухгалтерия"}


class EmployeeRules(Scene):
    """Who is an employee, and in which role."""

    @rule(number=_FIRMS, who=_WHO, whom=_HIRED, role=_ROLES, is_right=_RIGHT)
    def an_employee_is_invited(
        self, number: int, who: str, whom: str, role: str, is_right: bool
    ) -> None:
        firm, citizen = self._of_legal(number, who)
        actor, employee = citizen.actor(), firm.cast[whom]
        if not firm.id or actor.account is None:
            return
        self._has_departments(firm, actor)
        form = {**self._typed(firm, employee), "role": role}
        asked = self.asked_for_code(lambda: self.stand.act("add_employee", actor, **form))
        if not accepted(asked):
            return
        code = self.sent_code(citizen, is_right=is_right)
        confirmed = {"organization": firm.id, "employee": asked.data["employee"], "code": code}
        if accepted(self.stand.act("confirm_employee", actor, **confirmed)):
            self._may_manage(firm, citizen, "has added")
            assert is_right, "wrong code: somebody is invited"
            self.truth.invited[firm.ogrn, employee.inn] = role, self.stand.clock.now()

    @rule(number=_FIRMS, whom=_HIRED, is_own=_RIGHT)
    def an_invitation_is_followed(self, number: int, whom: str, is_own: bool) -> None:
        firm = self.firms[number]
        employee = firm.cast[whom]
        who = employee if is_own else firm.cast["head"]
        place = (firm.ogrn, employee.inn)
        kept = Unit(self.store).get(Employee, employee_id(firm.id, employee.inn))
        actor = who.actor()
        if kept is None or actor.account is None:
            return
        link = invitation_id(kept.id, kept.attempt)
        if not accepted(self.stand.act("accept_invitation", actor, invitation=link)):
            return
        assert place in self.truth.invited, f"invitation: {who} was not invited"
        role, sent = self.truth.invited.pop(place)
        assert who.inn == employee.inn, f"invitation: {who} has accepted another's"
        assert self.stand.clock.now() < sent + _WEEK, f"invitation: {who} is late"
        assert who.inn in self.truth.confirmed, f"confirmed person: {who} is not"
        if place not in self.truth.members:
            self.truth.joined(*place, role)

    @rule(number=_FIRMS, who=_WHO, whom=_HIRED, role=_ROLES)
    def a_role_is_changed(self, number: int, who: str, whom: str, role: str) -> None:
        def change(actor: Actor, form: dict[str, Any]) -> Outcome:
            return self.stand.act("change_employee_access", actor, **form, role=role)

        self._entry_changes(number, who, whom, role, change)

    @rule(number=_FIRMS, who=_WHO, whom=_HIRED)
    def somebody_is_dismissed(self, number: int, who: str, whom: str) -> None:
        def dismiss(actor: Actor, form: dict[str, Any]) -> Outcome:
            return self.stand.act("dismiss_employee", actor, **form)

        self._entry_changes(number, who, whom, None, dismiss)

    @rule(number=_FIRMS, who=_WHO, whom=_HIRED, is_right=_RIGHT, to_be=st.booleans())
    def an_administrator_comes_or_goes(
        self, number: int, who: str, whom: str, is_right: bool, to_be: bool
    ) -> None:
        firm, citizen = self._of_legal(number, who)
        employee = firm.cast[whom]
        actor = citizen.actor()
        if not firm.id or actor.account is None or not employee.account:
            return
        here = {"organization": firm.id}
        asked = self.asked_for_code(lambda: self.stand.act("request_admin_code", actor, **here))
        if not accepted(asked):
            return
        form = {**here, "account": employee.account}
        form["code"] = self.sent_code(citizen, is_right=is_right)
        act = "appoint_admin" if to_be else "remove_admin"
        if not accepted(self.stand.act(act, actor, **form)):
            return
        by = self.truth.members[firm.ogrn, citizen.inn].role
        assert by in (("head",) if to_be else ("head", "admin")), f"administrator: by {by}"
        assert is_right, "wrong code: there is another administrator"
        if not to_be:
            others = [each for each in self._admins(firm) if each != employee.inn]
            assert others, "last administrator: removed"
        self._moved(firm, employee, "admin" if to_be else "emp")

    @invariant()
    def who_acts_was_let_in(self) -> None:
        for firm in self.firms[:_LEGAL]:
            expected = {
                inn: each.role
                for (ogrn, inn), each in self.truth.members.items()
                if ogrn == firm.ogrn
            }
            assert self._entries(firm) == expected, f"entries: of {firm.ogrn}"

    # --- inside

    def _of_legal(self, number: int, who: str) -> tuple[Firm, Citizen]:
        """A legal entity, an active one if there is any, and one of the people about it."""
        legal = self.firms[:_LEGAL]
        fitting = [each for each in legal if each.state == "active"] or legal
        firm = fitting[number % len(fitting)]
        return firm, self.member_of(firm, who)

    def _entry_changes(
        self,
        number: int,
        who: str,
        whom: str,
        role: str | None,
        change: Callable[[Actor, dict[str, Any]], Outcome],
    ) -> None:
        """Somebody's entry has another role, or (None) none."""
        firm, citizen = self._of_legal(number, who)
        employee = firm.cast[whom]
        actor = citizen.actor()
        if not firm.id or actor.account is None or not employee.account:
            return
        if not accepted(change(actor, {"organization": firm.id, "account": employee.account})):
            return
        self._may_manage(firm, citizen, "has changed an entry")
        before = self.truth.members[firm.ogrn, employee.inn].role
        assert before not in ("head", "admin"), f"entries: {before} is no more"
        if role is None:
            assert self.truth.owners.get(firm.ogrn) != employee.inn, "one owner: dismissed"
            del self.truth.members[firm.ogrn, employee.inn]
        else:
            self._moved(firm, employee, role)

    def _moved(self, firm: Firm, employee: Citizen, role: str) -> None:
        member = self.truth.members[firm.ogrn, employee.inn]
        self.truth.members[firm.ogrn, employee.inn] = dataclasses.replace(member, role=role)

    def _may_manage(self, firm: Firm, citizen: Citizen, what: str) -> None:
        rights = self.truth.rights(firm.ogrn, citizen.inn)
        assert "manage_users" in rights, f"right and signature: {citizen} {what}"

    def _admins(self, firm: Firm) -> list[str]:
        members = self.truth.members.items()
        return [inn for (ogrn, inn), each in members if (ogrn, each.role) == (firm.ogrn, "admin")]

    def _entries(self, firm: Firm) -> dict[str, str]:
        """Roles by ИНН, as the portal has them."""
        unit = Unit(self.store)
        found = unit.find(Membership, "organization", firm.id) if firm.id else []
        accounts = [(unit.get(Account, each.account), each.role) for each in found]
        return {account.inn: role for account, role in accounts if account is not None}

    def _has_departments(self, firm: Firm, actor: Actor) -> None:
        listed = [{"code": "10", "name": _JOB["department"]}]
        self.stand.act("set_departments", actor, organization=firm.id, departments=listed)

    def _typed(self, firm: Firm, employee: Citizen) -> dict[str, Any]:
        person = employee.person
        named = {"full_name": str(person.name), "inn": person.inn, **_JOB}
        self.stand.employment.contracts[person.snils] = TypedEmployee(**named)
        contacts = {"snils": person.snils, "phone": person.phone, "email": person.email}
        return {"organization": firm.id, **named, **contacts, "department_code": "10"}
