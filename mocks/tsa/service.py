"""The time stamping service: when something was there, signed (RFC 3161).

Real: the protocol, over HTTP as its section 3.4 has it. Ours: the policy, addresses, one service
for each algorithm of its key.
"""

import datetime as dt
from dataclasses import replace
from typing import Final

from mocks.core.http import Answer, json_answer
from mocks.core.service import Call, Service
from mocks.pki.asked_algorithm import asked_algorithm
from mocks.pki.authorities import Authorities, Identity
from mocks.pki.files import certificate_pem
from mocks.pki.forgery import ForgingKey, forged
from signatures.keys import SigningKey
from signatures.timestamps import (
    ACCURACY_S,
    DIGEST_SIZES,
    TimestampQuery,
    TimestampRejected,
    granted,
    read_query,
    rejected,
)

__all__ = ["POLICY", "service"]

POLICY: Final = "2.999.643.1"
"""Ours: 2.999 is the arc of examples (X.660, A.5)."""

_NAME: Final = "TSA"  # in whose name the certificate is
_AHEAD: Final = dt.timedelta(hours=1)  # fault fast_clock

_FAST: Final = "fast_clock"
_NO_TIME: Final = "time_not_available"
_OTHER: Final = "wrong_imprint"
_NONCE: Final = "wrong_nonce"
_FORGED: Final = "forged_stamp"

service: Final = Service(
    "tsa",
    own_faults={
        _FAST: "часы службы спешат на час",
        _NO_TIME: "отказ: источник времени недоступен (timeNotAvailable)",
        _OTHER: "метка стоит на других данных",
        _NONCE: "в метке не то случайное число (nonce), что в запросе",
        _FORGED: "подпись метки неверна",
    },
    most_body=65_536,
)


@service.post("/{algorithm}")
def stamp(call: Call) -> Answer:
    """Answer a request in the body; refusals are answers of the protocol too."""
    algorithm = asked_algorithm(call.values["algorithm"])
    identity = call.tenant.state(Authorities).timestamper(_NAME, algorithm)
    try:
        content = _stamped(call, identity)
    except TimestampRejected as refusal:
        content = rejected(refusal.failure, refusal.text)
    return Answer(200, content, "application/timestamp-reply")


@service.get("/{algorithm}.pem")
def certificates(call: Call) -> Answer:
    """The service's certificate under that algorithm, and those above it up to the root's."""
    algorithm = asked_algorithm(call.values["algorithm"])
    identity = call.tenant.state(Authorities).timestamper(_NAME, algorithm)
    return certificate_pem(identity.certificate, *identity.chain)


@service.get("/v1/policy")
def policy(_: Call) -> Answer:
    """What the service accepts and how exact it is."""
    return json_answer({"policy": POLICY, "digests": list(DIGEST_SIZES), "accuracy_s": ACCURACY_S})


def _stamped(call: Call, identity: Identity) -> bytes:
    asked = read_query(call.request.body)
    if asked.policy not in (None, POLICY):
        raise TimestampRejected("unaccepted_policy", f"политика — {POLICY}")
    if call.hit(_NO_TIME):
        raise TimestampRejected("time_not_available", "источник времени недоступен")
    ahead = _AHEAD if call.hit(_FAST) else dt.timedelta()
    key: SigningKey = ForgingKey(identity.key) if call.hit(_FORGED) else identity.key
    return granted(
        _spoiled(call, asked),
        POLICY,
        call.key.word("serial"),
        call.tenant.clock.calendar.local(call.now_us) + ahead,
        key,
        identity.certificate,
        identity.chain,
    )


def _spoiled(call: Call, asked: TimestampQuery) -> TimestampQuery:
    if call.hit(_OTHER):
        asked = replace(asked, imprint=forged(asked.imprint))  # the digest is at its end
    if call.hit(_NONCE):
        asked = replace(asked, nonce=(asked.nonce or 0) + 1)
    return asked
