"""Fixtures of the specs: the portals under test, and the scene of a scenario."""

from collections.abc import Iterator

import pytest

import rulebook
from features.driver import Settings, Stand, opened
from features.personas import Cast
from features.scene import Scene

__all__ = ["SCENE", "scene", "stand"]

SCENE = pytest.StashKey[Scene]()
"""Where a test keeps its scene for whoever reports it."""


@pytest.fixture(scope="session")
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """The portals of the run's driver."""
    options = request.config.option
    settings = Settings(
        book=rulebook.load(),
        base_url=options.base_url,
        capabilities=options.capabilities,
        personas=options.personas,
    )
    found = opened(options.driver, settings)
    yield found
    found.close()


@pytest.fixture
def scene(request: pytest.FixtureRequest, stand: Stand) -> Iterator[Scene]:
    """The scene of this scenario, with a portal of its own."""
    book = rulebook.load()
    driver = stand.portal(request.node.nodeid)
    made = Scene(driver, Cast(driver.world, driver.now().date(), book, book.policy()), book)
    request.node.stash[SCENE] = made
    yield made
    driver.close()
