"""Licences and permits (chapter APP), of the organization that was bound last."""

import base64
from typing import Any, Final

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.acts.doing import done
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of
from world.file_formats import file_content

__all__ = ["licence"]

_KIND: Final = "опасные вещества"


@act("подключает лицензирование", "switch_on_services")
def switched_on(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the terms accepted."""
    return {"organization": bound_last(scene), "services": ["licence"], "terms_accepted": True}


@act("загружает документ к лицензии", "upload_document")
def paper(persona: Persona, scene: Scene) -> dict[str, Any]:
    """In PDF."""
    content = file_content("pdf", ["Документ к лицензии"])
    return {
        "context": "library",
        "document_type": "other",
        "file_name": "документ.pdf",
        "content": base64.b64encode(content).decode(),
    }


@act("загружает таблицу к лицензии", "upload_document")
def table(persona: Persona, scene: Scene) -> dict[str, Any]:
    """In a format that authorities do not take."""
    content = file_content("xlsx", ["Документ к лицензии"])
    return {
        "context": "library",
        "document_type": "other",
        "file_name": "документ.xlsx",
        "content": base64.b64encode(content).decode(),
    }


@act("готовит заявку на лицензию", "prepare_licence")
def licence(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With every document of the authority's list: the latest one that was uploaded."""
    wanted = {"organization": bound_last(scene)}
    listed = scene.driver.read(persona, "licence_kinds", wanted).data.get("items", ())
    codes: dict[str, str] = {}
    for each in listed:
        if each["kind"] == _KIND:
            codes = each["documents"]
    document = done(scene, persona, "загружает документ к лицензии").data["document"]
    return {
        **wanted,
        "kind": _KIND,
        "activity": persona.organization.okved[0],
        "valid_until": "2028-12-31",
        "documents": dict.fromkeys(codes, document),
    }


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """With the certificate of `signed_by`, a persona; with nobody's if it is empty."""
    signer, text = payload.pop("signed_by", ""), payload.pop("text")
    if signer:
        signature = signer_of(scene.cast[signer], scene).sign(text.encode(), scene)
        payload["signature"] = base64.b64encode(signature).decode()


@act("подаёт заявку на лицензию", "apply_for_licence", _signed)
def applied(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was prepared last, with the persona's own signature."""
    return {
        **seen_licence(persona, scene),
        "text": scene.known(persona, "text"),
        "signed_by": persona.name,
    }


@act("дополняет заявку на лицензию", "supplement_licence")
def supplement(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By the charter in PDF."""
    document = done(scene, persona, "загружает документ к лицензии").data["document"]
    return {**seen_licence(persona, scene), "documents": {"charter": document}}


@view("заявку на лицензию", "licence_application")
def seen_licence(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was prepared last."""
    return {
        "organization": bound_last(scene),
        "licence_application": scene.known(persona, "licence_application"),
    }
