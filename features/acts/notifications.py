"""Notices about the organization that was bound last (chapter NTF). Every change of settings takes
a fresh code by SMS, unless a table gives another."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from features.acts.accounts import code_of
from features.acts.act import act, view
from features.acts.binding import bound_last
from features.acts.doing import done
from features.personas import Persona
from features.scene import Scene

__all__ = ["subscription"]

_ASK: Final = "просит код настроек"
_FRESH: Final = "{свежий}"
_KINDS: Final = ("payment", "application", "court", "law", "deadline")
_CHANGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "выбирает каналы": {"channels": ["sms", "email"]},
    "отказывается от всех каналов": {"channels": []},
    "оставляет только почту": {"channels": ["email"]},
    "выбирает частоту": {"frequency": "daily"},
    "приостанавливает рассылку": {"paused": True},
    "возобновляет рассылку": {"paused": False},
}


def _with_code(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    if payload.get("code") != _FRESH:
        return
    if any(deed.persona == persona.name and deed.act.phrase == _ASK for deed in scene.deeds):
        scene.driver.advance("1m")  # AUTH-06
    done(scene, persona, _ASK)
    payload["code"] = code_of(persona, scene)


@act(_ASK, "request_notification_code")
def settings_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By SMS."""
    return {"organization": bound_last(scene)}


@act("подписывается на уведомления", "change_notifications", _with_code)
def subscription(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By SMS, at once, of what happens most."""
    return {
        "organization": bound_last(scene),
        "channels": ["sms"],
        "subscriptions": [{"agency": "any", "kind": kind} for kind in _KINDS],
        "frequency": "at_once",
        "code": _FRESH,
    }


def _change(wanted: Mapping[str, Any], persona: Persona, scene: Scene) -> dict[str, Any]:
    return {"organization": bound_last(scene), **wanted, "code": _FRESH}


for _phrase, _wanted in _CHANGES.items():
    act(_phrase, "change_notifications", _with_code)(partial(_change, _wanted))


@act("добавляет почту для уведомлений", "request_notification_contact")
def added_mail(persona: Persona, scene: Scene) -> dict[str, Any]:
    """One's own, which the portal has not confirmed yet."""
    return {
        "organization": bound_last(scene),
        "channel": "email",
        "value": persona.person.email,
    }


@act("подтверждает почту для уведомлений", "confirm_notification_contact")
def confirmed_mail(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by mail."""
    code = code_of(persona, scene, "письма")
    return {"organization": bound_last(scene), "channel": "email", "code": code}


@act("отправляет уведомление ещё раз", "resend_notification")
def sent_again(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest that did not arrive; if there is none, the latest of all."""
    shown = scene.driver.read(persona, "notifications", notices(persona, scene)).data["items"]
    lost = [each for each in shown if each["state"] == "undelivered"] or shown
    return {"organization": bound_last(scene), "notice": lost[0]["notice"] if lost else ""}


@view("уведомления", "notifications")
def notices(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of one's own."""
    return {"organization": bound_last(scene)}


@view("настройки уведомлений", "notification_settings")
@view("сроки", "terms")
def of_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the organization."""
    return {"organization": bound_last(scene)}
