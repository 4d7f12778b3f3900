"""Applications to agencies that are considered before a scenario begins."""

from pytest_bdd import given, parsers

from features.acts.doing import done
from features.scene import Scene
from features.steps.employees import heads_too

__all__: list[str] = []

_NAME = r"«(?P<name>[^»]+)»"


@given(parsers.re(rf"заявление {_NAME} на рассмотрении"))
def _considered(scene: Scene, name: str) -> None:
    """An appeal that was submitted."""
    persona = scene.cast[name]
    done(scene, persona, "готовит обращение")
    done(scene, persona, "подаёт заявление")


@given(parsers.re(rf"«(?P<officer>[^»]+)» одобрила? заявление {_NAME}"))
def _approved(scene: Scene, officer: str, name: str) -> None:
    """An appeal that was submitted and decided."""
    _considered(scene, name)
    done(scene, scene.cast[officer], "одобряет заявление")


@given(parsers.re(rf"«(?P<officer>[^»]+)» ждёт сведений по заявлению {_NAME}"))
def _awaited(scene: Scene, officer: str, name: str) -> None:
    """An appeal that was submitted and returned with a request."""
    _considered(scene, name)
    done(scene, scene.cast[officer], "запрашивает у заявителя сведения")


@given(parsers.re(rf"{_NAME} с заявлением на рассмотрении руководит и своей организацией"))
def _considered_elsewhere(scene: Scene, name: str) -> None:
    """An appeal of the organization that employs them, and a cabinet of their own."""
    _considered(scene, name)
    heads_too(scene, name)
