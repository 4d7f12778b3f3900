"""Services that organizations publish (chapter SVC): the one that was described last, unless a
table names another."""

from typing import Any, Final

from features.acts.act import act, view
from features.acts.doing import done
from features.personas import Persona
from features.scene import Scene

__all__ = ["described"]

_AUDIT: Final = "69.20"


def _of_last(scene: Scene, use_case: str, name: str) -> str:
    """What the latest accepted act of that use case has given, whoever did it; LookupError."""
    for deed in reversed(scene.deeds):
        if deed.act.name == use_case and deed.outcome.accepted:
            return str(deed.outcome.data[name])
    raise LookupError(f"{name}: в сценарии такого ещё не было")


def _service(scene: Scene) -> str:
    return _of_last(scene, "describe_service", "service")


def _own(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest service, for the persona's organization."""
    return {"organization": scene.known(persona, "organization"), "service": _service(scene)}


def _request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest request, for the persona's organization."""
    request = _of_last(scene, "request_service", "request")
    return {"organization": scene.known(persona, "organization"), "request": request}


@act("описывает услугу", "describe_service")
def description(persona: Persona, scene: Scene) -> dict[str, Any]:
    """An audit for everybody; the template is the document that was uploaded last."""
    return {
        "organization": scene.known(persona, "organization"),
        "name": "Аудит",
        "description": "Проверка отчётности",
        "price_kopecks": 500_000,
        "term_days": 10,
        "access": ["legal", "sole_proprietor"],
        "industry": _AUDIT,
        "responsible": [scene.known(persona, "account")],
        "templates": [scene.known(persona, "document")],
    }


@act("меняет услугу", "change_service")
def another_description(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Another name, of the version that the persona has seen last."""
    version = scene.known(persona, "version")
    whole = description(persona, scene)
    return {**whole, "service": _service(scene), "version": version, "name": "Обзор"}


@act("тестирует услугу", "test_service")
def tested(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _own(persona, scene)


@act("публикует услугу", "publish_service")
def published(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _own(persona, scene)


@act("отключает услугу", "switch_off_service")
def switched_off(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _own(persona, scene)


@act("удаляет услугу", "delete_service")
def deleted(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _own(persona, scene)


@act("меняет ответственного за услугу", "change_responsible")
def others(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Themselves."""
    return {**_own(persona, scene), "responsible": [scene.known(persona, "account")]}


@act("подаёт запрос на услугу", "request_service")
def request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the latest service, whoever publishes it."""
    return {**_own(persona, scene), "text": "Нужна проверка за год"}


@act("исполняет запрос на услугу", "answer_service_request")
def fulfilment(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest request."""
    return {**_request(persona, scene), "is_done": True, "answer": "Заключение готово"}


@act("оценивает услугу", "rate_service_request")
def rating(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest request, with the best mark."""
    return {**_request(persona, scene), "rating": 5}


@view("каталог услуг", "published_services")
def catalogue(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of it."""
    return {"kind": "", "industry": ""}


@view("услугу каталога", "published_service")
def service(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return {"service": _service(scene)}


@view("свои услуги", "own_services")
def current(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Those at work."""
    return {"organization": scene.known(persona, "organization"), "part": "current"}


@view("архив услуг", "own_services")
def archive(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Those switched off."""
    return {"organization": scene.known(persona, "organization"), "part": "archive"}


@view("статистику услуги", "service_statistics")
def statistics(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the latest one."""
    return _own(persona, scene)


@view("запрос на услугу", "service_request")
def own_request(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest one."""
    return _request(persona, scene)


def described(persona: Persona, scene: Scene) -> None:
    """In the cabinet of their organization the persona uploads a template and describes a
    service."""
    done(scene, persona, "загружает документ в кабинет")
    done(scene, persona, "описывает услугу")
