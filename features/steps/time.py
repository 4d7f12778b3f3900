"""The portal's time, and the parameters of its rules."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from pytest_bdd import given, parsers, when

from features.placeholders import ABSENT
from features.scene import Scene

__all__: list[str] = []

_PASSES: Final = parsers.re(r"проходит (?P<duration>\d+(?:\.\d+)?(?:ms|s|m|h|d|wd))")
_COMES: Final = parsers.re(r"проходит (?P<number>\d+) (?P<unit>[а-я]+(?: [а-я]+)?)")
_ARRIVES: Final = parsers.re(r"наступает (?P<day>\d{2}\.\d{2}\.\d{4}) (?P<time>\d{2}:\d{2}:\d{2})")
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "count": int,
    "number": float,
    "list": lambda text: [] if text == ABSENT else text.split(","),
}
_UNITS: Final = {
    "секунд": "s",
    "секунда": "s",
    "секунды": "s",
    "минут": "m",
    "минута": "m",
    "минуты": "m",
    "часов": "h",
    "час": "h",
    "часа": "h",
    "дней": "d",
    "день": "d",
    "дня": "d",
    "рабочих дней": "wd",
    "рабочий день": "wd",
    "рабочих дня": "wd",
}


@given(_PASSES)
@when(_PASSES)
def _passed(scene: Scene, duration: str) -> None:
    _pass(scene, duration)


@given(_COMES)
@when(_COMES)
def _passed_in_words(scene: Scene, number: str, unit: str) -> None:
    _pass(scene, number + _UNITS[unit])


@given(_ARRIVES)
@when(_ARRIVES)
def _arrived(scene: Scene, day: str, time: str) -> None:
    """That moment of the portal's own time, which is to come, or the millisecond after it."""
    now = scene.driver.now()
    moment = dt.datetime.strptime(f"{day} {time}", "%d.%m.%Y %H:%M:%S").replace(tzinfo=now.tzinfo)
    _pass(scene, f"{-((now - moment) // dt.timedelta(milliseconds=1))}ms")


def _pass(scene: Scene, duration: str) -> None:
    scene.driver.advance(duration)
    scene.cast.renew(scene.driver.now().date())


@given(parsers.re(r"параметр (?P<key>[A-Z]+(?:-\d{2})?\.[a-z_]+) равен (?P<value>\S+)"))
def _set(scene: Scene, key: str, value: str) -> None:
    kind = scene.book.parameter(key).type
    scene.driver.override(key, _READERS.get(kind, str)(value))
