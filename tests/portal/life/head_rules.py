"""Another head: named, confirmed by a code, their first signature; the register learns of it."""

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal.use_case import Outcome
from tests.portal.cabinets import encoded
from tests.portal.life.people import Citizen, Firm, accepted
from tests.portal.life.scene import CAST, FIRMS, Scene

__all__ = ["HeadRules"]

_HEIRS: Final = st.sampled_from(["next", "newcomer", "newcomer", "rep", "head"])


class HeadRules(Scene):
    """Who is head."""

    @rule(number=FIRMS, who=CAST, heir=_HEIRS, is_right=st.sampled_from([True, True, True, False]))
    def another_head_is_appointed(self, number: int, who: str, heir: str, is_right: bool) -> None:
        firm, citizen = self.known(number, who, "verified", "active")
        actor = citizen.actor()
        if not firm.id or actor.account is None:
            return
        form = self._appointment(firm, citizen, firm.cast[heir])
        asked = self.asked_for_code(lambda: self.stand.act("appoint_head", actor, **form))
        if not accepted(asked):
            return
        code = self.sent_code(firm.cast[heir], is_right=is_right)
        outcome = self.stand.act("confirm_head", actor, organization=firm.id, code=code)
        if accepted(outcome):
            may = "manage_users" in self.truth.rights(firm.ogrn, citizen.inn)
            assert may, f"right and signature: {citizen} has appointed"
            assert is_right, "wrong code: there is another head"
            self.truth.head_changed(firm.ogrn, firm.cast[heir].inn)
            firm.cast[heir].account = outcome.data["head"]

    def _appointment(self, firm: Firm, citizen: Citizen, heir: Citizen) -> dict[str, Any]:
        person, passport = heir.person, heir.person.passport
        order = self.stand.act(
            "upload_document",
            citizen.actor(),
            context="registration",
            document_type="appointment_order",
            file_name=firm.filed.documents[0].file_name,
            content=encoded(firm.filed.documents[0].content),
        )
        return {
            "organization": firm.id,
            "full_name": str(person.name),
            "inn": person.inn,
            "birth_date": f"{person.birth_date:%d.%m.%Y}",
            "phone": person.phone,
            "email": person.email,
            "position": "Генеральный директор",
            "snils": person.snils,
            "passport_series": passport.series,
            "passport_number": passport.number,
            "passport_issued": f"{passport.issued:%d.%m.%Y}",
            "passport_issued_by": passport.issued_by,
            "documents": [order.data.get("document", "")],
            "certificate": encoded(firm.certificate(heir).der),
            "consent": True,
        }

    @rule()
    def a_newcomer_follows_the_link_of_the_letter(self) -> None:
        newcomer = self.shared["newcomer"]
        texts = self.stand.messenger.sent_to(newcomer.person.email)
        links = [text.rpartition("/")[2] for text in texts if "/activation/" in text]
        if links:
            self.stand.act("activate_head_account", token=links[-1])

    @precondition(lambda self: self._new_heads())
    @rule(
        number=st.integers(0, 2),
        who=st.sampled_from(["in charge"]) | CAST,
        flaw=st.sampled_from(["", "", "", "another's", "changed"]),
    )
    def a_head_shows_their_signature(self, number: int, who: str, flaw: str) -> None:
        new = self._new_heads()
        firm = new[number % len(new)]
        citizen = self.member_of(firm, who)
        actor = citizen.actor()
        if not firm.id or actor.account is None:
            return
        holder = firm.cast["stranger"] if flaw == "another's" else citizen
        outcome = self._shown(firm, citizen, holder, flaw)
        if accepted(outcome):
            member = self.truth.members.get((firm.ogrn, citizen.inn))
            is_head = member is not None and member.role == "head"
            assert is_head, f"right and signature: {citizen} is not head"
            assert not flaw, f"right and signature: confirmed although {flaw}"
            assert citizen.inn in self.truth.confirmed, f"confirmed person: {citizen} is not"
            self.truth.signs(firm.ogrn, citizen.inn)

    def _new_heads(self) -> list[Firm]:
        """Organizations whose head has not signed yet."""
        new = {ogrn for (ogrn, _), each in self.truth.members.items() if not each.signs}
        return [each for each in self.firms if each.ogrn in new]

    def _shown(self, firm: Firm, citizen: Citizen, holder: Citizen, flaw: str) -> Outcome:
        shown = self.stand.read("head_signature_text", citizen.actor(), organization=firm.id)
        text = "другое" if flaw == "changed" else shown.data.get("text", "")
        signature = self.stand.signatures.sign(
            text.encode(), firm.certificate(holder), self.stand.clock.now()
        )
        return self.stand.act(
            "confirm_head_signature",
            citizen.actor(),
            organization=firm.id,
            signature=encoded(signature),
        )

    @rule(number=FIRMS)
    def the_register_learns_who_is_head(self, number: int) -> None:
        firm = self.firms[number]
        _, head = self.known(number, "in charge")
        if firm.is_legal:
            name = str(head.person.name)
            self.stand.registers.change(firm.ogrn, head_inn=head.inn, head_name=name)
