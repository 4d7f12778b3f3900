"""Passwords: changing, recovering by a code, getting back through support (chapter PWD)."""

from typing import Any

from features.acts.accounts import PASSWORD, code_of
from features.acts.act import act
from features.personas import Persona
from features.scene import Scene

__all__ = ["password_change"]

_NEW = "Qm4#vTzLkw9!"


@act("меняет пароль", "change_password")
def password_change(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The first password for a good one."""
    return {"old": PASSWORD, "password": _NEW}


@act("просит восстановить пароль", "request_recovery")
def recovery_request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """ИНН and e-mail of one's account; the code comes by mail."""
    return {"inn": persona.person.inn, "email": persona.person.email, "channel": "email"}


@act("восстанавливает пароль", "recover_password")
def recovered(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by mail, and a good password."""
    return {
        "inn": persona.person.inn,
        "email": persona.person.email,
        "code": code_of(persona, scene, "письма"),
        "password": _NEW,
    }


@act("просит поддержку вернуть доступ", "ask_support_for_access")
def support_request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Everything that support asks for."""
    return {
        "inn": persona.person.inn,
        "ogrn": persona.organization.ogrn,
        "phone": persona.person.phone,
        "contact": "звонить после 18",
        "documents": ["Устав.pdf"],
    }


@act("возвращает доступ первому в очереди", "decide_access")
def access_given(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The operator is sure of the identity."""
    return {"request": _first(persona, scene), "identity_verified": True, "email": ""}


@act("отказывает в доступе первому в очереди", "decide_access")
def access_refused(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The operator is not sure of the identity."""
    return {"request": _first(persona, scene), "identity_verified": False, "email": ""}


def _first(persona: Persona, scene: Scene) -> str:
    requests = scene.driver.read(persona, "access_requests", {}).data["requests"]
    return str(requests[0]["request"]) if requests else "none"
