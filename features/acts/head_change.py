"""Another head of an organization (chapter HEAD); the colleague of who names them, unless a table
says otherwise."""

import base64
from typing import Any, Final

from features.acts.accounts import code_of
from features.acts.act import act, view
from features.acts.binding import bound_last
from features.acts.doing import done
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of
from world.documents import DocumentKind, printed_date
from world.file_formats import file_content

__all__ = ["appointment", "colleague_of"]

_ORDER: Final[DocumentKind] = "appointment_order"
_LINK: Final = "/activation/"


def colleague_of(persona: Persona, scene: Scene) -> Persona:
    """Another persona of the same organization; LookupError if there is none."""
    own = persona.organization.index
    for each in scene.cast:
        if each.organization.index == own and each.name != persona.name:
            return each
    raise LookupError(f"у «{persona.name}» нет коллеги в этом сценарии")


def _with_certificate(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The certificate of `owner`, a persona, with a `mistake` of the rule book's defects; empty:
    none."""
    owner, mistake = payload.pop("owner"), payload.pop("mistake")
    if owner:
        signer = signer_of(scene.cast[owner], scene, *([mistake] if mistake else []))
        payload["certificate"] = base64.b64encode(signer.file).decode()


@act("загружает приказ о назначении", "upload_document")
def order(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of whoever is to be head."""
    return {
        "context": "registration",
        "document_type": _ORDER,
        "file_name": "Приказ.pdf",
        "content": base64.b64encode(file_content("pdf", ["Приказ о назначении"])).decode(),
    }


def _order_of(persona: Persona, scene: Scene) -> str:
    """The order, uploaded if it was not yet."""
    for deed in scene.deeds:
        is_order = deed.payload.get("document_type") == _ORDER
        if deed.persona == persona.name and is_order and deed.outcome.accepted:
            return str(deed.outcome.data["document"])
    return str(done(scene, persona, "загружает приказ о назначении").data["document"])


@act("назначает нового руководителя", "appoint_head", _with_certificate)
def appointment(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The colleague, with everything that HEAD-01 and HEAD-04 ask for."""
    named = colleague_of(persona, scene)
    passport = named.person.passport
    return {
        "organization": bound_last(scene),
        "full_name": str(named.person.name),
        "inn": named.person.inn,
        "birth_date": printed_date(named.person.birth_date),
        "phone": named.person.phone,
        "email": named.person.email,
        "position": "Генеральный директор",
        "snils": named.person.snils,
        "passport_series": passport.series,
        "passport_number": passport.number,
        "passport_issued": printed_date(passport.issued),
        "passport_issued_by": passport.issued_by,
        "documents": [_order_of(persona, scene)],
        "consent": True,
        "owner": named.name,
        "mistake": "",
    }


@act("вводит код роли нового руководителя", "confirm_head")
def role_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that has come to the colleague's phone."""
    code = code_of(colleague_of(persona, scene), scene)
    return {"organization": bound_last(scene), "code": code}


@act("активирует запись по ссылке из письма", "activate_head_account")
def followed_link(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The link that came last."""
    letters = [each.text for each in scene.driver.inbox(persona.person.email)]
    links = [text for text in letters if _LINK in text]
    return {"token": links[-1].rpartition("/")[2] if links else ""}


@act("просит новую ссылку активации", "renew_activation_link")
def renewed_link(persona: Persona, scene: Scene) -> dict[str, Any]:
    """In place of the link that came last."""
    return followed_link(persona, scene)


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Sign with the certificate of `owner`, a persona; empty: not."""
    owner = payload.pop("owner")
    if not owner:
        return
    asked = {"organization": payload["organization"]}
    text = scene.driver.read(persona, "head_signature_text", asked).data["text"]
    signature = signer_of(scene.cast[owner], scene).sign(text.encode(), scene)
    payload["signature"] = base64.b64encode(signature).decode()


@act("подтверждает подпись руководителя", "confirm_head_signature", _signed)
def first_signature(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By one's own key."""
    return {"organization": bound_last(scene), "owner": persona.name}


@view("текст подписи руководителя", "head_signature_text")
def text_to_sign(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the organization that was bound last."""
    return {"organization": bound_last(scene)}
