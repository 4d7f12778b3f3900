"""A case before the portal: the applicant, their papers, and a portal that knows of nobody else.

Each case has a store of its own, which is forgotten with the case: nobody waits for another's
records, and thousands of cases in flight cost what their own few records do.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from portal.accounts.account import Account
from portal.documents.stored_document import StoredContent, StoredDocument
from portal.organizations.organization import Membership, Organization, Requisites, membership_id
from portal.portal import Portal
from portal.ports.signatures import CertificateFacts
from portal.registration.registration import requisites_of
from portal.rules.registration import Application
from portal.store.entity import Entity
from portal.store.memory import MemoryStore
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from rulebook import Defect, Policy, RuleBook
from rulebook.kinds import Kind, Tier
from sim.twin.papers import EMAILS, PHONES, File, Papers
from sim.twin.registries import Registries
from sim.twin.signing import facts_of
from world.certificate_profiles import CertificateProfile
from world.documents import Document
from world.filings import Filing, Form
from world.records import Person

__all__ = ["APPLICANT", "ORGANIZATION", "Desk", "Refused", "account_of", "encoded", "fields_of"]

APPLICANT: Final = "applicant"
ORGANIZATION: Final = "organization"
_SESSION: Final = "session"
_MOST_STEPS: Final = 200  # of planned work, at a gate: a check of agencies takes four
_ADMINISTRATOR: Final = "administrator"
_AN_INN, _A_PHONE = "500100732259", "+79000000000"  # nobody's in the country


class Refused(RuntimeError):
    """The portal has refused what comes before the act that a gate is about, by `rules`."""

    def __init__(self, use_case: str, rules: Iterable[str]) -> None:
        self.rules = frozenset(rules)
        super().__init__(f"{use_case}: {', '.join(sorted(self.rules))}")


class Desk:
    """The place of one case. Before each question `seat` says of which journey and with which
    defects; `filing` is what is on the desk then."""

    def __init__(
        self, registries: Registries, book: RuleBook, policy: Policy, papers: Papers, tier: Tier
    ) -> None:
        self.registries = registries
        self.book = book
        self.policy = policy
        self.papers = papers
        self.tier: Tier = tier
        self.filing: Filing = papers.good
        self.defects: tuple[Defect, ...] = ()
        self.state: dict[str, Any] = {}
        self._family = ""
        self._uploaded: list[str] = []
        self._certificate: tuple[CertificateProfile, CertificateFacts] | None = None

    @property
    def kind(self) -> Kind:
        """Legal entity or sole proprietor."""
        return self.papers.good.kind

    @property
    def good(self) -> Form:
        """The form without mistakes."""
        return self.papers.good.form

    @property
    def applicant(self) -> Person:
        """The person who applies."""
        return self.filing.subject.applicant

    def seat(self, family: str, defects: tuple[Defect, ...]) -> None:
        """Go on with journeys of one `family`; another one begins with a portal that knows nothing,
        but for what its own gates put into it."""
        self.defects = defects
        before = self.papers.good
        self.papers.renew(self.registries.now.date())
        self.filing = self.registries.filing = self.papers.with_defects(defects)
        if family != self._family:
            self._family = family
            self.state = {}
            self.store = MemoryStore(unwritten=True)
            ports = replace(self.registries.ports, store=self.store)
            self.portal = Portal(ports, self.book, self.policy)
        elif self.papers.good is not before:
            self._renew(before)

    def good_with(self, *, phone: str = "", email: str = "", **changes: str) -> Form:
        """A good form of other numbers; a phone and an e-mail are those of everybody in it."""
        contacts = dict.fromkeys(PHONES, phone) if phone else {}
        contacts |= dict.fromkeys(EMAILS, email) if email else {}
        fields: dict[str, Any] = {**contacts, **changes}
        return replace(self.good, **fields)

    def some(self, *names: str) -> list[Defect]:
        """Those of the defects that have one of these names."""
        return [each for each in self.defects if each.id in names]

    def _renew(self, before: Filing) -> None:
        """Let the portal have the next term of what was uploaded and had the term of `before`."""
        terms = {
            old.valid_until: new.valid_until
            for old, new in zip(before.documents, self.papers.good.documents, strict=True)
            if old.valid_until is not None
        }
        uploaded = Unit(self.store).find(StoredDocument, "owner", APPLICANT)
        self.put(
            *(
                replace(each, valid_until=terms[each.valid_until])
                for each in uploaded
                if each.valid_until in terms
            )
        )

    # --- acting

    def act(self, use_case: str, actor: Actor, **form: Any) -> Outcome:
        """Do a use case of the portal."""
        return self.portal.act(use_case, actor, form)

    def read(self, view: str, actor: Actor, **query: Any) -> Outcome:
        """Show a view of the portal."""
        return self.portal.read(view, actor, query)

    def done(self, use_case: str, actor: Actor, **form: Any) -> Mapping[str, Any]:
        """What a use case gives that must succeed before the gate's own act; Refused."""
        return _given(use_case, self.act(use_case, actor, **form))

    def shown(self, view: str, actor: Actor, **query: Any) -> Mapping[str, Any]:
        """What a view shows before the gate's own act; Refused."""
        return _given(view, self.read(view, actor, **query))

    @property
    def alone(self) -> Actor:
        """The applicant, for nobody but themselves."""
        return Actor(account=APPLICANT, session=_SESSION, signed_in_by="signature")

    @property
    def member(self) -> Actor:
        """The applicant in the cabinet of the organization."""
        return replace(self.alone, organization=ORGANIZATION)

    def catch_up(self, until: Callable[[], bool]) -> None:
        """Let the portal do what it has planned up to now, at the moment planned for it; and beyond
        now until something is so, if the portal asks later than the graph has gone on."""
        now = self.registries.now
        self.registries.now = min(now, self.portal.next_due() or now)
        self.portal.tick()
        for _ in range(_MOST_STEPS):
            due = self.portal.next_due()
            if due is None or until():
                self.registries.now = now
                return
            self.registries.now = max(due, self.registries.now)
            self.portal.tick()
        raise RuntimeError(f"the portal has not come to an end in {_MOST_STEPS} steps")

    # --- what is there

    def put(self, *entities: Entity) -> None:
        """Let the portal have records, in place of those that it has."""
        unit = Unit(self.store)
        for entity in entities:
            known = self.store.get(entity.KIND, entity.id)
            unit.put(entity if known is None else replace(entity, version=known.version))
        unit.commit()

    def forget(self, *entities: Entity) -> None:
        """Let the portal have records no more."""
        unit = Unit(self.store)
        for entity in entities:
            unit.delete(entity)
        unit.commit()

    def kept(self, kind: type[Any], entity_id: str) -> Any:
        """A record of the portal; None if there is none."""
        return Unit(self.store).get(kind, entity_id)

    def account(self, **changes: Any) -> Account:
        """The applicant's account, which is confirmed if the filing says so."""
        person = self.applicant
        confirmed = self.filing.subject.account_confirmed_on is not None
        return account_of(person, state="confirmed" if confirmed else "active", **changes)

    def open_account(self) -> None:
        """Let the portal have the applicant's account, as it is by now."""
        account = self.account()
        if self.state.get("account") != account:
            self.state["account"] = account
            self.put(account)

    def organization(self, form: Form, **facts: Any) -> Organization:
        """The organization with the requisites of a form."""
        given = {"state": "active", **facts}
        return Organization(
            id=ORGANIZATION,
            kind=self.kind,
            tier=self.tier,
            requisites=self.requisites(form),
            **given,
        )

    def requisites(self, form: Form) -> Requisites:
        """Those of a form."""
        return requisites_of(Application(kind=self.kind, **fields_of(form)))

    def membership(self, role: str, **facts: Any) -> Membership:
        """The applicant's place in the organization."""
        return Membership(
            id=membership_id(APPLICANT, ORGANIZATION),
            account=APPLICANT,
            organization=ORGANIZATION,
            role=role,
            since=self.registries.now,
            **facts,
        )

    def open_cabinet(self, **facts: Any) -> None:
        """Let the applicant be head of the organization, which is theirs and active."""
        self.open_account()
        if "cabinet" not in self.state:
            self.state["cabinet"] = True
            organization = self.organization(self.good, owner=APPLICANT, **facts)
            self.put(organization, self.membership("head"))

    def administrator(self) -> Actor:
        """An administrator of the organization: somebody whose account is good and who is not the
        applicant."""
        if "administrator" not in self.state:
            self.state["administrator"] = True
            account = replace(
                account_of(self.papers.good.subject.applicant, id=_ADMINISTRATOR),
                inn=_AN_INN,
                phone=_A_PHONE,
                snils=None,
            )
            place = replace(
                self.membership("admin"),
                id=membership_id(_ADMINISTRATOR, ORGANIZATION),
                account=_ADMINISTRATOR,
            )
            self.put(account, place, self.organization(self.good, owner=_ADMINISTRATOR))
        return Actor(account=_ADMINISTRATOR, organization=ORGANIZATION, signed_in_by="signature")

    def upload(self, actor: Actor, context: str, kind: str, file: File, **more: Any) -> Outcome:
        """Upload a file."""
        outcome = self.act(
            "upload_document",
            actor,
            context=context,
            document_type=kind,
            file_name=file.name,
            content=file.encoded,
            **more,
        )
        if outcome.refusal is None:
            self._uploaded.append(outcome.data["document"])
        return outcome

    def clear(self) -> None:
        """Let the portal forget the bytes of what was uploaded: no gate asks for them again, and
        there are many cases in flight."""
        self.forget(*(StoredContent(id=each, version=1, content="") for each in self._uploaded))
        self._uploaded.clear()

    def paper(self, document: Document, file: File) -> StoredDocument:
        """A document that was uploaded and taken before."""
        return StoredDocument(
            id=f"paper {document.kind}",
            owner=APPLICANT,
            organization=None,
            session=_SESSION,
            context="registration",
            document_type=document.kind,
            file_name=document.file_name,
            file_format=document.file_format,
            size=file.size,
            digest=file.digest,
            status="ready",
            uploaded_at=self.registries.now,
            valid_until=document.valid_until,
        )

    # --- signing

    def certificate(self) -> CertificateFacts:
        """The certificate of the filing, in the applicant's hands."""
        profile = self.filing.certificate
        if self._certificate is None or self._certificate[0] is not profile:
            zone = self.registries.now.tzinfo
            self._certificate = profile, facts_of(profile, zone)
        self.registries.signatures.present(*self._certificate)
        return self._certificate[1]

    def signature(self, text: str | bytes) -> str:
        """The applicant's signature, by the clock of their computer, in Base64."""
        content = text.encode() if isinstance(text, str) else text
        skew_s = self.filing.environment.clock_skew_s
        message = self.registries.signatures.sign(content, self.certificate(), skew_s)
        return encoded(message)


def _given(name: str, outcome: Outcome) -> Mapping[str, Any]:
    if outcome.refusal is not None:
        raise Refused(name, (each.rule for each in outcome.violations))
    return outcome.data


def account_of(person: Person, **facts: Any) -> Account:
    """A person's account with confirmed contacts."""
    given = {"id": APPLICANT, "state": "confirmed", "snils": person.snils, **facts}
    return Account(
        inn=person.inn,
        name=person.name,
        birth_date=person.birth_date,
        phone=person.phone,
        email=person.email,
        phone_confirmed=True,
        email_confirmed=True,
        **given,
    )


def fields_of(form: Form) -> dict[str, Any]:
    """A form by its fields: as `dataclasses.asdict`, which copies each text besides."""
    return {name: getattr(form, name) for name in Form.__slots__}


def encoded(content: bytes) -> str:
    """Base64, as forms take bytes."""
    return base64.b64encode(content).decode()
