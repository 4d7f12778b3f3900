"""Who stands behind a case: somebody of the country, with the mistakes that the model gives them.

Cases have people of different blocks of the country, who have nothing to do with each other, so
that no two cases meet in an account or in an organization. Kind and mistakes are the model's own
draws; the organization is not the model's, for live registries do not let everybody pass.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from loadtests.plan import JOURNEYS
from rulebook import Policy, RuleBook
from rulebook.kinds import Kind
from scenarios.completion import CompleteScenario
from sim.model.keys import APPLICANT, entity_stream, replication_key
from sim.model.model import Model
from sim.model.unfolding import defect_bits
from world import draws
from world.country import World
from world.defects import apply_all
from world.filings import Filing, filing_of
from world.organizations import BLOCK
from world.population import Population
from world.records import Person

__all__ = [
    "Applicant",
    "Applicants",
    "NobodyLeft",
    "Traits",
    "TraitsOf",
    "plain_traits",
    "traits_of_model",
    "world_of",
]

_BLOCKS: Final = draws.text_key("loadtest/blocks")
_MENDING: Final = draws.text_key("loadtest/mending")
_ALGORITHM: Final = "ecc"  # the cheapest to sign with: the loader is not what is measured


class NobodyLeft(Exception):
    """The country has no applicant of a `kind` left who could stand behind a case: it is too small
    for the run."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the country has no applicant of the kind {kind} left")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Traits:
    """What the model knows of a case: its key, the kind of applicant, defects by their ids."""

    entity: int
    kind: Kind
    defects: tuple[str, ...] = ()


TraitsOf = Callable[[str, int, Kind | None], Traits]
"""By a journey of the scenario, the number of a case and the kind of applicant that the journey
needs (None: the model's own)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A person at the portal: what they file (with the mistakes `defects`), the good filing that
    mending leads to, the colleague whom they employ, the address from which they come."""

    entity: int
    person: Person
    colleague: Person
    filing: Filing
    good: Filing
    defects: tuple[str, ...]
    address: str

    @property
    def kind(self) -> Kind:
        """Legal entity or sole proprietor."""
        return self.good.kind


