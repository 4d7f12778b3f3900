"""The journal, its report, the profile and its history (chapter AUD)."""

import base64
from typing import Any

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.driver import Outcome
from features.personas import Persona
from features.scene import Scene

__all__ = ["edited_profile"]


def _of_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of the organization that was registered or bound last."""
    return {"organization": bound_last(scene)}


def _shown(name: str, persona: Persona, scene: Scene) -> Outcome:
    return scene.driver.read(persona, name, _of_organization(persona, scene))


def _version(persona: Persona, scene: Scene) -> int:
    """The version of the profile as the persona sees it; whoever sees none guesses."""
    return int(_shown("organization_profile", persona, scene).data.get("version", 1))


for _phrase, _name in {
    "журнал организации": "audit_log",
    "отчёт журнала": "audit_report",
    "историю организации": "organization_history",
    "профиль организации": "organization_profile",
}.items():
    view(_phrase, _name)(_of_organization)


@view("целость журнала портала", "check_journal")
@view("настройки безопасности", "security_log")
def every_line(persona: Persona, scene: Scene) -> dict[str, Any]:
    """From the first one on."""
    return {}


@act("меняет профиль", "edit_organization")
def edited_profile(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The site, in the profile as it is."""
    return {
        **_of_organization(persona, scene),
        "version": _version(persona, scene),
        "site": "example.org",
    }


@act("возвращает первую версию профиля", "restore_version")
def restored(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The earliest that is kept; 1 if none is."""
    versions = _shown("organization_history", persona, scene).data.get("items", [])
    return {
        **_of_organization(persona, scene),
        "version": _version(persona, scene),
        "earlier": versions[-1]["id"] if versions else 1,
    }


@act("просит об ошибочной записи журнала", "explain_journal_line")
def wrong_line(persona: Persona, scene: Scene) -> dict[str, Any]:
    """That the latest line is explained."""
    latest = _shown("audit_log", persona, scene).data["items"][0]["id"]
    return {
        **_of_organization(persona, scene),
        "number": latest,
        "wish": "explain",
        "text": "Изменение внесено по ошибке",
    }


def _as_it_was_kept(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The file, with the words that the scenario replaces in it."""
    word, other = payload.pop("word"), payload.pop("replaced_by")
    text = base64.b64decode(payload.pop("content")).decode()
    kept = text.replace(word, other) if word else text
    assert not word or kept != text, f"в отчёте нет «{word}»"
    payload["content"] = base64.b64encode(kept.encode()).decode()


@act("сверяет отчёт с журналом", "check_audit_report", _as_it_was_kept)
def kept_report(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The report as the portal gives it now."""
    content = _shown("audit_report", persona, scene).data["content"]
    return {
        **_of_organization(persona, scene),
        "content": content,
        "word": "",
        "replaced_by": "",
    }
