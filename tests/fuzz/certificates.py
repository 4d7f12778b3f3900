"""Certificates of authorities and of systems, checked by the authorities and shown to services."""

import json
from random import Random
from typing import Final

from asn1crypto import pem

from mocks.core.country import Country
from mocks.esia.service import service as esia
from mocks.pki import hierarchy
from mocks.pki.authorities import Authorities, available_algorithms
from mocks.smev.service import service as smev
from signatures.certificates import Certificate, armored, parsed, public_key, serial_of
from signatures.refusals import REFUSALS, SignatureRefused
from tests.fuzz import der_trees
from tests.fuzz.campaign import Outcome
from tests.mocks.asking import ask

__all__ = ["Certificates"]

_AUTHORITIES: Final = ("north", "archive", "express")
_LONGEST: Final = 16_384  # characters that registers take
_ESIA: Final = "/esia/v1/clients/SHOP"
_SMEV: Final = "/smev/v1/participants/SHOP"


class Certificates:
    """Only those are good that were issued so; registers take those that can be read."""

    count = 600
    documented = frozenset({"good", *REFUSALS})
    reached = frozenset(
        {"good", "malformed", "algorithm", "signature", "expired", "unknown-root", "wrong-usage"}
    )

    def __init__(self) -> None:
        self._country = Country((esia, smev), seed=1)
        seed = self._country.world.seed
        authorities = self._country.tenant().state(Authorities)
        self._issued: set[bytes] = set()
        self._seeds: list[bytes] = []
        for algorithm in available_algorithms():
            own = [authorities.identity(name, algorithm).certificate for name in ("A", "B")]
            above = [hierarchy.issuer_of(each, algorithm, seed) for each in _AUTHORITIES]
            self._issued.update(_signed_part(each) for each in own)
            self._seeds += [each.dump() for each in own]
            self._seeds += [each.certificate.dump() for each in above]

    def begin(self) -> None:
        """A new tenant in place of the old one."""
        self._country.reset_tenant("main")

    def fed(self, chance: Random) -> Outcome:
        """Whether it is good."""
        data = der_trees.altered(chance, chance.choice(self._seeds), self._seeds)
        outcome = self._checked(data)
        self._register(pem.armor("CERTIFICATE", data).decode(), outcome)
        return outcome

    def _checked(self, data: bytes) -> Outcome:
        tenant = self._country.tenant()
        try:
            certificate = parsed(data)
            _ = armored(certificate), serial_of(certificate), public_key(certificate)
            tenant.state(Authorities).check(certificate, tenant.now_us)
        except SignatureRefused as refused:
            return Outcome(refused.code, refused.message.encode())
        assert _signed_part(certificate) in self._issued
        return Outcome("good", data)

    def _register(self, armor: str, outcome: Outcome) -> None:
        cards: dict[str, object] = {
            _ESIA: {"name": "Лавка", "certificates": [armor]},
            _SMEV: {"name": "Лавка", "certificate": armor},
        }
        for path, card in cards.items():
            answer = ask(self._country, "PUT", path, card)
            if answer.status == 422:
                refused = json.loads(answer.body)["error"]
                assert refused == ("bad-certificate" if len(armor) <= _LONGEST else "invalid")
                assert len(armor) > _LONGEST or outcome.name in ("malformed", "algorithm")
            else:
                assert answer.status in (200, 201)


def _signed_part(certificate: Certificate) -> bytes:
    """What the issuer has signed."""
    part: bytes = certificate["tbs_certificate"].dump()
    return part
