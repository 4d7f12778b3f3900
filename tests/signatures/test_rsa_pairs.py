"""RSA keys of pairs of primes: each of full length, no two alike."""

import base64
from math import isqrt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key

from signatures.memory_key_store import MOST_VERSIONS
from signatures.rsa_pairs import RSA_BITS, pair_count, rsa_pair

POOL = Path(__file__).parents[2] / "signatures" / "data" / "rsa_primes.txt"
PRIMES = [
    int.from_bytes(base64.b64decode(line)) for line in POOL.read_text(encoding="ascii").splitlines()
]


@pytest.mark.parametrize(("bits", "count"), [(2048, 64), (3072, 48), (4096, 48)])
def test_pool_is_of_different_primes_whose_products_have_full_length(bits: int, count: int) -> None:
    pool = {prime for prime in PRIMES if prime.bit_length() == bits // 2}
    assert len(pool) == count
    assert pair_count(bits) == count * (count - 1) // 2
    assert min(pool) > isqrt(2 ** (bits - 1))  # FIPS 186-5, A.1.1
    assert [prime for prime in pool if pow(2, prime - 1, prime) != 1] == []
    assert [prime for prime in pool if prime % 65_537 == 1] == []  # then 65537 has no inverse


@pytest.mark.parametrize("bits", RSA_BITS)
def test_key_has_its_bits_and_two_primes_of_the_pool(bits: int) -> None:
    key = load_der_private_key(rsa_pair(bits, 100).pkcs8, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    assert key.key_size == bits
    assert numbers.p != numbers.q
    assert {numbers.p, numbers.q} <= set(PRIMES)


@pytest.mark.parametrize("bits", RSA_BITS)
def test_there_are_more_pairs_than_a_store_makes_versions(bits: int) -> None:
    assert pair_count(bits) > MOST_VERSIONS
    assert rsa_pair(bits, 0).spki != rsa_pair(bits, pair_count(bits) - 1).spki
    with pytest.raises(IndexError):
        rsa_pair(bits, pair_count(bits))


def test_other_sizes_are_not_there() -> None:
    with pytest.raises(KeyError):
        pair_count(1024)
