"""What is outside the portal, in this process: registers and services that answer at once about the
applicant whose case is at a gate.

They know what the mocks know (the records of the country) and decide by the mocks' own functions;
between them and the portal there is no message. How an organization and a passport stand today is
as the filing says.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mocks.antivirus.scanner import EICAR_SIGNATURE, scan
from mocks.core.person_match import NamedPerson as AskedPerson
from mocks.core.person_match import differing, same_text
from mocks.mvd.passports import verdict_about
from portal.adapters.country_record import record_of
from portal.adapters.given_clock import GivenClock
from portal.ports.employment import Consent, TypedEmployee
from portal.ports.messenger import Fate, Letter
from portal.ports.people_registers import NamedPerson, PassportVerdict, Verdict
from portal.ports.ports import Ports
from portal.ports.registers import RegisterChange, RegisterRecord
from portal.ports.unavailable import Unavailable
from portal.ports.verification import Agency, CaseView
from portal.store.memory import MemoryStore
from rulebook import Kind
from sim.twin.signing import ProfileSignatures
from world.calendar import Calendar
from world.country import World
from world.filings import Filing
from world.records import Organization, Person

__all__ = ["Registries"]

_SIGNATURES: Final = (EICAR_SIGNATURE,)


class Registries:
    """All of them at the moment `now`; `filing` is the one that stands before the portal."""

    filing: Filing

    def __init__(self, world: World, calendar: Calendar) -> None:
        self.world = world
        self.calendar = calendar
        self.now = calendar.local(0)
        clock = GivenClock(calendar, lambda: self.now)
        self.signatures = ProfileSignatures(clock)
        silent: Any = _Silent()
        lists: Any = _NoLists()
        self.ports = Ports(
            clock=clock,
            entropy=_Counted(),
            passwords=_FastHash(),
            messenger=_EverythingSent(),
            store=MemoryStore(unwritten=True),
            registers=_Registers(self),
            fns=_Fns(self),
            mvd=_Mvd(self),
            employment=_Contracts(self),
            verification=_Agreeing(),
            signatures=self.signatures,
            authority=silent,
            antivirus=_Antivirus(),
            licensing=lists,
            bank=silent,
            payments=silent,
            public_events=silent,
            reporting=silent,
            extracts=silent,
            tax_cabinet=silent,
            document_services=silent,
            archive=silent,
            video=silent,
            biometry=silent,
            esia=silent,
            health=silent,
            webhooks=silent,
            agencies=silent,
        )

    def organization(self, found: Organization | None) -> Organization | None:
        """`found` as it stands today: that of the filing is as the filing says."""
        subject = self.filing.subject.organization
        return subject if found is not None and found.index == subject.index else found

    def person(self, found: Person | None) -> Person | None:
        """`found` as they are today: a passport is restricted if the filing says so."""
        applicant = self.filing.subject.applicant
        if found is None or found.index == applicant.index:
            return found and applicant
        return replace(found, passport=replace(found.passport, restriction=None))


class _Registers:
    """ЕГРЮЛ and ЕГРИП."""

    def __init__(self, country: Registries) -> None:
        self._country = country

    def find(self, kind: Kind, number: str) -> RegisterRecord | None:
        world = self._country.world
        subject = self._country.filing.subject.organization
        if number in (subject.inn, subject.ogrn):
            found: Organization | None = subject
        else:
            found = world.organization_by_ogrn(number) or world.organization_by_inn(number)
        if found is None or found.kind != kind:
            return None
        return record_of(found, world.person(found.head.person))

    def changes(self, kind: Kind, after: int) -> Sequence[RegisterChange]:
        return ()


class _Fns:
    """Checks of ФНС that are answered at once."""

    def __init__(self, country: Registries) -> None:
        self._country = country

    def check_person(self, person: NamedPerson, inn: str) -> tuple[Verdict, Sequence[str]]:
        holder = self._country.world.person_by_inn(inn)
        if holder is None:
            return "not_found", ()
        wrong = differing(_asked(person), holder)
        return ("mismatch" if wrong else "match"), wrong

    def check_account(self, inn: str, bik: str, account: str) -> bool:
        found = self._country.organization(self._country.world.organization_by_inn(inn))
        return found is not None and (bik, account) == (found.account.bik, found.account.number)

    def ask_authority_code(
        self, request_id: str, inn: str, ogrn: str, representative_inn: str
    ) -> str | None:
        raise Unavailable("fns", "nobody asks it here")

    def confirm_authority(self, number: str, code: str) -> Any:
        raise Unavailable("fns", "nobody asks it here")


class _Mvd:
    """The passport base."""

    def __init__(self, country: Registries) -> None:
        self._country = country

    def check_passport(
        self, person: NamedPerson, series: str, number: str, issued: dt.date
    ) -> tuple[PassportVerdict, Sequence[str]]:
        country = self._country
        holder = country.person(country.world.person_by_passport(series, number))
        asked = _asked(person)
        verdict = verdict_about(holder, False, lambda found: differing(asked, found))
        return verdict.result, verdict.fields


class _Contracts:
    """Labour contracts, which the employee of the filing lets be seen."""

    def __init__(self, country: Registries) -> None:
        self._country = country

    def ask_consent(self, request_id: str, inn: str, snils: str) -> Consent | None:
        return Consent(number=request_id, state="approved")

    def differing(self, consent: Consent, typed: TypedEmployee) -> Sequence[str]:
        contract = self._country.filing.employee.employment
        person = self._country.world.person(contract.person)
        true = TypedEmployee(
            full_name=str(person.name),
            inn=person.inn,
            position=contract.position,
            department=contract.department,
        )
        fields = ("full_name", "inn", "position", "department")
        return [name for name in fields if not same_text(getattr(true, name), getattr(typed, name))]


class _Antivirus:
    """The scanner of the mock, with the signature that it begins with."""

    def scan(self, name: str, content: bytes) -> str | None:
        found = scan(content, _SIGNATURES)
        return next((each.detection for each in found if each.detection is not None), None)


class _Agreeing:
    """Both agencies: the time that they take is the graph's, so a case is completed when the portal
    asks."""

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        return request_id

    def state(self, agency: Agency, number: str, inn: str) -> CaseView:
        return CaseView(number=number, state="completed")

    def change(self, agency: Agency, number: str, request_id: str, data: Mapping[str, str]) -> str:
        return number

    def reply(
        self, agency: Agency, number: str, request_id: str, text: str, data: Mapping[str, str]
    ) -> str:
        return number

    def hurry(self, agency: Agency, number: str) -> None:
        pass


class _Silent:
    """A system that no gate asks."""

    def __getattr__(self, name: str) -> Any:
        def unavailable(*_: Any, **__: Any) -> Any:
            raise Unavailable("twin", f"no gate asks for {name}")

        return unavailable


class _NoLists(_Silent):
    """An authority that wants no documents."""

    def lists(self) -> Mapping[str, Mapping[str, str]]:
        return {}


class _EverythingSent:
    """A gateway that takes everything; the codes are the graph's."""

    def send(self, letter: Letter) -> None:
        pass

    def fate(self, letter: Letter) -> Fate:
        return "delivered"


class _Counted:
    """Identifiers that nobody has had yet; codes that nobody enters."""

    def __init__(self) -> None:
        self._given = 0

    def code(self, purpose: str, digits: int) -> str:
        self._given += 1
        return f"{self._given % 10**digits:0{digits}}"

    def token(self, purpose: str) -> str:
        self._given += 1
        return f"{self._given:032x}"


class _FastHash:
    """Secrets of the twin are none: no time is spent on keeping them."""

    def hash(self, secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    def verify(self, hashed: str, secret: str) -> bool:
        return hashed == self.hash(secret)


def _asked(person: NamedPerson) -> AskedPerson:
    return AskedPerson.model_construct(
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        birth_date=person.birth_date,
    )
