"""Forms as they are filled in (chapter ID)."""

from typing import Any

from features.acts.act import act
from features.personas import Persona
from features.scene import Scene
from world.forms import application_form

__all__ = ["form_fields"]

_WITHOUT_FORM = (
    "full_name",
    "legal_address",
    "capital",
    "head_position",
    "head_appointed",
    "terms_accepted",
)


@act("проверяет анкету", "check_form")
def form_fields(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The fields of the filing that have a form of their own."""
    fields = application_form(persona.filing)
    return {name: value for name, value in fields.items() if name not in _WITHOUT_FORM}