class Applicants:
    """People of `world` for the cases of one run, from its block `first` on, counted round and
    round; filings are of the day `as_of`. `code_ttl_s`: how long one-time codes live, in seconds
    of model time (AUTH-05)."""

    def __init__(
        self,
        world: World,
        book: RuleBook,
        policy: Policy,
        as_of: dt.date,
        *,
        traits: TraitsOf,
        mend: float = 1.0,
        first: int = 0,
    ) -> None:
        self.world = world
        self._book = book
        self._policy = policy
        self.code_ttl_s = policy.number("AUTH-05.code_ttl_s")
        self._as_of = as_of
        self._traits = traits
        self._mend = mend
        self._blocks = max(world.organizations // BLOCK, 1)
        self._first = first % self._blocks

    def behind(
        self, journey: str, number: int, kind: Kind | None = None, scenario_journey: str = ""
    ) -> Applicant:
        """The applicant of case `number` of a journey in `JOURNEYS`, whose traits are those of
        `scenario_journey` (of the same name if empty), of the `kind` that it needs if that is
        given. NobodyLeft."""
        traits = self._traits(scenario_journey or journey, number, kind)
        place = self._first + number * len(JOURNEYS) + JOURNEYS.index(journey)
        good = self._found(place, traits.kind)
        employment = good.employee.employment
        return Applicant(
            entity=traits.entity,
            person=good.subject.applicant,
            colleague=self.world.person(employment.person),
            filing=self._mistaken(good, traits.defects, traits.entity),
            good=good,
            defects=traits.defects,
            address=_address(place),
        )

    def showing(self, applicant: Applicant, rules: Collection[str]) -> Applicant:
        """The applicant with those mistakes alone that break one of `rules`."""
        kept = tuple(each for each in applicant.defects if self.rule_of(applicant, each) in rules)
        return self._with(applicant, kept)

    def mended(self, applicant: Applicant, named: Collection[str], turn: int) -> Applicant:
        """The applicant once they have worked on the defects that were `named`: each is mended
        with the scenario's probability, drawn for this `turn`."""
        left = tuple(
            each
            for each in applicant.defects
            if each not in named or not self._mends(applicant.entity, each, turn)
        )
        return self._with(applicant, left)

    def rule_of(self, applicant: Applicant, defect: str) -> str:
        """The rule that catches a defect in what this kind of applicant files."""
        return str(self._book.defects[defect].rule_for(applicant.kind))

    # --- inside

    def _mends(self, entity: int, defect: str, turn: int) -> bool:
        node = draws.combine(_MENDING, draws.text_key(defect))
        return draws.uniform(entity, node, turn, 0) < self._mend

    def _with(self, applicant: Applicant, defects: tuple[str, ...]) -> Applicant:
        filing = self._mistaken(applicant.good, defects, applicant.entity)
        return replace(applicant, filing=filing, defects=defects)

    def _mistaken(self, good: Filing, defects: tuple[str, ...], key: int) -> Filing:
        known = [self._book.defects[each] for each in defects]
        return apply_all(known, good, world=self.world, policy=self._policy, key=key)

    def _found(self, place: int, kind: Kind) -> Filing:
        turn, number = divmod(place, self._blocks)
        found = next(self._fitting(number, kind, turn), None)
        # A block where nobody fits is left for earlier ones, whose first people are others'.
        for step in range(1, self._blocks):
            if found is not None:
                return found
            found = next(self._fitting((number - step) % self._blocks, kind, turn + 1), None)
        raise NobodyLeft(kind)

    def _fitting(self, number: int, kind: Kind, turn: int) -> Iterator[Filing]:
        """Those of the `number`-th block whom registries let pass, but for the first `turn` of
        them: others have come before."""
        block = draws.permute(_BLOCKS, number, self._blocks)
        for index in range(block * BLOCK, min((block + 1) * BLOCK, self.world.organizations)):
            if self.world.population.kind(index) != kind:
                continue
            filing = self._filing(index)
            if filing is not None and turn:
                turn -= 1
            elif filing is not None:
                yield filing

    def _filing(self, index: int) -> Filing | None:
        organization = self.world.organization(index)
        if organization.standing != "active":
            return None
        filing = filing_of(self.world, index, self._as_of)
        head = self.world.person(organization.head.person)
        applicant = self.world.person(filing.subject.applicant.index)
        is_good = filing.certificate.algorithm == _ALGORITHM
        is_good = is_good and not (head.passport.restriction or applicant.passport.restriction)
        if filing.kind == "legal":
            is_good = is_good and head.index != applicant.index
        return filing if is_good else None


def traits_of_model(model: Model, scenario: CompleteScenario, replication: int) -> TraitsOf:
    """The traits that cases have in the model with this replication."""
    key = replication_key(model.seed, replication)
    bits = defect_bits(scenario)

    def traits(journey: str, number: int, kind: Kind | None) -> Traits:
        stream = entity_stream(key, journey)
        entity = draws.combine(stream, number)
        kind = kind or model.applicants.traits(stream, number).kind
        found = model.applicants.defects_of(entity, kind)
        return Traits(entity, kind, tuple(name for name, bit in bits.items() if found >> bit & 1))

    return traits


def plain_traits(population: Population, replication: int) -> TraitsOf:
    """Traits without a scenario: shares of kinds are the country's, nobody makes mistakes."""
    key = replication_key(population.seed, replication)

    def traits(journey: str, number: int, kind: Kind | None) -> Traits:
        stream = entity_stream(key, journey)
        behind = population.organization_behind(draws.combine(stream, APPLICANT), number)
        return Traits(draws.combine(stream, number), kind or population.kind(behind))

    return traits


def world_of(scenario: CompleteScenario | None, seed: int) -> World:
    """The country that a server of the scenario has with this seed."""
    if scenario is None:
        return World(seed)
    population = scenario.scenario.population
    return World(
        seed,
        organizations=population.organizations,
        kinds=population.kinds,
        tiers=population.tiers,
    )


def _address(place: int) -> str:
    """An address of its own for each, of the networks for private use: the portal bounds what one
    address may send (OPS-05)."""
    host = 1 + place % (2**24 - 2)
    return f"10.{host >> 16 & 255}.{host >> 8 & 255}.{host & 255}"
