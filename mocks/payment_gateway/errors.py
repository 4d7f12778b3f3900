"""Refusals as the API of ЮKassa words them."""

from typing import Final

from mocks.core.http import Answer, Refusal, json_answer

__all__ = ["yookassa_error"]

_CODES: Final = {
    400: "invalid_request",
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    405: "not_supported",
    429: "too_many_requests",
}
_SERVER_ERROR: Final = "internal_server_error"
_WRONG_REQUEST: Final = frozenset({409, 413, 422})  # all of them are 400 there


def yookassa_error(refusal: Refusal) -> Answer:
    """`{"type": "error", "code", "description", "parameter"}`; ЮKassa's also has an id."""
    status = 400 if refusal.status in _WRONG_REQUEST else refusal.status
    error = {
        "type": "error",
        "code": _CODES.get(status, _SERVER_ERROR),
        "description": refusal.message,
    }
    if refusal.field is not None:
        error["parameter"] = refusal.field
    return json_answer(error, status, refusal.headers)
