"""A request's way: slot, queue, faults, service time, handler, and the journal's account of it."""

from itertools import pairwise

import pytest

from mocks.core.country import Country
from mocks.core.exchange import Exchange
from mocks.core.faults import Fault
from mocks.core.http import Answer, Refusal, Request, json_answer
from mocks.core.service import Call, Service
from tests.mocks.asking import ask, ask_json
from tests.sim.tracing import scenario

SECOND_US = 1_000_000
SCENARIO = """
stations: {egrul: {servers: 2, service: {constant: 3s}, queue_limit: 1, timeout: 30s}}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
"""


class Counter:
    """How often the handler worked."""

    def __init__(self, _: object) -> None:
        self.count = 0


def counting() -> Service:
    service = Service("egrul")

    @service.post("/count/{name}")
    def count(call: Call) -> Answer:
        counter = call.tenant.state(Counter)
        counter.count += 1
        return json_answer({"name": call.values["name"], "count": counter.count})

    @service.get("/refuse")
    def refuse(call: Call) -> Answer:
        raise Refusal(422, "wrong", "Неверно", field="x")

    return service


def quick(*faults: dict[str, object]) -> Country:
    planned = [Fault.model_validate({"service": "egrul", **fault}) for fault in faults]
    return Country([counting()], faults=planned)


def slotted() -> Country:
    return Country([counting()], scenario=scenario(SCENARIO, horizon="10d"))


def request(country: Country, path: str = "/egrul/count/a") -> Exchange:
    return country.open(Request("POST", path))


def worked(country: Country) -> int:
    return country.tenant().state(Counter).count


def test_a_request_is_answered_and_the_journal_has_it_whole() -> None:
    country = quick()
    answer = ask(country, "POST", "/egrul/count/b?q=1", {"k": "я"}, {"X-A": "1"})
    assert answer == Answer(200, b'{"name":"b","count":1}')
    (entry,) = country.tenant().journal
    seen = (entry.number, entry.service, entry.method, entry.path, entry.query, entry.status)
    assert seen == (1, "egrul", "POST", "/count/b", "q=1", 200)
    assert (entry.json(), entry.headers, entry.outcome) == ({"k": "я"}, {"x-a": "1"}, "answered")
    assert entry.answer_body == answer.body


def test_the_time_of_an_answer_and_its_slots_are_those_of_the_scenario() -> None:
    country = slotted()
    exchanges = [request(country) for _ in range(4)]
    replies = [exchange.enter() for exchange in exchanges]
    assert [exchange.begun for exchange in exchanges] == [True, True, False, False]
    assert replies[:3] == [None, None, None]
    assert replies[3] is not None
    assert (replies[3].answer.status, replies[3].answer.header("Retry-After")) == (503, "1")
    assert exchanges[0].planned_us == 3 * SECOND_US
    exchanges[0].end()
    assert exchanges[2].begun
    outcomes = [entry.outcome for entry in country.tenant().journal]
    assert outcomes == ["answered", "open", "open", "refused"]


def test_a_client_that_gives_up_waiting_makes_room_in_the_queue() -> None:
    country = slotted()
    first, second, third, fourth = (request(country) for _ in range(4))
    for exchange in (first, second, third):
        exchange.enter()
    assert third.abandon() is False
    assert fourth.enter() is None
    first.end()
    assert (third.begun, fourth.begun) == (False, True)


def test_a_client_that_leaves_during_service_lets_the_work_go_on_in_vain() -> None:
    country = slotted()
    exchange = request(country)
    exchange.enter()
    assert exchange.abandon() is True
    exchange.end()
    assert worked(country) == 1
    assert [entry.outcome for entry in country.tenant().journal] == ["abandoned"]


