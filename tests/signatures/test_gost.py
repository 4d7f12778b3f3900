"""GOST by the engine: vectors of the standards, and what is no key or no signature."""

import pytest

from signatures import gost
from signatures.gost import GostKey, GostPublicKey, GostUnavailable, ciphered, digest, mac
from signatures.keys import derived_key
from tests.signatures.needs_gost import needs_gost

# RFC 6986, 10.1.2 and 10.2.2 (bytes from the last to the first), and the empty message.
M1 = b"012345678901234567890123456789012345678901234567890123456789012"
M2 = "Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы".encode("cp1251")
VECTORS = {
    M1: "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
    M2: "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
    b"": "3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb",
}
# RFC 7091, 7.1: the key, the hash as a number, and the signature.
X = 0x7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B
Y = 0x26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA
E = 0x2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5
R = 0x41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493
S = 0x1456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40
# The head of a key with the parameters of that example (1.2.643.2.2.35.0).
EXAMPLE = bytes.fromhex(
    "3066301f06082a85030701010101301306072a85030202230006082a85030701010202034300 0440"
)


@needs_gost
@pytest.mark.parametrize("message", VECTORS, ids=["M1", "M2", "empty"])
def test_streebog_gives_the_digests_of_the_standard(message: bytes) -> None:
    assert digest(message).hex() == VECTORS[message]


@needs_gost
def test_signature_of_the_standard_is_verified_and_no_other() -> None:
    key = GostPublicKey(EXAMPLE + X.to_bytes(32, "little") + Y.to_bytes(32, "little"))
    signature, hashed = S.to_bytes(32) + R.to_bytes(32), E.to_bytes(32, "little")
    assert key.verify(signature, hashed)
    assert not key.verify(signature, (E + 1).to_bytes(32, "little"))
    assert not key.verify((S + 1).to_bytes(32) + R.to_bytes(32), hashed)
    assert not key.verify(R.to_bytes(32) + S.to_bytes(32), hashed)


@needs_gost
def test_signatures_differ_and_each_is_verified() -> None:
    key = derived_key("gost", "a")
    private, public, hashed = GostKey(key.pkcs8), GostPublicKey(key.spki), digest(b"a")
    first, second = private.sign(hashed), private.sign(hashed)
    assert first != second
    assert public.verify(first, hashed)
    assert public.verify(second, hashed)
    assert not GostPublicKey(derived_key("gost", "b").spki).verify(first, hashed)


@needs_gost
@pytest.mark.parametrize("length", [0, 63, 65])
def test_signature_of_another_length_is_refused(length: int) -> None:
    public = GostPublicKey(derived_key("gost", "a").spki)
    assert not public.verify(bytes(length), digest(b"a"))
    assert not public.verify(bytes(64), digest(b"a")[:31])


@needs_gost
@pytest.mark.parametrize("content", [b"", b"\x30", b"0" * 80, bytes(1025)])
def test_what_is_no_key_is_a_value_error(content: bytes) -> None:
    for reader in (GostPublicKey, GostKey):
        with pytest.raises(ValueError, match=r"R 34\.10-2012"):
            reader(content)


@needs_gost
def test_digest_of_another_length_is_not_signed() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        GostKey(derived_key("gost", "a").pkcs8).sign(bytes(31))


def test_without_the_engine_everything_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gost, "_loaded", lambda: "no GOST engine")
    assert gost.unavailable() == "no GOST engine"
    for act in (
        lambda: digest(b""),
        lambda: derived_key("gost", "a"),
        lambda: GostPublicKey(EXAMPLE),
    ):
        with pytest.raises(GostUnavailable, match="no GOST engine"):
            act()


# GOST R 34.13-2015, A.1.2 (counter mode) and R 50.1.113-2016, A.1 (HMAC).
CIPHER_KEY = bytes.fromhex("8899aabbccddeeff0011223344556677fedcba98765432100123456789abcdef")
NONCE = bytes.fromhex("1234567890abcef0")
PLAIN = bytes.fromhex("1122334455667700ffeeddccbbaa998800112233445566778899aabbcceeff0a")
CIPHERED = "f195d8bec10ed1dbd57b5fa240bda1b885eee733f6a13e5df33ce4b33c45dee4"
MAC = "a1aa5f7de402d7b3d323f2991c8d4534013137010a83754fd0af6d7cd4922ed9"


@needs_gost
def test_kuznyechik_in_counter_mode_gives_the_text_of_the_standard_and_back() -> None:
    assert ciphered(CIPHER_KEY, NONCE, PLAIN).hex() == CIPHERED
    assert ciphered(CIPHER_KEY, NONCE, bytes.fromhex(CIPHERED)) == PLAIN
    assert ciphered(CIPHER_KEY, NONCE, PLAIN[:5]).hex() == CIPHERED[:10]
    assert ciphered(CIPHER_KEY, NONCE, b"") == b""


@needs_gost
def test_the_code_of_the_standard_and_no_longer_key() -> None:
    message = bytes.fromhex("0126bdb87800af214341456563780100")
    assert mac(bytes(range(32)), message).hex() == MAC
    with pytest.raises(ValueError, match="at most 64 bytes, not 65"):
        mac(bytes(65), message)


@pytest.mark.parametrize(("key", "nonce"), [(31, 8), (33, 8), (32, 7), (32, 9)])
def test_keys_and_nonces_of_another_length_are_none(key: int, nonce: int) -> None:
    with pytest.raises(ValueError, match="a key has 32 bytes, a nonce 8"):
        ciphered(bytes(key), bytes(nonce), PLAIN)
