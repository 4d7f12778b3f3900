"""Access to tax services (chapter APP), of the organization that was bound last."""

from typing import Any

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.personas import Persona
from features.scene import Scene

__all__ = ["asked_access"]


@act("запрашивает доступ к налоговым сервисам", "request_tax_access")
def asked_access(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For a day."""
    return {"organization": bound_last(scene), "days": 1}


@view("налоговые сервисы", "tax_services")
def services(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the organization."""
    return {"organization": bound_last(scene)}
