"""Who may certify in the country: roots and the authorities below them, in each algorithm.

    head         the root that is trusted            north, guarantor
    head-2025    its successor, which an outdated    treasury
                 list of roots lacks (CERT-17)
    head-2010    a root whose time is over           archive
    express, homemade: roots of their own that nobody trusts (CERT-01)

Keys and certificates are functions of the country's seed, equal for all its tenants.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mocks.core.draw_keys import seeded_key
from signatures.certificates import Addresses, Certificate, Issuer, Request, SubjectData, issue
from signatures.keys import reserved_key
from world.certificate_profiles import ACCREDITED, NOT_ACCREDITED, Authority, KeyAlgorithm

__all__ = [
    "ARCHIVE",
    "AUTHORITIES",
    "LISTS_HOST",
    "ROOTS",
    "STATUS_HOST",
    "TRUSTED_ROOTS",
    "Root",
    "authority",
    "certificate_chain",
    "issuer_of",
    "root_issuer",
    "root_of",
]

LISTS_HOST: Final = "crl.poligon.test"
"""Where certificates say that lists and certificates of issuers lie (`cert_status`)."""

STATUS_HOST: Final = "ocsp.poligon.test"
"""Where they say that OCSP answers (`cert_status`)."""


@dataclass(frozen=True, slots=True)
class Root:
    """A root certificate: trusted from the start if `trusted`."""

    id: str
    name: str
    first_day: dt.date
    last_day: dt.date
    trusted: bool


ARCHIVE: Final = Authority(id="archive", name="УЦ «Архив»", accredited=True)
"""Accredited, but under a root whose time is over: for tests of an expired chain."""

AUTHORITIES: Final = (*ACCREDITED, ARCHIVE, *NOT_ACCREDITED)

# Assumption: terms as long as those of the real head authority's roots.
_HEAD: Final = Root(
    "head", "Головной удостоверяющий центр", dt.date(2018, 7, 6), dt.date(2049, 7, 1), True
)
_NEW_HEAD: Final = Root(
    "head-2025",
    "Головной удостоверяющий центр 2025",
    dt.date(2025, 3, 3),
    dt.date(2049, 9, 1),
    True,
)
_OLD_HEAD: Final = Root(
    "head-2010",
    "Головной удостоверяющий центр 2010",
    dt.date(2010, 4, 5),
    dt.date(2025, 12, 31),
    True,
)
TRUSTED_ROOTS: Final = (_HEAD, _NEW_HEAD, _OLD_HEAD)

_ROOT_BY_AUTHORITY: Final = {
    **{each.id: _HEAD for each in ACCREDITED},
    "treasury": _NEW_HEAD,
    ARCHIVE.id: _OLD_HEAD,
    **{
        each.id: Root(f"{each.id}-root", each.name, _HEAD.first_day, _HEAD.last_day, False)
        for each in NOT_ACCREDITED
    },
}
ROOTS: Final = {root.id: root for root in _ROOT_BY_AUTHORITY.values()}
"""Every root by its id, those that nobody trusts too."""

_REMEMBERED: Final = 256  # certificates: those of all authorities of some countries
_LAST_MOMENT: Final = dt.time(23, 59, 59, tzinfo=dt.UTC)
_FIRST_MOMENT: Final = dt.time(0, tzinfo=dt.UTC)


def authority(authority_id: str) -> Authority:
    """The authority of that id; KeyError if there is none."""
    return {each.id: each for each in AUTHORITIES}[authority_id]


def root_of(authority_id: str) -> Root:
    """Under which root an authority issues; KeyError."""
    return _ROOT_BY_AUTHORITY[authority_id]


@lru_cache(_REMEMBERED)
def root_issuer(root: Root, algorithm: KeyAlgorithm, seed: int) -> Issuer:
    """A root in the country of `seed`. GostUnavailable."""
    place = list(ROOTS).index(root.id)
    key = reserved_key(algorithm, place, f"root/{root.id}", seed)
    certificate = issue(
        Request(
            serial=_serial(f"root/{root.id}/{algorithm}", seed),
            subject=SubjectData(common_name=root.name, organization="Полигон", country="RU"),
            spki=key.spki,
            not_before=dt.datetime.combine(root.first_day, _FIRST_MOMENT),
            not_after=dt.datetime.combine(root.last_day, _LAST_MOMENT),
            usage="root",
        ),
        key,
    )
    return Issuer(certificate=certificate, key=key, addresses=_addresses(root.id, algorithm))


@lru_cache(_REMEMBERED)
def issuer_of(authority_id: str, algorithm: KeyAlgorithm, seed: int) -> Issuer:
    """What an authority issues with, certified by its root for the root's time. KeyError,
    GostUnavailable."""
    root = root_of(authority_id)
    above = root_issuer(root, algorithm, seed)
    name = authority(authority_id).name
    place = len(ROOTS) + [each.id for each in AUTHORITIES].index(authority_id)
    key = reserved_key(algorithm, place, f"authority/{authority_id}", seed)
    certificate = issue(
        Request(
            serial=_serial(f"authority/{authority_id}/{algorithm}", seed),
            subject=SubjectData(common_name=name, organization=name, country="RU"),
            spki=key.spki,
            not_before=above.certificate.not_valid_before,
            not_after=above.certificate.not_valid_after,
            usage="issuer",
        ),
        above,
    )
    return Issuer(certificate=certificate, key=key, addresses=_addresses(authority_id, algorithm))


def certificate_chain(
    authority_id: str, algorithm: KeyAlgorithm, seed: int
) -> tuple[Certificate, ...]:
    """From the authority's certificate to its root's."""
    issuer = issuer_of(authority_id, algorithm, seed)
    root = root_issuer(root_of(authority_id), algorithm, seed)
    return issuer.certificate, root.certificate


def _addresses(name: str, algorithm: KeyAlgorithm) -> Addresses:
    place = f"http://{LISTS_HOST}/{name}-{algorithm}"
    return Addresses(
        crl=f"{place}.crl",
        ocsp=f"http://{STATUS_HOST}/{name}-{algorithm}",
        certificate=f"{place}.cer",
    )


def _serial(name: str, seed: int) -> int:
    """Positive and below 2**63, which some readers take for the largest number."""
    return 1 + seeded_key(name, seed) % (2**63 - 1)
