"""Who works where: people of a block are employed by the organizations of the same block."""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from rulebook.kinds import Kind, Tier
from world.compiled import compiled, int64, uint64
from world.dates import LAST_DAY
from world.draws import combine, text_key, uniform
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

_LOOKS: Final = uint64(text_key("employment"))
_CHOOSES: Final = uint64(text_key("employer"))
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
        self._stream = people.stream
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
        people = np.empty(len(block), np.int64)
        count = _attracted(
            self._stream, block.start, organization, _EMPLOYED, self._weights(block.start), people
        )
        attracted = (person for person in people[:count].tolist() if person < self._number)
        contracts = (self.employer_of(person) for person in attracted)
        return tuple(contract for contract in contracts if contract is not None)

    def _attracted_by(self, person: int) -> int | None:
        """The organization that would employ the person; None if there is no such one.

        The choice is made among the whole block, also where the country ends inside it, so that it
        is the same in a larger country.
        """
        first = block_of(person).start
        place = _choice(self._stream, person, _EMPLOYED, self._weights(first))
        organization = first + place
        return organization if place >= 0 and organization < self._population.size else None

    def _block_weights(self, first: int) -> npt.NDArray[np.float64]:
        """Sums of the weights of the organizations from `first` on."""
        return self._population.running_weights(range(first, first + BLOCK), _weight)


def _weight(kind: Kind, tier: Tier) -> float:
    return _PROPRIETOR_WEIGHT if kind == "sole_proprietor" else _LEGAL_WEIGHTS[tier]


@compiled("i8(u8, i8, f8, f8[::1])")
def _choice(people: int, person: int, employed: float, weights: npt.NDArray[np.float64]) -> int:
    """The place of whoever would employ the person in a block of organizations with these sums of
    weights; -1 if the person looks for no work."""
    entity = combine(people, uint64(person))
    if uniform(entity, _LOOKS, 0, 0) >= employed:
        return -1
    wanted = uniform(entity, _CHOOSES, 0, 0) * weights[-1]
    return int64(np.searchsorted(weights, wanted, side="right"))


@compiled("i8(u8, i8, i8, f8, f8[::1], i8[::1])")
def _attracted(
    people: int,
    first: int,
    organization: int,
    employed: float,
    weights: npt.NDArray[np.float64],
    found: npt.NDArray[np.int64],
) -> int:
    """How many people of the block would be employed by the organization; `found` are they."""
    count = 0
    for place in range(found.size):
        if first + _choice(people, first + place, employed, weights) == organization:
            found[count] = first + place
            count += 1
    return count
