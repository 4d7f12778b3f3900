"""Time stamps, answers with them, and signatures that have one."""

import datetime as dt
from random import Random
from typing import Final

from mocks.pki.authorities import available_algorithms
from signatures.cms import sign, signed
from signatures.refusals import REFUSALS, SignatureRefused
from signatures.timestamps import (
    TimestampRejected,
    granted,
    query,
    read_query,
    rejected,
    stamp_of,
    stamped,
    token_of,
    verified,
)
from tests.fuzz import der_trees
from tests.fuzz.campaign import Outcome
from tests.signatures.small_pki import NOW, SmallPki, small_pki

__all__ = ["StampTokens"]

_DATA: Final = (b"first", b"second")


class StampTokens:
    """A good stamp is of its data, at the time at which it was given."""

    count = 1_000
    documented = frozenset({"good", "no stamp", "rejected", *REFUSALS})
    reached = frozenset({"good", "rejected", "malformed", "digest", "signature"})

    def __init__(self) -> None:
        self._times: dict[bytes, dt.datetime] = {}
        self._answers = [rejected("bad_alg", "нет")]
        self._messages = []
        for algorithm in available_algorithms():
            pki = small_pki(algorithm)
            self._answers += [self._answer(pki, data) for data in _DATA]
            message = sign(_DATA[0], pki.key, pki.certificate, at=NOW)
            token = token_of(self._answer(pki, signed(message, _DATA[0]).value))
            self._messages.append(stamped(message, token))

    def begin(self) -> None:
        """Nothing is kept."""

    def fed(self, chance: Random) -> Outcome:
        of_answer = chance.random() < 0.5
        seeds = self._answers if of_answer else self._messages
        content = der_trees.altered(chance, chance.choice(seeds), seeds)
        try:
            if of_answer:
                data = chance.choice(_DATA)
                stamp = verified(token_of(content), data)
            else:
                found = signed(content, _DATA[0])
                data = found.value
                held = stamp_of(found)
                if held is None:
                    return Outcome("no stamp")
                stamp = held
        except SignatureRefused as refused:
            return Outcome(refused.code, refused.message.encode())
        except TimestampRejected as refusal:
            return Outcome("rejected", str(refusal).encode())
        assert stamp.at == self._times[data]
        return Outcome("good")

    def _answer(self, pki: SmallPki, data: bytes) -> bytes:
        at = self._times.setdefault(data, NOW + dt.timedelta(seconds=len(self._times)))
        certificate = pki.issue(5, pki.key, "timestamp")
        return granted(read_query(query(data)), "2.999.643.1", 77, at, pki.key, certificate)
