"""Time stamps (RFC 3161): requests, answers, tokens, and the stamp of a signature (SIG-05)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from asn1crypto import algos, core, tsp

from signatures import der
from signatures.algorithms import DIGESTS, GOST_DIGEST
from signatures.certificates import Certificate
from signatures.cms import Signed, sign, signed, with_unsigned
from signatures.der import MALFORMED_ASN1
from signatures.keys import SigningKey
from signatures.refusals import SignatureRefused

__all__ = [
    "ACCURACY_S",
    "DIGEST_SIZES",
    "FAILURES",
    "Failure",
    "Timestamp",
    "TimestampQuery",
    "TimestampRejected",
    "granted",
    "query",
    "read_query",
    "rejected",
    "stamp_of",
    "stamped",
    "token_of",
    "verified",
]

Failure: TypeAlias = Literal[
    "bad_alg",
    "bad_request",
    "bad_data_format",
    "time_not_available",
    "unaccepted_policy",
    "unaccepted_extensions",
    "add_info_not_available",
    "system_failure",
]
"""Why there is no time stamp (RFC 3161, 2.4.2), by asn1crypto's names."""

FAILURES: Final[tuple[Failure, ...]] = get_args(Failure)

ACCURACY_S: Final = 1
"""Of a stamp's time, which is written in whole seconds."""

DIGEST_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64, GOST_DIGEST: 32}
"""Digests that a stamp may be of, and their bytes."""

_GRANTED: Final = 0
_REJECTION: Final = 2
_LONGEST_NONCE: Final = 64  # bytes
_ATTRIBUTE: Final = "signature_time_stamp_token"
_CONTENT: Final = "tst_info"


class TimestampRejected(Exception):
    """There is no time stamp: `failure` is the service's reason, `text` its words."""

    def __init__(self, failure: Failure, text: str = "") -> None:
        self.failure: Failure = failure
        self.text = text
        super().__init__(f"{failure}: {text}" if text else failure)


@dataclass(frozen=True, slots=True)
class TimestampQuery:
    """What is to be stamped: `imprint` is the DER of the digest with its algorithm."""

    imprint: bytes
    policy: str | None
    nonce: int | None
    wants_certificate: bool


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time stamp that fits what it is of; `certificate` is its service's, `others` came along."""

    at: dt.datetime
    serial: int
    policy: str
    nonce: int | None
    certificate: Certificate
    others: tuple[Certificate, ...]


# --- the client -----------------------------------------------------------------------------------


def query(
    data: bytes,
    digest: str = "sha256",
    *,
    policy: str | None = None,
    nonce: int | None = None,
    wants_certificate: bool = True,
) -> bytes:
    """The DER of a request to stamp `data` by its digest, one of `DIGESTS`; GostUnavailable."""
    parts = [der.integer(1), _imprint(digest, DIGESTS[digest](data))]
    parts += [] if policy is None else [der.identifier(policy)]
    parts += [] if nonce is None else [der.integer(nonce)]
    parts += [core.Boolean(True).dump()] if wants_certificate else []
    return der.sequence(*parts)


def token_of(response: bytes) -> bytes:
    """The token of an answer; TimestampRejected if the service has refused, SignatureRefused
    `malformed`."""
    try:
        # Not a TimeStampResp: the one of asn1crypto knows no answer without a token.
        parts = core.SequenceOf.load(response, strict=True, spec=core.Any)
        status = parts[0].parse(tsp.PKIStatusInfo)
        if status["status"].native in ("granted", "granted_with_mods"):
            token: bytes = parts[1].dump()
            return token
        failures = [each for each in FAILURES if each in (status["fail_info"].native or ())]
        texts = status["status_string"].native or [""]
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается ответ службы меток времени") from None
    raise TimestampRejected(failures[0] if failures else "system_failure", texts[0])


