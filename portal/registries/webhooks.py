"""Deliveries to receivers of webhooks over HTTP, each of them somebody else's machine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import requests

from portal.ports.webhooks import NotTaken
from portal.registries.public_peers import public_session

__all__ = ["HttpWebhookSender"]

_CONNECT_S: Final = 3.0
_READ_S: Final = 10.0
_REFUSED: Final = 300


class HttpWebhookSender:
    """The port `WebhookSender`. Only public machines are reached, and the `own_machine` of a stand;
    redirects are not followed, the answer's body is not read; `trust` is a file with authorities
    (None: those that everybody trusts). Thread-safe: a connection is for one delivery, for
    receivers are many and each is rarely met."""

    def __init__(self, trust: Path | None = None, *, own_machine: bool = False) -> None:
        self._trust = trust
        self._own_machine = own_machine

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """As the port says."""
        try:
            with public_session(own_machine=self._own_machine) as session:
                answer = session.post(
                    url,
                    data=body,
                    headers=dict(headers),
                    timeout=(_CONNECT_S, _READ_S),
                    allow_redirects=False,
                    stream=True,
                    verify=True if self._trust is None else str(self._trust),
                )
                status = answer.status_code
                answer.close()
        except (requests.RequestException, ValueError) as failure:  # a host that cannot be, too
            raise NotTaken(type(failure).__name__) from failure
        if status >= _REFUSED:
            raise NotTaken(f"status {status}")
