"""Certificates and extracts (chapter APP), of the organization that was bound last."""

import base64
from typing import Any, Final

import requests

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of

__all__ = ["wanted_extract"]

_TIMEOUT_S: Final = 60.0


@act("подключает выписки", "switch_on_services")
def switched_on(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the terms accepted."""
    return {"organization": bound_last(scene), "services": ["extract"], "terms_accepted": True}


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """With the certificate of `signed_by`, a persona; with nobody's if it is empty."""
    signer = payload.pop("signed_by", "")
    if signer:
        shown = scene.driver.read(persona, "extract_to_sign", payload)
        text = str(shown.data.get("text", "")).encode()
        signature = signer_of(scene.cast[signer], scene).sign(text, scene)
        payload["signature"] = base64.b64encode(signature).decode()


@act("заказывает выписку", "request_extract", _signed)
def wanted_extract(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the register that the organization is in, for a bank, within some days."""
    is_legal = persona.filing.kind == "legal"
    return {
        "organization": bound_last(scene),
        "kind": "выписка ЕГРЮЛ" if is_legal else "выписка ЕГРИП",
        "purpose": "Для банка",
        "wanted_by": "2026-03-02",
        "signed_by": persona.name,
    }


@act("заказывает выписку о недвижимости", "request_extract", _signed)
def wanted_estate(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the first object in the country that somebody owns: rights are public. It is paid."""
    wanted = {"kind": "выписка ЕГРП", "object": _somebodys_object(scene)}
    return {**wanted_extract(persona, scene), **wanted}


@act("оплачивает выписку", "pay")
def paid_extract(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was ordered last."""
    return {
        "organization": bound_last(scene),
        "purpose": "service",
        "service": "extract",
        "subject": scene.known(persona, "extract"),
    }


@act("отправляет выписку почтой", "mail_extract")
def mailed(persona: Persona, scene: Scene) -> dict[str, Any]:
    """To the persona's own mail."""
    return {**ordered_extract(persona, scene), "email": persona.person.email}


@view("выписку", "extract")
def ordered_extract(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was ordered last."""
    return {"organization": bound_last(scene), "extract": scene.known(persona, "extract")}


def _somebodys_object(scene: Scene) -> str:
    address = f"{scene.driver.outside('rosreestr')}/v1/objects"
    for index in range(scene.driver.world.organizations):
        inn = scene.driver.world.organization(index).inn
        answer = requests.get(address, params={"inn": inn}, timeout=_TIMEOUT_S)
        objects = answer.json()["objects"]
        if objects:
            return str(objects[0]["cadastral_number"])
    raise LookupError("в стране нет недвижимости")
