"""The certification authorities of a tenant: they issue, revoke, publish lists, and are asked
whether a certificate is good now."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from asn1crypto.crl import CertificateList

from mocks.core.tenant import Tenant
from mocks.pki import hierarchy
from mocks.pki.issued import Ended, Issued, IssuedRegister, IssuerKey
from mocks.pki.lists import Lists
from mocks.pki.profiles import profile_serial, profile_subject
from mocks.pki.standing import StandingCertificates
from mocks.pki.trust_list import TrustList
from signatures import gost
from signatures.certificates import (
    Certificate,
    Issuer,
    Request,
    Usage,
    issue,
)
from signatures.keys import PrivateKey, derived_key
from signatures.refusals import SignatureRefused
from signatures.revocation import CertificateStatus, Reason, Revocation
from signatures.verification import Trust, check
from world.certificate_profiles import (
    ALGORITHMS,
    CertificateProfile,
    KeyAlgorithm,
)
from world.microseconds import SECOND_US

__all__ = ["Authorities", "Identity", "available_algorithms"]

_SYSTEMS_AUTHORITY: Final = "north"  # which authority certifies information systems
_MOST_GOOD: Final = 2_000  # certificates whose check is remembered
_MOST_COUNTRIES: Final = 16  # whose issuers are remembered by their names


@dataclass(frozen=True, slots=True)
class Identity:
    """A key, its certificate, and the certificates above it up to the root's."""

    key: PrivateKey
    certificate: Certificate
    chain: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A certificate is good in [from_us, to_us), while the registers are in that state."""

    state: tuple[int, ...]
    from_us: int
    to_us: int

    def holds(self, state: tuple[int, ...], now_us: int) -> bool:
        return self.state == state and self.from_us <= now_us < self.to_us


def available_algorithms() -> tuple[KeyAlgorithm, ...]:
    """Algorithms that work on this machine: all three, or without GOST."""
    return tuple(each for each in ALGORITHMS if each != "gost" or gost.unavailable() is None)


class Authorities:
    """The authorities of `tenant`. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._seed = tenant.records.world.seed
        self._calendar = tenant.clock.calendar
        self.register = IssuedRegister()
        self.trust_list = TrustList(self._seed)
        self.lists = Lists(tenant, self.register)
        self._good: OrderedDict[bytes, _Verdict] = OrderedDict()
        self._standing_certificates = StandingCertificates(tenant, self.register)

    # --- issuing

    def certify(self, authority_id: str, algorithm: KeyAlgorithm, request: Request) -> Issued:
        """Issue a certificate and enter it. KeyError if there is no such authority,
        GostUnavailable."""
        issuer = hierarchy.issuer_of(authority_id, algorithm, self._seed)
        issued = Issued.new((authority_id, algorithm), issue(request, issuer))
        self.register.add(issued)
        return issued

    def of_profile(self, profile: CertificateProfile) -> Identity:
        """The key and the certificate that the country describes, entered with its revocation.
        GostUnavailable."""
        key = derived_key(profile.algorithm, f"certificate/{profile.serial}", self._seed)
        request = Request(
            serial=profile_serial(profile),
            subject=profile_subject(profile),
            spki=key.spki,
            not_before=self._morning(profile.not_before),
            not_after=self._morning(profile.not_after + dt.timedelta(days=1))
            - dt.timedelta(seconds=1),
        )
        place = (profile.authority.id, profile.algorithm)
        issued = self.register.find(place, request.serial)
        if issued is None:
            issued = self.certify(*place, request)
            if profile.revoked_on is not None:
                at_us = self._calendar.midnight(profile.revoked_on)
                self.register.end(issued, Ended(at_us, "key_compromise"))
        return Identity(key, issued.certificate, self.chain(*place))

    def identity(self, name: str, algorithm: KeyAlgorithm = "rsa") -> Identity:
        """The key and the present certificate of the information system `name` (its mnemonic); a
        new one in good time before the last one expires. GostUnavailable."""
        return self._standing(name, "signature", (_SYSTEMS_AUTHORITY, algorithm))

    def timestamper(self, name: str, algorithm: KeyAlgorithm) -> Identity:
        """The same for a service of timestamps (RFC 3161, 2.3)."""
        return self._standing(name, "timestamp", (_SYSTEMS_AUTHORITY, algorithm))

    def responder(self, key: IssuerKey) -> Identity:
        """The same for whom an authority or a root lets answer by OCSP (RFC 6960, 4.2.2.2).
        KeyError, GostUnavailable."""
        return self._standing(f"OCSP {key[0]}", "ocsp", key)

    def chain(self, name: str, algorithm: KeyAlgorithm) -> tuple[Certificate, ...]:
        """From the certificate of an authority or a root to its root's. KeyError,
        GostUnavailable."""
        if name in hierarchy.ROOTS:
            return (self.issuer(name, algorithm).certificate,)
        return hierarchy.certificate_chain(name, algorithm, self._seed)

    # --- revoking

    def end(self, issued: Issued, reason: Reason, now_us: int) -> None:
        """Revoke or hold from now on; ValueError if it is revoked already."""
        if issued.state(now_us) == "revoked":
            raise ValueError("revoked already")
        if issued.state(now_us) == "on_hold":
            self.lift(issued, now_us)
        self.register.end(issued, Ended(_whole(now_us), reason))

    def lift(self, issued: Issued, now_us: int) -> None:
        """Let a held certificate work again; ValueError if it is not held."""
        ended = issued.ended(now_us)
        if ended is None or ended.reason != "certificate_hold":
            raise ValueError("not on hold")
        self.register.lift(issued, ended, _whole(now_us))

    # --- who asks

    def issuer(self, name: str, algorithm: KeyAlgorithm) -> Issuer:
        """The certificate and key of an authority or of a root by its id. KeyError,
        GostUnavailable."""
        root = hierarchy.ROOTS.get(name)
        if root is not None:
            return hierarchy.root_issuer(root, algorithm, self._seed)
        return hierarchy.issuer_of(name, algorithm, self._seed)

    def revocation_list(self, key: IssuerKey, now_us: int) -> CertificateList:
        """The latest list of an authority or a root. KeyError, GostUnavailable."""
        return self.lists.current(key, self.issuer(*key), now_us)

    def status(self, key: IssuerKey, serial: int, now_us: int) -> CertificateStatus:
        """What OCSP says of a certificate; a root's issues are the authorities below it."""
        issued = self.register.find(key, serial)
        if issued is None:
            certified = (each.serial_number for each in self._certified_by(key))
            return "good" if serial in certified else "unknown"
        ended = issued.ended(now_us)
        if ended is None:
            return "good"
        return Revocation(serial, self._calendar.local(ended.at_us), ended.reason)

    def check(self, certificate: Certificate, now_us: int) -> None:
        """Whether a certificate is good now: its chain leads to a trusted root through an
        accredited authority, it is valid, and not revoked (CERT-01, CERT-02, CERT-03, CERT-17).

        SignatureRefused as of `signatures.verification.check`, GostUnavailable.
        """
        issuer = self._issuer_of(certificate)
        keys = () if issuer is None else (issuer, (hierarchy.root_of(issuer[0]).id, issuer[1]))
        state = (self.trust_list.revision, *(self.register.revision(key) for key in keys))
        place = certificate.dump()
        found = self._good.get(place)
        if found is not None and found.holds(state, now_us):
            return
        chain = check(certificate, self._calendar.local(now_us), self._trust(keys, now_us))
        if issuer is None:  # a root itself has issued it
            raise SignatureRefused("unknown-root", "выдан не аккредитованным УЦ")
        terms = [self.lists.term(key, now_us) for key in keys]
        self._good[place] = _Verdict(
            state,
            max([self._us(each.not_valid_before) for each in chain] + [us for us, _ in terms]),
            min([self._us(each.not_valid_after) + 1 for each in chain] + [us for _, us in terms]),
        )
        if len(self._good) > _MOST_GOOD:
            self._good.popitem(last=False)

    # --- inside

    def _trust(self, issuers: Sequence[IssuerKey], now_us: int) -> Trust:
        """Trusted roots, the authority that has issued (the first of `issuers`, which then has a
        root), and the lists of both."""
        algorithms = {key[1] for key in issuers} or available_algorithms()
        return Trust(
            roots=self.trust_list.roots(algorithms),
            known=[self.issuer(*key).certificate for key in issuers[:1]],
            crls=[self.revocation_list(key, now_us) for key in issuers],
        )

    def _issuer_of(self, certificate: Certificate) -> IssuerKey | None:
        """The accredited authority that an issuer's name and key identifier mean."""
        named = certificate.issuer.dump(), certificate.authority_key_identifier
        key = _issuers(self._seed).get(named)
        return key if key is not None and self.trust_list.accredits(key[0]) else None

    def _certified_by(self, key: IssuerKey) -> Iterator[Certificate]:
        name, algorithm = key
        for authority in hierarchy.AUTHORITIES:
            root = hierarchy.root_of(authority.id)
            if root.id == name:
                yield hierarchy.issuer_of(authority.id, algorithm, self._seed).certificate

    def _standing(self, name: str, usage: Usage, key: IssuerKey) -> Identity:
        found = self._standing_certificates.of(name, usage, key, self.issuer(*key))
        return Identity(found.key, found.certificate, self.chain(*key))

    def _us(self, moment: dt.datetime) -> int:
        return self._calendar.instant(moment)

    def _morning(self, day: dt.date) -> dt.datetime:
        return self._calendar.local(self._calendar.midnight(day))


@lru_cache(_MOST_COUNTRIES)
def _issuers(seed: int) -> Mapping[tuple[bytes, bytes], IssuerKey]:
    """Which authority has that name and that key identifier."""
    found: dict[tuple[bytes, bytes], IssuerKey] = {}
    for algorithm in available_algorithms():
        for each in hierarchy.AUTHORITIES:
            certificate = hierarchy.issuer_of(each.id, algorithm, seed).certificate
            place = certificate.subject.dump(), certificate.key_identifier
            found[place] = each.id, algorithm
    return found


def _whole(us: int) -> int:
    """The beginning of the second: certificates know no shorter times."""
    return us // SECOND_US * SECOND_US
