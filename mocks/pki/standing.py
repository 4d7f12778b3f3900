"""Keys and certificates that systems and services always have: a new certificate comes in good
time before the last one expires."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from mocks.core.draw_keys import seeded_key
from mocks.core.tenant import Tenant
from mocks.pki.issued import Issued, IssuedRegister, IssuerKey
from mocks.pki.terms import end_of_term
from signatures.certificates import Certificate, Issuer, Request, SubjectData, Usage, issue
from signatures.keys import PrivateKey, derived_key
from world.certificate_profiles import LIFETIME_DAYS, KeyAlgorithm
from world.microseconds import DAY_US

__all__ = ["Standing", "StandingCertificates"]

_BEFORE_START: Final = dt.timedelta(days=30)  # how old a certificate is at the start of the clock
_RENEWED_US: Final = (LIFETIME_DAYS - 30) * DAY_US  # how often there is a new one
_MOST: Final = 1_000  # remembered; those of others are found in the register again
_SERIALS: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A key and its present certificate."""

    key: PrivateKey
    certificate: Certificate


class StandingCertificates:
    """Those of a tenant, entered in `register` as they are issued."""

    def __init__(self, tenant: Tenant, register: IssuedRegister) -> None:
        self._tenant = tenant
        self._register = register
        self._seed = tenant.records.world.seed
        self._made: OrderedDict[tuple[IssuerKey, Usage, str, int], Standing] = OrderedDict()

    def of(self, name: str, usage: Usage, issuer_key: IssuerKey, issuer: Issuer) -> Standing:
        """The key and certificate of `name` for `usage`, by that issuer. GostUnavailable."""
        generation = max(self._tenant.now_us, 0) // _RENEWED_US
        place = (issuer_key, usage, name, generation)
        found = self._made.get(place)
        if found is None:
            found = self._made[place] = self._issue(*place, issuer)
            if len(self._made) > _MOST:
                self._made.popitem(last=False)
        return found

    def _issue(
        self, issuer_key: IssuerKey, usage: Usage, name: str, generation: int, issuer: Issuer
    ) -> Standing:
        algorithm = issuer.key.algorithm
        whose = f"{'system' if usage == 'signature' else usage}/{name}"
        key = derived_key(algorithm, whose, self._seed)
        serial = self._serial(whose, algorithm, generation)
        issued = self._register.find(issuer_key, serial)  # perhaps revoked
        if issued is not None:
            return Standing(key, issued.certificate)
        not_before = self._tenant.clock.calendar.local(generation * _RENEWED_US) - _BEFORE_START
        request = Request(
            serial=serial,
            subject=SubjectData(common_name=name, organization=f"ИС {name}"[:64], country="RU"),
            spki=key.spki,
            not_before=not_before,
            not_after=end_of_term(not_before, dt.timedelta(days=LIFETIME_DAYS)),
            usage=usage,
        )
        issued = Issued.new(issuer_key, issue(request, issuer))
        self._register.add(issued)
        return Standing(key, issued.certificate)

    def _serial(self, whose: str, algorithm: KeyAlgorithm, generation: int) -> int:
        return 1 + seeded_key(f"{whose}/{algorithm}/{generation}", self._seed) % _SERIALS
