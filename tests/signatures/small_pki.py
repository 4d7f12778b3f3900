"""A root, an authority below it and one certificate of an organization, in any algorithm."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from signatures.certificates import (
    Addresses,
    Certificate,
    Issuer,
    Request,
    SubjectData,
    Usage,
    issue,
)
from signatures.keys import PrivateKey, derived_key, reserved_key
from world.certificate_profiles import KeyAlgorithm

ADDRESSES = Addresses(
    crl="http://crl.test/a.crl", ocsp="http://ocsp.test/a", certificate="http://crl.test/a.cer"
)
ORGANIZATION = SubjectData(
    common_name='ООО "Ромашка"',
    surname="Савельев",
    given_name="Ким Харлампович",
    title="Генеральный директор",
    organization='ООО "Ромашка"',
    street="ул. Шахтерская, д. 139",
    locality="Москва",
    region="77 г. Москва",
    country="RU",
    inn="540930590285",
    legal_inn="7715970401",
    ogrn="1257708239920",
    snils="82285721716",
)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]


ROOT_FROM, ROOT_TO = utc(2018, 7, 6), utc(2036, 7, 1, 23, 59, 59)
FROM, TO = utc(2026, 1, 1), utc(2027, 3, 31, 23, 59, 59)
NOW = utc(2026, 5, 1, 12)


@dataclass(frozen=True)
class SmallPki:
    """Whom the certificate of `key` is issued by, and who has certified them."""

    root: Issuer
    authority: Issuer
    key: PrivateKey
    certificate: Certificate

    def issue(
        self,
        serial: int,
        key: PrivateKey,
        usage: Usage = "signature",
        not_before: dt.datetime = FROM,
        not_after: dt.datetime = TO,
    ) -> Certificate:
        """One more certificate of the authority."""
        request = Request(
            serial=serial, subject=ORGANIZATION, spki=key.spki, not_before=not_before,
            not_after=not_after, usage=usage,
        )  # fmt: skip
        return issue(request, self.authority)


@cache
def small_pki(algorithm: KeyAlgorithm, name: str = "Испытательный") -> SmallPki:
    """The same one each time; keys of another `name` are others, but for those of RSA roots."""
    root_key = reserved_key(algorithm, 0, f"{name} root")
    authority_key = reserved_key(algorithm, 1, f"{name} authority")
    root = issue(_of_authority(f"{name} корень", 1, root_key, "root"), root_key)
    certified = issue(
        _of_authority(f"{name} УЦ", 2, authority_key, "issuer"),
        Issuer(certificate=root, key=root_key, addresses=ADDRESSES),
    )
    authority = Issuer(certificate=certified, key=authority_key, addresses=ADDRESSES)
    key = derived_key(algorithm, f"{name} organization")
    pki = SmallPki(Issuer(certificate=root, key=root_key), authority, key, certified)
    return SmallPki(pki.root, authority, key, pki.issue(2**62 + 5, key))


def _of_authority(name: str, serial: int, key: PrivateKey, usage: Usage) -> Request:
    return Request(
        serial=serial, subject=SubjectData(common_name=name, country="RU"), spki=key.spki,
        not_before=ROOT_FROM, not_after=ROOT_TO, usage=usage,
    )  # fmt: skip
