"""A small service whose answers and work a test can check by hand."""

from mocks.core.http import Answer, Refusal, Request, json_answer, text_answer
from mocks.core.inboxes import Message
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant

__all__ = ["HOST", "Work", "probe"]

HOST = "egrul.nalog.ru"


class Work:
    """What the handlers of one tenant have done."""

    def __init__(self, _: Tenant) -> None:
        self.done: list[str] = []


def probe(most_body: int = 1000) -> Service:
    """A service under the id egrul: a counter, an SMS to whom is named, an echo of a request."""
    service = Service("egrul", hosts=(HOST,), most_body=most_body)

    @service.post("/task/{name}")
    def work(call: Call) -> Answer:
        done = call.tenant.state(Work).done
        done.append(call.values["name"])
        return json_answer({"name": call.values["name"], "count": len(done)}, 201)

    @service.get("/request/{rest}")
    def request(call: Call) -> Answer:
        asked: Request = call.request
        return json_answer(
            {
                "path": asked.path,
                "query": asked.query,
                "host": asked.header("host"),
                "local_time": call.tenant.clock.calendar.local(call.now_us).isoformat(),
            },
            headers={"Set-Cookie": "session=42; Path=/", "X-Draw": f"{call.key.word('x'):x}"},
        )

    @service.post("/messages/{phone}")
    def message(call: Call) -> Answer:
        text = call.request.body.decode(errors="replace")
        now_us = call.now_us
        call.tenant.inboxes.deliver(
            Message(f"{call.key.word('id'):x}", "sms", call.values["phone"], text, now_us, now_us)
        )
        return text_answer("", 204)

    @service.get("/refusal")
    def refuse(call: Call) -> Answer:
        raise Refusal(422, "wrong", "Неверно", field="x")

    return service
