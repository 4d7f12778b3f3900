"""Requests to the time stamping service."""

from random import Random
from typing import Final

from asn1crypto import cms, core, tsp

from mocks.core.http import Answer
from mocks.pki.authorities import available_algorithms
from mocks.tsa.service import POLICY, service
from signatures.timestamps import FAILURES, query, token_of
from tests.fuzz import der_trees
from tests.fuzz.campaign import Asked, AskingCampaign

__all__ = ["StampRequests"]

_DATA: Final = b"signature"


class StampRequests(AskingCampaign):
    """What can be read is stamped with the very digest and nonce."""

    count = 800
    documented = frozenset({"granted", *FAILURES})
    reached = frozenset({"granted", "bad_data_format", "bad_request", "bad_alg"})

    def __init__(self) -> None:
        super().__init__(service)
        self._seeds = [
            query(_DATA),
            query(_DATA, "sha512", nonce=2**63, wants_certificate=False),
            query(_DATA, policy=POLICY, nonce=1),
            query(_DATA, policy="1.2.3"),
        ]

    def asked(self, chance: Random) -> Asked:
        data = der_trees.altered(chance, chance.choice(self._seeds), self._seeds)
        path = f"/tsa/{chance.choice(available_algorithms())}"
        return Asked("POST", path, data, {"Content-Type": "application/timestamp-query"})

    def judged(self, asked: Asked, answer: Answer) -> str:
        assert (answer.status, answer.media_type) == (200, "application/timestamp-reply")
        parts = core.SequenceOf.load(answer.body, strict=True, spec=core.Any)
        status = parts[0].parse(tsp.PKIStatusInfo)
        if status["status"].native != "granted":
            (failure,) = status["fail_info"].native
            return str(failure)
        request = tsp.TimeStampReq.load(asked.body)
        stamp = tsp.TSTInfo.load(_content(token_of(answer.body)))
        assert stamp["message_imprint"].dump() == request["message_imprint"].dump()
        assert stamp["nonce"].native == request["nonce"].native
        return "granted"

    def lasting(self, answer: Answer) -> bytes:
        """Not the signature, which is another each time in GOST."""
        return answer.body[:9]


def _content(token: bytes) -> bytes:
    """What is signed in a token, which may be without its certificate."""
    return bytes(cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"])
