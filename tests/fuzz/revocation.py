"""Lists and OCSP answers, held against a certificate that they are about."""

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse

from mocks.pki.authorities import available_algorithms
from signatures.refusals import REFUSALS, SignatureRefused
from signatures.revocation import Revocation
from signatures.verification import Trust, check
from tests.fuzz import der_trees
from tests.fuzz.campaign import Outcome
from tests.signatures.small_pki import NOW, SmallPki, small_pki
from tests.signatures.test_verification import DAY, answers, lists, trust

__all__ = ["RevocationWords"]


class _Words(NamedTuple):
    """What is said of the certificate of `pki`, in lists and in answers: first by its issuer, then
    by the root of that one."""

    pki: SmallPki
    revoked: bool
    crls: Sequence[bytes]
    ocsps: Sequence[bytes]


class RevocationWords:
    """A word that was changed is no word: what is revoked is not good by it, and what is good not
    revoked."""

    count = 500
    documented = frozenset({"good", "unreadable", *REFUSALS})
    reached = frozenset({"good", "unreadable", "revoked", "status-unknown"})

    def __init__(self) -> None:
        self._words = [
            _said(small_pki(algorithm), revoked)
            for algorithm in available_algorithms()
            for revoked in (False, True)
        ]

    def begin(self) -> None:
        """Nothing is kept."""

    def fed(self, chance: Random) -> Outcome:
        pki, revoked, crls, ocsps = chance.choice(self._words)
        of_lists = chance.random() < 0.5
        seeds = crls if of_lists else ocsps
        data = der_trees.altered(chance, seeds[0], seeds)
        kind: Any = CertificateList if of_lists else OCSPResponse
        try:
            words = [kind.load(data, strict=True), kind.load(seeds[1])]
        except ValueError:
            return Outcome("unreadable")
        trusted = trust(pki, crls=words) if of_lists else trust(pki, ocsps=words)
        outcome = _verdict(pki, trusted)
        assert outcome.name != ("good" if revoked else "revoked")
        return outcome


def _verdict(pki: SmallPki, trusted: Trust) -> Outcome:
    try:
        check(pki.certificate, NOW, trusted)
    except SignatureRefused as refused:
        return Outcome(refused.code, refused.message.encode())
    return Outcome("good")


def _said(pki: SmallPki, revoked: bool) -> _Words:
    word = Revocation(pki.certificate.serial_number, NOW - DAY, "key_compromise")
    return _Words(
        pki,
        revoked,
        [each.dump() for each in lists(pki, *([word] if revoked else []))],
        [each.dump() for each in answers(pki, word if revoked else "good")],
    )
