"""Biometric confirmation over HTTP."""

import base64
from collections.abc import Mapping
from typing import Final

from portal.ports.biometry import BiometricVerdict, Modality
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpBiometry"]

_NOBODY: Final = (404, 422)  # of a СНИЛС that is nobody's, or that cannot be
_RESULTS: Final[Mapping[str, BiometricVerdict]] = {
    "match": "match",
    "no_match": "no_match",
    "liveness_failed": "not_alive",
}
_REFUSALS: Final[Mapping[int, BiometricVerdict]] = {
    403: "no_template",  # the consent is withdrawn
    404: "no_template",
    409: "no_challenge",
    410: "no_template",  # expired
    422: "no_sample",
    423: "locked",
}


class HttpBiometry:
    """The port `Biometry`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def challenge(self, snils: str) -> str | None:
        """As the port says."""
        body = {"snils": snils, "purpose": "verification"}
        answer = self._client.json("POST", "/v1/challenges", body=body, known=_NOBODY)
        if answer.status in _NOBODY:
            return None
        with reading(self._client.system):
            return str(answer.content["challenge"])

    def verify(
        self, request_id: str, snils: str, challenge: str, samples: Mapping[Modality, bytes]
    ) -> BiometricVerdict:
        """As the port says."""
        body = {
            "request_id": request_id,
            "snils": snils,
            "challenge": challenge,
            "samples": {name: base64.b64encode(each).decode() for name, each in samples.items()},
        }
        answer = self._client.json("POST", "/v1/verifications", body=body, known=tuple(_REFUSALS))
        if answer.status in _REFUSALS:
            return _REFUSALS[answer.status]
        with reading(self._client.system):
            return _RESULTS[answer.content["result"]]
