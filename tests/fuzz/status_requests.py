"""OCSP requests to the authorities, by POST and by GET."""

import base64
from collections.abc import Sequence
from random import Random
from typing import Any, Final
from urllib.parse import quote, unquote

from asn1crypto.ocsp import OCSPRequest, OCSPResponse

from mocks.cert_status.service import service
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities, available_algorithms
from signatures.certificates import parsed, public_key
from tests.fuzz import der_trees
from tests.fuzz.campaign import Asked, AskingCampaign
from tests.signatures.ocsp_questions import question
from world.certificate_profiles import KeyAlgorithm

__all__ = ["StatusRequests"]

_ISSUERS: Final = ("north", "head")


class StatusRequests(AskingCampaign):
    """What can be read is answered about the very certificates, and signed by the responder."""

    count = 800
    documented = frozenset({"successful", "malformed_request"})
    reached = documented

    def __init__(self) -> None:
        super().__init__(service)
        self._seeds = [
            seed
            for algorithm in available_algorithms()
            for issuer in _ISSUERS
            for seed in self._questions(issuer, algorithm)
        ]

    def asked(self, chance: Random) -> Asked:
        data = der_trees.altered(chance, chance.choice(self._seeds), self._seeds)
        path = f"/cert_status/{chance.choice(_ISSUERS)}-{chance.choice(available_algorithms())}"
        if len(data) < 1_000 and chance.random() < 0.3:
            return Asked("GET", f"{path}/{quote(base64.b64encode(data).decode(), safe='')}")
        return Asked("POST", path, data, {"Content-Type": "application/ocsp-request"})

    def judged(self, asked: Asked, answer: Answer) -> str:
        assert (answer.status, answer.media_type) == (200, "application/ocsp-response")
        response = OCSPResponse.load(answer.body, strict=True)
        status = str(response["response_status"].native)
        if status == "successful":
            basic = response.basic_ocsp_response
            content = basic["tbs_response_data"]
            data = asked.body or base64.b64decode(unquote(asked.path.rpartition("/")[2]))
            assert [each["cert_id"].dump() for each in content["responses"]] == _asked_about(data)
            responder = parsed(basic["certs"][0].dump())
            assert public_key(responder).verify(basic["signature"].native, content.dump())
        return status

    def lasting(self, answer: Answer) -> bytes:
        """All but the certificate and the signature, which are others each time in GOST."""
        response = OCSPResponse.load(answer.body)
        if response["response_status"].native != "successful":
            return answer.body
        return bytes(response.basic_ocsp_response["tbs_response_data"].dump())

    def _questions(self, issuer: str, algorithm: KeyAlgorithm) -> Sequence[bytes]:
        authorities = self.country.tenant().state(Authorities)
        above, own = authorities.issuer(issuer, algorithm), authorities.identity("A", algorithm)
        serial = own.certificate.serial_number
        return question(above, serial), question(above, 1, 2, digest="sha256", nonce=b"12345678")


def _asked_about(data: bytes) -> list[Any]:
    request = OCSPRequest.load(data)["tbs_request"]
    return [each["req_cert"].dump() for each in request["request_list"]]
