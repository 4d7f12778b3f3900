"""RSA keys by number: pairs of a pool of primes. There are many of each size, none is generated,
and none is a secret."""

import base64
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import combinations
from math import comb, lcm
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from signatures.keys import PrivateKey

__all__ = ["RSA_BITS", "pair_count", "rsa_pair"]

RSA_BITS: Final = (2048, 3072, 4096)
"""Sizes of keys."""

# A prime a line, big-endian in Base64. Each is of half a key's bits and begins with 1.41 or more
# (FIPS 186-5, A.1.1), so that every product is of full length.
_PRIMES: Final = Path(__file__).parent / "data" / "rsa_primes.txt"
_MOST_MADE: Final = 64  # kept: to check a key of 4096 bits takes half a second
_EXPONENT: Final = 65_537
_BITS_OF_BYTE: Final = 8


def pair_count(bits: int) -> int:
    """How many keys of that size there are. KeyError if it is none of RSA_BITS."""
    return comb(len(_primes()[bits]), 2)


@lru_cache(_MOST_MADE)
def rsa_pair(bits: int, number: int) -> PrivateKey:
    """The key of that size and number, below `pair_count`; KeyError, IndexError."""
    p, q = _pairs(bits)[number]
    private = pow(_EXPONENT, -1, lcm(p - 1, q - 1))
    key = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=private,
        dmp1=rsa.rsa_crt_dmp1(private, p),
        dmq1=rsa.rsa_crt_dmq1(private, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, p * q),
    ).private_key(unsafe_skip_rsa_key_validation=True)  # PrivateKey checks what it reads
    return PrivateKey(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@cache
def _pairs(bits: int) -> tuple[tuple[int, int], ...]:
    return tuple(combinations(_primes()[bits], 2))


@cache
def _primes() -> Mapping[int, tuple[int, ...]]:
    """The pool by the size of keys."""
    read = [base64.b64decode(line) for line in _PRIMES.read_text(encoding="ascii").split()]
    return {
        bits: tuple(int.from_bytes(each) for each in read if len(each) * 2 * _BITS_OF_BYTE == bits)
        for bits in RSA_BITS
    }
