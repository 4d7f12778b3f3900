"""The short way of ordinary answers gives the very response that urllib3 and http.client read."""

from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from urllib3 import Retry, Timeout

import mocks
from mocks.core.http import Answer
from mocks.core.service import Call, Service

_LONG = Timeout(connect=9, read=9)  # an object: urllib3 itself judges it
_SHORT = (9, 9)

_STATUSES = st.sampled_from([200, 201, 202, 204, 205, 299, 304, 400, 404, 412, 422, 429, 503, 599])
_NAMES = st.sampled_from(["ETag", "Retry-After", "X-A", "x-a", "Set-Cookie", "Content-Encoding"])
_VALUES = st.sampled_from(["1", "", "a=b; Path=/", " x", "x\t", "я".encode().decode("latin-1")])
_ANSWERS = st.builds(
    Answer,
    status=_STATUSES,
    body=st.sampled_from([b"", b"{}", "я".encode() * 20_000]),
    media_type=st.sampled_from(["application/json; charset=utf-8", "text/html", "image/png"]),
    headers=st.lists(st.tuples(_NAMES, _VALUES), max_size=3).map(tuple),
)


def _told(session: requests.Session, method: str, url: str, timeout: Any) -> Any:
    try:
        response = session.request(method, url, timeout=timeout, allow_redirects=False)
    except requests.RequestException as error:
        return type(error), [type(each) for each in error.args]
    raw = response.raw
    return {
        "line": (response.status_code, response.reason, raw.version, raw.version_string),
        "headers": (list(response.headers.items()), list(raw.headers.items())),
        "body": (response.content, response.encoding, response.text),
        "where": (response.url, response.cookies.items(), response.history),
        "end": (raw.closed, raw.read(), response.ok, response.is_redirect, response.next),
    }


@given(answer=_ANSWERS, method=st.sampled_from(["GET", "HEAD", "POST"]))
@settings(max_examples=40, deadline=None)
def test_response_is_the_same_by_the_short_way_and_by_the_long_one(
    answer: Answer, method: str
) -> None:
    service = Service("egrul")
    service.get("/x")(lambda call: answer)
    service.post("/x")(lambda call: answer)
    with mocks.running(services=[service]) as country, requests.Session() as session:
        url = f"{country.url}/egrul/x?я"
        told = _told(session, method, url, _SHORT)
        session.cookies.clear()
        assert told == _told(session, method, url, _LONG)
        session.mount("http://", HTTPAdapter(max_retries=Retry(1, status_forcelist=[503])))
        assert _told(session, method, url, _SHORT) == _told(session, method, url, _LONG)
        assert len({entry.outcome for entry in country.journal}) == 1


@pytest.mark.parametrize("timeout", [0, -1, (1, 0), (1, 2, 3), "1", True])
def test_timeout_that_is_none_is_refused_before_anything_is_asked(timeout: Any) -> None:
    service = Service("egrul")
    asked: list[Call] = []

    @service.get("/x")
    def take(call: Call) -> Answer:
        asked.append(call)
        return Answer(200)

    with (
        mocks.running(services=[service]) as country,
        pytest.raises(ValueError, match=r"[Tt]imeout"),
    ):
        requests.get(f"{country.url}/egrul/x", timeout=timeout)
    assert asked == []
