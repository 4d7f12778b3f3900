"""Registries that are broken by plan, and records that change."""

from typing import Any, Final

import pytest
from pytest_bdd import given, parsers, when

from features.field_titles import field_name
from features.scene import Scene

__all__: list[str] = []

_SERVICE: Final = r"(?P<service>[a-z_]+)"
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "не отвечает": {"kind": "timeout"},
    "отвечает ошибкой": {"kind": "error", "status": 503},
    "просит подождать": {"kind": "error", "status": 503, "retry_after": "120s"},
    "рвёт соединение": {"kind": "reset"},
    "обрывает ответ": {"kind": "truncated"},
    "искажает ответ": {"kind": "malformed"},
    "отвечает через час": {"kind": "delay", "delay": {"constant": "1h"}},
}
_BROKEN: Final = parsers.re(rf"{_SERVICE} (?P<how>{'|'.join(_KINDS)})(?: (?P<times>\d+) раза?)?")
_OWN: Final = parsers.re(rf"у {_SERVICE} сбой (?P<kind>[a-z_]+)(?: (?P<times>\d+) раза?)?")
_MENDED: Final = parsers.re(rf"{_SERVICE} снова отвечает")


@given(_BROKEN)
@when(_BROKEN)
def _broken(scene: Scene, service: str, how: str, times: str | None) -> None:
    _plan(scene, service, _KINDS[how], times)


@given(_OWN)
@when(_OWN)
def _failing(scene: Scene, service: str, kind: str, times: str | None) -> None:
    """A fault of the service's own kinds, which its page lists."""
    _plan(scene, service, {"kind": kind}, times)


@given(_MENDED)
@when(_MENDED)
def _mended(scene: Scene, service: str) -> None:
    scene.driver.end_fault(scene.faults.pop(service))


def _plan(scene: Scene, service: str, fault: dict[str, Any], times: str | None) -> None:
    fault_id = f"{service}-{len(scene.faults) + 1}"
    limit = {} if times is None else {"times": int(times)}
    try:
        scene.driver.plan_fault({"id": fault_id, "service": service, **fault, **limit})
    except (ValueError, AssertionError) as refused:
        pytest.fail(f"сбоя {fault['kind']} у {service} не устроить: {refused}", pytrace=False)
    scene.faults[service] = fault_id


@given(parsers.re(r"в реестре у организации «(?P<name>[^»]+)» (?P<field>[^«»]+) — (?P<value>.+)"))
@when(parsers.re(r"в реестре у организации «(?P<name>[^»]+)» (?P<field>[^«»]+) — (?P<value>.+)"))
def _changed(scene: Scene, name: str, field: str, value: str) -> None:
    """The register's record of the persona's organization says so from now on."""
    organization = scene.cast[name].organization
    place = field_name(field)
    scene.driver.change_organization(organization.index, _nested(place, value))


@given(parsers.re(r"паспорт «(?P<name>[^»]+)» — (?P<restriction>lost|expired|invalid)"))
@when(parsers.re(r"паспорт «(?P<name>[^»]+)» — (?P<restriction>lost|expired|invalid)"))
def _restricted(scene: Scene, name: str, restriction: str) -> None:
    person = scene.cast[name].person
    scene.driver.change_person(person.index, {"passport": {"restriction": restriction}})


def _nested(place: str, value: str) -> dict[str, Any]:
    *way, last = place.split(".")
    changes: dict[str, Any] = {last: value}
    for step in reversed(way):
        changes = {step: changes}
    return changes
