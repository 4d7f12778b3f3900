"""Requests for actions and the signatures that open them (SIG-01 to SIG-05, SIG-09)."""

import base64
import datetime as dt
from typing import Any, Final

import requests
from lxml import etree

from features.acts.act import act
from features.personas import Persona
from features.scene import Scene
from features.signing import Signer, signer_of
from signatures import cms, xmldsig
from signatures.timestamps import query, stamped, token_of

__all__ = ["action", "signed_action"]

_TIMEOUT_S: Final = 10.0


@act("просит открыть действие", "begin_action")
def action(persona: Persona, scene: Scene) -> dict[str, Any]:
    """An application is to be filed."""
    return {"action": "file_application"}


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Sign the request as its kind has it; `content` is what is really signed, a qualified
    signature may have a time stamp, a non-qualified one may be no XML."""
    kind, content = payload["kind"], payload.pop("content")
    is_stamped, is_xml = payload.pop("stamped"), payload.pop("xml")
    ahead = dt.timedelta(seconds=payload.pop("clock_s"))
    signer = signer_of(persona, scene)
    if kind == "qualified":
        at = scene.driver.now() + ahead
        message = cms.sign(content.encode(), signer.key, signer.certificate, at=at)
        if is_stamped:
            message = _with_stamp(message, content.encode(), scene)
        payload["signature"] = base64.b64encode(message).decode()
    elif kind == "nonqualified":
        document = _document(content, signer) if is_xml else content.encode()
        payload["document"] = base64.b64encode(document).decode()


@act("открывает действие", "open_action", _signed)
def signed_action(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest request, signed by a qualified signature without a stamp."""
    request = scene.known(persona, "request")
    return {
        "request": request,
        "kind": "qualified",
        "content": request,
        "stamped": False,
        "xml": True,
        "clock_s": 0,
        "code": "",
    }


def _document(content: str, signer: Signer) -> bytes:
    root = etree.Element("request")
    root.text = content
    root.append(xmldsig.sign(root, signer.key, signer.certificate, xmldsig.ENVELOPED))
    return etree.tostring(root)


def _with_stamp(message: bytes, content: bytes, scene: Scene) -> bytes:
    """The signature with a time stamp of the country's service."""
    answer = requests.post(
        f"{scene.driver.outside('tsa')}/ecc",
        data=query(cms.signed(message, content).value),
        headers={"Content-Type": "application/timestamp-query"},
        timeout=_TIMEOUT_S,
    )
    answer.raise_for_status()
    return stamped(message, token_of(answer.content))
