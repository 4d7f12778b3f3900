"""Applications for licences that a scenario begins after."""

from pytest_bdd import given, parsers

from features.acts.act import ACTS
from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []


@given(parsers.re(r"заявка «(?P<name>[^»]+)» на лицензию (?P<state>подготовлена|подана)"))
def _reached(scene: Scene, name: str, state: str) -> None:
    """The service is switched on; every document is there."""
    persona = scene.cast[name]
    done(scene, persona, "подключает лицензирование")
    done(scene, persona, "готовит заявку на лицензию")
    if state == "подана":
        done(scene, persona, "подаёт заявку на лицензию")


@given(parsers.re(r"заявка «(?P<name>[^»]+)» на лицензию подана с уставом не в том формате"))
def _incomplete(scene: Scene, name: str) -> None:
    """The authority takes no tables, and waits for the charter."""
    persona = scene.cast[name]
    done(scene, persona, "подключает лицензирование")
    table = done(scene, persona, "загружает таблицу к лицензии").data["document"]
    scene.do(persona, ACTS["готовит заявку на лицензию"], {"documents.charter": table})
    done(scene, persona, "подаёт заявку на лицензию")
