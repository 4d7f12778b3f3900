"""Reports that were prepared, filed or accepted before a scenario begins."""

from typing import Final

from pytest_bdd import given, parsers

from features.acts.doing import done
from features.scene import Scene
from features.steps.accounts import enters_again

__all__: list[str] = []

_TAKEN: Final = "4wd"  # as long as the agency looks at a report at most
_WAY: Final = ("подключает отчётность", "готовит отчёт", "отправляет отчёт")
_REACHED: Final = {"подготовлен": _WAY[:2], "отправлен": _WAY, "принят": _WAY}


@given(parsers.re(rf"отчёт «(?P<name>[^»]+)» (?P<state>{'|'.join(_REACHED)})"))
def _reached(scene: Scene, name: str, state: str) -> None:
    """The service is switched on; of an accepted one the agency has entered the figures."""
    persona = scene.cast[name]
    for phrase in _REACHED[state]:
        done(scene, persona, phrase)
    if state == "принят":
        scene.driver.advance(_TAKEN)
        enters_again(scene, persona)
