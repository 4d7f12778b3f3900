"""Compact JWS of keys in every algorithm."""

from random import Random
from typing import Final

from mocks.pki.authorities import available_algorithms
from signatures import jws
from signatures.keys import derived_key
from signatures.refusals import SignatureRefused
from tests.fuzz import tokens
from tests.fuzz.campaign import Outcome

__all__ = ["TokenSignatures"]

_CLAIMS: Final = (
    {"exp": 1_770_000_000, "iss": "http://esia.test/", "urn:esia:sbj_id": 1_000_000_002},
    {"exp": 1_770_000_000, "iss": "http://esia.test/", "urn:esia:sbj_id": 1_000_000_006},
)


class TokenSignatures:
    """Each is verified by one of the keys, its own or another's."""

    count = 3_000
    documented = frozenset({"good", "malformed", "algorithm", "signature"})
    reached = documented

    def __init__(self) -> None:
        self._keys = [derived_key(each, "issuer") for each in available_algorithms()]
        self._seeds = {
            key.spki: [jws.signed(claims, key, {"typ": "JWT"}) for claims in _CLAIMS]
            for key in self._keys
        }
        self._all = [token for seeds in self._seeds.values() for token in seeds]

    def begin(self) -> None:
        """Nothing is kept."""

    def fed(self, chance: Random) -> Outcome:
        key = chance.choice(self._keys)
        seeds = self._seeds[key.spki]
        token = tokens.altered(chance, chance.choice(seeds), self._all, key.spki)
        try:
            jws.unverified_claims(token)
            claims = jws.verified_claims(token, key.public)
        except SignatureRefused as refused:
            return Outcome(refused.code, refused.message.encode())
        assert token in seeds
        assert claims in _CLAIMS
        return Outcome("good", token.encode())
