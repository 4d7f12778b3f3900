"""Whatever a client sends, every service answers it, and the same in every country."""

import json
import re
from collections.abc import Iterator

import pytest

from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.core.service import Service
from tests.mocks.asking import ask

INN, OGRN, SNILS = "7715970401", "1257708239920", "11223344595"
PLACES = ("x", INN, OGRN, SNILS, "\0", "٧٧", "9" * 40, "🙂", "LIC-2026-000001", "00000000")
QUERIES = ("", f"inn={INN}&month=2026-01", "inn=%00&after=-1&limit=9&month=0000-00&number=%F0")
VALUES: tuple[object, ...] = (
    None, True, -1, 10**400, 1e308, "", "\0", "٣", "x" * 5_000, "0001-01-01", "9999-12-31",
    "2026-02-30", INN, [], [[]], {}, {"": {}}, [None] * 30,
)  # fmt: skip
FIELDS = (
    "request_id", "id", "inn", "ogrn", "snils", "kind", "content", "documents", "employees",
    "birth_date", "data", "year", "kopecks", "valid_until", "cadastral_number", "text",
)  # fmt: skip

STATUSES = {200, 201, 202, 204, 302, 400, 401, 403, 404, 405, 409, 410, 413, 422, 423, 429, 503}
OWN_STATUSES = {"smev": {500}}  # SOAP 1.1 has no other status for a fault (6.2)


def bodies() -> Iterator[bytes]:
    yield from (b"", b"\xff", b"null", b"[1]", b'"', b"<a/>", b"c=get&query=%00&page=9999999")
    yield b'{"a":' * 100
    for value in VALUES:
        yield json.dumps(value).encode()
        yield json.dumps(dict.fromkeys(FIELDS, value)).encode()
        yield json.dumps({**dict.fromkeys(FIELDS, value), "inn": INN, "ogrn": OGRN}).encode()


BODIES = tuple(bodies())


def story(service: Service) -> list[tuple[int, bytes]]:
    """Statuses and bodies of the answers to all this, of routes in their order."""
    country = Country([service], seed=1)
    answers = []
    for route in service.routes:
        for turn, body in enumerate(BODIES if route.method != "GET" else PLACES):
            path = re.sub(r"\{\w+\}", PLACES[turn % len(PLACES)], route.path)
            url = f"/{service.id}{path}?{QUERIES[turn % len(QUERIES)]}"
            answer = ask(country, route.method, url, body if isinstance(body, bytes) else b"")
            answers.append((answer.status, answer.body))
    return answers


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_odd_requests_are_answered_and_alike_in_two_countries(service: Service) -> None:
    answers = story(service)
    assert {status for status, _ in answers} <= STATUSES | OWN_STATUSES.get(service.id, set())
    assert story(service) == answers


@pytest.mark.parametrize("body", ['{"inn": "\\ud800"}', '{"\\uDFFF": 1}', '["\\ud83d\\u0041"]'])
def test_half_of_a_surrogate_pair_is_refused(body: str) -> None:
    answer = ask(Country(SERVICES), "POST", "/eais/v1/participants", body)
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "bad-encoding")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", 0),
        ("birth_date", "1980-01-01T00:00:00"),
        ("birth_date", "10.01.1980"),
        ("last_name", 1),
        ("patronymic", False),
    ],
)
def test_values_of_another_type_are_refused_and_not_converted(field: str, value: object) -> None:
    person = {"last_name": "А", "first_name": "Б", "birth_date": "1980-01-01", "snils": SNILS}
    answer = ask(Country(SERVICES), "POST", "/pfr/v1/snils-checks", {**person, field: value})
    problem = json.loads(answer.body)
    assert (answer.status, problem["error"], problem["field"]) == (422, "invalid", field)


@pytest.mark.parametrize("years", ["1", True, 1.0, None])
def test_a_number_is_a_whole_number(years: object) -> None:
    body = {"request_id": "1", "inn": INN, "ogrn": OGRN, "expertise": "EXP", "years": years}
    answer = ask(Country(SERVICES), "POST", "/rosstandart/v1/declarations", body)
    problem = json.loads(answer.body)
    assert (answer.status, problem["error"], problem["field"]) == (422, "invalid", "years")
