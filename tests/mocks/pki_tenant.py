"""A tenant with its authorities, for tests of the public key infrastructure."""

import datetime as dt
from typing import Any

from mocks.core.country import Country
from mocks.core.service import Service
from mocks.core.tenant import Tenant
from mocks.pki.authorities import Authorities
from mocks.pki.issued import Issued
from signatures.certificates import Certificate, Request, SubjectData
from signatures.keys import PrivateKey, derived_key
from signatures.refusals import SignatureRefused
from world.certificate_profiles import KeyAlgorithm

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
YEAR = dt.timedelta(days=365)


class PkiTenant:
    """The tenant `main` of a country that has nothing but a clock."""

    def __init__(self, seed: int = 1, start: dt.datetime | None = None) -> None:
        self.country = Country([Service("egrul")], seed=seed, start=start)
        self.tenant: Tenant = self.country.tenant()
        self.authorities = self.tenant.state(Authorities)

    @property
    def now(self) -> dt.datetime:
        return self.tenant.clock.local()

    @property
    def now_us(self) -> int:
        return self.tenant.now_us

    def advance(self, us: int) -> None:
        self.tenant.advance(us)

    def issue(
        self,
        authority: str = "north",
        algorithm: KeyAlgorithm = "ecc",
        serial: int = 7,
        key: PrivateKey | None = None,
        **validity: Any,
    ) -> Issued:
        """A certificate, valid from now for a year unless `validity` says otherwise."""
        request = Request(
            serial=serial,
            subject=SubjectData(common_name="Ким", country="RU"),
            spki=(key or derived_key(algorithm, "Ким")).spki,
            **{"not_before": self.now, "not_after": self.now + YEAR, **validity},
        )
        return self.authorities.certify(authority, algorithm, request)

    def verdict(self, certificate: Certificate, now_us: int | None = None) -> str:
        """`good`, or the code of the refusal; now unless another time is given."""
        try:
            self.authorities.check(certificate, self.now_us if now_us is None else now_us)
        except SignatureRefused as refusal:
            return refusal.code
        return "good"
