"""Binding: by whomever, by signature, by code, by the head, with wrong confirmations; unbinding and
binding again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal.rules.binding_claims import BIND_RIGHTS
from portal.use_case import Outcome
from tests.portal.cabinets import encoded
from tests.portal.life.people import Citizen, Firm, accepted
from tests.portal.life.scene import CAST, FIRMS, WRONG_CODE, Scene
from tests.portal.people import PASSWORD

__all__ = ["BindingRules"]

_WAYS: Final = st.sampled_from(["", "", "signature", "signature", "signature", "sms", "head"])
_FLAWS: Final = st.sampled_from(["", "", "", "", "unsigned", "revoked", "stranger's", "changed"])
_CODES: Final = st.sampled_from([True, True, False])


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A binding that waits for its confirmation."""

    firm: Firm
    who: Citizen
    role: str
    extra: tuple[str, ...]
    adds: bool


class BindingRules(Scene):
    """Who has an organization."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, Waiting] = {}
        policy = self.stand.portal.policy
        self.most = policy.count("BND-11.max_failed_bindings")
        self.locks_for = dt.timedelta(minutes=policy.number("BND-11.lock_min"))

    @rule(
        number=FIRMS,
        who=CAST,
        role=st.sampled_from(["", "head", "rep"]),
        way=_WAYS,
        flaw=_FLAWS,
        has_papers=st.booleans(),
    )
    def somebody_binds(
        self, number: int, who: str, role: str, way: str, flaw: str, has_papers: bool
    ) -> None:
        firm, citizen = self.known(number, who)
        filer = firm.filer(citizen)
        if filer.actor.account is None:
            return
        is_heads = citizen.inn == filer.record.head_inn
        role = role or ("head" if is_heads else "rep")
        way = way or ("signature" if firm.is_legal else "sms")
        head = firm.cast["head"].person
        form: dict[str, Any] = {
            "role": role,
            "confirmation": way,
            "documents": filer.documents if has_papers or not is_heads else [],
        }
        if way == "signature":
            form["signature"] = self._binding_signature(firm, citizen, flaw)
        elif way == "head":
            form |= {"head_email": head.email, "head_phone": head.phone}
        adds = not firm.id
        name = "add_organization" if adds else "bind_organization"
        about = filer.form if adds else {"number": firm.ogrn}
        outcome = self.stand.act(name, filer.actor, **{**about, **form})
        if not accepted(outcome):
            self._count(citizen, outcome)
            return
        assert not self._is_locked(citizen), f"locked: {citizen} goes on"
        extra = BIND_RIGHTS if firm.is_legal and form["documents"] else ()
        asked = Waiting(firm=firm, who=citizen, role=role, extra=extra, adds=adds)
        if outcome.state == "bound":
            assert way == "signature", f"right and signature: bound by {way} at once"
            assert not flaw, f"right and signature: bound although {flaw}"
            self._bound(asked)
        else:
            assert not (firm.is_legal and way == "sms"), "right and signature: a code is not enough"
            self.waiting[outcome.data["binding"]] = asked

    @rule(number=FIRMS, who=CAST, times=st.sampled_from([1, 4, 5, 5]))
    def somebody_insists(self, number: int, who: str, times: int) -> None:
        firm, citizen = self.known(number, who, "active", "unbound")
        way = "signature" if firm.is_legal else "sms"
        for role, flaw in [*[("emp", "unsigned")] * times, ("", "")]:
            BindingRules.somebody_binds(
                self,
                number=self.firms.index(firm),
                who=who,
                role=role,
                way=way,
                flaw=flaw,
                has_papers=citizen.inn != firm.record.head_inn,
            )

    def _binding_signature(self, firm: Firm, citizen: Citizen, flaw: str) -> str:
        holder = firm.cast["stranger"] if flaw == "stranger's" else citizen
        other = self.firms[1 if firm is self.firms[0] else 0]
        facts = (other if flaw == "stranger's" else firm).certificate(holder)
        if flaw == "revoked":
            self.stand.signatures.statuses[facts.fingerprint] = "revoked"
        signature = firm.filer(citizen).sign_binding(facts=facts)
        if flaw == "changed":
            content = "Привязка другой организации".encode()
            signature = encoded(self.stand.signatures.sign(content, facts))
        return "" if flaw == "unsigned" else signature

    def _is_locked(self, citizen: Citizen) -> bool:
        now = self.stand.clock.now()
        return self.truth.is_locked(citizen.inn, now, self.locks_for, self.most)

    def _count(self, citizen: Citizen, outcome: Outcome) -> None:
        if outcome.refusal == "wrong":
            now = self.stand.clock.now()
            self.truth.wrong_attempt(citizen.inn, now, self.locks_for, self.most)

    def _bound(self, asked: Waiting) -> None:
        firm, inn = asked.firm, asked.who.inn
        self.truth.bound(firm.ogrn, inn, asked.role, asked.extra)
        self.truth.failed.pop(inn, None)
        if asked.adds:  # which is an application too
            self.taken_in(firm, asked.who, firm.id)

    # --- confirmations that come later

    @precondition(lambda self: self.waiting)
    @rule(number=st.integers(0, 3), is_right=_CODES)
    def a_code_is_entered(self, number: int, is_right: bool) -> None:
        binding = sorted(self.waiting)[number % len(self.waiting)]
        asked = self.waiting[binding]
        code = self.sent_code(asked.who, is_right=is_right)
        outcome = self.stand.act("confirm_binding", asked.who.actor(), binding=binding, code=code)
        if accepted(outcome):
            assert not self._is_locked(asked.who), f"locked: {asked.who} goes on"
            assert is_right, "wrong code: an organization was bound"
            del self.waiting[binding]
            self._bound(asked)
        else:
            self._count(asked.who, outcome)

    @precondition(lambda self: self.waiting)
    @rule(number=st.integers(0, 3))
    def another_code_is_sent(self, number: int) -> None:
        binding = sorted(self.waiting)[number % len(self.waiting)]
        asked = self.waiting[binding]
        self.stand.act("resend_binding_code", asked.who.actor(), binding=binding)

    @precondition(lambda self: self.waiting)
    @rule(number=st.integers(0, 3), is_right=_CODES)
    def the_head_confirms(self, number: int, is_right: bool) -> None:
        binding = sorted(self.waiting)[number % len(self.waiting)]
        asked = self.waiting[binding]
        head = asked.firm.cast["head"]
        links = [
            text.rpartition("/")[2]
            for text in self.stand.messenger.sent_to(head.person.email)
            if "/head-confirmation/" in text and f"{asked.who.person.name}" in text
        ]
        if not links:
            return
        opened = self.asked_for_code(lambda: self.stand.act("open_head_link", token=links[-1]))
        if not accepted(opened):
            return
        code = self.sent_code(head, is_right=is_right)
        outcome = self.stand.act("confirm_as_head", token=links[-1], code=code)
        if accepted(outcome):
            assert is_right, "wrong code: the head has confirmed"
            del self.waiting[binding]
            self._bound(asked)

    # --- unbinding

    @rule(
        number=FIRMS,
        who=CAST,
        second=st.sampled_from(["sms", "sms", "token"]),
        is_right=st.sampled_from([True, True, True, False]),
        password=st.sampled_from([PASSWORD, PASSWORD, PASSWORD, "не тот"]),
    )
    def somebody_unbinds(
        self, number: int, who: str, second: str, is_right: bool, password: str
    ) -> None:
        firm, citizen = self.known(number, who, "verified", "active")
        if not firm.id:
            return
        actor, organization = citizen.actor(), firm.id
        if actor.account is None:
            return
        form = {"password": password, "second": second}
        if second == "sms":
            asked = self.asked_for_code(
                lambda: self.stand.act("request_unbinding_code", actor, organization=organization)
            )
            code = self.sent_code(citizen, is_right=is_right) if accepted(asked) else WRONG_CODE
            form["code"] = code
        else:
            form["signature"] = self._unbinding_signature(firm, citizen, is_right=is_right)
        before = self.truth.rights(firm.ogrn, citizen.inn)
        outcome = self.stand.act(
            "unbind_organization", actor, organization=organization, **{"code": "", **form}
        )
        if accepted(outcome):
            assert "unbind" in before, f"right and signature: {citizen} has unbound"
            confirmed = (is_right, password) == (True, PASSWORD)
            assert confirmed, "wrong code: an organization was unbound"
            self.truth.unbound(firm.ogrn)

    def _unbinding_signature(self, firm: Firm, citizen: Citizen, *, is_right: bool) -> str:
        shown = self.stand.read("unbinding_to_sign", citizen.actor(), organization=firm.id)
        text = shown.data.get("text", "") if is_right else "другое"
        facts = citizen.certificate()
        return encoded(self.stand.signatures.sign(text.encode(), facts, self.stand.clock.now()))
