"""Documents that are signed or sent before a scenario begins."""

from pytest_bdd import given, parsers, when

from features.acts.doing import done
from features.driver import Unsupported
from features.scene import Scene
from features.steps.accounts import cabinet_opened
from features.steps.head_change import ready_to_sign
from signatures import gost

__all__: list[str] = []

_NAME = r"«(?P<name>[^»]+)»"


@given("архив шифрует по ГОСТ")
def _gost() -> None:
    """Where the system has no GOST, nothing is archived (EDI-04), and there is nothing to show."""
    why = gost.unavailable()
    if why is not None:
        raise Unsupported("outside", why)


@given(parsers.re(rf"у {_NAME} открытый кабинет, договор и сертификат"))
def _with_contract(scene: Scene, name: str) -> None:
    """A sole proprietor's cabinet; ready to sign."""
    cabinet_opened(scene, name)
    ready_to_sign(scene, name)


@given(parsers.re(rf"{_NAME} подписала? и отправила? документ"))
@when(parsers.re(rf"{_NAME} подписала? и отправила? документ"))
def _sent(scene: Scene, name: str) -> None:
    """To the next persona of the scenario."""
    done(scene, scene.cast[name], "подписывает документы")
    done(scene, scene.cast[name], "отправляет документ")


@given(parsers.re(rf"у {_NAME} отправлен договор"))
@when(parsers.re(rf"у {_NAME} отправлен договор"))
def _contract_sent(scene: Scene, name: str) -> None:
    """From the cabinet, signed, to the next persona of the scenario."""
    ready_to_sign(scene, name)
    _sent(scene, name)
