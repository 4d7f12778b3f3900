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


_BROWSERS: Final = {
    "Chrome": "Mozilla/5.0 (Windows NT 10.0) Chrome/{}.0.0.0 Safari/537.36",
    "Edge": "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36 Edg/{}.0.0.0",
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/{}.0",
    "Safari": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/{}.4 Safari/605.1.15",
    "Opera": "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36 OPR/{}.0.0.0",
    "IE": "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:{}.0) like Gecko",
}
"""What browsers call themselves, by a version."""


@given(parsers.re(rf"«(?P<name>[^»]+)» в браузере (?P<browser>{'|'.join(_BROWSERS)}) (?P<of>\d+)"))
def _browses(scene: Scene, name: str, browser: str, of: str) -> None:
    scene.cast.move(name, device=_BROWSERS[browser].format(of))