def verified(token: bytes, data: bytes) -> Timestamp:
    """The stamp of `token`, which must be of `data`.

    Whether its certificate is good at the time of the stamp `signatures.verification` tells.
    SignatureRefused as of `cms.signed`; `digest` if it is of other data. GostUnavailable.
    """
    found = signed(token)
    try:
        info = tsp.TSTInfo.load(found.content, strict=True)
        imprint = info["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        hashed = imprint["hashed_message"].native
        stamp = Timestamp(
            at=info["gen_time"].native,
            serial=info["serial_number"].native,
            policy=info["policy"].native,
            nonce=info["nonce"].native,
            certificate=found.certificate,
            others=found.others,
        )
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed", "ожидается метка времени") from None
    if name not in DIGESTS:
        raise SignatureRefused("algorithm", f"хеш {name}")
    if DIGESTS[name](data) != hashed:
        raise SignatureRefused("digest", "метка времени стоит на других данных")
    return stamp


def stamped(message: bytes, token: bytes) -> bytes:
    """A CMS signature with the time stamp `token` of its value; SignatureRefused `malformed`."""
    return with_unsigned(message, _ATTRIBUTE, token)


def stamp_of(found: Signed) -> Timestamp | None:
    """The time stamp of a signature (SIG-05), None if it has none; refusals as of `verified`."""
    token = found.unsigned.get(_ATTRIBUTE)
    return None if token is None else verified(token.dump(), found.value)


# --- the service ----------------------------------------------------------------------------------


def read_query(content: bytes) -> TimestampQuery:
    """The request in DER; TimestampRejected `bad_data_format`, `bad_request`, `bad_alg`,
    `unaccepted_extensions`."""
    try:
        request = tsp.TimeStampReq.load(content, strict=True)
        imprint = request["message_imprint"].dump()
        _ = request.native
    except MALFORMED_ASN1:
        raise TimestampRejected("bad_data_format", "ожидается TimeStampReq в DER") from None
    hashed = request["message_imprint"]
    size = DIGEST_SIZES.get(hashed["hash_algorithm"]["algorithm"].native)
    nonce = request["nonce"].native
    if request["version"].native != "v1":
        raise TimestampRejected("bad_request", "версия запроса — не 1")
    if size is None:
        raise TimestampRejected("bad_alg", f"хеш — один из {', '.join(DIGEST_SIZES)}")
    if len(hashed["hashed_message"].native) != size:
        raise TimestampRejected("bad_data_format", f"в хеше ожидается {size} байт")
    if nonce is not None and nonce.bit_length() > 8 * _LONGEST_NONCE:
        raise TimestampRejected("bad_request", f"nonce длиннее {_LONGEST_NONCE} байт")
    if not isinstance(request["extensions"], core.Void):
        raise TimestampRejected("unaccepted_extensions", "расширения не поддерживаются")
    return TimestampQuery(imprint, request["req_policy"].native, nonce, request["cert_req"].native)


def granted(
    asked: TimestampQuery,
    policy: str,
    serial: int,
    now: dt.datetime,
    key: SigningKey,
    certificate: Certificate,
    chain: tuple[Certificate, ...] = (),
) -> bytes:
    """The DER of an answer with a stamp of that moment; the certificate and its `chain` come along
    if they are asked for. GostUnavailable."""
    info = der.sequence(
        der.integer(1),
        der.identifier(policy),
        asked.imprint,
        der.integer(serial),
        der.general_time(now),
        der.sequence(der.integer(ACCURACY_S)),
        *([] if asked.nonce is None else [der.integer(asked.nonce)]),
    )
    token = sign(
        info, key, certificate, at=now, attached=True, chain=chain, content_type=_CONTENT,
        bare=not asked.wants_certificate,
    )  # fmt: skip
    return der.sequence(der.sequence(der.integer(_GRANTED)), token)


def rejected(failure: Failure, text: str) -> bytes:
    """The DER of an answer without a stamp."""
    status = der.sequence(
        der.integer(_REJECTION),
        der.sequence(core.UTF8String(text).dump()),
        tsp.PKIFailureInfo({failure}).dump(),
    )
    return der.sequence(status)


def _imprint(name: str, hashed: bytes) -> bytes:
    algorithm: Any = algos.DigestAlgorithm({"algorithm": name})
    return der.sequence(algorithm.dump(), der.octets(hashed))
