"""Adding, binding and unbinding an organization (chapters BND and UNB)."""

import base64
from dataclasses import asdict
from typing import Any

import requests

from features.acts.accounts import PASSWORD, code_of
from features.acts.act import ACTS, act, view
from features.acts.faces import face_taken
from features.acts.registration import papers_of
from features.personas import Persona
from features.placeholders import filled
from features.scene import Scene
from features.signing import signer_of

__all__ = ["bound_organization"]

_SIGNATURE = "signature"
_TIMEOUT_S = 60.0


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Sign what is confirmed by a signature with the certificate of `signed_by`, a persona."""
    signer = payload.pop("signed_by", "")
    if payload.get("confirmation") != _SIGNATURE or not signer:
        return
    shown = scene.driver.read(persona, "binding_to_sign", {"ogrn": persona.filing.form.ogrn})
    signature = signer_of(scene.cast[signer], scene).sign(shown.data["text"].encode(), scene)
    payload["signature"] = base64.b64encode(signature).decode()


def _request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Role, papers, division and signature of whoever does it right."""
    is_legal = persona.filing.kind == "legal"
    return {
        "role": "rep" if persona.kind == "representative" else "head",
        "confirmation": _SIGNATURE if is_legal else "sms",
        "documents": papers_of(persona, scene),
        "branch_code": persona.filing.form.kpp,
        "branch_address": persona.filing.form.legal_address,
        "code_by": "sms",
        "signed_by": persona.name,
    }


@act("добавляет организацию", "add_organization", _signed)
def added_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The organization of the filing by its full details."""
    form = asdict(persona.filing.form)
    return {"kind": persona.filing.kind, **form, **_request(persona, scene)}


@act("привязывает организацию", "bind_organization", _signed)
def bound_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The organization of the filing by its ОГРН."""
    form = persona.filing.form
    contacts = {"head_email": form.head_email, "head_phone": form.head_phone}
    return {"number": form.ogrn, **_request(persona, scene), **contacts}


@act("подтверждает привязку кодом", "confirm_binding")
def binding_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came last."""
    code = filled("{код из СМС}", persona, scene)
    return {"binding": scene.known(persona, "binding"), "code": code}


@act("подключает приложение", "connect_app")
def connected_app(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Just installed on the persona's phone."""
    installed = requests.post(
        f"{scene.driver.outside('push_service')}/v1/devices",
        json={"project": "portal", "phone": persona.person.phone, "platform": "android"},
        timeout=_TIMEOUT_S,
    )
    installed.raise_for_status()
    return {"token": installed.json()["token"], "password": PASSWORD}


@act("просит код привязки ещё раз", "resend_binding_code")
def another_binding_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By SMS."""
    return {"binding": scene.known(persona, "binding"), "channel": "sms"}


@act("переходит по ссылке привязки", "open_head_link")
def head_link(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The link that came to the head's mail first."""
    return {"token": _head_token(persona, scene)}


@act("подтверждает привязку как руководитель", "confirm_as_head")
def head_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The same link, and the code that came to the head's phone."""
    code = scene.driver.inbox(persona.filing.form.head_phone)[-1].text.partition(": ")[2][:6]
    return {"token": _head_token(persona, scene), "code": code}


@act("просит руководителя ещё раз", "repeat_head_request")
def repeated_request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """At the contacts of the filing."""
    form = persona.filing.form
    return {
        "binding": scene.known(persona, "binding"),
        "head_email": form.head_email,
        "head_phone": form.head_phone,
    }


@act("сообщает об ошибке в привязке", "report_mistaken_binding")
def reported_mistake(persona: Persona, scene: Scene) -> dict[str, Any]:
    """That the name of the organization that was bound last is wrong."""
    return {"organization": bound_last(scene), "fields": ["full_name"]}


@act("исправляет привязку", "correct_binding")
def corrected_binding(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Numbers and name as the register has them."""
    form = persona.filing.form
    numbers = {"inn": form.inn, "ogrn": form.ogrn, "full_name": form.full_name}
    return {"organization": bound_last(scene), **numbers}


@act("запрашивает код открепления", "request_unbinding_code")
def unbinding_asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the organization that was bound last."""
    return {"organization": bound_last(scene)}


@act("просит задание для биометрии", "begin_biometric_unbinding")
def biometry_asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the organization that was bound last."""
    return {"organization": bound_last(scene)}


def _twice(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The second confirmation: the signature of `signed_by`, the face of `face_of`, personas."""
    signer, face_of = payload.pop("signed_by"), payload.pop("face_of")
    if payload.get("second") == "token":
        asked = {"organization": payload["organization"]}
        text = scene.driver.read(persona, "unbinding_to_sign", asked).data["text"]
        signature = signer_of(scene.cast[signer], scene).sign(text.encode(), scene)
        payload["signature"] = base64.b64encode(signature).decode()
    elif payload.get("second") == "biometry":
        outcome = scene.do(persona, ACTS["просит задание для биометрии"])
        challenge = str(outcome.data.get("challenge", "none"))
        payload["challenge"] = challenge
        payload["face"] = face_taken(scene.cast[face_of], challenge, scene)


@act("открепляет организацию", "unbind_organization", _twice)
def unbinding(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By password and the code that came last, or by one's own signature or face."""
    return {
        "organization": bound_last(scene),
        "password": PASSWORD,
        "second": "sms",
        "code": code_of(persona, scene),
        "signed_by": persona.name,
        "face_of": persona.name,
    }


@view("мои организации", "my_organizations")
def own_organizations(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of them."""
    return {}


def bound_last(scene: Scene) -> str:
    """The organization that was bound or registered last, by whomever; LookupError."""
    for deed in reversed(scene.deeds):
        organization = deed.outcome.data.get("organization")
        if deed.outcome.accepted and organization is not None:
            return str(organization)
    raise LookupError("организаций в сценарии ещё не было")


def _head_token(persona: Persona, scene: Scene) -> str:
    letters = scene.driver.inbox(persona.filing.form.head_email)
    links = [each.text for each in letters if "/head-confirmation/" in each.text]
    return links[-1].rpartition("/")[2]
