"""Where lives of organizations are played: two legal entities, a sole proprietor, the people about
them; time that passes, registers that go silent, persons who are confirmed or not."""

import datetime as dt
import logging
from collections.abc import Callable, Collection
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from portal.use_case import Actor, Outcome
from tests.portal.cabinets import encoded
from tests.portal.fakes import Failing, MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL, SOLE, filing, record_of
from tests.portal.life.people import Citizen, Firm, accepted
from tests.portal.life.truth import Acknowledged, Truth
from tests.portal.life.watched_store import WatchedStore
from tests.portal.wiring import Stand, portal_with

__all__ = ["CAST", "FIRMS", "WRONG_CODE", "Scene"]

MORNING: Final = dt.datetime.combine(FILED_ON, dt.time(10))
WRONG_CODE: Final = "999999"
OPERATOR: Final = Actor(operator="Петрова")

FIRMS: Final = st.sampled_from([0, 0, 0, 1, 2])
"""Which organization: mostly the same one, for lives to go far."""
CAST: Final = st.sampled_from(
    ["in charge", "in charge", "in charge", "head", "rep", "next", "newcomer", "stranger"]
)
"""Who acts; in charge is who has the organization now, or leads it, or should."""

_NUMBERS: Final = (LEGAL[0], LEGAL[1], SOLE[1])
_SYSTEMS: Final = (
    *("registers", "fns", "mvd", "verification", "signatures", "antivirus"),
    "payments",
)
_PAUSES: Final = (
    *(dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=31)),
    *(dt.timedelta(hours=1), dt.timedelta(hours=13), dt.timedelta(days=1), dt.timedelta(days=4)),
)


