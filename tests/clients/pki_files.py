"""What the public key infrastructure of a served country gives out, as files for a program."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from mocks.ca.service import service as ca
from mocks.cert_status.service import service as cert_status
from mocks.core.country import Country
from mocks.core.tenant import Tenant
from mocks.pki.authorities import Authorities
from mocks.server.serving import serving
from mocks.tsa.service import service as tsa
from world.certificate_profiles import KeyAlgorithm

_END = b"-----END CERTIFICATE-----\n"


@dataclass(frozen=True)
class PkiFiles:
    """Files of the system POLIGON and of what is above it; the country's clock stands still."""

    country: Country
    url: str
    folder: Path
    algorithm: KeyAlgorithm

    @property
    def tenant(self) -> Tenant:
        return self.country.tenant()

    @property
    def authorities(self) -> Authorities:
        return self.tenant.state(Authorities)

    @property
    def seconds(self) -> str:
        """Now, in seconds since 1970, as the option `-attime` takes it."""
        return str(int(self.tenant.clock.local().timestamp()))

    def seconds_after(self, span: int) -> str:
        """So many seconds after now."""
        return str(int(self.seconds) + span)

    @property
    def key(self) -> Path:
        """The system's private key."""
        return self.got(f"ca/v1/systems/POLIGON/{self.algorithm}/key.pem")

    @property
    def certificate(self) -> Path:
        """Its certificate."""
        return self.got(f"ca/v1/systems/POLIGON/{self.algorithm}/certificate.pem")

    @property
    def authority(self) -> Path:
        """The certificate of its authority."""
        return self.part(self.got(f"ca/v1/systems/POLIGON/{self.algorithm}/chain.pem"), 0)

    @property
    def root(self) -> Path:
        """The certificate of the root."""
        return self.part(self.got(f"ca/v1/systems/POLIGON/{self.algorithm}/chain.pem"), 1)

    def list_of(self, issuer: str) -> Path:
        """The list of revoked certificates, DER."""
        return self.got(f"cert_status/{issuer}-{self.algorithm}.crl")

    def got(self, path: str) -> Path:
        """A file of that path, downloaded."""
        return self.saved(path, requests.get(f"{self.url}/{path}", timeout=30))

    def posted(self, path: str, content: bytes, name: str) -> Path:
        """The answer to `content`, under a name."""
        return self.saved(name, requests.post(f"{self.url}/{path}", content, timeout=30))

    def saved(self, name: str, answer: requests.Response) -> Path:
        assert answer.status_code == 200, answer.text
        return self.written(name, answer.content)

    def written(self, name: str, content: bytes) -> Path:
        path = self.folder / name.replace("/", "-").partition("?")[0]
        path.write_bytes(content)
        return path

    def part(self, bundle: Path, place: int) -> Path:
        """One certificate of a PEM file of several."""
        parts = bundle.read_bytes().split(_END)
        return self.written(f"{place}-{bundle.name}", parts[place] + _END)

    def end(self, reason: Any) -> None:
        """Revoke or hold the system's certificate."""
        with self.tenant.lock:
            identity = self.authorities.identity("POLIGON", self.algorithm)
            (issued,) = self.authorities.register.by_serial(identity.certificate.serial_number)
            self.authorities.end(issued, reason, self.tenant.now_us)


@contextmanager
def pki_files(folder: Path, algorithm: KeyAlgorithm) -> Iterator[PkiFiles]:
    """Files of a country that is served as long as it lasts."""
    country = Country([ca, cert_status, tsa], seed=1)
    with serving(country) as server:
        yield PkiFiles(country, server.url, folder, algorithm)
