"""The HSM's doors: PINs, sessions on the clock, roles, and the log of all that."""

import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.hsm.roles import PINS, Role
from mocks.hsm.service import service
from tests.mocks.agencies import plan
from tests.mocks.asking import ask
from tests.mocks.hsm_client import HsmClient, coded, log_in

SECOND_US = 1_000_000
MINUTES_15_US = 15 * 60 * SECOND_US
ROLES: tuple[Role, ...] = ("officer", "user", "auditor")


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def outcome(country: Country, role: Role, pin: str | None = None) -> tuple[int, str]:
    """Status of a login, and the code of its refusal."""
    answer = log_in(country, role, pin)
    return answer.status, json.loads(answer.body).get("error", "")


# --- PINs


@pytest.mark.parametrize("role", ROLES)
def test_pin_opens_a_session_of_its_role(country: Country, role: Role) -> None:
    answer = log_in(country, role)
    shown = json.loads(answer.body)
    assert (answer.status, answer.header("Cache-Control")) == (201, "no-store")
    assert len(shown.pop("session")) == 32
    assert shown == {"role": role, "expires": "2026-02-02T10:15:00.000+03:00"}


def test_pin_of_one_role_opens_no_other(country: Country) -> None:
    assert len(set(PINS.values())) == len(ROLES)
    assert outcome(country, "officer", PINS["user"]) == (401, "wrong-pin")
    assert outcome(country, "officer", "") == (401, "wrong-pin")
    assert outcome(country, "user", PINS["user"] + "0") == (401, "wrong-pin")


def test_three_wrong_pins_lock_the_role_for_a_quarter_of_an_hour(country: Country) -> None:
    messages = [json.loads(log_in(country, "user", "0").body)["message"] for _ in range(3)]
    assert messages == [f"Неверный PIN, осталось попыток: {left}" for left in (2, 1, 0)]
    locked = log_in(country, "user")
    assert (locked.status, json.loads(locked.body)["error"]) == (423, "pin-locked")
    assert locked.header("Retry-After") == "900"
    country.tenant().advance(MINUTES_15_US - 1)
    assert log_in(country, "user").header("Retry-After") == "1"
    country.tenant().advance(1)
    assert outcome(country, "user") == (201, "")


def test_pin_asked_while_locked_does_not_count(country: Country) -> None:
    for _ in range(3):
        log_in(country, "user", "0")
    for _ in range(5):
        assert outcome(country, "user", "0") == (423, "pin-locked")
    country.tenant().advance(MINUTES_15_US)
    seen = [outcome(country, "user", "0")[1] for _ in range(4)]
    assert seen == ["wrong-pin", "wrong-pin", "wrong-pin", "pin-locked"]


def test_right_pin_ends_the_count_of_wrong_ones(country: Country) -> None:
    for pin in ("0", "0", None, "0", "0", None):
        log_in(country, "user", pin)
    assert outcome(country, "user") == (201, "")


def test_locked_role_keeps_its_sessions_and_locks_nobody_else(country: Country) -> None:
    officer = HsmClient(country, "officer")
    officer.json("POST", "/keys/k", {"algorithm": "ecc"})
    for _ in range(3):
        log_in(country, "officer", "0")
    assert outcome(country, "officer") == (423, "pin-locked")
    assert officer.json("POST", "/keys/k/rotate")["version"] == 2
    assert [outcome(country, role) for role in ("user", "auditor")] == [(201, "")] * 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "root", "pin": "1"}, "role"),
        ({"role": "user"}, "pin"),
        ({"role": "user", "pin": 74185296}, "pin"),
        ({"role": "user", "pin": "1" * 65}, "pin"),
        ({"role": "user", "pin": "1", "key": "k"}, "key"),
    ],
)
def test_wrong_login_is_refused_and_does_not_count(
    country: Country, body: dict[str, Any], field: str
) -> None:
    for _ in range(4):
        answer = ask(country, "POST", "/hsm/v1/sessions", body)
        problem = json.loads(answer.body)
        assert (answer.status, problem["error"], problem["field"]) == (422, "invalid", field)
    assert outcome(country, "user") == (201, "")


# --- sessions


def test_session_lasts_a_quarter_of_an_hour(country: Country) -> None:
    auditor = HsmClient(country, "auditor")
    auditor.json("GET", "/keys")
    country.tenant().advance(MINUTES_15_US - 1)
    assert auditor.ask("GET", "/keys").status == 200
    country.tenant().advance(1)
    refused = auditor.ask("GET", "/keys")
    assert (refused.status, json.loads(refused.body)["error"]) == (401, "session-expired")
    assert refused.header("WWW-Authenticate") == "Bearer"