class _Failures(logging.Handler):
    """Counts work that has failed for a reason of the portal's own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


class Scene(RuleBasedStateMachine):
    """The stand, the truth about it, and what happens without anybody's organization."""

    def __init__(self) -> None:
        super().__init__()
        self.store = WatchedStore()
        self.stand: Stand = portal_with(clock=MovedClock(MORNING), store=self.store)
        self.truth = Truth(self.stand.portal.book)
        self.shared = {
            "next": self._citizen(11),
            "newcomer": self._citizen(12),
            "stranger": self._citizen(13),
        }
        self.firms = [self._firm(index) for index in _NUMBERS]
        self.failures = _Failures()
        logging.getLogger("portal.portal").addHandler(self.failures)

    def teardown(self) -> None:
        logging.getLogger("portal.portal").removeHandler(self.failures)
        super().teardown()

    def _citizen(self, index: int) -> Citizen:
        return Citizen(stand=self.stand, person=COUNTRY.person(index))

    def _firm(self, index: int) -> Firm:
        filed = filing(index)
        record = self.stand.registers.add(record_of(filed.subject.organization))
        applicant = filed.subject.applicant
        head = self._citizen(filed.subject.organization.head.person)
        rep = head if applicant.inn == head.inn else Citizen(stand=self.stand, person=applicant)
        cast = {**self.shared, "head": head, "rep": rep}
        return Firm(stand=self.stand, filed=filed, record=record, cast=cast)

    def people(self) -> list[Citizen]:
        """Everybody, once."""
        found = {each.inn: each for firm in self.firms for each in firm.cast.values()}
        return list(found.values())

    def unconfirmed(self) -> list[Citizen]:
        """Those whose account nobody has confirmed."""
        return [
            each for each in self.people() if each.account and each.inn not in self.truth.confirmed
        ]

    def known(self, number: int, who: str, *states: str) -> tuple[Firm, Citizen]:
        """An organization, one in one of those states if there is any, and one of the people about
        it."""
        fitting = [each for each in self.firms if each.state in states] or self.firms
        firm = fitting[number % len(fitting)]
        return firm, self.member_of(firm, who)

    def member_of(self, firm: Firm, who: str) -> Citizen:
        """One of the people about an organization."""
        if who in firm.cast:
            return firm.cast[who]
        members = self.truth.members.items()
        heads = [inn for (ogrn, inn), each in members if (ogrn, each.role) == (firm.ogrn, "head")]
        chosen = [*heads, self.truth.owners.get(firm.ogrn)]
        return next((each for each in firm.cast.values() if each.inn in chosen), firm.cast["head"])

    def sent_code(self, who: Citizen, *, is_right: bool) -> str:
        """The code that has come to somebody, or another."""
        return who.code() if is_right else WRONG_CODE

    def asked_for_code(self, ask: Callable[[], Outcome]) -> Outcome:
        """Ask for a code; too early for another, a minute later."""
        outcome = ask()
        if any(each.rule == "AUTH-06" for each in outcome.violations):
            self.stand.after(minutes=1)
            outcome = ask()
        return outcome

    def taken_in(self, firm: Firm, citizen: Citizen, organization: str) -> None:
        """The portal has taken an application: the only one for its organization."""
        assert citizen.inn in self.truth.confirmed, f"confirmed person: {citizen} has filed"
        before = self.truth.applications.get(firm.ogrn)
        assert before is None, f"application lost: {firm.ogrn} was taken in twice"
        self.truth.applications[firm.ogrn] = Acknowledged(
            organization=organization, filer=citizen.inn
        )

    # --- how it begins

    def people_come(self, unconfirmed: Collection[str]) -> None:
        """Everybody has an account but the newcomer; the identity of some is not confirmed."""
        doubtful = {id(self.firms[0].cast[name]) for name in unconfirmed}
        for each in self.people():
            if each is not self.shared["newcomer"]:
                each.sign_up()
                if id(each) not in doubtful:
                    self._seen_in_person(each)

    def _seen_in_person(self, who: Citizen, refused_for: str = "") -> Outcome:
        visit = {"inn": who.inn, "refused_for": refused_for}
        outcome = self.stand.act("confirm_identity_in_person", OPERATOR, **visit)
        if accepted(outcome):
            assert not refused_for, f"confirmed person: {who} was refused and is confirmed"
            self.truth.confirmed.add(who.inn)
        return outcome

    # --- rules

    @rule(number=FIRMS, differs=st.sampled_from([True, False, False]))
    def a_register_differs_from_what_is_filed(self, number: int, differs: bool) -> None:
        firm = self.firms[number]
        name = "Другое название" if differs else firm.record.full_name
        self.stand.registers.change(firm.ogrn, full_name=name)

    @rule(pause=st.sampled_from(_PAUSES))
    def time_passes(self, pause: dt.timedelta) -> None:
        self.stand.clock.move(pause)
        self.stand.portal.tick()

    @rule(name=st.sampled_from(_SYSTEMS), is_down=st.sampled_from([False, False, True]))
    def a_system_goes_silent_or_comes_back(self, name: str, is_down: bool) -> None:
        system: Failing = getattr(self.stand, name)
        system.down = is_down
        if not is_down:
            self.stand.after(hours=1)

    @precondition(lambda self: self.unconfirmed())
    @rule(number=st.integers(0, 3), refused_for=st.sampled_from(["", "", "не то лицо"]))
    def somebody_is_seen_in_person(self, number: int, refused_for: str) -> None:
        people = self.unconfirmed()
        self._seen_in_person(people[number % len(people)], refused_for)

    @precondition(lambda self: self.unconfirmed())
    @rule(number=st.integers(0, 3), is_known=st.sampled_from([True, True, False]))
    def registers_are_asked_who_somebody_is(self, number: int, is_known: bool) -> None:
        people = self.unconfirmed()
        citizen = people[number % len(people)]
        actor = citizen.actor()
        if actor.account is None:
            return
        passport = citizen.person.passport
        scan = self.stand.act(
            "upload_document", actor, context="form", document_type="passport", **_scan()
        )
        outcome = self.stand.act(
            "confirm_identity",
            actor,
            way="sms_code",
            snils=citizen.person.snils,
            passport_series=passport.series,
            passport_number=passport.number,
            passport_issued=f"{passport.issued:%d.%m.%Y}",
            passport_issued_by=passport.issued_by,
            passport_scan=scan.data.get("document", ""),
        )
        if not accepted(outcome):
            return
        self.stand.fns.people.pop(citizen.inn, None)
        if is_known:
            self.truth.confirmed.add(citizen.inn)  # as soon as both registers have answered
        else:
            self.stand.fns.people[citizen.inn] = ("not_found", ())


def _scan() -> dict[str, Any]:
    papers = filing(SOLE[1]).documents
    passport = next(each for each in papers if each.kind == "passport")
    return {"file_name": passport.file_name, "content": encoded(passport.content)}
