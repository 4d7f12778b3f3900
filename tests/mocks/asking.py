"""Asking a service in one line, without a socket and without waiting."""

import json
from typing import Any
from urllib.parse import urlsplit

from mocks.core.country import Country
from mocks.core.http import Answer, Refusal, Request, problem_answer


def ask(
    country: Country,
    method: str,
    url: str,
    body: object = b"",
    headers: dict[str, str] | None = None,
) -> Answer:
    """What `country` answers; a body that is neither bytes nor text is sent as JSON.

    Faults of the wire fail the test: they are the business of the tests of their own.
    """
    content = body if isinstance(body, bytes) else _encoded(body)
    parts = urlsplit(url)
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    try:
        exchange = country.open(Request(method, parts.path, parts.query, lower, content))
    except Refusal as refusal:
        return problem_answer(refusal)
    refused = exchange.enter()
    if refused is not None:
        return refused.answer
    assert exchange.begun, "no slot is free"
    reply = exchange.end()
    assert reply.manner == "whole", reply.manner
    return reply.answer


def ask_json(
    country: Country,
    method: str,
    url: str,
    body: object = b"",
    headers: dict[str, str] | None = None,
) -> Any:
    """The JSON of an answer that must be a success."""
    answer = ask(country, method, url, body, headers)
    assert answer.status < 400, answer.body.decode()
    return json.loads(answer.body)


def _encoded(body: object) -> bytes:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return text.encode()