def test_session_is_over_after_logging_out(country: Country) -> None:
    first, second = HsmClient(country, "auditor"), HsmClient(country, "auditor")
    second.json("GET", "/keys")
    assert first.ask("DELETE", "/session").status == 204
    assert first.refused("GET", "/keys") == (401, "no-session")
    assert second.ask("GET", "/keys").status == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer 0", "Basic {}", "{}"])
def test_request_without_a_session_is_refused(country: Country, header: str) -> None:
    token = json.loads(log_in(country, "auditor").body)["session"]
    headers = {"Authorization": header.format(token)}
    answer = ask(country, "GET", "/hsm/v1/keys", headers=headers)
    assert (answer.status, json.loads(answer.body)["error"]) == (401, "no-session")


def test_thousand_sessions_are_kept_and_the_oldest_goes_first(country: Country) -> None:
    oldest, next_one = HsmClient(country, "auditor"), HsmClient(country, "auditor")
    oldest.json("GET", "/keys")
    next_one.json("GET", "/keys")
    for _ in range(998):
        log_in(country, "user")
    assert oldest.ask("GET", "/keys").status == 200
    log_in(country, "user")
    assert oldest.refused("GET", "/keys") == (401, "no-session")
    assert next_one.ask("GET", "/keys").status == 200


def test_sessions_of_one_draw_key_are_those_of_their_roles(country: Country) -> None:
    tokens = {}
    for role in ROLES:
        answer = ask(
            country,
            "POST",
            "/hsm/v1/sessions",
            {"role": role, "pin": PINS[role]},
            {"Poligon-Draw": "1/2/3/4"},
        )
        tokens[role] = json.loads(answer.body)["session"]
    assert len(set(tokens.values())) == len(ROLES)


def test_tenant_has_sessions_of_its_own(country: Country) -> None:
    country.create_tenant("other")
    token = json.loads(log_in(country, "auditor").body)["session"]
    headers = {"Authorization": f"Bearer {token}"}
    assert ask(country, "GET", "/hsm/v1/keys", headers=headers).status == 200
    assert ask(country, "GET", "/other/hsm/v1/keys", headers=headers).status == 401


# --- roles

