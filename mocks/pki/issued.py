"""What the authorities of a tenant have issued, and what of it no longer works."""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from signatures.certificates import Certificate, parsed
from signatures.revocation import Reason
from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "MOST_ENDINGS",
    "MOST_ISSUED",
    "SERIAL",
    "Ended",
    "Issued",
    "IssuedRegister",
    "IssuerKey",
]

MOST_ISSUED: Final = 20_000
"""Certificates a tenant keeps; of the oldest ones nobody knows any more."""

MOST_ENDINGS: Final = 50
"""Holds and revocations of one certificate that are kept, the latest ones."""

SERIAL: Final = re.compile(r"[0-9a-f]{1,40}")
"""A serial number as addresses have it (RFC 5280, 4.1.2.2: 20 bytes at most)."""

IssuerKey: TypeAlias = tuple[str, KeyAlgorithm]
"""Which of an authority's certificates has issued: the authority's or root's id, the algorithm."""

State: TypeAlias = Literal["valid", "on_hold", "revoked"]


@dataclass(frozen=True, slots=True)
class Ended:
    """Since when (model time, µs, a whole second of the clock) and why it does not work; a hold
    that was lifted has an end."""

    at_us: int
    reason: Reason
    lifted_us: int | None = None

    def holds(self, now_us: int) -> bool:
        """Whether it is so at that time."""
        return self.at_us <= now_us and (self.lifted_us is None or now_us < self.lifted_us)

    def changes(self) -> Iterator[int]:
        """When it begins, and when it is over."""
        yield self.at_us
        if self.lifted_us is not None:
            yield self.lifted_us


@dataclass(eq=False)
class Issued:
    """A certificate, kept as DER, and what has befallen it, in the order of time."""

    issuer: IssuerKey
    serial: int
    der: bytes
    endings: list[Ended] = field(default_factory=list)

    @classmethod
    def new(cls, issuer: IssuerKey, certificate: Certificate) -> "Issued":
        """A certificate that nothing has befallen yet."""
        return cls(issuer, certificate.serial_number, certificate.dump())

    @property
    def certificate(self) -> Certificate:
        """The certificate, read again: as objects a tenant's would take a gigabyte."""
        return parsed(self.der)

    def ended(self, now_us: int) -> Ended | None:
        """Why it does not work at that time; None if it does, expired or not."""
        return next((each for each in reversed(self.endings) if each.holds(now_us)), None)

    def state(self, now_us: int) -> State:
        """Its state at that time."""
        ended = self.ended(now_us)
        if ended is None:
            return "valid"
        return "on_hold" if ended.reason == "certificate_hold" else "revoked"

    def changes(self) -> Iterator[int]:
        """Every time at which a list of revoked certificates changes by it."""
        for each in self.endings:
            yield from each.changes()


class IssuedRegister:
    """Certificates by issuer and serial number, the latest MOST_ISSUED."""

    def __init__(self) -> None:
        self._issued: OrderedDict[tuple[IssuerKey, int], Issued] = OrderedDict()
        self._ended: dict[IssuerKey, dict[int, Issued]] = {}
        self._revisions: Counter[IssuerKey] = Counter()
        self._forgotten: Counter[IssuerKey] = Counter()

    def add(self, issued: Issued) -> None:
        """Enter a new certificate."""
        self._issued[issued.issuer, issued.serial] = issued
        if len(self._issued) > MOST_ISSUED:
            (issuer, serial), oldest = self._issued.popitem(last=False)
            if self._ended.get(issuer, {}).pop(serial, None) is not None:
                self._note(issuer, oldest.endings)

    def end(self, issued: Issued, ended: Ended) -> None:
        """A certificate does not work from a time on."""
        issued.endings.append(ended)
        issued.endings.sort(key=lambda each: each.at_us)  # the country knows of later ones too
        self._ended.setdefault(issued.issuer, {})[issued.serial] = issued
        forgotten = issued.endings[:-MOST_ENDINGS]
        del issued.endings[:-MOST_ENDINGS]
        self._note(issued.issuer, forgotten)

    def lift(self, issued: Issued, ended: Ended, now_us: int) -> None:
        """A hold of a certificate has ended."""
        issued.endings[issued.endings.index(ended)] = replace(ended, lifted_us=now_us)
        self._note(issued.issuer, ())

    def find(self, issuer: IssuerKey, serial: int) -> Issued | None:
        """The certificate of that number."""
        return self._issued.get((issuer, serial))

    def by_serial(self, serial: int) -> list[Issued]:
        """The certificates of that number, one at most of each issuer."""
        return [each for (_, number), each in self._issued.items() if number == serial]

    def ended(self, issuer: IssuerKey) -> list[Issued]:
        """Those of `issuer` that were ever revoked or held."""
        return list(self._ended.get(issuer, {}).values())

    def revision(self, issuer: IssuerKey) -> int:
        """Grows with every change of what `issuer` has revoked and held."""
        return self._revisions[issuer]

    def forgotten(self, issuer: IssuerKey) -> int:
        """Changes of what `issuer` has revoked and held that are kept no longer."""
        return self._forgotten[issuer]

    def __iter__(self) -> Iterator[Issued]:
        return iter(self._issued.values())

    def __len__(self) -> int:
        return len(self._issued)

    def _note(self, issuer: IssuerKey, forgotten: Iterable[Ended]) -> None:
        self._revisions[issuer] += 1
        self._forgotten[issuer] += sum(len(list(each.changes())) for each in forgotten)