def test_with_cancel_a_client_that_leaves_frees_its_slot_and_no_work_is_done() -> None:
    text = SCENARIO.replace("timeout: 30s", "timeout: 30s, cancel: true")
    country = Country([counting()], scenario=scenario(text, horizon="10d"))
    first, second, third = (request(country) for _ in range(3))
    for exchange in (first, second, third):
        exchange.enter()
    assert first.abandon() is False
    assert third.begun
    assert worked(country) == 0


def test_an_outage_throws_out_who_is_served_and_lets_nobody_begin_before_its_end() -> None:
    country = slotted()
    tenant = country.tenant()
    served, waiting = request(country), request(country)
    lost = []
    served.on_lost = lambda: lost.append(tenant.now_us)
    served.enter()
    outage = {"id": "o", "service": "egrul", "kind": "outage", "for": "2m"}
    tenant.plan_fault(Fault.model_validate(outage))
    assert lost == [0]
    waiting.enter()
    tenant.advance(120 * SECOND_US - 1)
    assert not waiting.begun
    tenant.advance(1)
    assert waiting.begun
    assert [entry.outcome for entry in tenant.journal] == ["reset", "open"]


def test_the_journal_names_the_outage_that_kept_a_request_from_being_served() -> None:
    country = slotted()
    tenant = country.tenant()
    served, waiting, patient = (request(country) for _ in range(3))
    served.enter()
    outage = {"id": "o", "service": "egrul", "kind": "outage", "for": "2m"}
    tenant.plan_fault(Fault.model_validate(outage))
    waiting.enter()
    waiting.abandon()
    patient.enter()
    tenant.advance(120 * SECOND_US)
    patient.end()
    seen = [(entry.outcome, entry.faults) for entry in tenant.journal]
    assert seen == [("reset", ("o",)), ("abandoned", ("o",)), ("answered", ("o",))]


def test_an_outage_leaves_the_slots_of_other_services_alone() -> None:
    country = Country([counting(), Service("mvd")])
    tenant = country.tenant()
    served = request(country)
    lost: list[int] = []
    served.on_lost = lambda: lost.append(tenant.now_us)
    served.enter()
    outage = {"id": "o", "service": "mvd", "kind": "outage", "for": "2m"}
    tenant.plan_fault(Fault.model_validate(outage))
    tenant.advance(60 * SECOND_US)
    assert lost == []
    assert served.end().answer.status == 200


