"""Activation of a cabinet, functions and services (chapter ACT)."""

from typing import Any

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.personas import Persona
from features.placeholders import filled
from features.scene import Scene

__all__ = ["activation"]


@act("запрашивает код активации кабинета", "request_activation_code")
def activation_asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the organization that was registered or bound last."""
    return {"organization": bound_last(scene)}


@act("активирует кабинет", "activate_cabinet")
def activation(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By the numbers of the filing, one's own phone and the code that came last."""
    form = persona.filing.form
    return {
        "organization": bound_last(scene),
        "inn": form.inn,
        "ogrn": form.ogrn,
        "phone": persona.person.phone,
        "code": filled("{код из СМС}", persona, scene),
        "terms_accepted": True,
    }


@act("подключает услугу", "switch_on_services")
def switched_on(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Licences."""
    return {"organization": bound_last(scene), "services": ["licence"], "terms_accepted": True}


@act("выбирает категорию бизнеса", "choose_tier")
def chosen_tier(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Medium."""
    return {"organization": bound_last(scene), "tier": "medium"}


@view("услугу", "service")
def wanted_service(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Licences."""
    return {"organization": bound_last(scene), "service": "licence"}


@view("функцию кабинета", "cabinet_function")
def wanted_function(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Dashboards."""
    return {"organization": bound_last(scene), "function": "dashboards"}
