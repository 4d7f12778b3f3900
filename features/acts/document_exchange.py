"""Documents that go to counterparties and services, and the archive (chapter EDI): the document
that was uploaded last, and what was sent last, by whomever."""

import base64
from typing import Any

from features.acts.act import act, view
from features.acts.certificates import signature_over
from features.personas import Persona
from features.scene import Scene

__all__: list[str] = []


def _last(scene: Scene, use_case: str, name: str) -> str:
    for deed in reversed(scene.deeds):
        if deed.act.name == use_case and deed.outcome.accepted:
            return str(deed.outcome.data[name])
    raise LookupError(f"{name}: в сценарии такого ещё не было")


def _document(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest document, for the persona's organization."""
    return {
        "organization": scene.known(persona, "organization"),
        "document": _last(scene, "upload_document", "document"),
    }


def _exchange(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest exchange, for the persona's organization."""
    return {
        "organization": scene.known(persona, "organization"),
        "exchange": _last(scene, "send_document", "exchange"),
    }


@act("отправляет документ", "send_document")
def sent(persona: Persona, scene: Scene) -> dict[str, Any]:
    """To the organization of the next persona of the scenario."""
    others = [each for each in scene.cast if each.name != persona.name]
    counterparty = others[0].organization.inn if others else ""
    return {**_document(persona, scene), "counterparty": counterparty}


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Over the bytes that were uploaded last, or over others that the scenario names."""
    uploads = [each for each in scene.deeds if each.act.name == "upload_document"]
    content = base64.b64decode(uploads[-1].payload["content"])
    changed = payload.pop("changed_content")
    over = changed.encode() if changed else content
    payload["signature"] = signature_over(over, payload, scene, persona.name)


@act("подписывает полученный документ", "sign_exchange", _signed)
def answer(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the persona's own certificate, by their own clock."""
    clock_s = persona.filing.environment.clock_skew_s
    return {**_exchange(persona, scene), "changed_content": "", "clock_s": clock_s}


@act("отклоняет полученный документ", "decline_exchange")
def declined(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Because the contract is another's."""
    return {**_exchange(persona, scene), "reason": "Договор не наш"}


@act("указывает вид документа", "state_document_kind")
def stated(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the tax service."""
    return {**_document(persona, scene), "kind": "tax", "notice": ""}


@act("восстанавливает документ из архива", "restore_document")
def restored(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _document(persona, scene)


@act("восстанавливает документ владельцу", "restore_for_organization")
def restored_by_staff(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one, whosever it is."""
    return {"document": _last(scene, "upload_document", "document")}


def _with_more(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The bytes of the file, with what the scenario adds, or without the last of them."""
    content = base64.b64decode(payload["content"])
    more, cut = payload.pop("added"), payload.pop("cut")
    whole = content[: len(content) - cut] + more.encode()
    payload["content"] = base64.b64encode(whole).decode()


@act("сверяет файл с архивом", "compare_with_archive", _with_more)
def compared(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The file that was uploaded last, as it was."""
    uploads = [each for each in scene.deeds if each.act.name == "upload_document"]
    content = uploads[-1].payload["content"]
    return {**_document(persona, scene), "content": content, "added": "", "cut": 0}


@view("полученный документ", "exchanged_document")
def exchanged(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _exchange(persona, scene)


@view("входящие документы", "exchanges")
def incoming(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of them."""
    return {"organization": scene.known(persona, "organization"), "direction": "incoming"}


@view("путь документа", "forwarded_document")
def forwarded(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the latest one."""
    return _document(persona, scene)


@view("копии в архиве", "archived_copies")
def copies(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the latest document."""
    return _document(persona, scene)
