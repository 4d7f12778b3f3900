"""People of the country who use the portal in a scenario, each with a good filing of their own."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol, TypeAlias

from rulebook import Policy, RuleBook
from world import defects
from world.country import World
from world.filings import Filing, filing_of
from world.records import Organization, Person

__all__ = ["PERSONA_KINDS", "Cast", "Known", "NoSuchPersona", "Persona", "PersonaKind"]

PersonaKind: TypeAlias = Literal["representative", "head", "sole_proprietor", "person", "operator"]

PERSONA_KINDS: Final[dict[str, PersonaKind]] = {
    "представитель": "representative",
    "руководитель": "head",
    "предприниматель": "sole_proprietor",
    "физическое лицо": "person",
    "оператор": "operator",
}
"""Who a persona is, by the word of the steps: a legal entity's representative under a power of
attorney, its head, a sole proprietor, a person whose organization does not matter, or
one of the portal's own staff."""


_LONGEST_WAIT_DAYS: Final = 1_000


class NoSuchPersona(LookupError):
    """The scenario has not introduced anybody of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody of the country under the `name` of a scenario, and what they would file, with the
    mistakes `defects` in it. They act from a `device` at an address `ip` in a `region`."""

    name: str
    kind: PersonaKind
    person: Person
    filing: Filing
    defects: tuple[str, ...] = ()
    device: str = "рабочий компьютер"
    ip: str = "192.0.2.1"
    region: str = "77"

    @property
    def organization(self) -> Organization:
        """The organization of the filing."""
        return self.filing.subject.organization


class Known(Protocol):
    """Where personas come from that exist on a foreign portal."""

    def take(self, name: str, kind: PersonaKind, world: World, as_of: dt.date) -> Persona:
        """The next one of that kind, under that name."""


class Cast:
    """The personas of a scenario, in the order of their introduction; no two share an
    organization. They are the `known` ones; without them those of the country whom registries find
    in order. The portal's own staff is always of the country."""

    def __init__(
        self,
        world: World,
        as_of: dt.date,
        book: RuleBook,
        policy: Policy,
        known: Known | None = None,
    ) -> None:
        self._known = known
        self._world = world
        self._as_of = as_of
        self._book = book
        self._policy = policy
        self._personas: dict[str, Persona] = {}
        self._free = iter(range(world.organizations))

    def __iter__(self) -> Iterator[Persona]:
        return iter(self._personas.values())

    def __getitem__(self, name: str) -> Persona:
        try:
            return self._personas[name]
        except KeyError:
            known = ", ".join(self._personas) or "никого"
            raise NoSuchPersona(f"«{name}» в сценарии не представлен; есть: {known}") from None

    def introduce(self, name: str, kind: PersonaKind) -> Persona:
        """A persona of a new name; ValueError for one that is taken."""
        if name in self._personas:
            raise ValueError(f"«{name}» уже есть в сценарии")
        return self._keep(self._found(name, kind))

    def colleague(self, name: str, kind: PersonaKind, of: str) -> Persona:
        """A persona of the same organization as another one: its head, or its representative."""
        filing = self[of].filing
        return self._keep(
            Persona(name=name, kind=kind, person=self._person(filing, kind), filing=filing)
        )

    def mistake(self, name: str, defect: str) -> Persona:
        """The persona with a mistake of the rule book's `defects` in the filing; ValueError for
        one that there is not, or not for this kind of applicant."""
        if defect not in self._book.defects:
            raise ValueError(f"{defect}: нет такой ошибки заявителя в своде правил")
        persona = self[name]
        filing = defects.apply(
            self._book.defects[defect],
            persona.filing,
            world=self._world,
            policy=self._policy,
            key=persona.organization.index,
        )
        return self._keep(replace(persona, filing=filing, defects=(*persona.defects, defect)))

    def await_certificate(self, name: str, today: dt.date) -> Persona:
        """The persona with what they would file on a later day, with a certificate that begins
        after `today`."""
        persona = self[name]
        for days in range(1, _LONGEST_WAIT_DAYS):
            as_of = today + dt.timedelta(days=days)
            filing = filing_of(self._world, persona.organization.index, as_of)
            certificate = filing.certificate
            if certificate.not_before > today and certificate.algorithm != "gost":
                return self._keep(replace(persona, filing=filing))
        raise ValueError(f"у «{name}» нового сертификата не будет")

    def move(self, name: str, *, device: str | None = None, region: str | None = None) -> Persona:
        """The persona at another device, or in another region and so at another address."""
        persona = self[name]
        if device is not None:
            persona = replace(persona, device=device)
        if region is not None:
            persona = replace(persona, region=region, ip=f"198.51.100.{int(region) % 256}")
        return self._keep(persona)

    def renew(self, as_of: dt.date) -> None:
        """From now on filings of those who are introduced are of that day."""
        self._as_of = as_of

    # --- inside

    def _keep(self, persona: Persona) -> Persona:
        self._personas[persona.name] = persona
        return persona

    def _found(self, name: str, kind: PersonaKind) -> Persona:
        if self._known is not None and kind != "operator":
            return self._known.take(name, kind, self._world, self._as_of)
        wanted = "sole_proprietor" if kind == "sole_proprietor" else "legal"
        for index in self._free:
            if self._world.population.kind(index) != wanted:
                continue
            if self._world.organization(index).standing != "active":
                continue
            filing = filing_of(self._world, index, self._as_of)
            if filing.certificate.algorithm == "gost":  # not every machine has it
                continue
            head = self._world.person(filing.subject.organization.head.person)
            applicant = self._world.person(filing.subject.applicant.index)
            if head.passport.restriction or applicant.passport.restriction:
                continue
            if kind == "representative" and head.index == applicant.index:
                continue
            return Persona(name=name, kind=kind, person=self._person(filing, kind), filing=filing)
        raise ValueError("в стране больше нет подходящих людей")

    def _person(self, filing: Filing, kind: PersonaKind) -> Person:
        if kind == "head":
            return self._world.person(filing.subject.organization.head.person)
        return filing.subject.applicant
