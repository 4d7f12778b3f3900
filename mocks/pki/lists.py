"""Lists of revoked certificates as an authority publishes them: every twelve hours, and at once
when something changes; each is good for a day."""

from collections import OrderedDict
from typing import Final

from asn1crypto.crl import CertificateList

from mocks.core.tenant import Tenant
from mocks.pki.issued import IssuedRegister, IssuerKey
from signatures.certificates import Issuer
from signatures.revocation import Revocation, revocation_list
from world.microseconds import DAY_US, HOUR_US

__all__ = ["LIST_LIFETIME_US", "LIST_PERIOD_US", "Lists"]

# Assumptions: accredited authorities publish from hourly to daily.
LIST_PERIOD_US: Final = 12 * HOUR_US
LIST_LIFETIME_US: Final = DAY_US
_FIRST_NUMBER: Final = 1_000_000  # lists have been published long before the clock starts
_REMEMBERED: Final = 64  # lists of a tenant; making one anew costs a signature


class Lists:
    """The lists of a tenant's authorities, made when they are asked for."""

    def __init__(self, tenant: Tenant, register: IssuedRegister) -> None:
        self._calendar = tenant.clock.calendar
        self._register = register
        self._made: OrderedDict[tuple[IssuerKey, int, int], CertificateList] = OrderedDict()

    def current(self, key: IssuerKey, issuer: Issuer, now_us: int) -> CertificateList:
        """The latest list of `issuer` at that time."""
        return self.published(key, issuer, self.term(key, now_us)[0])

    def published(self, key: IssuerKey, issuer: Issuer, at_us: int) -> CertificateList:
        """The list of `issuer` as it was published at that very time."""
        place = (key, at_us, self._register.revision(key))
        found = self._made.get(place)
        if found is None:
            found = self._made[place] = self._make(key, issuer, at_us)
            if len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
        return found

    def _make(self, key: IssuerKey, issuer: Issuer, at_us: int) -> CertificateList:
        ended = self._register.ended(key)
        revoked = [(each, each.ended(at_us)) for each in ended]
        changes = self._register.forgotten(key)
        changes += sum(change <= at_us for each in ended for change in each.changes())
        return revocation_list(
            issuer,
            [
                Revocation(each.serial, self._calendar.local(why.at_us), why.reason)
                for each, why in revoked
                if why is not None
            ],
            self._calendar.local(at_us),
            self._calendar.local(at_us + LIST_LIFETIME_US),
            # RFC 5280, 5.2.3: numbers grow, with every period and with every change.
            _FIRST_NUMBER + at_us // LIST_PERIOD_US + changes,
        )

    def term(self, key: IssuerKey, now_us: int) -> tuple[int, int]:
        """When the list of that time was published, and when the next one will be (µs)."""
        regular_us = now_us // LIST_PERIOD_US * LIST_PERIOD_US
        changes = [us for each in self._register.ended(key) for us in each.changes()]
        return (
            max([regular_us, *(us for us in changes if us <= now_us)]),
            min([regular_us + LIST_PERIOD_US, *(us for us in changes if us > now_us)]),
        )
