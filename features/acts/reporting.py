"""Reports of an organization (chapter APP), of the one that was bound last."""

import base64
from typing import Any

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of

__all__ = ["report"]


@act("подключает отчётность", "switch_on_services")
def switched_on(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With its terms accepted."""
    return {"organization": bound_last(scene), "services": ["report"], "terms_accepted": True}


@act("готовит отчёт", "prepare_report")
def report(persona: Persona, scene: Scene) -> dict[str, Any]:
    """VAT of the last quarter of 2025."""
    return {
        "organization": bound_last(scene),
        "kind": "НДС",
        "period_code": "24",
        "year": 2025,
        "lines": {"010": 100_000, "020": 0},
        "operations": [{"day": "2025-12-31", "kopecks": 100_000}],
    }


@act("готовит отчёт с пустой строкой", "prepare_report")
def unfinished_report(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The same with a line that was left empty."""
    return {**report(persona, scene), "lines": {"010": 100_000, "020": None}}


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """With the certificate of `signed_by`, a persona; with nobody's if it is empty."""
    signer = payload.pop("signed_by", "")
    text = payload.pop("text")
    if signer:
        signature = signer_of(scene.cast[signer], scene).sign(text.encode(), scene)
        payload["signature"] = base64.b64encode(signature).decode()


@act("отправляет отчёт", "file_report", _signed)
def filed_report(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was prepared last, with the persona's own signature."""
    return {
        "organization": bound_last(scene),
        "report_version": scene.known(persona, "report_version"),
        "text": scene.known(persona, "text"),
        "signed_by": persona.name,
    }


@view("отчёт", "report_version")
def seen_report(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The version that the persona has prepared last."""
    return {
        "organization": bound_last(scene),
        "report_version": scene.known(persona, "report_version"),
    }


@view("отчёты", "reports")
def all_reports(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All versions, the latest first."""
    return {"organization": bound_last(scene)}


@view("справку о подаче", "document_content")
def filing_certificate(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the version that the persona has prepared last."""
    return {"document": _paper(persona, scene, "filing_certificate")}


@view("акт приёма", "document_content")
def acceptance_act(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the same."""
    return {"document": _paper(persona, scene, "acceptance_act")}


def _paper(persona: Persona, scene: Scene, name: str) -> str:
    shown = scene.driver.read(persona, "report_version", seen_report(persona, scene))
    return str(shown.data.get("papers", {}).get(name, "нет такого"))
