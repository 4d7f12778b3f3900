"""People who live through the portal: they sign up, come in and file by its use cases alone."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.session import actor_of
from portal.ports.registers import RegisterRecord
from portal.ports.signatures import CertificateFacts
from portal.use_case import Actor, Outcome
from tests.portal.binders import Binder
from tests.portal.cabinets import encoded
from tests.portal.people import HOME, code_sent_to, form_of, signed_in
from tests.portal.wiring import Stand
from world.filings import Filing
from world.records import Person

__all__ = ["Citizen", "Filer", "Firm", "accepted"]


@dataclass(kw_only=True, eq=False)
class Citizen:
    """A person, the account they have (empty: none yet), and their open sessions by ОГРН (empty:
    their own)."""

    stand: Stand
    person: Person
    account: str = ""
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def inn(self) -> str:
        """By it everybody knows them."""
        return self.person.inn

    def __repr__(self) -> str:
        return f"{self.person.name.last} {self.person.index}"

    def sign_up(self) -> None:
        """Make an account and activate it by the code."""
        form = form_of(self.person)
        self.account = self.stand.act("sign_up", **form).data["account"]
        self.stand.act("activate_account", account=self.account, code=self.code())

    def code(self) -> str:
        """The code that has come last to their phone."""
        return code_sent_to(self.stand, self.person.phone)

    def certificate(self, **facts: Any) -> CertificateFacts:
        """One of their own."""
        return self.stand.signatures.issue(
            self.stand.clock, str(self.person.name), **{"inn": self.inn, **facts}
        )

    def actor(self, ogrn: str = "") -> Actor:
        """Who they are to the portal, come in by signature (by password, while those cannot be
        checked) if they are not in; nobody if they are not let in."""
        inside = self._inside(ogrn)
        if inside.account is None and self.account:
            self._come_in(ogrn)
            inside = self._inside(ogrn)
        return inside

    def actor_for(self, firm: "Firm") -> Actor:
        """Who they are in the cabinet of an organization; who is not let in tries it all the same
        with a session of their own."""
        inside = self.actor(firm.ogrn)
        if inside.account is None:
            inside = dataclasses.replace(self.actor(), organization=firm.id)
        return inside

    def _inside(self, ogrn: str) -> Actor:
        token = self.sessions.get(ogrn, "")
        where = {"ip": HOME.ip, "device": HOME.device, "region": HOME.region}
        return actor_of(self.stand.portal, token, **where).actor

    def _come_in(self, ogrn: str) -> None:
        asked = self.stand.act("begin_signature_sign_in", HOME, organization=ogrn or None).data
        signature = self.stand.signatures.sign(asked["text"].encode(), self.certificate())
        outcome = self.stand.act(
            "sign_in_by_signature",
            HOME,
            challenge=asked["challenge"],
            signature=encoded(signature),
        )
        if outcome.refusal == "later":
            outcome = signed_in(self.stand, self.person.phone, organization=ogrn or None)
        self.sessions[ogrn] = outcome.data.get("token", "")


@dataclass(kw_only=True)
class Filer(Binder):
    """A citizen who files for an organization."""

    citizen: Citizen

    def code(self) -> str:
        """The code that has come last to whoever files."""
        return self.citizen.code()


@dataclass(kw_only=True, eq=False)
class Firm:
    """An organization of the country, those who are about it, and what it has in the portal."""

    stand: Stand
    filed: Filing
    record: RegisterRecord
    cast: dict[str, Citizen]
    papers: dict[str, list[str]] = field(default_factory=dict)
    was_opened: bool = False

    @property
    def ogrn(self) -> str:
        """By it everybody knows the organization."""
        return self.record.ogrn

    @property
    def is_legal(self) -> bool:
        """Whether it is a legal entity."""
        return self.filed.kind == "legal"

    @property
    def id(self) -> str:
        """Its id in the portal; empty if it is not there."""
        found = self.stand.store.find("organization", "ogrn", self.ogrn)
        return found[0].id if found else ""

    @property
    def state(self) -> str:
        """Its state in the portal; empty if it is not there."""
        found = self.stand.store.find("organization", "ogrn", self.ogrn)
        return json.loads(bytes(found[0].body))["state"] if found else ""

    def filer(self, who: Citizen) -> Filer:
        """Somebody in front of the forms of this organization, with their papers uploaded."""
        made = Filer(
            stand=self.stand,
            filed=self.filed,
            actor=who.actor(),
            record=self.stand.registers.records[self._place],
            citizen=who,
            organization=self.id,
        )
        if who.inn not in self.papers and made.actor.account is not None:
            made.upload()
            self.papers[who.inn] = made.documents
        made.documents = self.papers.get(who.inn, [])
        return made

    def certificate(self, holder: Citizen, **facts: Any) -> CertificateFacts:
        """A certificate of the organization whose key is the holder's."""
        whose: dict[str, Any] = {} if self.is_legal else {"ogrnip": self.ogrn}
        return self.filer(holder).certificate(**{**whose, "inn": holder.inn, **facts})

    @property
    def _place(self) -> int:
        records = self.stand.registers.records
        return next(at for at, each in enumerate(records) if each.ogrn == self.ogrn)


def accepted(outcome: Outcome) -> bool:
    """Whether it was done."""
    return outcome.refusal is None
