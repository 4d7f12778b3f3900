"""The time stamping service: the tenant's time, refusals of the protocol, faults."""

import datetime as dt
import json
from typing import Any

import pytest
from asn1crypto import pem

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities
from mocks.tsa.service import POLICY, service
from signatures import gost
from signatures.certificates import parsed
from signatures.cms import sign, signed
from signatures.refusals import SignatureRefused
from signatures.timestamps import (
    Timestamp,
    TimestampRejected,
    query,
    stamp_of,
    stamped,
    token_of,
    verified,
)
from signatures.verification import Trust, check
from tests.mocks.asking import ask
from tests.signatures.needs_gost import ALGORITHMS

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
DATA = "Договор".encode()
HOUR_US = 3_600_000_000
NOW = dt.datetime(2026, 2, 2, 7, tzinfo=dt.UTC)


def country(*kinds: str) -> Country:
    faults = [Fault.model_validate({"id": kind, "service": "tsa", "kind": kind}) for kind in kinds]
    return Country([service], seed=1, faults=faults)


def post(of: Country, algorithm: str, content: bytes) -> bytes:
    answer = ask(of, "POST", f"/tsa/{algorithm}", content)
    assert (answer.status, answer.media_type) == (200, "application/timestamp-reply")
    return answer.body


def stamp(of: Country, algorithm: str, data: bytes = DATA, **options: Any) -> Timestamp:
    return verified(token_of(post(of, algorithm, query(data, **options))), data)


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["error"]


@EACH
def test_stamp_has_the_time_of_the_tenant_and_a_good_certificate(algorithm: Any) -> None:
    of = country()
    for hours in (0, 5, 24 * 300, 24 * 365):
        of.tenant().advance(hours * HOUR_US)
        found = stamp(of, algorithm, nonce=5)
        now = of.tenant().clock.local()
        assert (found.at, found.policy, found.nonce) == (now, POLICY, 5)
        chain = [
            parsed(each)
            for _, _, each in pem.unarmor(ask(of, "GET", f"/tsa/{algorithm}.pem").body, True)
        ]
        trust = Trust(roots=[chain[2]], known=[chain[1]])
        check(found.certificate, now, trust, extended_usage=["time_stamping"])
        assert found.certificate.dump() == chain[0].dump()


def test_stamps_have_numbers_of_their_own() -> None:
    of = country()
    serials = {stamp(of, "ecc").serial for _ in range(20)}
    assert len(serials) == 20


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_same_seed_and_requests_give_the_same_stamps(algorithm: str) -> None:
    first, second = country(), country()
    assert post(first, algorithm, query(DATA)) == post(second, algorithm, query(DATA))
    assert post(first, algorithm, query(DATA)) != post(first, algorithm, query(DATA))


@EACH
def test_signature_is_stamped_after_it_was_made(algorithm: Any) -> None:
    """SIG-05: the enhanced signature is a signature with a stamp of its value."""
    of = country()
    identity = of.tenant().state(Authorities).identity("POLIGON", algorithm)
    message = sign(DATA, identity.key, identity.certificate, at=NOW)
    of.tenant().advance(HOUR_US)
    whole = stamped(message, token_of(post(of, algorithm, query(signed(message, DATA).value))))
    found = stamp_of(signed(whole, DATA))
    assert found is not None
    assert found.at == NOW + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", "bad_data_format"),
        (query(DATA, policy="2.999.643.2"), "unaccepted_policy"),
    ],
)
def test_refusal_is_an_answer_of_the_protocol(content: bytes, failure: str) -> None:
    with pytest.raises(TimestampRejected) as refusal:
        token_of(post(country(), "rsa", content))
    assert refusal.value.failure == failure


def test_policy_that_is_the_services_is_accepted() -> None:
    assert stamp(country(), "rsa", policy=POLICY).policy == POLICY


def test_other_algorithms_are_refused() -> None:
    assert refused(ask(country(), "POST", "/tsa/dsa", query(DATA))) == (404, "no-such-algorithm")


def test_without_gost_the_refusal_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gost, "unavailable", lambda: "libcrypto has no GOST engine")
    answer = ask(country(), "POST", "/tsa/gost", query(DATA))
    assert refused(answer) == (503, "gost-unavailable")


# --- faults


@EACH
def test_fast_clock_is_an_hour_ahead(algorithm: Any) -> None:
    assert stamp(country("fast_clock"), algorithm).at == NOW + dt.timedelta(hours=1)


def test_service_without_its_time_refuses() -> None:
    with pytest.raises(TimestampRejected) as refusal:
        stamp(country("time_not_available"), "rsa")
    assert refusal.value.failure == "time_not_available"


@EACH
@pytest.mark.parametrize(
    ("kind", "code"), [("wrong_imprint", "digest"), ("forged_stamp", "signature")]
)
def test_spoiled_stamp_is_found_out(algorithm: Any, kind: str, code: str) -> None:
    with pytest.raises(SignatureRefused) as refusal:
        stamp(country(kind), algorithm)
    assert refusal.value.code == code


def test_wrong_nonce_is_another_number() -> None:
    assert stamp(country("wrong_nonce"), "ecc", nonce=5).nonce == 6
