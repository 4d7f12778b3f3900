"""Fixtures of the specs: the portals under test, and the scene of a scenario."""

from collections.abc import Iterator

import pytest

import rulebook
from features.driver import NoSuchDriver, Settings, Stand, opened
from features.known_people import KnownPeople
from features.personas import Cast
from features.scene import Scene

__all__ = ["SCENE", "known_people", "scene", "stand"]

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
    try:
        found = opened(options.driver, settings)
    except (NoSuchDriver, ValueError, ImportError) as error:
        pytest.exit(f"--driver {options.driver}: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
    yield found
    found.close()


@pytest.fixture(scope="session")
def known_people(request: pytest.FixtureRequest) -> KnownPeople | None:
    """Those of `--personas`; each of pytest-xdist's processes has its share."""
    path = request.config.option.personas
    if path is None:
        return None
    worker = getattr(request.config, "workerinput", {"workerid": "gw0", "workercount": 1})
    share = int(worker["workerid"].removeprefix("gw"))
    try:
        return KnownPeople(path, share, worker["workercount"])
    except ValueError as error:
        pytest.exit(f"--personas: {error}", returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, stand: Stand, known_people: KnownPeople | None
) -> Iterator[Scene]:
    """The scene of this scenario, with a portal of its own."""
    book = rulebook.load()
    driver = stand.portal(request.node.nodeid)
    cast = Cast(driver.world, driver.now().date(), book, book.policy(), known_people)
    made = Scene(driver, cast, book)
    request.node.stash[SCENE] = made
    yield made
    driver.close()
