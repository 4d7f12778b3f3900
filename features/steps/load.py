"""How much the portal takes."""

from pytest_bdd import given, parsers

from features.scene import Scene

__all__: list[str] = []


@given(
    parsers.re(
        r"портал принимает от каждого (?P<burst>\d+) запроса? сразу и (?P<rate>\d+) в секунду"
    )
)
def _limited(scene: Scene, burst: str, rate: str) -> None:
    scene.driver.limit(int(burst), float(rate))
