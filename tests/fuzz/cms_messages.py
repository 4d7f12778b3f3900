"""CMS signatures, detached and with their content, in every algorithm, and files .p7b."""

import datetime as dt
from contextlib import suppress
from random import Random
from typing import Final

from mocks.pki.authorities import available_algorithms
from signatures import cms
from signatures.refusals import REFUSALS, SignatureRefused
from tests.fuzz import der_trees
from tests.fuzz.campaign import Outcome
from tests.signatures.small_pki import NOW, small_pki

__all__ = ["CmsMessages"]

_CONTENTS: Final = (b"", b"fullname2026.02.02 10:00:00 +0300POLIGONa-state", b"<a/>" * 50)


class CmsMessages:
    """Each is read as a signature, as a bundle, and is given one more attribute."""

    count = 3_500
    documented = frozenset({"good", *REFUSALS})
    reached = frozenset({"good", "malformed", "algorithm", "digest", "signature", "no-certificate"})

    def __init__(self) -> None:
        self._seeds: list[tuple[bytes, bytes | None]] = []
        self._truths: set[tuple[bytes, bytes, dt.datetime]] = set()
        for algorithm in available_algorithms():
            pki = small_pki(algorithm)
            chain = (pki.authority.certificate, pki.root.certificate)
            for content in _CONTENTS:
                at = NOW + dt.timedelta(minutes=len(content))
                self._truths.add((content, pki.certificate.dump(), at))
                for attached in (True, False):
                    message = cms.sign(
                        content, pki.key, pki.certificate, at=at, attached=attached, chain=chain
                    )
                    self._seeds.append((message, None if attached else content))
            self._seeds.append((cms.bundle([pki.certificate, *chain]), None))
        self._messages = [message for message, _ in self._seeds]

    def begin(self) -> None:
        """Nothing is kept."""

    def fed(self, chance: Random) -> Outcome:
        message, content = chance.choice(self._seeds)
        message = der_trees.altered(chance, message, self._messages)
        outcome = self._checked(message, content)
        _read_otherwise(message)
        return outcome

    def _checked(self, message: bytes, content: bytes | None) -> Outcome:
        try:
            signed = cms.signed(message, content)
        except SignatureRefused as refused:
            return Outcome(refused.code, refused.message.encode())
        assert content in (None, signed.content)
        assert (signed.content, signed.certificate.dump(), signed.signing_time) in self._truths
        return Outcome("good", signed.value)


def _read_otherwise(message: bytes) -> None:
    for read in (cms.bundled, _stamped):
        with suppress(SignatureRefused):
            read(message)


def _stamped(message: bytes) -> bytes:
    return cms.with_unsigned(message, "signature_time_stamp_token", b"\x30\x00")
