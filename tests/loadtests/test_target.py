"""What a target of a load test says that is no stand of Poligon's."""

from collections.abc import Callable, Mapping

import pytest

from loadtests.answers import Reply, Verdict
from loadtests.target import Target, TargetError
from loadtests.wire import Judge

TARGET = Target("http://127.0.0.1:1/portal", "http://127.0.0.1:1", "http://127.0.0.1:1/admin")


class Says:
    """A wire on which everybody says the same."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self._reply = Reply(status=status, body=body)

    def send(
        self,
        method: str,
        url: str,
        *,
        name: str,
        headers: Mapping[str, str],
        body: bytes | None,
        judge: Judge,
        timeout_s: float | None = None,
    ) -> Verdict:
        raise AssertionError(url)

    def fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        return self._reply


def clock(body: bytes) -> object:
    return TARGET.clock(Says(body))


def inn(body: bytes) -> object:
    return TARGET.organization_inn(Says(body), 0)


@pytest.mark.parametrize(
    ("asks", "body", "told"),
    [
        (clock, b"<html>", "no JSON: <html>"),
        (clock, b"{}", "no clock of a stand: {}"),
        (clock, b"[]", r"no clock of a stand: \[\]"),
        (clock, b"", "no clock of a stand: None"),
        (clock, b'{"now": "soon", "speed": 1}', "no clock of a stand: {'now': 'soon'"),
        (inn, b"<html>", "no organization: <html>"),
        (inn, b"{}", "no organization: {}"),
        (inn, b"[1]", r"no organization: \[1\]"),
    ],
)
def test_answer_that_is_not_a_stands_is_told_with_its_address(
    asks: Callable[[bytes], object], body: bytes, told: str
) -> None:
    with pytest.raises(TargetError, match=f"GET http://127.0.0.1:1/admin/.*: {told}"):
        asks(body)


def test_register_that_does_not_know_an_organization_says_none() -> None:
    assert TARGET.organization_inn(Says(b"", 404), 0) is None
