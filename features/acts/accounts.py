"""A person's account: signing up, contacts, proving who one is (chapter ACC)."""

from typing import Any, Final

from features.acts.act import ACTS, act, view
from features.personas import Persona
from features.placeholders import filled
from features.scene import Scene
from world import forms

__all__ = ["PASSWORD", "code_of", "identity_by_passport", "new_account"]

PASSWORD: Final = "Zx7!mkpRvb2#"
"""Everybody's first password: good by the strict policy too."""


@act("регистрируется", "sign_up")
def new_account(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The form of a new account."""
    return forms.sign_up_form(persona.person, PASSWORD)


@act("вводит код активации", "activate_account")
def activation(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by SMS."""
    return {
        "account": scene.known(persona, "account"),
        "code": code_of(persona, scene),
    }


@act("просит код активации ещё раз", "resend_code")
def another_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Another code by SMS."""
    return {"account": scene.known(persona, "account"), "channel": "sms"}


@act("просит код на почту", "request_contact_code")
def code_to_email(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A code that confirms the e-mail."""
    return {"contact": "email"}


@act("подтверждает почту кодом", "confirm_contact")
def email_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by mail."""
    return {"contact": "email", "code": code_of(persona, scene, "письма")}


@act("просит код на телефон", "request_contact_code")
def code_to_phone(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A code that confirms the phone."""
    return {"contact": "phone"}


@act("подтверждает телефон кодом", "confirm_contact")
def phone_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by SMS."""
    return {"contact": "phone", "code": code_of(persona, scene)}


@act("загружает скан паспорта", "upload_document")
def passport_scan(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The scan of the passport's main page."""
    return forms.passport_scan(persona.person)


@act("подтверждает личность по паспорту", "confirm_identity")
def identity_by_passport(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The passport with its scan, which is uploaded if it was not yet, and СНИЛС."""
    return forms.identity_form(persona.person, _scan_of(persona, scene))


@act("присылает документы по запросу", "send_identity_documents")
def identity_documents(persona: Persona, scene: Scene) -> dict[str, Any]:
    """What was uploaded last."""
    return {"documents": [_scan_of(persona, scene)]}


@act("не присылает документов по запросу", "send_identity_documents")
def no_documents(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Nothing."""
    return {"documents": []}


@act("собирается воспользоваться услугой", "ask_for_action")
def function(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A function of the portal that has no legal force."""
    return {"action": "function"}


@act("собирается добавить организацию", "ask_for_action")
def organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """An organization is to be added or bound."""
    return {"action": "organization"}


@act("собирается совершить юридически значимое действие", "ask_for_action")
def legal_action(persona: Persona, scene: Scene) -> dict[str, Any]:
    """What needs a confirmed person and a high level of sign-in."""
    return {"action": "legal"}


@act("назначает видеозвонок", "confirm_identity_by_video")
def video_call(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A conversation by video."""
    return {"snils": persona.person.snils}


@act("подтверждает личность посетителя", "confirm_identity_in_person")
def visit(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A service centre has seen somebody; the table says whom, by ИНН."""
    return {"inn": "", "refused_for": ""}


@act("признаёт личность по документам", "decide_identity")
def accepted_identity(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The operator confirms whoever is first in the queue."""
    return {"account": _first_in_queue(persona, scene), "accepted": True, "reason": ""}


@act("не признаёт личность по документам", "decide_identity")
def refused_identity(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The operator refuses whoever is first in the queue."""
    reason = "скан нечитаемый"
    return {"account": _first_in_queue(persona, scene), "accepted": False, "reason": reason}


@view("учётную запись", "my_account")
def my_account(persona: Persona, scene: Scene) -> dict[str, Any]:
    """One's own account."""
    return {}


def code_of(persona: Persona, scene: Scene, source: str = "СМС") -> str:
    """The latest code that came by SMS (`письма`: by mail); empty if none did."""
    try:
        return filled(f"{{код из {source}}}", persona, scene)
    except LookupError:
        return ""


def _scan_of(persona: Persona, scene: Scene) -> str:
    try:
        return str(scene.known(persona, "document"))
    except LookupError:
        outcome = scene.do(persona, ACTS["загружает скан паспорта"])
        return str(outcome.data.get("document", ""))


def _first_in_queue(persona: Persona, scene: Scene) -> str:
    reviews = scene.driver.read(persona, "identity_reviews", {}).data["reviews"]
    return str(reviews[0]["account"]) if reviews else "nobody"
