"""Who takes part, and what is wrong with what they file."""

from typing import Final

from pytest_bdd import given, parsers, when

from features.personas import PERSONA_KINDS
from features.scene import Scene

__all__: list[str] = []

_KIND: Final = "|".join(PERSONA_KINDS)


@given(parsers.re(rf"(?P<kind>{_KIND}) «(?P<name>[^»]+)»"))
def _introduced(scene: Scene, kind: str, name: str) -> None:
    scene.cast.introduce(name, PERSONA_KINDS[kind])


@given(parsers.re(rf"(?P<kind>{_KIND}) «(?P<name>[^»]+)» той же организации, что «(?P<of>[^»]+)»"))
def _colleague(scene: Scene, kind: str, name: str, of: str) -> None:
    scene.cast.colleague(name, PERSONA_KINDS[kind], of)


@given(parsers.re(r"в сведениях «(?P<name>[^»]+)» ошибка (?P<defect>[a-z_]+)"))
def _mistaken(scene: Scene, name: str, defect: str) -> None:
    scene.cast.mistake(name, defect)


@given(parsers.re(r"«(?P<name>[^»]+)» за другим устройством"))
@when(parsers.re(r"«(?P<name>[^»]+)» за другим устройством"))
def _elsewhere(scene: Scene, name: str) -> None:
    scene.cast.move(name, device="чужой телефон")


@given(parsers.re(r"«(?P<name>[^»]+)» в регионе (?P<region>\d{2})"))
@when(parsers.re(r"«(?P<name>[^»]+)» в регионе (?P<region>\d{2})"))
def _away(scene: Scene, name: str, region: str) -> None:
    scene.cast.move(name, region=region)
