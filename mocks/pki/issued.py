"""What the authorities of a tenant have issued, and what of it no longer works."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from signatures.certificates import Certificate
from signatures.revocation import Reason
from world.certificate_profiles import KeyAlgorithm

__all__ = ["MOST_ISSUED", "Ended", "Issued", "IssuedRegister", "IssuerKey"]

MOST_ISSUED: Final = 20_000
"""Certificates a tenant keeps; of the oldest ones nobody knows any more."""

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


@dataclass(eq=False)
class Issued:
    """A certificate and what has befallen it, in the order of time."""

    issuer: IssuerKey
    certificate: Certificate
    endings: list[Ended] = field(default_factory=list)

    @property
    def serial(self) -> int:
        """The serial number."""
        number: int = self.certificate.serial_number
        return number

    def ended(self, now_us: int) -> Ended | None:
        """Why it does not work at that time; None if it does, expired or not."""
        return next((each for each in self.endings if each.holds(now_us)), None)

    def state(self, now_us: int) -> State:
        """Its state at that time."""
        ended = self.ended(now_us)
        if ended is None:
            return "valid"
        return "on_hold" if ended.reason == "certificate_hold" else "revoked"

    def changes(self) -> Iterator[int]:
        """Every time at which a list of revoked certificates changes by it."""
        for each in self.endings:
            yield each.at_us
            if each.lifted_us is not None:
                yield each.lifted_us


class IssuedRegister:
    """Certificates by issuer and serial number, the latest MOST_ISSUED."""

    def __init__(self) -> None:
        self._issued: OrderedDict[tuple[IssuerKey, int], Issued] = OrderedDict()
        self._ended: dict[IssuerKey, dict[int, Issued]] = {}
        self.revision = 0

    def add(self, issued: Issued) -> None:
        """Enter a certificate; one with its number takes its place."""
        self._issued[issued.issuer, issued.serial] = issued
        if issued.endings:
            self.note_ending(issued)
        if len(self._issued) > MOST_ISSUED:
            (issuer, serial), _ = self._issued.popitem(last=False)
            self._ended.get(issuer, {}).pop(serial, None)

    def note_ending(self, issued: Issued) -> None:
        """The endings of `issued` have changed."""
        self._ended.setdefault(issued.issuer, {})[issued.serial] = issued
        self.revision += 1

    def find(self, issuer: IssuerKey, serial: int) -> Issued | None:
        """The certificate of that number."""
        return self._issued.get((issuer, serial))

    def by_serial(self, serial: int) -> list[Issued]:
        """The certificates of that number, one at most of each issuer."""
        return [each for (_, number), each in self._issued.items() if number == serial]

    def ended(self, issuer: IssuerKey) -> list[Issued]:
        """Those of `issuer` that were ever revoked or held."""
        return list(self._ended.get(issuer, {}).values())

    def __iter__(self) -> Iterator[Issued]:
        return iter(self._issued.values())

    def __len__(self) -> int:
        return len(self._issued)
