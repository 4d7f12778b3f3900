"""What everybody outside knows, whatever the portal says: who is confirmed, who has an organization
and who may do what in it, what was filed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from rulebook import RuleBook

__all__ = ["SIGN", "Acknowledged", "Member", "Truth"]

SIGN: Final = "sign_and_submit"


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who acts for an organization; a new head does not sign before their first
    signature."""

    role: str
    extra: frozenset[str] = frozenset()
    signs: bool = True


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """An application that the portal has taken: its id, and the ИНН of who has filed it."""

    organization: str
    filer: str


@dataclass
class Truth:
    """People by ИНН, organizations by ОГРН."""

    book: RuleBook
    confirmed: set[str] = field(default_factory=set)
    owners: dict[str, str] = field(default_factory=dict)
    members: dict[tuple[str, str], Member] = field(default_factory=dict)
    formers: set[tuple[str, str]] = field(default_factory=set)
    awaited: set[tuple[str, str]] = field(default_factory=set)
    invited: dict[tuple[str, str], tuple[str, dt.datetime]] = field(default_factory=dict)
    applications: dict[str, Acknowledged] = field(default_factory=dict)
    failed: dict[str, tuple[int, dt.datetime]] = field(default_factory=dict)

    def rights(self, ogrn: str, inn: str) -> frozenset[str]:
        """What somebody may do there."""
        member = self.members.get((ogrn, inn))
        if member is None:
            return frozenset()
        rights = frozenset(self.book.rights_of(member.role)) | member.extra
        return rights if member.signs else rights - {SIGN}

    # --- who acts for whom

    def joined(self, ogrn: str, inn: str, role: str, extra: Iterable[str] = ()) -> None:
        """Somebody acts for an organization in a role from now on."""
        self.members[ogrn, inn] = Member(role=role, extra=frozenset(extra))
        self.formers.discard((ogrn, inn))
        self.awaited.discard((ogrn, inn))

    def leads_once_borne_out(self, ogrn: str, inn: str) -> None:
        """A head has registered the organization while the register was silent."""
        self.joined(ogrn, inn, "rep")
        self.awaited.add((ogrn, inn))

    def borne_out(self, ogrn: str, inn: str) -> None:
        """The register has named them since."""
        if (ogrn, inn) in self.awaited & self.members.keys():
            self.members[ogrn, inn] = replace(self.members[ogrn, inn], role="head")
        self.awaited.discard((ogrn, inn))

    def bound(self, ogrn: str, inn: str, role: str, extra: Iterable[str]) -> None:
        """The organization is somebody's: it was nobody's before."""
        owner = self.owners.get(ogrn)
        assert owner is None, f"one owner: {ogrn} of {owner} was bound by {inn}"
        assert inn in self.confirmed, f"confirmed person: {inn} has bound {ogrn}"
        self.owners[ogrn] = inn
        self.joined(ogrn, inn, role, extra)

    def head_changed(self, ogrn: str, inn: str) -> None:
        """There is another head, who does not sign yet; the one before does no more."""
        for (organization, member_inn), member in list(self.members.items()):
            if organization == ogrn and member.role == "head" and member_inn != inn:
                self.members[ogrn, member_inn] = Member(role="emp", extra=member.extra - {SIGN})
                self.formers.add((ogrn, member_inn))
                if self.owners.get(ogrn) == member_inn:
                    self.owners[ogrn] = inn
        self.members[ogrn, inn] = Member(role="head", signs=False)
        self.formers.discard((ogrn, inn))

    def signs(self, ogrn: str, inn: str) -> None:
        """A new head has shown their signature."""
        member = self.members[ogrn, inn]
        self.members[ogrn, inn] = replace(member, signs=True)

    def unbound(self, ogrn: str) -> None:
        """Nobody has the organization, nobody acts for it."""
        self.owners.pop(ogrn, None)
        for place in [each for each in self.members if each[0] == ogrn]:
            del self.members[place]
        for place in [each for each in self.invited if each[0] == ogrn]:
            del self.invited[place]

    # --- attempts to bind (BND-11)

    def wrong_attempt(self, inn: str, now: dt.datetime, term: dt.timedelta, most: int) -> None:
        """One more that was wrong; after a lock they count from the first."""
        count, last = self.failed.get(inn, (0, now))
        over = count >= most and now >= last + term
        self.failed[inn] = (1 if over else count + 1, now)

    def is_locked(self, inn: str, now: dt.datetime, term: dt.timedelta, most: int) -> bool:
        """Whether so many wrong attempts have locked them out."""
        count, last = self.failed.get(inn, (0, now))
        return count >= most and now < last + term
