"""A small service for tests of what every service has: a counter, a document, messages."""

from typing import Any

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer, json_answer, text_answer
from mocks.core.service import Call, Service

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\n<Ответ><Код>01</Код></Ответ>'
LARGE = 2**24  # bytes of the largest answer: more than a socket takes at once


class Counter:
    """How often the handler has worked."""

    def __init__(self, _: object) -> None:
        self.count = 0


def desk(most_body: int = 2**20, works: bool = False) -> Service:
    service = Service("egrul", most_body=most_body, works=works)

    @service.post("/count")
    def count(call: Call) -> Answer:
        counter = call.tenant.state(Counter)
        counter.count += 1
        return json_answer({"count": counter.count, "token": f"{call.key.word('token'):016x}"})

    @service.post("/size")
    def size(call: Call) -> Answer:
        return json_answer({"size": len(call.request.body)})

    @service.get("/document")
    def document(_: Call) -> Answer:
        return text_answer(DOCUMENT, media_type="application/xml")

    @service.get("/name/{name}")
    def name(call: Call) -> Answer:
        return json_answer({"name": call.values["name"], "query": call.request.query})

    @service.get("/large")
    def large(_: Call) -> Answer:
        return text_answer("x" * LARGE)

    @service.post("/messages/{id}")
    def publish(call: Call) -> Answer:
        call.tenant.feed("egrul").publish(call.values["id"], {}, call.key, call.now_us)
        return Answer(204)

    @service.get("/messages")
    def messages(call: Call) -> Answer:
        after = int(call.request.parameter("after") or 0)
        events = call.tenant.feed("egrul").after(after, 100)
        return json_answer([[event.number, event.id] for event in events])

    return service


def country(*faults: dict[str, Any], **options: Any) -> Country:
    """A country of this service with `faults` planned."""
    planned = [Fault.model_validate({"service": "egrul", **fault}) for fault in faults]
    return Country([desk()], faults=planned, **options)


def worked(of: Country, tenant: str = "main") -> int:
    """How often the counter's handler has worked."""
    return of.tenant(tenant).state(Counter).count
