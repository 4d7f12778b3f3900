"""Payments of an organization (chapter PAY)."""

from typing import Any

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.personas import Persona
from features.scene import Scene

__all__ = ["bill"]


@act("оплачивает счёт", "pay")
def bill(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A tax, one rouble: any account has that much."""
    return {
        "organization": bound_last(scene),
        "purpose": "tax",
        "subject": "Требование 12",
        "kopecks": 100,
        "kbk": "18210102010011000110",
        "uin": "0",
    }


@view("платёж", "payment")
def paid(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that the persona has asked for last."""
    return {"organization": bound_last(scene), "payment": scene.known(persona, "payment")}


@view("квитанцию", "payment_receipt")
def receipt(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the same."""
    return paid(persona, scene)


@view("платежи", "payments")
def all_paid(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of the organization."""
    return {"organization": bound_last(scene)}
