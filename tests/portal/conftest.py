"""A store for every test of use cases: each runs on every kind of store there is."""

from collections.abc import Iterator

import pytest

from portal.events import _SUBSCRIBERS
from portal.ports.store import Store
from tests.portal.stores import KINDS, close_stores, opened
from tests.portal.told_events import keep_told_event


@pytest.fixture(name="store", params=KINDS)
def _store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opened[request.param]() as store:
        yield store


@pytest.fixture(name="kept_events")
def _kept_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event is kept for `events_of`."""
    monkeypatch.setitem(_SUBSCRIBERS, keep_told_event.__name__, keep_told_event)


@pytest.fixture(scope="session", autouse=True)
def _stores_are_gone_at_the_end() -> Iterator[None]:
    yield
    close_stores()
