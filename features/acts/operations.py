"""Maintenance, the page of the state of services, reports of failures (chapter OPS)."""

import datetime as dt
from typing import Any

from features.acts.act import act, view
from features.acts.registration import papers_of
from features.personas import Persona
from features.scene import Scene

__all__ = ["incident", "works_in_an_hour"]

_HOUR = dt.timedelta(hours=1)


@act("планирует технические работы", "plan_maintenance")
def works_in_an_hour(persona: Persona, scene: Scene) -> dict[str, Any]:
    """From an hour on for two hours."""
    return _works(scene, begin=_HOUR, end=3 * _HOUR)


@act("начинает технические работы", "plan_maintenance")
def works_from_now(persona: Persona, scene: Scene) -> dict[str, Any]:
    """At once for two hours."""
    return _works(scene, begin=0 * _HOUR, end=2 * _HOUR)


@act("заканчивает технические работы", "end_maintenance")
def ended_works(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Those that were planned last."""
    return {"maintenance": scene.known(persona, "maintenance")}


@act("сообщает о сбое", "report_incident")
def incident(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Just now, with the code of a refusal, and the picture that was uploaded last."""
    return {
        "happened_at": scene.driver.now().isoformat(),
        "error_code": "later",
        "screenshot": papers_of(persona, scene)[-1] if papers_of(persona, scene) else "",
        "description": "Заявка не отправилась",
    }


@view("состояние сервисов", "service_status")
def services(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of it."""
    return {}


@view("сообщения о сбоях", "incidents")
def reported(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of them."""
    return {}


def _works(scene: Scene, *, begin: dt.timedelta, end: dt.timedelta) -> dict[str, Any]:
    now = scene.driver.now()
    return {
        "start": (now + begin).isoformat(),
        "end": (now + end).isoformat(),
        "reason": "Обновление портала",
    }
