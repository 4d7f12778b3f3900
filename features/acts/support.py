"""Requests to support (chapter SUP); what is done with a ticket is done with the latest one."""

import base64
from typing import Any, Final

from features.acts.act import act, view
from features.personas import Persona
from features.scene import Scene
from world.file_formats import file_content

__all__ = ["request_to_support"]

_SCREENSHOT: Final = "Снимок.png"
_LOG: Final = "Журнал.pdf"


def _ticket(scene: Scene) -> str:
    """The ticket that was made last, by whomever; empty before the first."""
    for deed in reversed(scene.deeds):
        if deed.outcome.accepted and "ticket" in deed.outcome.data:
            return str(deed.outcome.data["ticket"])
    return ""


def _uploaded(persona: Persona, scene: Scene, file_name: str) -> str:
    """The id of a document that the persona has uploaded; empty if they have not."""
    for deed in reversed(scene.deeds):
        is_theirs = deed.persona == persona.name and deed.outcome.accepted
        if is_theirs and deed.payload.get("file_name") == file_name:
            return str(deed.outcome.data["document"])
    return ""


def _said_by(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Everything that SUP-04 asks for, as far as the persona has uploaded it."""
    form = persona.filing.form
    return {
        "inn": form.inn,
        "kpp": form.kpp,
        "snils": persona.person.snils,
        "description": "Заявка не отправляется",
        "screenshot": _uploaded(persona, scene, _SCREENSHOT),
        "log": _uploaded(persona, scene, _LOG),
    }


def _caller(scene: Scene) -> Persona:
    """Whoever is no member of the staff, the latest."""
    return [each for each in scene.cast if each.kind != "operator"][-1]


@act("загружает снимок экрана", "upload_document")
def screenshot(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As PNG."""
    return _file(_SCREENSHOT, file_content("png", [_SCREENSHOT]))


@act("загружает журнал сбоя", "upload_document")
def log(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As PDF."""
    return _file(_LOG, file_content("pdf", [_LOG]))


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {
        "context": "form",
        "document_type": "attachment",
        "file_name": name,
        "content": base64.b64encode(content).decode(),
    }


@act("обращается в поддержку", "open_ticket")
def request_to_support(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By the form, about a failure."""
    return {"channel": "form", "topic": "failure", **_said_by(persona, scene)}


@act("записывает обращение", "register_ticket")
def written_down(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of whoever has called, by phone."""
    caller = _caller(scene)
    said = _said_by(caller, scene)
    return {"login": caller.person.inn, "channel": "phone", "topic": "failure", **said}


@act("дополняет обращение", "supplement_ticket")
def supplemented(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By all there is."""
    return {"ticket": _ticket(scene), **_said_by(persona, scene)}


@act("отвечает на обращение", "answer_ticket")
def answered(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With instructions."""
    return {"ticket": _ticket(scene), "answer": "Очистите кеш и войдите снова"}


@act("сообщает о повторном сбое", "repeat_failure")
def came_again(persona: Persona, scene: Scene) -> dict[str, Any]:
    """After what the instructions say."""
    return {"ticket": _ticket(scene), "steps": "Кеш очищен, вход выполнен снова"}


@act("закрывает обращение", "close_ticket")
def closed(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest."""
    return {"ticket": _ticket(scene)}


@view("обращение", "ticket")
def one_ticket(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest."""
    return {"ticket": _ticket(scene)}


@view("свои обращения", "my_tickets")
@view("очередь поддержки", "support_tickets")
def all_tickets(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of them."""
    return {}