SOMETHING = coded(b"something")
MATRIX: dict[str, tuple[str, str, dict[str, Any], str]] = {
    # operation: method, path, body, who may
    "create": ("POST", "/keys/new", {"algorithm": "ecc"}, "officer"),
    "rotate": ("POST", "/keys/ecc/rotate", {}, "officer"),
    "destroy": ("DELETE", "/keys/ecc", {}, "officer"),
    "list": ("GET", "/keys", {}, "officer auditor"),
    "show": ("GET", "/keys/ecc", {}, "officer user auditor"),
    "show the public half": ("GET", "/keys/ecc/public.pem", {}, "officer user auditor"),
    "sign": ("POST", "/keys/ecc/sign", {"data": SOMETHING}, "user"),
    "verify": (
        "POST",
        "/keys/ecc/verify",
        {"data": SOMETHING, "signature": SOMETHING, "version": 1},
        "user",
    ),
    "make a data key": ("POST", "/keys/aes/data-key", {}, "user"),
    "wrap": ("POST", "/keys/aes/wrap", {"data_key": coded(bytes(32))}, "user"),
    "unwrap": ("POST", "/keys/aes/unwrap", {"version": 1}, "user"),
    "read the log": ("GET", "/log", {}, "auditor"),
    "log out": ("DELETE", "/session", {}, "officer user auditor"),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", MATRIX)
def test_role_does_what_it_may_and_nothing_else(
    country: Country, operation: str, role: Role
) -> None:
    officer = HsmClient(country, "officer")
    for algorithm in ("ecc", "aes"):
        officer.json("POST", f"/keys/{algorithm}", {"algorithm": algorithm})
    made = HsmClient(country, "user").json("POST", "/keys/aes/data-key")
    method, path, body, allowed = MATRIX[operation]
    if operation == "unwrap":
        body = {**body, "wrapped": made["wrapped"]}
    before = HsmClient(country, "auditor").json("GET", "/keys")
    answer = HsmClient(country, role).ask(method, path, body)
    if role in allowed.split():
        assert answer.status < 300
        return
    problem = json.loads(answer.body)
    assert (answer.status, problem["error"]) == (403, "role-denied")
    assert HsmClient(country, "auditor").json("GET", "/keys") == before


@pytest.mark.parametrize("operation", MATRIX)
def test_nobody_may_nothing_without_a_session(country: Country, operation: str) -> None:
    method, path, body, _ = MATRIX[operation]
    answer = ask(country, method, f"/hsm/v1{path}", body)
    assert (answer.status, json.loads(answer.body)["error"]) == (401, "no-session")


def test_matrix_has_every_route() -> None:
    routes = {(route.method, route.path.removeprefix("/v1")) for route in service.routes}
    told = {
        (
            method,
            path.replace("/ecc", "/{name}").replace("/aes", "/{name}").replace("new", "{name}"),
        )
        for method, path, _, _ in MATRIX.values()
    }
    assert routes == {*told, ("POST", "/sessions")}


def test_refusal_says_who_may(country: Country) -> None:
    answer = HsmClient(country, "user").ask("POST", "/keys/k", {"algorithm": "ecc"})
    message = json.loads(answer.body)["message"]
    assert message == "Роль «пользователь ключей» этого не может, может: администратор безопасности"


# --- the log


def test_log_tells_who_attempted_what_and_how_it_ended(country: Country) -> None:
    officer, user = HsmClient(country, "officer"), HsmClient(country, "user")
    log_in(country, "officer", "0")
    officer.json("POST", "/keys/k", {"algorithm": "ecc"})
    user.refused("POST", "/keys/k/rotate")
    user.json("POST", "/keys/k/sign", {"data": SOMETHING})
    country.tenant().advance(MINUTES_15_US)
    user.refused("POST", "/keys/k/sign", {"data": SOMETHING})
    auditor = HsmClient(country, "auditor")
    auditor.refused("GET", "/log?after=-1")
    page = auditor.json("GET", "/log?after=0&limit=100")
    at_10, at_10_15 = "2026-02-02T10:00:00.000+03:00", "2026-02-02T10:15:00.000+03:00"
    expected = [
        (at_10, "officer", None, "log_in", None, "wrong-pin"),
        (at_10, "officer", 1, "log_in", None, "done"),
        (at_10, "officer", 1, "create", "k", "done"),
        (at_10, "user", 2, "log_in", None, "done"),
        (at_10, "user", 2, "rotate", "k", "role-denied"),
        (at_10, "user", 2, "sign", "k", "done"),
        (at_10_15, None, None, "sign", "k", "session-expired"),
        (at_10_15, "auditor", 3, "log_in", None, "done"),
        (at_10_15, "auditor", 3, "read_log", None, "bad-cursor"),
    ]
    names = ("at", "role", "session", "operation", "key", "outcome")
    assert page["events"] == [
        {"number": number, "id": f"log-{number}", **dict(zip(names, line, strict=True))}
        for number, line in enumerate(expected, 1)
    ]
    (last,) = auditor.json("GET", f"/log?after={page['next']}")["events"]
    assert (last["operation"], last["outcome"]) == ("read_log", "done")


def test_log_keeps_64_signs_of_a_name(country: Country) -> None:
    HsmClient(country, "officer").refused("POST", f"/keys/{'x' * 65}/rotate")
    lines = HsmClient(country, "auditor").json("GET", "/log")["events"]
    assert lines[1]["key"] == "x" * 64


def test_lost_line_of_the_log_is_missing(country: Country) -> None:
    auditor = HsmClient(country, "auditor")
    auditor.json("GET", "/keys")
    plan(country, "hsm", "loss", times=1)
    auditor.json("GET", "/keys")
    auditor.ask("GET", "/keys/k")
    told = [line["operation"] for line in auditor.json("GET", "/log")["events"]]
    assert told == ["log_in", "list", "show"]


# --- faults


def test_sealed_module_answers_nothing_and_logs_nothing(country: Country) -> None:
    auditor = HsmClient(country, "auditor")
    before = auditor.json("GET", "/log")["events"]
    plan(country, "hsm", "sealed", times=3)
    assert outcome(country, "user") == (503, "sealed")
    assert auditor.refused("GET", "/log") == (503, "sealed")
    assert auditor.refused("GET", "/keys/k") == (503, "sealed")
    after = auditor.json("GET", "/log")["events"]
    assert [line["operation"] for line in after] == [
        *(line["operation"] for line in before),
        "read_log",
    ]


def test_lost_session_is_gone_and_another_login_helps(country: Country) -> None:
    auditor = HsmClient(country, "auditor")
    auditor.json("GET", "/keys")
    plan(country, "hsm", "session_lost", times=1)
    assert [auditor.refused("GET", "/keys") for _ in range(2)] == [(401, "no-session")] * 2
    auditor.token = None
    assert auditor.ask("GET", "/keys").status == 200
