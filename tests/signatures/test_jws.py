"""JWS: vectors of RFC 7515, and everything that must not pass."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signatures.jws import ALGORITHMS, LONGEST, signed, unverified_claims, verified_claims
from signatures.keys import PublicKey, derived_key
from signatures.refusals import SignatureRefused
from tests.signatures.needs_gost import ALGORITHMS as EACH

CLAIMS = {"iss": "http://esia.gosuslugi.ru/", "имя": "Ким", "exp": 1_300_819_380}
JOE = {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": True}
JOE_PART = (
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
# RFC 7515, appendix A.2.
RSA_MODULUS = (
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL"
    "-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9"
    "e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAc"
    "o9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
)
RSA_TOKEN = f"eyJhbGciOiJSUzI1NiJ9.{JOE_PART}." + (
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2F"
    "p5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB"
    "MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeY"
    "I2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
)
# RFC 7515, appendix A.3.
EC_X, EC_Y = (
    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
)
EC_TOKEN = f"eyJhbGciOiJFUzI1NiJ9.{JOE_PART}." + (
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)


def number(text: str) -> int:
    return int.from_bytes(decoded(text))


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def encoded(value: Any) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def rfc_keys() -> dict[str, PublicKey]:
    rsa = RSAPublicNumbers(65_537, number(RSA_MODULUS)).public_key()
    ec = EllipticCurvePublicNumbers(number(EC_X), number(EC_Y), SECP256R1()).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {"rsa": PublicKey(rsa.public_bytes(*form)), "ecc": PublicKey(ec.public_bytes(*form))}


def refused(token: str, key: PublicKey) -> str:
    with pytest.raises(SignatureRefused) as refusal:
        verified_claims(token, key)
    return refusal.value.code


@pytest.mark.parametrize(("algorithm", "token"), [("rsa", RSA_TOKEN), ("ecc", EC_TOKEN)])
def test_tokens_of_the_rfc_are_verified_and_refused_with_one_bit_changed(
    algorithm: str, token: str
) -> None:
    key = rfc_keys()[algorithm]
    assert verified_claims(token, key) == JOE
    content, _, signature = token.rpartition(".")
    wrong = bytearray(decoded(signature))
    wrong[7] ^= 1
    assert refused(f"{content}.{encoded(bytes(wrong))}", key) == "signature"


@pytest.mark.parametrize("algorithm", EACH)
def test_signed_claims_come_back_with_header_in_its_order(algorithm: Any) -> None:
    key = derived_key(algorithm, "esia")
    token = signed(CLAIMS, key, {"ver": 1, "typ": "JWT", "sbt": "access"})
    assert verified_claims(token, key.public) == unverified_claims(token) == CLAIMS
    header = json.loads(decoded(token.split(".")[0]))
    assert list(header) == ["ver", "typ", "sbt", "alg"]
    assert header["alg"] == ALGORITHMS[algorithm]
    assert len(decoded(token.split(".")[2])) == (256 if algorithm == "rsa" else 64)


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_same_claims_make_the_same_token(algorithm: Any) -> None:
    key = derived_key(algorithm, "esia")
    assert signed(CLAIMS, key) == signed(CLAIMS, key)


@pytest.mark.parametrize("algorithm", EACH)
def test_altered_claims_and_another_key_are_refused(algorithm: Any) -> None:
    key, other = derived_key(algorithm, "esia"), derived_key("ecc", "somebody else")
    header, _, signature = signed(CLAIMS, key).split(".")
    altered = f"{header}.{encoded({**CLAIMS, 'exp': 1_300_819_381})}.{signature}"
    assert refused(altered, key.public) == "signature"
    token = signed(CLAIMS, key)
    assert refused(token, other.public) == ("signature" if algorithm == "ecc" else "algorithm")


@pytest.mark.parametrize("algorithm", EACH)
@pytest.mark.parametrize("named", ["none", "None", "HS256", "RS512", "", None, 1])
def test_algorithm_is_the_keys_whatever_the_header_says(algorithm: Any, named: object) -> None:
    key = derived_key(algorithm, "esia")
    header = {"typ": "JWT"} if named is None else {"typ": "JWT", "alg": named}
    content = f"{encoded(header)}.{encoded(CLAIMS)}"
    signature = key.sign(content.encode())
    assert refused(f"{content}.{encoded(signature)}", key.public) == "algorithm"
    assert refused(f"{content}.", key.public) == "algorithm"


def test_key_of_another_algorithm_is_refused_with_a_header_that_fits_it() -> None:
    rsa, ecc = derived_key("rsa", "esia"), derived_key("ecc", "esia")
    _, claims, signature = signed(CLAIMS, rsa).split(".")
    as_ecc = f"{encoded({'alg': 'ES256'})}.{claims}.{signature}"
    assert refused(as_ecc, ecc.public) == "signature"
    assert refused(as_ecc, rsa.public) == "algorithm"


def test_signature_of_ecdsa_in_der_is_refused() -> None:
    key = derived_key("ecc", "esia")
    content = f"{encoded({'alg': 'ES256'})}.{encoded(CLAIMS)}"
    der = key.sign(content.encode())
    assert refused(f"{content}.{encoded(der)}", key.public) == "signature"


GOOD = signed(CLAIMS, derived_key("rsa", "esia"))
HEADER, PAYLOAD, SIGNATURE = GOOD.split(".")
TWICE = encoded(b'{"alg":"RS256","alg":"RS256"}')


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        f"{HEADER}.{PAYLOAD}",
        f"{GOOD}.",
        f"{HEADER}.{PAYLOAD}=.{SIGNATURE}",
        f"{HEADER}.{PAYLOAD}.{SIGNATURE}==",
        f"{HEADER}.{PAYLOAD}.{SIGNATURE}\n",
        f" {GOOD}",
        f"{HEADER}.ы{PAYLOAD}.{SIGNATURE}",
        f"{HEADER}.{encoded([1])}.{SIGNATURE}",
        f"{HEADER}.{encoded(b'{')}.{SIGNATURE}",
        f"{HEADER}.{encoded(bytes([0xFF]))}.{SIGNATURE}",
        f"{HEADER}.{encoded(b'[' * 30_000)}.{SIGNATURE}",
        f"{TWICE}.{PAYLOAD}.{SIGNATURE}",
        f"{HEADER}.{PAYLOAD}.{'A' * LONGEST}",
    ],
    ids=range(15),
)
def test_what_is_no_token_is_malformed(token: str) -> None:
    assert refused(token, derived_key("rsa", "esia").public) == "malformed"


def test_same_bytes_written_otherwise_are_malformed() -> None:
    """The last character of 256 bytes carries two bits that decoders throw away."""
    last = "AQgw".index(SIGNATURE[-1])
    assert refused(f"{GOOD[:-1]}{'BRhx'[last]}", derived_key("rsa", "esia").public) == "malformed"
    standard = GOOD.replace("-", "+").replace("_", "/")
    assert standard != GOOD
    assert refused(standard, derived_key("rsa", "esia").public) == "malformed"


def test_extensions_that_must_be_understood_are_refused() -> None:
    key = derived_key("rsa", "esia")
    token = signed(CLAIMS, key, {"crit": ["exp"]})
    assert refused(token, key.public) == "malformed"