def test_a_planned_outage_begins_by_itself_when_the_clock_gets_there() -> None:
    country = slotted()  # its clock begins at midnight
    outage = {"id": "o", "service": "egrul", "kind": "outage", "from": "2026-04-20T01:00"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    served = request(country)
    served.enter()
    lost = []
    served.on_lost = lambda: lost.append(country.tenant().now_us)
    country.tenant().advance(7200 * SECOND_US)
    assert lost == [3600 * SECOND_US]


@pytest.mark.parametrize(
    ("fault", "manner", "status", "times_worked"),
    [
        ({"kind": "timeout"}, "silent", None, 0),
        ({"kind": "timeout", "processed": True}, "silent", None, 1),
        ({"kind": "reset"}, "reset", None, 0),
        ({"kind": "reset", "processed": True}, "reset", None, 1),
        ({"kind": "truncated"}, "truncated", 200, 1),
        ({"kind": "malformed"}, "whole", 200, 1),
        ({"kind": "error", "status": 429, "retry_after": "30s"}, "whole", 429, 0),
        ({"kind": "error"}, "whole", 503, 0),
    ],
)
def test_each_fault_of_the_wire_has_its_manner_and_says_whether_the_work_was_done(
    fault: dict[str, object], manner: str, status: int | None, times_worked: int
) -> None:
    country = quick({"id": "f", **fault})
    exchange = request(country)
    exchange.enter()
    reply = exchange.end()
    (entry,) = country.tenant().journal
    assert (reply.manner, entry.status, worked(country)) == (manner, status, times_worked)
    assert entry.faults == ("f",)


def test_an_error_names_the_pause_after_which_to_come_back() -> None:
    country = quick({"id": "f", "kind": "error", "status": 503, "retry_after": "30s"})
    answer = ask(country, "POST", "/egrul/count/a")
    assert answer.header("retry-after") == "30"
    assert answer.body == (
        '{"error":"fault","message":"Сервис временно не отвечает на запросы"}'.encode()
    )


def test_a_handler_that_breaks_down_frees_its_slot_and_stands_in_the_journal_as_failed() -> None:
    service = Service("egrul")

    @service.get("/broken")
    def broken(call: Call) -> Answer:
        raise KeyError("a mistake of ours")

    country = Country([service])
    exchange = country.open(Request("GET", "/egrul/broken"))
    exchange.enter()
    with pytest.raises(KeyError):
        exchange.end()
    (entry,) = country.tenant().journal
    assert (entry.outcome, country.tenant().slots("egrul").busy) == ("failed", 0)


def test_a_refusal_is_an_answer_with_code_message_and_field() -> None:
    answer = ask(quick(), "GET", "/egrul/refuse")
    assert answer == Answer(422, '{"error":"wrong","message":"Неверно","field":"x"}'.encode())


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/nobody/x", 404, "no-such-tenant"),
        ("POST", "/main/nobody/x", 404, "no-such-service"),
        ("POST", "/egrul/nothing", 404, "no-such-path"),
        ("PUT", "/egrul/count/a", 405, "method"),
        ("POST", "/egrul/count/a/b", 404, "no-such-path"),
    ],
)
def test_paths_that_lead_nowhere_are_refused(
    method: str, path: str, status: int, code: str
) -> None:
    answer = ask(quick(), method, path)
    assert (answer.status, f'"error":"{code}"'.encode() in answer.body) == (status, True)


def test_main_is_the_tenant_of_paths_that_name_none() -> None:
    country = quick()
    country.create_tenant("other")
    counts = [
        ask_json(country, "POST", path)["count"]
        for path in ("/egrul/count/a", "/main/egrul/count/a", "/other/egrul/count/a")
    ]
    assert counts == [1, 2, 1]


def test_the_models_draw_decides_service_time_and_errors() -> None:
    text = SCENARIO.replace("constant: 3s", "exponential: {mean: 3s}").replace(
        "queue_limit: 1, ", ""
    )
    text += "faults: [{id: e, service: egrul, kind: error, p: 0.5}]"
    complete = scenario(text, horizon="10d")
    country = Country([counting()], scenario=complete)
    headers = {"poligon-draw": "12345678901234567890/77/2/4"}
    exchange = country.open(Request("POST", "/egrul/count/a", "", headers))
    exchange.enter()
    service = complete.stations["egrul"].service
    assert exchange.planned_us == service.draw(12345678901234567890, 77, 2, 4)
    assert str(exchange.entry.draw) == headers["poligon-draw"]


@pytest.mark.parametrize(
    "header", ["", "1/2/3", "1/2/3/4/5", "a/b/c/d", "-1/2/3/4", f"{2**64}/1/0/0"]
)
def test_a_draw_that_is_not_four_numbers_is_refused(header: str) -> None:
    answer = ask(quick(), "POST", "/egrul/count/a", headers={"Poligon-Draw": header})
    assert (answer.status, b"bad-draw-key" in answer.body) == (400, True)


def test_equal_requests_draw_anew_each_time_and_other_requests_in_between_change_nothing() -> None:
    text = SCENARIO.replace("constant: 3s", "exponential: {mean: 3s}")

    def planned(paths: str) -> list[int]:
        country = Country([counting()], scenario=scenario(text, horizon="10d"))
        times = []
        for path in paths:
            exchange = request(country, f"/egrul/count/{path}")
            exchange.enter()
            times.append(exchange.planned_us)
            exchange.end()
        return times

    alone = planned("aaa")
    mixed = planned("abaxa")
    assert alone == [mixed[0], mixed[2], mixed[4]]
    assert all(one != other for one, other in pairwise(alone))


