"""Refusals as FCM HTTP v1 words them (google.rpc.Status with an FcmError)."""

from typing import Final

from mocks.core.http import Answer, Refusal, json_answer

__all__ = ["fcm_error"]

_FCM_ERROR: Final = "type.googleapis.com/google.firebase.fcm.v1.FcmError"

_STATUSES: Final = {
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT"),
    "UNREGISTERED": (404, "NOT_FOUND"),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED"),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED"),
    "UNAVAILABLE": (503, "UNAVAILABLE"),
    "INTERNAL": (500, "INTERNAL"),
}
"""HTTP status and google.rpc status of FCM's error codes."""


def fcm_error(refusal: Refusal) -> Answer:
    """The refusal with FCM's code, or without one where FCM has none."""
    code = _code(refusal)
    http, status = _STATUSES.get(code or "", (refusal.status, "NOT_FOUND"))
    error: dict[str, object] = {"code": http, "message": refusal.message, "status": status}
    if code is not None:
        error["details"] = [{"@type": _FCM_ERROR, "errorCode": code}]
    return json_answer({"error": error}, http, refusal.headers)


def _code(refusal: Refusal) -> str | None:
    if refusal.code in _STATUSES:
        return refusal.code
    if refusal.status in (404, 405):  # no such path or message: not about a token
        return None
    if refusal.status == 429:
        return "QUOTA_EXCEEDED"
    if refusal.status >= 500:
        return "UNAVAILABLE" if refusal.status == 503 else "INTERNAL"
    return "INVALID_ARGUMENT"
