"""Applications: filed by whomever, in order or not, sent again, checked by agencies, activated."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal.ports.verification import Agency, CaseState, CaseView, Remark
from portal.use_case import Actor, Outcome
from portal.verification.verification import AGENCIES
from tests.portal.life.people import Citizen, Filer, Firm, accepted
from tests.portal.life.scene import CAST, FIRMS, Scene

__all__ = ["FilingRules", "agency_says"]

FLAWS: Final = st.sampled_from(["", "", "", "", "unsigned", "revoked", "expired", "changed"])
_DAY: Final = dt.timedelta(days=1)
_AGENCY: Final = st.sampled_from(["fns", "pfr"])
_ANSWERS: Final = st.sampled_from(["completed"] * 4 + ["remarks", "clarification"])
_REMARK: Final = Remark("address", "Адрес не совпадает с записью реестра")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What was sent under a key, when, and what was answered."""

    actor: Actor
    payload: dict[str, Any]
    key: str
    outcome: Outcome
    at: dt.datetime


class FilingRules(Scene):
    """Registration, verification, activation."""

    def __init__(self) -> None:
        super().__init__()
        self.submissions: list[Submission] = []

    @rule(number=FIRMS, who=CAST, flaw=FLAWS)
    def an_application_is_filed(self, number: int, who: str, flaw: str) -> None:
        firm, citizen = self.known(number, who)
        self._prepare(firm, citizen)
        payload = self._signed(firm, citizen, flaw)
        actor, key = citizen.actor(), f"key {len(self.submissions)}"
        outcome = self.stand.act("register_organization", actor, key, **payload)
        self.submissions.append(
            Submission(
                actor=actor, payload=payload, key=key, outcome=outcome, at=self.stand.clock.now()
            )
        )
        if accepted(outcome):
            self._acknowledged(firm, citizen, outcome.data["organization"], flaw)

    def _prepare(self, firm: Firm, citizen: Citizen) -> None:
        filer = firm.filer(citizen)
        for confirm in (filer.confirm_inn, filer.confirm_email):
            self.asked_for_code(confirm)

    def _signed(self, firm: Firm, citizen: Citizen, flaw: str, **changes: Any) -> dict[str, Any]:
        filer = firm.filer(citizen)
        facts = firm.certificate(citizen)
        if flaw == "revoked":
            self.stand.signatures.statuses[facts.fingerprint] = "revoked"
        elif flaw == "expired":
            facts = firm.certificate(
                citizen, not_before=facts.not_before - 2 * _DAY, not_after=facts.not_before - _DAY
            )
        payload = filer.signed(facts, **changes) if _may_read(filer) else filer.form
        if flaw == "changed":
            payload["site"] = "https://changed.test"
        return {**payload, "signature": ""} if flaw == "unsigned" else payload

    def _acknowledged(self, firm: Firm, citizen: Citizen, organization: str, flaw: str) -> None:
        assert not firm.is_legal or not flaw, f"right and signature: filed although {flaw}"
        self.taken_in(firm, citizen, organization)
        place = firm.ogrn, citizen.inn
        leads = citizen.inn == firm.record.head_inn
        if leads and firm.is_legal and self.stand.registers.down:
            self.truth.leads_once_borne_out(*place)
        else:
            self.truth.joined(*place, "head" if leads else "rep")

    @precondition(lambda self: self.submissions)
    @rule(last=st.integers(0, 2), is_changed=st.sampled_from([False, False, True]))
    def a_submission_is_repeated(self, last: int, is_changed: bool) -> None:
        sent = self.submissions[-1 - last % len(self.submissions)]
        if self.stand.clock.now() >= sent.at + _DAY or sent.outcome.refusal in _NOT_KEPT:
            return
        payload = {**sent.payload, **({"site": "https://other.test"} if is_changed else {})}
        again = self.stand.act("register_organization", sent.actor, sent.key, **payload)
        if is_changed:
            assert again.refusal == "key-taken", "application lost: a key stands for two contents"
        else:
            assert again == sent.outcome, f"application lost: {sent.key} is answered otherwise"

    # --- agencies

    @rule(number=FIRMS, agency=_AGENCY, answer=_ANSWERS)
    def an_agency_answers(self, number: int, agency: Agency, answer: CaseState) -> None:
        self._answer(number, agency, answer)
        self.stand.after(hours=2)

    @rule(number=FIRMS)
    def both_agencies_are_content(self, number: int) -> None:
        self.stand.after(minutes=1)
        for agency in AGENCIES:
            self._answer(number, agency, "completed")
        self.stand.after(minutes=31)

    def _answer(self, number: int, agency: Agency, answer: CaseState) -> None:
        firm, _ = self.known(number, "head", "verifying", "remarks")
        case = _case_of(self, firm, agency)
        if case is None or self.stand.verification.cases[case].state != "in_progress":
            return
        remarks = () if answer == "completed" else (_REMARK,)
        said = CaseView(number=case, state=answer, remarks=remarks)
        self.stand.verification.cases[case] = said

    @rule(number=FIRMS, agency=_AGENCY)
    def an_agency_loses_a_case(self, number: int, agency: Agency) -> None:
        case = _case_of(self, self.firms[number], agency)
        if case is not None and self.stand.verification.cases[case].state == "in_progress":
            del self.stand.verification.cases[case]

    @rule(number=FIRMS, who=CAST, flaw=FLAWS, is_changed=st.booleans())
    def an_application_is_sent_again(
        self, number: int, who: str, flaw: str, is_changed: bool
    ) -> None:
        firm, citizen = self.known(number, who, "verifying", "remarks")
        if not firm.id:
            return
        self._prepare(firm, citizen)
        changes = {"site": f"https://{len(self.submissions)}.test"} if is_changed else {}
        payload = self._signed(firm, citizen, flaw, **changes)
        outcome = self.stand.act(
            "resubmit_registration",
            citizen.actor(),
            organization=firm.id,
            answer="Название по уставу",
            **payload,
        )
        if accepted(outcome):
            assert not firm.is_legal or not flaw, f"right and signature: sent although {flaw}"
            may = "edit_organization" in self.truth.rights(firm.ogrn, citizen.inn)
            is_own = self.truth.applications[firm.ogrn].filer == citizen.inn
            assert may or is_own, f"right and signature: {citizen} has sent another's application"

    # --- activation

    @rule(
        number=FIRMS,
        who=CAST,
        is_right=st.sampled_from([True, True, True, False]),
        changes=st.sampled_from([{}, {}, {}, {"inn": "7736050003"}, {"terms_accepted": False}]),
    )
    def a_cabinet_is_activated(
        self, number: int, who: str, is_right: bool, changes: dict[str, Any]
    ) -> None:
        firm, citizen = self.known(number, who, "verifying", "remarks", "verified")
        if not firm.id:
            return
        actor, organization = citizen.actor(), firm.id
        asked = self.asked_for_code(
            lambda: self.stand.act("request_activation_code", actor, organization=organization)
        )
        form = {
            "inn": firm.record.inn,
            "ogrn": firm.ogrn,
            "phone": citizen.person.phone,
            "code": self.sent_code(citizen, is_right=is_right) if accepted(asked) else "111111",
            "terms_accepted": True,
            **changes,
        }
        outcome = self.stand.act("activate_cabinet", actor, organization=organization, **form)
        if accepted(outcome):
            assert is_right, "wrong code: a cabinet was activated"
            assert accepted(asked), "wrong code: a cabinet was activated without one"
            assert not changes, f"activated with {changes}"
            may = "edit_organization" in self.truth.rights(firm.ogrn, citizen.inn)
            filed = self.truth.applications[firm.ogrn].filer == citizen.inn
            assert may or filed, f"right and signature: {citizen} has activated"


_NOT_KEPT: Final = ("later", "forbidden", "unauthenticated")


def agency_says(scene: Scene, firm: Firm, agency: Agency) -> CaseState:
    """How the check of an organization stands at an agency."""
    case = _case_of(scene, firm, agency)
    return "waiting" if case is None else scene.stand.verification.cases[case].state


def _case_of(scene: Scene, firm: Firm, agency: Agency) -> str | None:
    """The number of the organization's latest case at an agency; None if there is none."""
    prefix = f"{agency}-{firm.id}-"
    found = [each for each in scene.stand.verification.cases if each.startswith(prefix)]
    return found[-1] if firm.id and found else None


def _may_read(filer: Filer) -> bool:
    return filer.actor.account is not None
