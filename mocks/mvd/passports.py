"""Passports as МВД knows them: what is wrong with one, and the list of invalid ones."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mocks.core.passport_restrictions import RESTRICTIONS
from mocks.core.tenant import Tenant
from world.records import Person

__all__ = ["FALSE_REFUSAL", "InvalidPassports", "Verdict", "verdict_about"]

FALSE_REFUSAL: Final = "false_refusal"

Result: TypeAlias = Literal["valid", "not_found", "mismatch", "lost", "expired", "invalid"]

_MOST_KNOWN: Final = 10_000  # passports asked about, the latest ones


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a passport is good, and why not; `fields` are those that are not its holder's."""

    result: Result
    message: str
    fields: tuple[str, ...] = ()


def verdict_about(
    holder: Person | None, falsely_refused: bool, differing: Callable[[Person], list[str]]
) -> Verdict:
    """What МВД says of the passport of `holder` (None: never issued)."""
    if holder is None:
        return Verdict("not_found", "Паспорт с такими серией и номером не выдавался")
    if falsely_refused:
        return Verdict("invalid", RESTRICTIONS["invalid"])
    restriction = holder.passport.restriction
    if restriction is not None:
        return Verdict(restriction, RESTRICTIONS[restriction])
    wrong = differing(holder)
    if wrong:
        return Verdict("mismatch", "Сведения о владельце не совпадают", tuple(wrong))
    return Verdict("valid", "Паспорт действителен")


class InvalidPassports:
    """The list of invalid passports that a tenant may download.

    The whole country's would have hundreds of thousands of lines; this one has those that the
    tenant has changed or asked about.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._asked: OrderedDict[int, None] = OrderedDict()
        self._downloaded: str | None = None

    def asked(self, holder: Person) -> None:
        """Remember whose passport was asked about."""
        if holder.index < 0:  # added by a test: among the changed
            return
        self._asked.pop(holder.index, None)
        self._asked[holder.index] = None
        if len(self._asked) > _MOST_KNOWN:
            self._asked.popitem(last=False)

    def csv(self, stale: bool) -> str:
        """`PASSP_SERIES,PASSP_NUMBER` and a line for each, in their order; a stale list is the one
        downloaded before."""
        if not stale or self._downloaded is None:
            rows = sorted({f"{p.passport.series},{p.passport.number}" for p in self._invalid()})
            self._downloaded = "\n".join(["PASSP_SERIES,PASSP_NUMBER", *rows, ""])
        return self._downloaded

    def _invalid(self) -> Iterator[Person]:
        records = self._tenant.records
        changed = (record for record in records.changed() if isinstance(record, Person))
        known = (*changed, *(records.person(index) for index in self._asked))
        return (person for person in known if person.passport.restriction is not None)
