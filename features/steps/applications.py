"""Applications to agencies that are considered before a scenario begins."""

from pytest_bdd import given, parsers

from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []

_NAME = r"«(?P<name>[^»]+)»"


@given(parsers.re(rf"заявление {_NAME} на рассмотрении"))
def _considered(scene: Scene, name: str) -> None:
    """An appeal that was submitted."""
    persona = scene.cast[name]
    done(scene, persona, "готовит обращение")
    done(scene, persona, "подаёт заявление")


@given(parsers.re(rf"«(?P<officer>[^»]+)» ждёт сведений по заявлению {_NAME}"))
def _awaited(scene: Scene, officer: str, name: str) -> None:
    """An appeal that was submitted and returned with a request."""
    _considered(scene, name)
    done(scene, scene.cast[officer], "запрашивает у заявителя сведения")
