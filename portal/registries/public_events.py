"""Courts, legislation and terms over HTTP."""

from collections.abc import Sequence
from typing import Final, get_args

from portal.ports.public_events import PublicEvent, Topic
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading

__all__ = ["HttpPublicEvents"]

_NOBODY: Final = (404, 422)
_PAGE: Final = 200


class HttpPublicEvents:
    """The port `PublicEvents`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def subscribe(self, request_id: str, inn: str) -> str | None:
        """As the port says."""
        body = {"request_id": request_id, "inn": inn, "topics": list(get_args(Topic))}
        answer = self._client.json("POST", "/v1/subscriptions", body=body, known=_NOBODY)
        if answer.status in _NOBODY:
            return None
        with reading(self._client.system):
            return str(answer.content["subscription_id"])

    def after(self, number: int) -> Sequence[PublicEvent]:
        """As the port says."""
        answer = self._client.json("GET", "/v1/events", query={"after": number, "limit": _PAGE})
        with reading(self._client.system):
            return [
                PublicEvent(
                    number=int(each["number"]),
                    id=str(each["id"]),
                    subscription=str(each["subscription_id"]),
                    topic=str(each["topic"]),
                    inn=each["inn"],
                    title=str(each["title"]),
                    details=dict(each["details"]),
                )
                for each in answer.content["events"]
            ]
