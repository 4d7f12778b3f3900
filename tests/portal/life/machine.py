"""The whole life of organizations, and what has to hold after each step of it."""

from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from portal.accounts.account import Account
from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.registration.registration import Registration
from portal.store.journal_chain import broken_at
from portal.store.unit import Unit
from portal.use_case import Actor
from portal.verification.verification import AGENCIES
from tests.portal.life.agency_rules import AgencyRules
from tests.portal.life.binding_rules import BindingRules
from tests.portal.life.employee_rules import EmployeeRules
from tests.portal.life.filing_rules import FilingRules, agency_says
from tests.portal.life.head_rules import HeadRules
from tests.portal.life.people import Citizen, Firm
from tests.portal.life.scene import Scene
from tests.portal.life.signing_rules import SigningRules

__all__ = ["LifeOfOrganizations", "lives_about"]

_PROGRESS: Final = ("nothing", "filed", "verified", "active", "bound", "certified", "succeeded")

_REACHED: Final = {"nothing": "", "filed": "verifying", "verified": "verified"}


class LifeOfOrganizations(
    FilingRules, BindingRules, HeadRules, SigningRules, EmployeeRules, AgencyRules
):
    """Rules are what people and systems do; what each of them must not bring about it says itself.
    Invariants compare what the portal has with what is known outside."""

    beginnings: ClassVar[tuple[str, ...]] = (*_PROGRESS, "certified", "certified")
    """How far the first organization may have gone when a life begins."""

    @initialize(
        unconfirmed=st.lists(st.sampled_from(["rep", "head", "next", "stranger"]), max_size=2),
        beginning=st.integers(0, 11),
        who=st.sampled_from(["head", "head", "rep"]),
        waits=st.booleans(),
    )
    def a_life_begins(self, unconfirmed: list[str], beginning: int, who: str, waits: bool) -> None:
        """A sole proprietor may have filed while the register was silent."""
        progress = self.beginnings[beginning % len(self.beginnings)]
        self.people_come([each for each in unconfirmed if progress == "nothing" or each != who])
        for step in _PROGRESS[: _PROGRESS.index(progress) + 1]:
            self._go_on(step, who)
            assert self.firms[0].state == _REACHED.get(step, "active"), f"no way to {step}"
        if waits:
            self.stand.registers.down = True
            LifeOfOrganizations.an_application_is_filed(self, number=2, who="head", flaw="")

    def _go_on(self, step: str, who: str) -> None:
        """Let the first organization go one step further; a machine may not have its rule."""
        life, first = LifeOfOrganizations, {"number": 0, "who": who}
        match step:
            case "filed":
                life.an_application_is_filed(self, **first, flaw="")
            case "verified":
                life.both_agencies_are_content(self, number=0)
            case "active":
                life.a_cabinet_is_activated(self, **first, is_right=True, changes={})
            case "bound":
                papers = who == "rep"
                life.somebody_binds(
                    self, **first, role="", way="signature", flaw="", has_papers=papers
                )
            case "certified":
                life.a_certificate_is_bound_and_tried(
                    self, **first, holder="", days=365, is_own=True, by_holder=True
                )
            case "succeeded":
                life.another_head_is_appointed(self, **first, heir="next", is_right=True)

    @invariant()
    def an_organization_has_the_one_owner_that_has_bound_it(self) -> None:
        seen = self._owners_seen()
        for firm in self.firms:
            self._head_known_at_last(firm)
            found = self._kept(firm)
            owner = None if found is None else self._inn(found.owner)
            if found is not None and found.state == "active" and not firm.is_legal:
                self._opened_at_once(firm, owner)
            expected = self.truth.owners.get(firm.ogrn)
            assert owner == expected, f"one owner: {firm.ogrn} has {owner}, not {expected}"
            theirs = [inn for inn, ogrn in seen if ogrn == firm.ogrn]
            assert theirs == ([] if owner is None else [owner]), f"one owner: it is {theirs}'s"

    @invariant()
    def owners_are_confirmed_people(self) -> None:
        for ogrn, inn in self.truth.owners.items():
            member = self.truth.members[ogrn, inn]
            is_new_head = member.role == "head" and not member.signs
            is_confirmed = inn in self.truth.confirmed
            assert is_confirmed or is_new_head, f"confirmed person: {inn} has {ogrn}"

    @invariant()
    def nothing_is_verified_before_both_checks(self) -> None:
        for firm in self.firms:
            found = self._kept(firm)
            if firm.is_legal and found is not None and found.state in ("verified", "active"):
                said = {agency_says(self, firm, agency) for agency in AGENCIES}
                assert said == {"completed"}, f"both checks: {found.state} while {said}"

    @invariant()
    def no_application_is_lost(self) -> None:
        for ogrn, application in self.truth.applications.items():
            unit = Unit(self.store)
            found = unit.find(Organization, "ogrn", ogrn)
            ids = [each.id for each in found]
            assert ids == [application.organization], f"application lost: {ogrn} has {ids}"
            assert found[0].state in ORGANIZATION_STATES.titles
            filed = unit.get(Registration, application.organization)
            filer = None if filed is None else self._inn(filed.account)
            assert filer == application.filer, f"application lost: {ogrn} is filed by {filer}"

    @invariant()
    def states_follow_their_tables(self) -> None:
        assert self.store.illegal == [], f"states: {self.store.illegal}"

    @invariant()
    def the_journal_is_unbroken(self) -> None:
        assert self.store.broken_line is None, f"journal: broken at {self.store.broken_line}"

    @invariant()
    def no_work_fails(self) -> None:
        assert self.failures.messages == [], f"work failed: {self.failures.messages}"

    def teardown(self) -> None:
        super().teardown()
        assert broken_at(self.store.journal()) is None, "journal: broken at the end"

    # --- inside

    def _kept(self, firm: Firm) -> Organization | None:
        return Unit(self.store).one(Organization, "ogrn", firm.ogrn)

    def _inn(self, account: str | None) -> str | None:
        found = None if account is None else Unit(self.store).get(Account, account)
        return None if found is None else found.inn

    def _owners_seen(self) -> list[tuple[str, str]]:
        """Who sees which organization as their own."""
        return [
            (citizen.inn, item["ogrn"])
            for citizen in self.people()
            if citizen.account
            for item in self._organizations_of(citizen)
            if item["owned"]
        ]

    def _organizations_of(self, citizen: Citizen) -> list[dict[str, Any]]:
        shown = self.stand.read("my_organizations", Actor(account=citizen.account))
        items: list[dict[str, Any]] = shown.data["items"]
        return items

    def _head_known_at_last(self, firm: Firm) -> None:
        """Who has filed while the register was silent leads once it has borne that out (VER-08)."""
        application = self.truth.applications.get(firm.ogrn)
        if application is not None:
            filed = Unit(self.store).get(Registration, application.organization)
            if filed is not None and filed.confirmation:
                self.truth.borne_out(firm.ogrn, application.filer)

    def _opened_at_once(self, firm: Firm, owner: str | None) -> None:
        """A sole proprietor's cabinet is theirs as soon as the register agrees (REG-09)."""
        application = self.truth.applications.get(firm.ogrn)
        if application is not None and application.filer == owner and not firm.was_opened:
            firm.was_opened = True
            self.truth.owners.setdefault(firm.ogrn, application.filer)


def lives_about(
    *chapters: type[Scene], beginnings: tuple[str, ...] = LifeOfOrganizations.beginnings
) -> type[LifeOfOrganizations]:
    """A machine with the rules of some chapters alone, which goes deeper into them; every invariant
    holds all the same."""
    others = {*LifeOfOrganizations.__bases__} - {*chapters}
    left_out = {name: None for each in others for name in vars(each) if not name.startswith("_")}
    return type("SomeLives", (LifeOfOrganizations,), {**left_out, "beginnings": beginnings})
