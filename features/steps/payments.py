"""What payers do on the page of the payment gateway."""

from typing import Final

import requests
from pytest_bdd import given, parsers, when

from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []

_TIMEOUT_S: Final = 60.0
_ANSWERS: Final = r"на странице оплаты «(?P<name>[^»]+)» (?P<answer>подтверждает|отказывается)"


@given(parsers.re(_ANSWERS))
@when(parsers.re(_ANSWERS))
def _answers(scene: Scene, name: str, answer: str) -> None:
    """The persona answers for the payment that they have asked for last; the portal learns of it a
    minute later."""
    number = scene.known(scene.cast[name], "number")
    verb = "confirm" if answer == "подтверждает" else "decline"
    page = f"{scene.driver.outside('payment_gateway')}/checkout/{number}/{verb}"
    requests.post(page, timeout=_TIMEOUT_S).raise_for_status()


@given(parsers.re(r"платное заявление «(?P<name>[^»]+)» оплачено"))
def _paid_application(scene: Scene, name: str) -> None:
    """Submitted, the payer has agreed, and the portal has heard of it."""
    for phrase in ("готовит платное заявление", "подаёт заявление", "оплачивает заявление"):
        done(scene, scene.cast[name], phrase)
    _answers(scene, name, "подтверждает")
    scene.driver.advance("1m")


@given(parsers.re(r"платная выписка «(?P<name>[^»]+)» оплачена"))
def _paid(scene: Scene, name: str) -> None:
    """One about real estate was ordered, the payer has agreed, and the portal has heard of it."""
    for phrase in ("заказывает выписку о недвижимости", "оплачивает выписку"):
        done(scene, scene.cast[name], phrase)
    _answers(scene, name, "подтверждает")
    scene.driver.advance("1m")
