"""A country served at the real time, and what its clients are given as files."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import requests

from mocks.catalogue import SERVICES
from mocks.core.country import MAIN, Country
from mocks.core.faults import Fault
from mocks.core.tenant import Tenant
from mocks.pki.authorities import Authorities
from mocks.server.serving import serving
from mocks.server.tls import Authority
from world.certificate_profiles import KeyAlgorithm

__all__ = ["MOSCOW", "OTHER", "TENANTS", "Credentials", "Stand", "standing"]

MOSCOW: Final = ZoneInfo("Europe/Moscow")

OTHER: Final = "other"
"""The tenant of every stand beside MAIN."""

TENANTS: Final = (MAIN, OTHER)

SECOND_US: Final = 1_000_000


@dataclass(frozen=True)
class Credentials:
    """The private key and the certificate of a system, each in a file of PEM."""

    key: Path
    certificate: Path


@dataclass(frozen=True)
class Stand:
    """A country at `url`. Files for its clients lie in `folder`; over TLS they trust the authority
    whose certificate is in the file `trust`."""

    country: Country
    url: str
    folder: Path
    trust: Path | None

    def address(self, service: str, tenant: str = MAIN) -> str:
        """Where a service of a tenant is."""
        return f"{self.url}/{service}" if tenant == MAIN else f"{self.url}/{tenant}/{service}"

    def tenant(self, name: str = MAIN) -> Tenant:
        return self.country.tenant(name)

    def session(self) -> requests.Session:
        """A session of `requests` that trusts the stand and asks no proxy."""
        session = requests.Session()
        self.prepare(session)
        return session

    def prepare(self, session: requests.Session) -> None:
        """The same for a session that a client has made."""
        session.trust_env = False
        if self.trust is not None:
            session.verify = str(self.trust)

    # --- files

    def credentials(
        self, mnemonic: str = "POLIGON", algorithm: KeyAlgorithm = "rsa"
    ) -> Credentials:
        """Those of a system, as the authorities give them out; the same for every tenant."""
        place = f"{self.address('ca')}/v1/systems/{mnemonic}/{algorithm}"
        name = f"{mnemonic}-{algorithm}"
        return Credentials(
            self._downloaded(f"{place}/key.pem", f"{name}-key.pem"),
            self._downloaded(f"{place}/certificate.pem", f"{name}.pem"),
        )

    def markers_key(self, tenant: str = MAIN, algorithm: KeyAlgorithm = "rsa") -> Path:
        """The public key by which markers of a tenant are verified, as ЕСИА gives it out."""
        place = f"{self.address('esia', tenant)}/v1/keys/{algorithm}.pem"
        return self._downloaded(place, f"markers-{tenant}-{algorithm}.pem")

    def _downloaded(self, url: str, name: str) -> Path:
        answer = self.session().get(url)
        assert answer.status_code == 200, answer.text
        path = self.folder / name
        path.write_bytes(answer.content)
        return path

    # --- what tests do to it

    def plan(self, service: str, kind: str, tenant: str = MAIN, **fields: Any) -> None:
        """Let a fault hold from now on."""
        fault = {"id": kind, "service": service, "kind": kind, **fields}
        with self.tenant(tenant).lock:
            self.tenant(tenant).plan_fault(Fault.model_validate(fault))

    def revoke(self, mnemonic: str, algorithm: KeyAlgorithm = "rsa", tenant: str = MAIN) -> None:
        """Revoke the certificate of a system for a tenant."""
        found = self.tenant(tenant)
        with found.lock:
            authorities = found.state(Authorities)
            certificate = authorities.identity(mnemonic, algorithm).certificate
            (issued,) = authorities.register.by_serial(certificate.serial_number)
            authorities.end(issued, "key_compromise", found.now_us)

    def advance(self, seconds: int, tenant: str = MAIN) -> None:
        """Let time pass for a tenant, not for its clients."""
        self.tenant(tenant).advance(seconds * SECOND_US)


@contextmanager
def standing(folder: Path, *, tls: bool = False) -> Iterator[Stand]:
    """A stand with the people and organizations of seed 1, its clocks going as the real one."""
    now = dt.datetime.now(MOSCOW).replace(microsecond=0, tzinfo=None)
    country = Country(SERVICES, seed=1, start=now)
    country.create_tenant(OTHER)
    for tenant in country.tenants:
        tenant.run(1.0)
    authority = Authority() if tls else None
    trust = None
    if authority is not None:
        trust = folder / "poligon-ca.pem"
        trust.write_bytes(authority.pem)
    with serving(country, authority) as server:
        yield Stand(country, server.url, folder, trust)
