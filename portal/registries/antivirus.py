"""The scanner of uploads over HTTP (the protocol of Kaspersky Scan Engine)."""

import base64
from typing import Final

from portal.ports.unavailable import Unavailable
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpAntivirus"]

_TIMEOUT_MS: Final = "10000"
_PASSES: Final = ("CLEAN", "NON_SCANNED (CORRUPTED)", "NON_SCANNED (PASSWORD PROTECTED)")
"""What bears nothing that was found; whether it can be read at all other rules ask."""


class HttpAntivirus:
    """The port `Antivirus`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def scan(self, name: str, content: bytes) -> str | None:
        """As the port says; a file that was not scanned for want of an engine is none that passes:
        Unavailable."""
        body = {
            "timeout": _TIMEOUT_MS,
            "object": base64.b64encode(content).decode(),
            "name": name,
        }
        answer = self._client.json("POST", "/api/v3.1/scanmemory", body=body)
        with reading(self._client.system):
            result = answer.content["scanResult"]
            if result == "DETECT":
                return str(answer.content["detectionName"])
        if result in _PASSES:
            return None
        raise Unavailable(self._client.system, f"scan ended as {result}")
