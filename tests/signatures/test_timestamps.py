"""Time stamps: of exactly that data, at that time, inside a signature and alone."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from asn1crypto import core, tsp

from signatures import der
from signatures.algorithms import GOST_DIGEST
from signatures.cms import sign, signed
from signatures.refusals import SignatureRefused
from signatures.timestamps import (
    FAILURES,
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
from tests.signatures.needs_gost import ALGORITHMS, needs_gost
from tests.signatures.small_pki import NOW, SmallPki, small_pki, utc

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
DIGESTS = ("sha256", "sha384", "sha512", pytest.param(GOST_DIGEST, marks=needs_gost))
DATA = "Договор".encode()
POLICY = "2.999.643.1"


def response(
    pki: SmallPki, asked: bytes, at: dt.datetime = NOW, serial: int = 77, usage: Any = "timestamp"
) -> bytes:
    certificate = pki.issue(5, pki.key, usage)
    chain = (pki.authority.certificate,)
    return granted(read_query(asked), POLICY, serial, at, pki.key, certificate, chain)


def token(pki: SmallPki, data: bytes = DATA, **options: Any) -> bytes:
    return token_of(response(pki, query(data), **options))


def refused(content: bytes, data: bytes = DATA) -> str:
    with pytest.raises(SignatureRefused) as refusal:
        verified(content, data)
    return refusal.value.code


@EACH
@pytest.mark.parametrize("digest", DIGESTS)
def test_stamp_is_of_its_data_at_its_time(algorithm: Any, digest: str) -> None:
    pki = small_pki(algorithm)
    asked = query(DATA, digest, policy=POLICY, nonce=2**64 + 1)
    answer = response(pki, asked, at=NOW + dt.timedelta(microseconds=999_999))
    stamp = verified(token_of(answer), DATA)
    assert (stamp.at, stamp.serial, stamp.policy, stamp.nonce) == (NOW, 77, POLICY, 2**64 + 1)
    assert stamp.certificate.serial_number == 5
    assert [each.dump() for each in stamp.others] == [pki.authority.certificate.dump()]
    assert refused(token_of(answer), DATA + b"!") == "digest"


def test_request_is_what_another_program_reads() -> None:
    asked = query(DATA, "sha384", policy=POLICY, nonce=5, wants_certificate=False)
    read = tsp.TimeStampReq.load(asked, strict=True).native
    assert read["message_imprint"]["hashed_message"] == hashlib.sha384(DATA).digest()
    assert (read["version"], read["req_policy"], read["nonce"]) == ("v1", POLICY, 5)
    assert (read["cert_req"], read["extensions"]) == (False, None)


@EACH
def test_certificate_comes_along_only_if_it_is_asked_for(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    bare = token_of(response(pki, query(DATA, wants_certificate=False)))
    assert refused(bare) == "no-certificate"


@EACH
def test_signature_bears_the_stamp_of_its_value(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    message = sign(DATA, pki.key, pki.certificate, at=NOW)
    plain = signed(message, DATA)
    assert stamp_of(plain) is None
    later = NOW + dt.timedelta(hours=1)
    whole = stamped(message, token(pki, plain.value, at=later))
    found = signed(whole, DATA)
    stamp = stamp_of(found)
    assert stamp is not None
    assert (found.signing_time, stamp.at) == (NOW, later)
    assert found.value == plain.value


@EACH
def test_stamp_of_another_signature_is_refused(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    message = sign(DATA, pki.key, pki.certificate, at=NOW)
    foreign = stamped(message, token(pki, b"another signature"))
    with pytest.raises(SignatureRefused) as refusal:
        stamp_of(signed(foreign, DATA))
    assert refusal.value.code == "digest"


def test_signature_over_something_else_is_no_stamp() -> None:
    pki = small_pki("ecc")
    assert refused(sign(DATA, pki.key, pki.certificate, at=NOW, attached=True)) == "malformed"
    assert refused(b"nothing") == "malformed"


@EACH
def test_no_byte_of_a_stamp_may_change(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    whole = token(pki)
    at = whole.index(b"20260501120000Z")
    changed = whole[:at] + b"20260501110000Z" + whole[at + 15 :]
    assert refused(changed) == "digest"


def test_stamp_goes_beyond_2049() -> None:
    late = utc(2299, 12, 31, 23, 59, 59)
    assert verified(token(small_pki("ecc"), at=late), DATA).at == late


@pytest.mark.parametrize("failure", FAILURES)
def test_refusal_says_why(failure: Any) -> None:
    with pytest.raises(TimestampRejected) as refusal:
        token_of(rejected(failure, "Причина"))
    assert (refusal.value.failure, refusal.value.text) == (failure, "Причина")


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"nothing", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_answer_is_malformed(content: bytes) -> None:
    with pytest.raises(SignatureRefused) as refusal:
        token_of(content)
    assert refusal.value.code == "malformed"


def changed(**fields: Any) -> bytes:
    request = tsp.TimeStampReq.load(query(DATA))
    for name, value in fields.items():
        request[name] = value
    return bytes(request.dump(force=True))


def imprint(algorithm: str, length: int) -> dict[str, Any]:
    return {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": bytes(length)}


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", "bad_data_format"),
        (b"nothing", "bad_data_format"),
        (query(DATA)[:-1], "bad_data_format"),
        (changed(version=2), "bad_request"),
        (changed(message_imprint=imprint("sha1", 20)), "bad_alg"),
        (changed(message_imprint=imprint("md5", 16)), "bad_alg"),
        (changed(message_imprint=imprint("sha256", 31)), "bad_data_format"),
        (changed(message_imprint=imprint("sha512", 32)), "bad_data_format"),
        (changed(nonce=2**512), "bad_request"),
        (
            changed(extensions=[{"extn_id": "2.999.1", "extn_value": core.Null().dump()}]),
            "unaccepted_extensions",
        ),
    ],
    ids=range(10),
)
def test_request_is_refused_for_what_is_wrong_with_it(content: bytes, failure: str) -> None:
    with pytest.raises(TimestampRejected) as refusal:
        read_query(content)
    assert refusal.value.failure == failure
    assert refusal.value.text


def test_longest_nonce_is_taken() -> None:
    assert read_query(changed(nonce=2**512 - 1)).nonce == 2**512 - 1


def test_request_without_a_nonce_gets_a_stamp_without_one() -> None:
    assert verified(token(small_pki("ecc")), DATA).nonce is None


def test_imprint_comes_back_as_it_was_written() -> None:
    """Some programs write the parameters NULL of a digest, some leave them out."""
    with_null = der.sequence(
        der.sequence(der.identifier("2.16.840.1.101.3.4.2.1"), b"\x05\x00"),
        der.octets(hashlib.sha256(DATA).digest()),
    )
    asked = der.sequence(der.integer(1), with_null, core.Boolean(True).dump())
    assert read_query(asked).imprint == with_null
    answer = response(small_pki("ecc"), asked)
    assert with_null in answer
    assert verified(token_of(answer), DATA).serial == 77
