"""Browser, client program, distribution (chapter ENV)."""

import base64
from typing import Any

import requests

from features.acts.accounts import PASSWORD
from features.acts.act import act, view
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of
from signatures import cms
from signatures.certificates import parsed
from signatures.keys import PrivateKey

__all__ = ["workplace"]

_TIMEOUT_S = 60.0
_INSTALLER = b"client program 1.0"


@view("проверку браузера", "browser")
def browser(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Cookies and JavaScript are on; nothing is to be signed."""
    return {"cookies": True, "javascript": True, "signs": False}


@act("проверяет рабочее место", "check_workplace")
def workplace(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As little as is enough."""
    return {
        "system": "Windows",
        "release": "10",
        "cpu": "x86_64",
        "cpu_ghz": 2.0,
        "ram_gb": 4.0,
        "disk_mb": 150.0,
        "https": True,
    }


@act("сохраняет профиль", "save_profile")
def saved(persona: Persona, scene: Scene) -> dict[str, Any]:
    """On the device where they are."""
    return {"password": PASSWORD}


@act("входит по сохранённому профилю", "sign_in_by_profile")
def by_profile(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was saved last."""
    return {"profile": scene.known(persona, "profile")}


def _published(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Signed by the publisher, or by the persona; the file may have been changed afterwards."""
    signed_by, changed = payload.pop("signed_by"), payload.pop("changed")
    if signed_by == "publisher":
        place = f"{scene.driver.outside('ca')}/v1/systems/POLIGON/ecc"
        key = PrivateKey.from_pem(_fetched(f"{place}/key.pem"))
        certificate = parsed(_fetched(f"{place}/certificate.pem"))
        message = cms.sign(_INSTALLER, key, certificate, at=scene.driver.now())
    else:
        message = signer_of(persona, scene).sign(_INSTALLER, scene)
    content = _INSTALLER + b"!" if changed else _INSTALLER
    payload["content"] = base64.b64encode(content).decode()
    payload["signature"] = base64.b64encode(message).decode()


@act("проверяет дистрибутив", "check_distribution", _published)
def distribution(persona: Persona, scene: Scene) -> dict[str, Any]:
    """From the official site, as it was published."""
    return {
        "source": "https://portal.test/download/client.msi",
        "signed_by": "publisher",
        "changed": "",
    }


def _fetched(address: str) -> bytes:
    answer = requests.get(address, timeout=_TIMEOUT_S)
    answer.raise_for_status()
    return answer.content
