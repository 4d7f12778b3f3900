"""Faces before a camera: what people do there themselves, outside the portal."""

from typing import Any, Final

import requests

from features.personas import Persona
from features.scene import Scene

__all__ = ["enrol", "face_taken"]

_TIMEOUT_S: Final = 60.0


def face_taken(persona: Persona, challenge: str, scene: Scene) -> str:
    """The picture that a camera takes of the persona for that challenge, in Base64."""
    asked = {"modality": "face", "challenge": challenge}
    return str(_asked(scene, f"people/{persona.person.snils}/samples", asked)["sample"])


def enrol(persona: Persona, scene: Scene) -> None:
    """Let the persona leave a template of their face at a bank."""
    snils = persona.person.snils
    challenge = _asked(scene, "challenges", {"snils": snils, "purpose": "enrolment"})["challenge"]
    template = {
        "request_id": f"template-{snils}",
        "snils": snils,
        "level": "confirmed",
        "consent": True,
        "challenge": challenge,
        "samples": {"face": face_taken(persona, challenge, scene)},
    }
    _asked(scene, "templates", template)


def _asked(scene: Scene, path: str, body: dict[str, Any]) -> Any:
    address = f"{scene.driver.outside('biometry')}/v1/{path}"
    answer = requests.post(address, json=body, timeout=_TIMEOUT_S)
    answer.raise_for_status()
    return answer.json()
