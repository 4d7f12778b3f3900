"""What taxpayers do in the cabinet of ФНС."""

from typing import Final

import requests
from pytest_bdd import given, parsers, when

from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []

_TIMEOUT_S: Final = 60.0
_DEEDS: Final = {
    "подтверждает доступ": "confirmation",
    "отказывает в доступе": "refusal",
    "отзывает доступ": "revocation",
}
_DECIDES: Final = parsers.re(
    rf"в кабинете налогоплательщика «(?P<name>[^»]+)» (?P<deed>{'|'.join(_DEEDS)})"
)


@given(_DECIDES)
@when(_DECIDES)
def _decides(scene: Scene, name: str, deed: str) -> None:
    """The head decides on the request that the portal has sent last; what follows takes ten minutes
    of ФНС, and as many until the portal asks."""
    persona = scene.cast[name]
    number = scene.known(persona, "number")
    cabinet = f"{scene.driver.outside('tax_cabinet')}/lk/{persona.person.inn}"
    place = f"organizations/{persona.organization.inn}/access-requests/{number}/{_DEEDS[deed]}"
    requests.post(f"{cabinet}/{place}", timeout=_TIMEOUT_S).raise_for_status()
    scene.driver.advance("20m")


@given(parsers.re(r"доступ «(?P<name>[^»]+)» к налоговым сервисам открыт"))
def _open(scene: Scene, name: str) -> None:
    """Asked for, confirmed by the head, approved by ФНС."""
    done(scene, scene.cast[name], "запрашивает доступ к налоговым сервисам")
    _decides(scene, name, "подтверждает доступ")
