"""Information systems that sign people in through ЕСИА, and what they have registered."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from mocks.core.http import Refusal
from mocks.core.tenant import Tenant
from mocks.esia.errors import Declined
from mocks.esia.scopes import ORGANIZATION_SCOPES, PERSON_SCOPES
from mocks.pki.authorities import Authorities, available_algorithms
from signatures.certificates import Certificate, fingerprint, public_key, subject_of
from signatures.keys import PublicKey, digest
from world.certificate_profiles import KeyAlgorithm

__all__ = [
    "ALL_SCOPES",
    "MOST_CLIENTS",
    "PRESET",
    "Client",
    "Clients",
    "RegisteredCertificate",
    "Written",
]

PRESET: Final = "POLIGON"
"""The system that every tenant has: its keys are `identity("POLIGON", …)` of the authorities, it
takes any address of this machine back and may ask for everything."""

MOST_CLIENTS: Final = 1_000
"""Systems a tenant may register; a further one is refused."""

ALL_SCOPES: Final = frozenset(PERSON_SCOPES) | frozenset(ORGANIZATION_SCOPES)

Written: TypeAlias = Literal["number", "text"]
"""How a number is written: some clients read the one, some the other."""

_MOST_GENERATIONS: Final = 8  # certificates of the preset system in a row
_PLAIN_LOOPBACK: Final = re.compile(
    r'http://(?P<host>127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?(?P<rest>(?:[/?][!"$-~]*)?)'
)


@dataclass(frozen=True)
class RegisteredCertificate:
    """A certificate of a system, read once."""

    certificate: Certificate

    @cached_property
    def key(self) -> PublicKey:
        """Its public key. SignatureRefused `algorithm`, GostUnavailable."""
        return public_key(self.certificate)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the DER."""
        return fingerprint(self.certificate)

    @cached_property
    def hash(self) -> str:
        """`client_certificate_hash`: Streebog-256 of the DER of a certificate with a GOST key,
        SHA-256 of another; 64 hexadecimal digits in lower case."""
        return digest(self.key.algorithm, self.certificate.dump()).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A system: `mnemonic` is its `client_id`.

    `loopback`: any http address of this machine takes the answer. `algorithm` is of the key that
    signs its markers; `expires_in` and `sub` are how it reads those. Real markers have a number in
    `sub`, which libraries that keep to RFC 7519 refuse.
    """

    mnemonic: str
    name: str
    certificates: Sequence[RegisteredCertificate]
    redirect_uris: Sequence[str] = ()
    scopes: frozenset[str] = ALL_SCOPES
    algorithm: KeyAlgorithm = "rsa"
    expires_in: Written = "number"
    sub: Written = "number"
    loopback: bool = False

    def leads_back_to(self, uri: str) -> bool:
        """Whether `uri` is registered: letter by letter, but for the port of a loopback address
        (RFC 8252, 7.3)."""
        if uri in self.redirect_uris:
            return True
        match = _PLAIN_LOOPBACK.fullmatch(uri)
        if match is None:
            return False
        return self.loopback or _portless(uri) in map(_portless, self.redirect_uris)

    def by_fingerprint(self, certificate: Certificate) -> RegisteredCertificate | None:
        """That certificate, if it is registered."""
        wanted = fingerprint(certificate)
        return next((each for each in self.certificates if each.fingerprint == wanted), None)

    def by_hash(self, value: str) -> RegisteredCertificate | None:
        """The certificate with that `client_certificate_hash`."""
        wanted = value.lower()
        return next((each for each in self.certificates if each.hash == wanted), None)

    def view(self) -> dict[str, Any]:
        """What the card of the system shows."""
        return {
            "mnemonic": self.mnemonic,
            "name": self.name,
            "redirect_uris": list(self.redirect_uris),
            "loopback": self.loopback,
            "scopes": sorted(self.scopes),
            "algorithm": self.algorithm,
            "expires_in": self.expires_in,
            "sub": self.sub,
            "certificates": [
                {
                    "subject": subject_of(each.certificate).common_name,
                    "algorithm": each.key.algorithm,
                    "valid_until": each.certificate.not_valid_after.isoformat(),
                    "client_certificate_hash": each.hash,
                }
                for each in self.certificates
            ],
        }


class Clients:
    """The systems of `tenant`."""

    def __init__(self, tenant: Tenant) -> None:
        self._authorities = tenant.state(Authorities)
        self._clients: OrderedDict[str, Client] = OrderedDict()
        self._clients[PRESET] = Client(
            mnemonic=PRESET, name="Полигон: система для проб", certificates=(), loopback=True
        )

    def find(self, mnemonic: str) -> Client | None:
        """The system of that mnemonic."""
        client = self._clients.get(mnemonic)
        if client is not None and mnemonic == PRESET:
            client = self._clients[PRESET] = self._with_present_certificates(client)
        return client

    def known(self, mnemonic: str) -> Client:
        """The same; Declined 007005 if there is none."""
        client = self.find(mnemonic)
        if client is None:
            raise Declined("007005", f"система {mnemonic[:64]} не зарегистрирована")
        return client

    def register(self, client: Client) -> bool:
        """Enter a system or its new card; whether it is new. Refusal 507 if there are too many, 409
        for the preset one."""
        if client.mnemonic == PRESET:
            raise Refusal(409, "preset", f"Система {PRESET} есть у всех, её карточка неизменна")
        is_new = client.mnemonic not in self._clients
        if is_new and len(self._clients) >= MOST_CLIENTS:
            raise Refusal(507, "too-many", "Реестр систем заполнен")
        self._clients[client.mnemonic] = client
        return is_new

    def _with_present_certificates(self, client: Client) -> Client:
        """The authorities renew certificates of systems in time; earlier ones stay registered."""
        present = [
            self._authorities.identity(PRESET, algorithm).certificate
            for algorithm in available_algorithms()
        ]
        new = [RegisteredCertificate(one) for one in present if client.by_fingerprint(one) is None]
        if not new:
            return client
        certificates = [*client.certificates, *new][-_MOST_GENERATIONS:]
        return replace(client, certificates=certificates)


def _portless(uri: str) -> str | None:
    """A loopback address without its port; None for any other."""
    match = _PLAIN_LOOPBACK.fullmatch(uri)
    if match is None:
        return None
    return f"{match['host']}{match['rest']}"