def test_a_request_ends_once_and_only_if_it_was_begun() -> None:
    country = slotted()
    served, left, waiting, refused = (request(country) for _ in range(4))
    for exchange in (served, left, waiting, refused):
        exchange.enter()
    served.end()
    left.abandon()
    left.end()
    waiting.abandon()
    for exchange in (served, left, refused):
        with pytest.raises(RuntimeError, match="is not being served"):
            exchange.end()
    assert served.abandon() is False
    outcomes = [entry.outcome for entry in country.tenant().journal]
    assert (worked(country), outcomes) == (2, ["answered", "abandoned", "abandoned", "refused"])


def test_whoever_lost_the_slot_is_reset_and_no_work_is_done() -> None:
    country = slotted()
    exchange, impatient = request(country), request(country)
    exchange.enter()
    impatient.enter()
    outage = {"id": "o", "service": "egrul", "kind": "outage", "for": "2m"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    assert impatient.abandon() is False
    assert exchange.end().manner == "reset"
    assert worked(country) == 0
    assert [entry.outcome for entry in country.tenant().journal] == ["reset", "reset"]


def test_an_outage_that_falls_into_the_end_of_a_request_resets_it() -> None:
    country = slotted()
    tenant = country.tenant()
    outage = {"id": "o", "service": "egrul", "kind": "outage", "from": "2026-04-20T01:00"}
    tenant.plan_fault(Fault.model_validate(outage))
    exchange = request(country)
    exchange.enter()
    tenant.clock.advance(3600 * SECOND_US)  # as a clock that runs: nobody has settled yet
    assert exchange.end().manner == "reset"
    assert worked(country) == 0


def test_a_removed_outage_never_begins_and_one_that_holds_ends_at_once() -> None:
    country = slotted()
    tenant = country.tenant()
    for fault_id, start in (("now", None), ("later", "2026-04-20T01:00")):
        spec = {"id": fault_id, "service": "egrul", "kind": "outage", "from": start, "for": "9h"}
        tenant.plan_fault(Fault.model_validate({k: v for k, v in spec.items() if v}))
    waiting = request(country)
    waiting.enter()
    tenant.remove_fault("later")
    assert not waiting.begun
    tenant.remove_fault("now")
    assert waiting.begun
    tenant.advance(7200 * SECOND_US)
    assert waiting.end().answer.status == 200


def test_whoever_waits_at_night_begins_with_the_shift_although_nobody_moves_the_clock() -> None:
    shifts = '{shifts: [{days: all, from: "09:00", to: "18:00", count: 1}]}'
    text = SCENARIO.replace("servers: 2", f"servers: {shifts}")
    country = Country([counting()], scenario=scenario(text, horizon="10d"))
    tenant = country.tenant()
    exchange = request(country)
    exchange.enter()
    tenant.clock.advance(9 * 3600 * SECOND_US - 1)
    tenant.settle()
    assert not exchange.begun
    begun_us: list[int] = []
    exchange.on_begin = lambda: begun_us.append(tenant.now_us)
    tenant.clock.advance(5 * 3600 * SECOND_US)
    tenant.settle()
    assert begun_us == [9 * 3600 * SECOND_US]


def test_an_outage_of_the_past_lets_nobody_into_the_one_that_holds() -> None:
    country = slotted()
    tenant = country.tenant()
    tenant.advance(11 * 3600 * SECOND_US)
    for fault_id, start in (("holds", "10:00"), ("over", "07:00")):
        spec = {"id": fault_id, "service": "egrul", "kind": "outage", "for": "2h"}
        tenant.plan_fault(Fault.model_validate({**spec, "from": f"2026-04-20T{start}"}))
        if fault_id == "holds":
            waiting = request(country)
            waiting.enter()
    assert not waiting.begun
    tenant.advance(3600 * SECOND_US)
    assert waiting.begun
