"""Certificates of a cabinet and what is signed with them, by those who may and others."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal.ports.signatures import CertificateFacts
from tests.portal.cabinets import encoded
from tests.portal.life.people import Citizen, Firm, accepted
from tests.portal.life.scene import CAST, FIRMS, Scene
from tests.portal.life.truth import SIGN
from world.file_formats import file_content

__all__ = ["SigningRules"]

_CONTENT: Final = file_content("pdf", ["Договор"])
_RIGHTS: Final = {
    "reference": frozenset[str](),
    "static_reports": frozenset({"view_reports"}),
    "file_application": frozenset({SIGN}),
    "change_account_data": frozenset({SIGN, "edit_organization"}),
}
_FLAWS: Final = st.sampled_from(["", "", "", "changed", "another's", "late"])


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A certificate that was given to a cabinet, and who has its key."""

    id: str
    firm: Firm
    holder: Citizen
    facts: CertificateFacts
    is_tried: bool


class SigningRules(Scene):
    """Actions by signature."""

    def __init__(self) -> None:
        super().__init__()
        self.carried: list[Carried] = []

    @rule(
        number=FIRMS,
        who=CAST,
        holder=st.sampled_from(["", "", "", "head", "rep"]),
        days=st.sampled_from([365, 365, 2]),
        is_own=st.sampled_from([True, True, True, False]),
        by_holder=st.sampled_from([True, True, True, False]),
    )
    def a_certificate_is_bound_and_tried(
        self, number: int, who: str, holder: str, days: int, is_own: bool, by_holder: bool
    ) -> None:
        firm, citizen = self.known(number, who)
        owner = firm.cast[holder] if holder else citizen
        if not firm.id or citizen.actor().account is None or not owner.account:
            return
        other = self.firms[1 if firm is self.firms[0] else 0]
        end = self.stand.clock.now() + dt.timedelta(days=days)
        facts = (firm if is_own else other).certificate(owner, not_after=end)
        bound = self.stand.act(
            "bind_certificate", citizen.actor_for(firm), content=encoded(facts.der)
        )
        if not accepted(bound):
            return
        rights = self.truth.rights(firm.ogrn, citizen.inn)
        assert "manage_certificates" in rights, f"right and signature: {citizen} has bound one"
        assert is_own, "right and signature: a certificate of another organization was bound"
        challenge = bound.data["challenge"] or ""
        signature = self.stand.signatures.sign(challenge.encode(), facts, self.stand.clock.now())
        tried = self.stand.act(
            "trial_signature",
            (owner if by_holder else citizen).actor_for(firm),
            certificate=bound.data["certificate"],
            signature=encoded(signature),
        )
        is_tried = tried.state == "active"
        is_holders = by_holder or owner is citizen
        assert is_holders or not is_tried, "right and signature: tried with another's key"
        self.carried.append(
            Carried(
                id=bound.data["certificate"],
                firm=firm,
                holder=owner,
                facts=facts,
                is_tried=is_tried,
            )
        )

    @precondition(lambda self: self.carried)
    @rule(number=st.integers(0, 3))
    def a_certificate_is_revoked(self, number: int) -> None:
        carried = self.carried[number % len(self.carried)]
        self.stand.signatures.statuses[carried.facts.fingerprint] = "revoked"

    @precondition(lambda self: self.carried)
    @rule(number=st.integers(0, 5), who=st.sampled_from(["", "", ""]) | CAST, flaw=_FLAWS)
    def a_document_is_signed(self, number: int, who: str, flaw: str) -> None:
        carried = self.carried[-1 - number % len(self.carried)]
        firm = carried.firm
        citizen = self.member_of(firm, who) if who else carried.holder
        actor = citizen.actor_for(firm)
        if actor.account is None:
            return
        uploaded = self.stand.act(
            "upload_document",
            citizen.actor(),
            context="library",
            document_type="contract",
            file_name="Договор.pdf",
            content=encoded(_CONTENT),
        )
        document = uploaded.data.get("document", "")
        signed = {"document": document, "signature": self._document_signature(carried, flaw)}
        outcome = self.stand.act("sign_documents", actor, certificate=carried.id, files=[signed])
        if accepted(outcome):
            self._allowed(carried, citizen, flaw)

    @precondition(lambda self: self.carried)
    @rule(
        number=st.integers(0, 5),
        who=st.sampled_from(["", "", ""]) | CAST,
        action=st.sampled_from(sorted(_RIGHTS)),
    )
    def an_action_is_opened(self, number: int, who: str, action: str) -> None:
        carried = self.carried[-1 - number % len(self.carried)]
        firm = carried.firm
        citizen = self.member_of(firm, who) if who else carried.holder
        actor = citizen.actor_for(firm)
        asked = self.stand.act("begin_action", actor, action=action)
        if not accepted(asked):
            return
        request = asked.data["request"]
        signature = self.stand.signatures.sign(
            request.encode(), carried.facts, self.stand.clock.now()
        )
        outcome = self.stand.act(
            "open_action", actor, request=request, kind="qualified", signature=encoded(signature)
        )
        if accepted(outcome):
            self._opened(firm, citizen, action)

    def _opened(self, firm: Firm, citizen: Citizen, action: str) -> None:
        place = firm.ogrn, citizen.inn
        is_member = place in self.truth.members
        assert is_member, f"right and signature: {citizen} of elsewhere has opened {action}"
        is_former = place in self.truth.formers
        assert SIGN not in _RIGHTS[action] or not is_former, f"former head: {citizen} has signed"
        missing = _RIGHTS[action] - self.truth.rights(*place)
        assert not missing, f"right and signature: {citizen} has opened {action}"

    def _document_signature(self, carried: Carried, flaw: str) -> str:
        content = b"%PDF-1.7 other" if flaw == "changed" else _CONTENT
        facts = carried.facts
        if flaw == "another's":
            facts = carried.firm.certificate(carried.firm.cast["stranger"])
        late = dt.timedelta(minutes=6) if flaw == "late" else dt.timedelta()
        return encoded(self.stand.signatures.sign(content, facts, self.stand.clock.now() - late))

    def _allowed(self, carried: Carried, citizen: Citizen, flaw: str) -> None:
        place = carried.firm.ogrn, citizen.inn
        assert place not in self.truth.formers, f"former head: {citizen} has signed"
        assert SIGN in self.truth.rights(*place), f"right and signature: {citizen} has signed"
        assert not flaw, f"right and signature: signed although {flaw}"
        assert carried.is_tried, "right and signature: signed without a trial"
        assert carried.holder is citizen, "right and signature: signed with another's key"
        assert self.stand.clock.now() <= carried.facts.not_after, "right and signature: expired"
        status = self.stand.signatures.statuses.get(carried.facts.fingerprint, "good")
        assert status == "good", f"right and signature: signed although {status}"
