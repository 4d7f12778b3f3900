"""What the registries of a tenant know: the country, and what a test has changed in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from world.country import World
from world.records import Identity, Organization, Person

__all__ = ["Change", "RecordError", "Records"]

R = TypeVar("R", Organization, Person)

_ORGANIZATION: Final = TypeAdapter(Organization)
_PERSON: Final = TypeAdapter(Person)


class RecordError(ValueError):
    """A record cannot be changed so: the message names the field and what was expected."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an organization's record (REG-15); `fields` are those of the record."""

    at_us: int
    before: Organization
    after: Organization
    fields: tuple[str, ...]


class Records:
    """One tenant's view of `world`: equal for every registry, changed for this tenant alone.

    Records added by a test have indices from -1 downwards, each once. Not locked: its tenant locks.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.on_change: list[Callable[[Change], None]] = []
        self._organizations: dict[int, Organization] = {}
        self._people: dict[int, Person] = {}
        # Numbers of changed and added records: theirs now, and those that are no longer theirs.
        self._organization_by: dict[str, int] = {}
        self._person_by: dict[str, int] = {}
        self._added_organizations = 0
        self._added_people = 0

    # --- reading

    def organization(self, index: int) -> Organization:
        """The organization's record today; IndexError if there is none."""
        return self._organizations.get(index) or self.world.organization(_natural(index))

    def known_organization(self, index: int) -> Organization | None:
        """The same for who has kept an index; None once a test has taken back what it added."""
        try:
            return self.organization(index)
        except IndexError:
            return None

    def person(self, index: int) -> Person:
        """The person's record today; IndexError if there is none."""
        return self._people.get(index) or self.world.person(_natural(index))

    def identity(self, index: int) -> Identity:
        """Name, gender and ИНН of the person today; IndexError if there is none."""
        changed = self._people.get(index)
        return self.world.identity(_natural(index)) if changed is None else changed.identity

    def organization_by_inn(self, inn: str) -> Organization | None:
        """Whose ИНН it is, of 10 or 12 digits; None if nobody's."""
        return self._organization_by_number("inn", inn, self.world.organization_by_inn)

    def organization_by_ogrn(self, ogrn: str) -> Organization | None:
        """Whose ОГРН or ОГРНИП it is; None if nobody's."""
        return self._organization_by_number("ogrn", ogrn, self.world.organization_by_ogrn)

    def person_by_inn(self, inn: str) -> Person | None:
        """Whose ИНН of 12 digits it is; None if nobody's."""
        return self._person_by_number("inn", inn, self.world.person_by_inn)

    def person_by_snils(self, snils: str) -> Person | None:
        """Whose СНИЛС it is; None if nobody's."""
        return self._person_by_number("snils", snils, self.world.person_by_snils)

    def person_by_phone(self, phone: str) -> Person | None:
        """Whose mobile phone it is; None if nobody's."""
        return self._person_by_number("phone", phone, self.world.person_by_phone)

    def person_by_passport(self, series: str, number: str) -> Person | None:
        """Whose passport it is; None if no such passport was issued."""
        return self._person_by_number(
            "passport", series + number, lambda _: self.world.person_by_passport(series, number)
        )

    def changed(self) -> Iterator[Organization | Person]:
        """Every record that differs from the country's."""
        yield from self._organizations.values()
        yield from self._people.values()

    # --- changing

    def change_organization(
        self, index: int, changes: Mapping[str, Any], at_us: int
    ) -> Organization:
        """The record with `changes` (nested mappings change parts); RecordError if it cannot be."""
        before = self.organization(index)
        after = _changed(_ORGANIZATION, before, changes)
        if after.index != index:
            raise RecordError("index: cannot be changed")
        self._check_people(after)
        self._check_own("inn", after, self.organization_by_inn(after.inn))
        self._check_own("ogrn", after, self.organization_by_ogrn(after.ogrn))
        self._keep_organization(after)
        change = Change(at_us, before, after, _differing(before, after))
        if change.fields:
            for listener in self.on_change:
                listener(change)
        return after

    def change_person(self, index: int, changes: Mapping[str, Any]) -> Person:
        """The record with `changes` (nested mappings change parts); RecordError if it cannot be."""
        after = _changed(_PERSON, self.person(index), changes)
        if after.index != index:
            raise RecordError("index: cannot be changed")
        passport = after.passport
        self._check_own("inn", after, self.person_by_inn(after.inn))
        self._check_own("snils", after, self.person_by_snils(after.snils))
        self._check_own("phone", after, self.person_by_phone(after.phone))
        of_passport = self.person_by_passport(passport.series, passport.number)
        self._check_own("passport", after, of_passport)
        self._keep_person(after)
        return after

    def add_organization(self, like: int, changes: Mapping[str, Any]) -> Organization:
        """An organization that the country does not have: as `like` but for `changes`, which must
        give `inn` and `ogrn` of nobody. RecordError otherwise, IndexError for `like`."""
        index = -self._added_organizations - 1
        added = _changed(_ORGANIZATION, self.organization(like), {**changes, "index": index})
        if self.organization_by_inn(added.inn) or self.organization_by_ogrn(added.ogrn):
            raise RecordError("inn, ogrn: an added organization needs numbers that nobody has")
        self._check_people(added)
        self._added_organizations += 1
        self._keep_organization(added)
        return added

    def add_person(self, like: int, changes: Mapping[str, Any]) -> Person:
        """A person that the country does not have: as `like` but for `changes`, which must give
        `inn`, `snils`, `phone` and `passport` of nobody. RecordError otherwise, IndexError for
        `like`."""
        index = -self._added_people - 1
        added = _changed(_PERSON, self.person(like), {**changes, "index": index})
        passport = added.passport
        taken = (
            self.person_by_inn(added.inn)
            or self.person_by_snils(added.snils)
            or self.person_by_phone(added.phone)
            or self.person_by_passport(passport.series, passport.number)
        )
        if taken:
            message = "inn, snils, phone, passport: an added person needs numbers that nobody has"
            raise RecordError(message)
        self._added_people += 1
        self._keep_person(added)
        return added

    def restore(self) -> None:
        """Forget every change."""
        for kept in (
            self._organizations,
            self._people,
            self._organization_by,
            self._person_by,
        ):
            kept.clear()

    def _check_people(self, organization: Organization) -> None:
        named = {"head.person": organization.head.person}
        for place, founder in enumerate(organization.founders):
            named[f"founders.{place}.person"] = founder.person
        for field, person in named.items():
            try:
                self.person(person)
            except IndexError:
                raise RecordError(f"{field}: there is no person {person}") from None

    @staticmethod
    def _check_own(name: str, record: R, owner: R | None) -> None:
        if owner is not None and owner.index != record.index:
            raise RecordError(f"{name}: it is the number of {owner.index}; expected nobody's")

    def _keep_organization(self, record: Organization) -> None:
        self._organizations[record.index] = record
        for name in ("inn", "ogrn"):
            self._organization_by[f"{name}:{getattr(record, name)}"] = record.index

    def _keep_person(self, record: Person) -> None:
        self._people[record.index] = record
        for name in ("inn", "snils", "phone"):
            self._person_by[f"{name}:{getattr(record, name)}"] = record.index
        passport = record.passport
        self._person_by[f"passport:{passport.series}{passport.number}"] = record.index

    def _organization_by_number(
        self, name: str, value: str, of_world: Callable[[str], Organization | None]
    ) -> Organization | None:
        index = self._organization_by.get(f"{name}:{value}")
        if index is not None:
            record = self._organizations[index]
            return record if getattr(record, name) == value else None
        found = of_world(value)
        return None if found is None else self._still(found, self._organizations, name)

    def _person_by_number(
        self, name: str, value: str, of_world: Callable[[str], Person | None]
    ) -> Person | None:
        index = self._person_by.get(f"{name}:{value}")
        if index is not None:
            record = self._people[index]
            passport = record.passport.series + record.passport.number
            own = passport if name == "passport" else getattr(record, name)
            return record if own == value else None
        found = of_world(value)
        return None if found is None else self._still(found, self._people, name)

    @staticmethod
    def _still(found: R, changed: Mapping[int, R], name: str) -> R | None:
        """`found` as it is today; None if a change took that number away from it."""
        now = changed.get(found.index, found)
        return now if getattr(now, name) == getattr(found, name) else None


def _natural(index: int) -> int:
    if index < 0:
        raise IndexError(index)
    return index


def _changed(adapter: TypeAdapter[R], record: R, changes: Mapping[str, Any]) -> R:
    try:
        return adapter.validate_python(_merged(asdict(record), changes, ()))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise RecordError(f"{place}: {problem['msg']}") from None


def _merged(
    old: Mapping[str, Any], changes: Mapping[str, Any], place: tuple[str, ...]
) -> dict[str, Any]:
    merged = dict(old)
    for key, value in changes.items():
        if key not in old:
            name = ".".join((*place, key))
            raise RecordError(f"{name}: no such field; expected one of {', '.join(old)}")
        before = old[key]
        part = isinstance(before, Mapping) and isinstance(value, Mapping)
        merged[key] = _merged(before, value, (*place, key)) if part else value
    return merged


def _differing(before: Organization, after: Organization) -> tuple[str, ...]:
    old, new = asdict(before), asdict(after)
    return tuple(name for name in old if old[name] != new[name])
