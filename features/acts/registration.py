"""Registering an organization (chapters REG and VER)."""

import base64
import re
from typing import Any, Final

from features.acts.act import ACTS, act, view
from features.personas import Persona
from features.placeholders import filled
from features.scene import Scene
from features.signing import signer_of
from world.forms import application_form, upload_form

__all__ = ["application", "papers_of", "prepare", "upload_papers"]

_NOBODY: Final = "никто"
_CODE: Final = re.compile(r"\d{6}")
_NOT_SIGNED: Final = frozenset({"organization", "answer", "tier"})


def prepare(persona: Persona, scene: Scene) -> None:
    """Everything that comes before an application: the ИНН, the corporate mail, the papers."""
    _try(persona, scene, "запрашивает код к ИНН", "подтверждает ИНН кодом")
    if persona.filing.kind == "legal":
        mail = "запрашивает письмо на корпоративную почту", "переходит по ссылке из письма"
        _try(persona, scene, *mail)
    upload_papers(persona, scene)


def upload_papers(persona: Persona, scene: Scene) -> None:
    """Every document of the filing."""
    for document in persona.filing.documents:
        scene.do(persona, ACTS["загружает документ"], upload_form(document))


def _try(persona: Persona, scene: Scene, *phrases: str) -> None:
    """One after the other, until one is refused: a number of a wrong form stays unconfirmed."""
    for phrase in phrases:
        if not scene.do(persona, ACTS[phrase]).accepted:
            return


def papers_of(persona: Persona, scene: Scene) -> list[str]:
    """Ids of the documents that the persona has uploaded."""
    return [
        deed.outcome.data["document"]
        for deed in scene.deeds
        if deed.persona == persona.name
        and deed.act.name == "upload_document"
        and deed.outcome.accepted
    ]


def filed_last(scene: Scene) -> str:
    """The organization whose application was filed last, by whomever; LookupError."""
    for deed in reversed(scene.deeds):
        if deed.act.name == "register_organization" and deed.outcome.accepted:
            return str(deed.outcome.data["organization"])
    raise LookupError("заявок в сценарии ещё не было")


@act("запрашивает код к ИНН", "request_inn_code")
def inn_asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the ИНН of the filing."""
    return {"kind": persona.filing.kind, "inn": persona.filing.form.inn}


@act("подтверждает ИНН кодом", "confirm_organization_inn")
def inn_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the code that came last."""
    code = filled("{код из СМС}", persona, scene)
    return {"kind": persona.filing.kind, "inn": persona.filing.form.inn, "code": code}


@act("запрашивает письмо на корпоративную почту", "send_corporate_email_link")
def email_asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """To the address of the filing."""
    return {"email": persona.filing.form.email}


@act("переходит по ссылке из письма", "confirm_corporate_email")
def email_link(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The link of the latest letter to the corporate address."""
    letters = scene.driver.inbox(persona.filing.form.email)
    return {"token": letters[-1].text.rpartition("/")[2]}


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Sign what is sent with the certificate of `signed_by`, a persona's name; «никто»: not."""
    signer = payload.pop("signed_by", _NOBODY)
    if signer == _NOBODY or persona.filing.kind != "legal":
        return
    text = {name: value for name, value in payload.items() if name not in _NOT_SIGNED}
    shown = scene.driver.read(persona, "registration_text", text)
    content = shown.data["text"].encode()
    signature = signer_of(scene.cast[signer], scene).sign(content, scene)
    payload["signature"] = base64.b64encode(signature).decode()


@act("подаёт заявку", "register_organization", _signed)
def application(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The filing as it was typed, with the papers that were uploaded, signed by the applicant."""
    return {
        **application_form(persona.filing),
        "documents": papers_of(persona, scene),
        "signed_by": persona.name,
    }


@act("отправляет заявку повторно", "resubmit_registration", _signed)
def corrected_application(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The whole application once more."""
    return {**application(persona, scene), "organization": filed_last(scene), "answer": ""}


@act("просит код полномочий в налоговой", "ask_authority_code")
def authority_asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the organization of the filing."""
    return {"inn": persona.filing.form.inn, "ogrn": persona.filing.form.ogrn}


@act("подтверждает полномочия", "confirm_authority")
def authority_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By the code that the head has received and passed on."""
    head = scene.driver.world.person(persona.organization.head.person)
    code = _CODE.findall(scene.driver.inbox(head.inn)[-1].text)[0]
    return {**authority_asked(persona, scene), "code": code, "signature": ""}


@act("просит поднять приоритет", "raise_priority")
def urgent(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of their own application."""
    return {"organization": filed_last(scene)}


@view("заявку", "registration")
def own_application(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was filed last, whoever has filed it."""
    return {"organization": filed_last(scene)}


@view("свои заявки", "registrations")
def own_applications(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of them."""
    return {}
