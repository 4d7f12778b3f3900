"""Services that an organization has described or published before a scenario begins."""

from pytest_bdd import given, parsers

from features.acts.act import ACTS
from features.acts.doing import done
from features.acts.published_services import described
from features.scene import Scene

__all__: list[str] = []

_NAME = r"«(?P<name>[^»]+)»"


@given(parsers.re(rf"{_NAME} описала? услугу"))
def _described(scene: Scene, name: str) -> None:
    """In the cabinet of their organization, whole, with a template."""
    persona = scene.cast[name]
    if scene.do(persona, ACTS["входит по паролю в кабинет организации"]).state == "code_needed":
        done(scene, persona, "вводит код входа")
    described(persona, scene)


@given(parsers.re(rf"{_NAME} опубликовала? услугу"))
def _published(scene: Scene, name: str) -> None:
    """Described, tested, published."""
    _described(scene, name)
    done(scene, scene.cast[name], "тестирует услугу")
    done(scene, scene.cast[name], "публикует услугу")
