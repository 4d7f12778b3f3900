"""The company of video verification over HTTP."""

from typing import Final
from urllib.parse import quote

from portal.ports.people_registers import NamedPerson
from portal.ports.video import VideoSession, VideoState, VideoView
from portal.registries.http_client import HttpClient
from portal.registries.people_registers import person_fields
from portal.registries.reading import reading

__all__ = ["HttpVideo"]

_ENDS: Final[dict[str, VideoState]] = {
    "verified": "verified",
    "refused": "refused",
    "no_show": "refused",
    "cancelled": "refused",
}


class HttpVideo:
    """The port `VideoIdentification`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def begin(self, request_id: str, person: NamedPerson, snils: str) -> VideoSession:
        """As the port says."""
        body = {"request_id": request_id, "person": {**person_fields(person), "snils": snils}}
        told = self._client.json("POST", "/v1/sessions", body=body).content
        with reading(self._client.system):
            return VideoSession(number=told["session_id"], address=told["join_url"])

    def view(self, number: str) -> VideoView:
        """As the port says; a conversation that did not take place is a refusal."""
        told = self._client.json("GET", f"/v1/sessions/{quote(number, safe='')}").content
        with reading(self._client.system):
            status = told["status"]
            reason = (told["refusal"] or {}).get("code") or told["reason"]
            return VideoView(
                state=_ENDS.get(status, "waiting"),
                reason=(reason or status) if _ENDS.get(status) == "refused" else None,
            )
