"""Who works where: people of a block are employed by the organizations of the same block."""

from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from typing import Final

from rulebook.kinds import Tier
from world.dates import LAST_DAY
from world.organizations import BLOCK, Organizations, block_of
from world.people import People
from world.population import Population
from world.records import Employment

__all__ = ["Employments"]

# Assumptions: the share of people who look for work in their block, and how strongly an
# organization attracts them beside the others of the block.
_EMPLOYED: Final = 0.6
_LEGAL_WEIGHTS: Final[dict[Tier, float]] = {"small": 1.0, "medium": 15.0, "large": 100.0}
_PROPRIETOR_WEIGHT: Final = 0.2

# Position and department; assumption.
_JOBS: Final = (
    ("Главный бухгалтер", "Бухгалтерия"),
    ("Бухгалтер", "Бухгалтерия"),
    ("Менеджер по продажам", "Отдел продаж"),
    ("Руководитель отдела", "Отдел продаж"),
    ("Системный администратор", "Отдел информационных технологий"),
    ("Специалист по кадрам", "Отдел кадров"),
    ("Юрисконсульт", "Юридический отдел"),
    ("Оператор", "Отдел документооборота"),
    ("Инженер", "Технический отдел"),
)

_CACHED_BLOCKS: Final = 1024


class Employments:
    """Labour contracts between `people` people and the organizations of `population`.

    A person has one employer at most; heads are not employees of what they head.
    """

    def __init__(
        self, population: Population, organizations: Organizations, people: People, number: int
    ) -> None:
        self._population = population
        self._organizations = organizations
        self._people = people
        self._number = number
        self._looks_for_work = people.units("employment")
        self._choice = people.units("employer")
        self._weights = lru_cache(_CACHED_BLOCKS)(self._block_weights)

    def employer_of(self, person: int) -> Employment | None:
        """Where the person works."""
        organization = self._attracted_by(person)
        if organization is None or self._organizations.head_of(organization) == person:
            return None
        life = self._organizations.life_of(organization)
        if life.closed is not None:
            return None
        draws = self._people.attributes(person)
        since = max(life.registered, self._people.adult_since(person))
        position, department = draws.one_of("employment/job", _JOBS)
        return Employment(
            person=person,
            organization=organization,
            position=position,
            department=department,
            since=draws.day("employment/since", since, LAST_DAY),
        )

    def employees_of(self, organization: int) -> tuple[Employment, ...]:
        """Everyone who works for the organization, by index."""
        block = block_of(organization)
        attracted = (
            person
            for person in range(block.start, min(block.stop, self._number))
            if self._attracted_by(person) == organization
        )
        contracts = (self.employer_of(person) for person in attracted)
        return tuple(contract for contract in contracts if contract is not None)

    def _attracted_by(self, person: int) -> int | None:
        """The organization that would employ the person; None if there is no such one.

        The choice is made among the whole block, also where the country ends inside it, so that it
        is the same in a larger country.
        """
        if self._looks_for_work(person) >= _EMPLOYED:
            return None
        first = block_of(person).start
        weights = self._weights(first)
        organization = first + bisect(weights, self._choice(person) * weights[-1])
        return organization if organization < self._population.size else None

    def _block_weights(self, first: int) -> tuple[float, ...]:
        """Sums of the weights of the organizations from `first` on."""
        return tuple(accumulate(self._weight(i) for i in range(first, first + BLOCK)))

    def _weight(self, organization: int) -> float:
        if self._population.kind(organization) == "sole_proprietor":
            return _PROPRIETOR_WEIGHT
        return _LEGAL_WEIGHTS[self._population.tier(organization)]
