"""Entries of the register: authorities and roots, with what has befallen each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from mocks.case_work.cases import StateTable, Step
from mocks.case_work.entries import MOST_STEPS
from mocks.core.http import Refusal
from mocks.core.moments import moment
from mocks.core.tenant import Tenant
from mocks.pki import hierarchy
from mocks.pki.authorities import Authorities
from mocks.pki.hierarchy import Root
from world.certificate_profiles import Authority
from world.identifiers import legal_inn, ogrn
from world.microseconds import DAY_US

__all__ = ["OUTDATED_WITHOUT", "AuthorityEntry", "CaRegister", "Edition", "RootEntry"]

OUTDATED_WITHOUT: Final = "head-2025"
"""The root that an outdated list lacks, and the authorities below it (CERT-17)."""

_ACCREDITATION: Final = StateTable(
    titles={"active": "Действует", "terminated": "Прекращена"},
    follows={"active": frozenset({"terminated"}), "terminated": frozenset({"active"})},
)
_TRUST: Final = StateTable(
    titles={"trusted": "Доверенный", "removed": "Исключён"},
    follows={"trusted": frozenset({"removed"}), "removed": frozenset({"trusted"})},
)
# The office 9909 is no office of the country, so these numbers are of none of its organizations.
_OFFICE: Final = "9909"
_YEAR_AND_REGION: Final = "1899"
_FIRST_VERSION: Final = 10_000  # of the list: it has come out long before the clock starts


@dataclass(frozen=True)
class AuthorityEntry:
    """An authority that is or was accredited, under its `number` of the register."""

    authority: Authority
    number: int
    history: list[Step]

    @property
    def inn(self) -> str:
        """Its ИНН."""
        return legal_inn(f"{_OFFICE}{self.number:05}")

    @property
    def ogrn(self) -> str:
        """Its ОГРН."""
        return ogrn(f"1{_YEAR_AND_REGION}{self.number:07}")

    @property
    def root(self) -> Root:
        """Its root."""
        return hierarchy.root_of(self.authority.id)

    def view(self, tenant: Tenant) -> dict[str, Any]:
        """The entry as answers show it."""
        return {
            "id": self.authority.id,
            "number": self.number,
            "name": self.authority.name,
            "inn": self.inn,
            "ogrn": self.ogrn,
            "root": self.root.id,
            **_told(_ACCREDITATION, self.history, tenant),
        }

    def title(self, step: Step) -> str:
        """What people read about a status."""
        return _ACCREDITATION.titles[step.state]


@dataclass(frozen=True)
class RootEntry:
    """A root that is or was trusted."""

    root: Root
    history: list[Step]

    def view(self, tenant: Tenant) -> dict[str, Any]:
        """The entry as answers show it."""
        return {
            "id": self.root.id,
            "name": self.root.name,
            "valid_from": self.root.first_day.isoformat(),
            "valid_until": self.root.last_day.isoformat(),
            **_told(_TRUST, self.history, tenant),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A list: its number, when it came out, and what it has."""

    version: int
    issued: dt.datetime
    authorities: list[AuthorityEntry]
    roots: list[RootEntry]


class CaRegister:
    """The register of a tenant, whose authorities obey it."""

    def __init__(self, tenant: Tenant) -> None:
        self._calendar = tenant.clock.calendar
        self.trust_list = tenant.state(Authorities).trust_list
        accredited = [each for each in hierarchy.AUTHORITIES if each.accredited]
        self.authorities = {
            each.id: AuthorityEntry(
                each, number, [self._first(hierarchy.root_of(each.id), "active")]
            )
            for number, each in enumerate(accredited, start=1)
        }
        self.roots = {
            root.id: RootEntry(root, [self._first(root, "trusted")])
            for root in hierarchy.TRUSTED_ROOTS
        }

    # --- the list

    def present(self, now_us: int) -> Edition:
        """The list of now; one comes out every day and with every change."""
        midnight_us = self._calendar.midnight(self._calendar.date(now_us))
        steps = [each.history[-1].at_us for each in self.authorities.values()]
        return Edition(
            version=_FIRST_VERSION + now_us // DAY_US + self.trust_list.revision,
            issued=self._calendar.local(max(midnight_us, *steps)),
            authorities=[*self.authorities.values()],
            roots=[*self.roots.values()],
        )

    def outdated(self) -> Edition:
        """The list of the day before the latest root came."""
        came = hierarchy.ROOTS[OUTDATED_WITHOUT].first_day
        issued_us = self._calendar.midnight(came - dt.timedelta(days=1))
        return Edition(
            version=_FIRST_VERSION + issued_us // DAY_US,
            issued=self._calendar.local(issued_us),
            authorities=[e for e in self.authorities.values() if e.root.id != OUTDATED_WITHOUT],
            roots=[each for each in self.roots.values() if each.root.id != OUTDATED_WITHOUT],
        )

    # --- changes

    def move_authority(self, entry: AuthorityEntry, state: str, now_us: int, reason: str) -> None:
        """Withdraw an accreditation or give it back; Refusal 409 if it is so already."""
        _move(_ACCREDITATION, entry.history, state, now_us, reason)
        change = self.trust_list.accredit if state == "active" else self.trust_list.withdraw
        change(entry.authority.id)

    def move_root(self, entry: RootEntry, state: str, now_us: int, reason: str) -> None:
        """Take a root out or put it back; Refusal 409 if it is so already."""
        _move(_TRUST, entry.history, state, now_us, reason)
        change = self.trust_list.trust if state == "trusted" else self.trust_list.distrust
        change(entry.root.id)

    def _first(self, root: Root, state: str) -> Step:
        return Step(self._calendar.midnight(root.first_day), state, "Внесено в реестр", None)


def _move(table: StateTable, history: list[Step], state: str, now_us: int, reason: str) -> None:
    if state not in table.follows[history[-1].state]:
        title = table.titles[history[-1].state]
        raise Refusal(409, "wrong-state", f"Запись в состоянии «{title}»: действие невозможно")
    history.append(Step(now_us, state, reason, None))
    del history[:-MOST_STEPS]


def _told(table: StateTable, history: list[Step], tenant: Tenant) -> dict[str, Any]:
    return {
        "status": history[-1].state,
        "status_title": table.titles[history[-1].state],
        "history": [
            {"at": moment(tenant, step.at_us), "status": step.state, "comment": step.comment}
            for step in history
        ],
    }
