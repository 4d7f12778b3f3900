"""Uploading documents and having them back (chapter DOC)."""

import base64
from typing import Any

from features.acts.act import act, view
from features.personas import Persona
from features.scene import Scene
from world.documents import EICAR, MEGABYTE
from world.file_formats import file_content

__all__ = ["document_of_type", "documents_filter"]


def _filed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Make the file of what decides its content and is no field of the form: what it is, how many
    megabytes and bytes it has, whether it is infected."""
    kind, infected = payload.pop("file_format"), payload.pop("infected")
    megabytes, more = payload.pop("megabytes"), payload.pop("more_bytes")
    if payload["content"]:
        return
    size = int(float(megabytes) * MEGABYTE) + int(more) if megabytes else None
    comment = EICAR if infected else b""
    content = file_content(kind, (payload["file_name"],), size=size, comment=comment)
    payload["content"] = base64.b64encode(content).decode()


@act("загружает документ", "upload_document", _filed)
def document_of_type(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The charter, as a small PDF, for registration."""
    return {
        "context": "registration",
        "document_type": "charter",
        "file_name": "Устав.pdf",
        "content": "",
        "file_format": "pdf",
        "megabytes": "",
        "more_bytes": 0,
        "infected": False,
    }


@view("документ", "document_content")
def document_had_last(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The document that was uploaded last, by whomever."""
    uploaded = [each for each in scene.deeds if each.act.name == "upload_document"]
    return {"document": uploaded[-1].outcome.data["document"]}


@view("документы", "list_documents")
def documents_filter(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of them."""
    return {"date_from": "", "date_to": "", "document_type": "", "status": ""}


@view("архив документов", "documents_archive")
def chosen_documents(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Everything that the persona has uploaded."""
    return {"documents": [each["document"] for each in _uploaded(persona, scene)]}


def _uploaded(persona: Persona, scene: Scene) -> list[Any]:
    return [
        deed.outcome.data
        for deed in scene.deeds
        if deed.persona == persona.name
        and deed.act.name == "upload_document"
        and deed.outcome.accepted
    ]
