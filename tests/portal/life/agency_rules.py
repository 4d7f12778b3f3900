"""Applications to agencies: submitted by whomever, decided by officers, paid for once."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from portal.applications.application import Application
from portal.payments.payment import Payment
from portal.store.unit import Unit
from portal.use_case import Actor
from tests.portal.applying import OFFICER
from tests.portal.life.people import Citizen, Firm, accepted
from tests.portal.life.scene import CAST, FIRMS, Scene

__all__ = ["AgencyRules"]

_PRICES: Final = {"appeal": 0, "duplicate_certificate": 30_000}  # kopecks, of the catalogue
_TYPED: Final = {
    "appeal": {"subject": "Вопрос об отчётности", "text": "Какую форму сдавать?"},
    "duplicate_certificate": {"reason": "Утеря"},
}
_KINDS: Final = st.sampled_from(["appeal", "duplicate_certificate", "duplicate_certificate"])
_OPEN: Final = ("processing", "awaiting")
_TAX: Final = {"purpose": "tax", "kopecks": 400_000, "kbk": "18210102010011000110"}


@dataclass(frozen=True, kw_only=True)
class Applied:
    """An application that the portal has acknowledged, and how it stands."""

    id: str
    number: str
    firm: Firm
    kind: str
    state: str = "processing"

    @property
    def is_open(self) -> bool:
        """Whether it is not decided."""
        return self.state in _OPEN


class AgencyRules(Scene):
    """What organizations want of agencies, and what they pay."""

    def __init__(self) -> None:
        super().__init__()
        self.applied: dict[str, Applied] = {}

    @rule(
        number=FIRMS,
        who=CAST,
        kind=_KINDS,
        is_repeated=st.booleans(),
        is_paid=st.booleans(),
    )
    def an_agency_is_applied_to(
        self, number: int, who: str, kind: str, is_repeated: bool, is_paid: bool
    ) -> None:
        firm, citizen, actor = self._inside(number, who)
        if actor is None:
            return
        person = citizen.person
        typed = {"contact_name": str(person.name), "phone": person.phone, "email": person.email}
        known = typed if kind == "appeal" else {}
        here = {"organization": firm.id}
        draft = self.stand.act(
            "draft_application", actor, **here, kind=kind, fields={**known, **_TYPED[kind]}
        )
        if not accepted(draft):
            return
        self._may(firm, citizen, "prepare_applications", "has drafted")
        said = draft.data
        read = {**here, "application": said["application"], "version": said["version"]}
        key = f"application {read['application']}"
        outcome = self.stand.act("submit_application", actor, key, **read)
        if is_repeated:
            again = self.stand.act("submit_application", actor, key, **read)
            assert again == outcome, f"application lost: {again} after {outcome}"
        if not accepted(outcome):
            return
        self._may(firm, citizen, "submit_applications", "has submitted")
        said = outcome.data
        applied = Applied(id=said["application"], number=said["number"], firm=firm, kind=kind)
        self.applied[applied.id] = applied
        if is_paid:
            self._pay(firm, citizen, _bill_of(applied), is_answer_lost=False)
            self._all_agree()

    @precondition(lambda self: self.applied)
    @rule(number=st.integers(0, 3), answer=st.sampled_from(["approve", "approve", "reject", "ask"]))
    def an_officer_considers(self, number: int, answer: str) -> None:
        applied = self._one_of(number)
        form = {"application": applied.id, "comment": "Решение"}
        if answer == "ask":
            outcome = self.stand.act("request_information", OFFICER, **form)
        else:
            approved = answer == "approve"
            outcome = self.stand.act("decide_application", OFFICER, **form, approved=approved)
        if accepted(outcome):
            assert applied.is_open, f"decided twice: {applied.number} was {applied.state}"
            self.applied[applied.id] = replace(applied, state=outcome.state)

    @precondition(lambda self: self.applied)
    @rule(number=st.integers(0, 3), who=CAST)
    def an_officer_is_answered(self, number: int, who: str) -> None:
        applied = self._one_of(number)
        citizen = self.member_of(applied.firm, who)
        kept = Unit(self.store).get(Application, applied.id)
        actor = citizen.actor()
        if kept is None or actor.account is None:
            return
        form: dict[str, Any] = {"application": applied.id, "version": kept.version}
        form |= {"organization": applied.firm.id, "answer": "Первый квартал"}
        if accepted(self.stand.act("answer_application_request", actor, **form)):
            self._may(applied.firm, citizen, "submit_applications", "has answered")
            assert applied.state == "awaiting", f"answered unasked: {applied.number}"
            self.applied[applied.id] = replace(applied, state="processing")

    # --- money

    @precondition(lambda self: self.applied)
    @rule(number=st.integers(0, 3), who=CAST, is_answer_lost=st.sampled_from([False, False, True]))
    def an_application_is_paid_for(self, number: int, who: str, is_answer_lost: bool) -> None:
        applied = self._one_of(number)
        citizen = self.member_of(applied.firm, who)
        self._pay(applied.firm, citizen, _bill_of(applied), is_answer_lost=is_answer_lost)

    @rule(number=FIRMS, who=CAST, demand=st.integers(1, 2), is_answer_lost=st.booleans())
    def a_tax_is_paid(self, number: int, who: str, demand: int, is_answer_lost: bool) -> None:
        firm, citizen, _ = self._inside(number, who)
        bill = {**_TAX, "subject": f"Требование {demand}"}
        self._pay(firm, citizen, bill, is_answer_lost=is_answer_lost)

    @precondition(lambda self: self._undecided())
    @rule(
        number=st.integers(0, 3),
        agrees=st.sampled_from([True, True, False]),
        is_heard=st.booleans(),
    )
    def a_payer_decides(self, number: int, agrees: bool, is_heard: bool) -> None:
        """The portal hears of it within a minute, or whenever it asks."""
        waiting = self._undecided()
        key = waiting[number % len(waiting)]
        self.stand.payments.decide(key, "succeeded" if agrees else "canceled")
        if is_heard:
            self.stand.after(minutes=1)

    # --- what has to hold

    @invariant()
    def no_application_to_an_agency_is_lost(self) -> None:
        unit = Unit(self.store)
        kept = [
            each
            for firm in self.firms
            if firm.id
            for each in unit.find(Application, "organization", firm.id)
            if each.number
        ]
        known = {each.id: (each.number, each.firm.id, each.state) for each in self.applied.values()}
        found = {each.id: (each.number, each.organization, each.state) for each in kept}
        assert found == known, f"application lost: there are {found}, not {known}"

    @invariant()
    def whose_applications_are_open_is_bound(self) -> None:
        for each in self.applied.values():
            is_owned = each.firm.ogrn in self.truth.owners
            assert is_owned or not each.is_open, f"left open: {each.number} of nobody"

    @invariant()
    def nothing_is_charged_twice(self) -> None:
        twice = [bill for bill, times in self._charged().items() if times > 1]
        assert not twice, f"charged twice: {twice}"

    @invariant()
    def what_is_approved_was_paid_for_once(self) -> None:
        charged = self._charged()
        for each in self.applied.values():
            price = _PRICES[each.kind]
            if each.state == "approved" and price:
                times = sum(
                    count
                    for (_, purpose, title, kopecks), count in charged.items()
                    if purpose == "service" and each.number in title and kopecks == price
                )
                assert times == 1, f"paid application: {each.number} was charged {times} times"

    @invariant()
    def what_is_charged_is_known(self) -> None:
        gateway = self.stand.payments.payments
        for firm in self.firms:
            for kept in Unit(self.store).find(Payment, "organization", firm.id) if firm.id else ():
                said = gateway.get(kept.number.removeprefix("N-"))
                is_charged = said is not None and said.state == "succeeded"
                assert is_charged or kept.state != "succeeded", f"not charged: {kept.title}"
                assert not is_charged or kept.state != "canceled", f"charge lost: {kept.title}"

    # --- inside

    def _inside(self, number: int, who: str) -> tuple[Firm, Citizen, Actor | None]:
        """An organization, an active one if there is any, one of the people about it, and who that
        is to the portal (None: nobody, or the portal does not know the organization)."""
        firm, citizen = self.known(number, who, "active")
        actor = citizen.actor()
        return firm, citizen, actor if firm.id and actor.account else None

    def _one_of(self, number: int) -> Applied:
        """One of the applications, one that is open if there is any."""
        every = list(self.applied.values())
        fitting = [each for each in every if each.is_open] or every
        return fitting[number % len(fitting)]

    def _pay(
        self, firm: Firm, citizen: Citizen, bill: dict[str, Any], *, is_answer_lost: bool
    ) -> None:
        actor = citizen.actor()
        if not firm.id or actor.account is None:
            return
        self.stand.payments.loses_answers = is_answer_lost
        outcome = self.stand.act("pay", actor, organization=firm.id, **bill)
        self.stand.payments.loses_answers = False
        if accepted(outcome):
            self._may(firm, citizen, "view_payments", "has paid")

    def _may(self, firm: Firm, citizen: Citizen, right: str, what: str) -> None:
        rights = self.truth.rights(firm.ogrn, citizen.inn)
        assert right in rights, f"right: {citizen} {what}"

    def _all_agree(self) -> None:
        """Whoever has to pay does, and the portal hears of it."""
        for key in self._undecided():
            self.stand.payments.decide(key, "succeeded")
        self.stand.after(minutes=1)

    def _undecided(self) -> list[str]:
        """Keys of the payments that wait for their payers."""
        payments = self.stand.payments.payments.items()
        return [key for key, each in payments if each.state == "pending"]

    def _charged(self) -> Counter[tuple[str, str, str, int]]:
        """How often each bill was charged, by payer (ИНН), purpose, title and kopecks, as the
        gateway has it."""
        gateway = self.stand.payments
        return Counter(
            (asked.inn, asked.purpose, asked.description, asked.kopecks)
            for key, asked in gateway.created.items()
            if gateway.payments[key].state == "succeeded"
        )


def _bill_of(applied: Applied) -> dict[str, Any]:
    return {"purpose": "service", "service": "application", "subject": applied.number}
