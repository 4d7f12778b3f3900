"""Routes that every messenger has: the state of a message, and the feed of reports."""

from typing import Any

from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, json_answer
from mocks.core.service import Call, Service
from mocks.delivery.delivery import Delivery

__all__ = ["add_tracking"]


def add_tracking(service: Service, kind: type[Delivery[Any]]) -> None:
    """Give `service` the routes `GET /v1/messages/{id}` and `GET /v1/reports?after=N`."""

    @service.get("/v1/messages/{id}")
    def show_message(call: Call) -> Answer:
        delivery = call.tenant.state(kind)
        return json_answer(delivery.view(delivery.find(call.values["id"])))

    @service.get("/v1/reports")
    def list_reports(call: Call) -> Answer:
        return feed_page(call)
