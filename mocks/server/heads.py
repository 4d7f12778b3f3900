"""Heads of requests that are too large: what a server and a country of this process both refuse."""

from collections.abc import Mapping

from mocks.core.http import Refusal
from mocks.server.limits import Limits

__all__ = ["head_refusal", "headers_too_large", "url_too_long"]


def head_refusal(url: str, headers: Mapping[str, str], limits: Limits) -> Refusal | None:
    """What a server would say of a request for `url` (path and query, as written) with these
    headers; None if nothing."""
    if len(url) > limits.url_bytes:
        return url_too_long(limits)
    size = sum(len(name) + len(value) for name, value in headers.items())
    if len(headers) > limits.headers or size > limits.head_bytes:
        return headers_too_large(limits)
    return None


def url_too_long(limits: Limits) -> Refusal:
    """The refusal of a longer URL."""
    return Refusal(414, "url-too-long", f"Адрес запроса длиннее {limits.url_bytes} байт")


def headers_too_large(limits: Limits) -> Refusal:
    """The refusal of more or longer headers."""
    message = f"Заголовков больше {limits.headers} или {limits.head_bytes} байт"
    return Refusal(431, "headers-too-large", message)
