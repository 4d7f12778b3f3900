"""Webhooks, the open API, agencies, access through ЕСИА (chapter INT)."""

from typing import Any

import requests

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.personas import Persona
from features.scene import Scene

__all__ = ["receiver_added"]

_TIMEOUT_S = 60.0
_RIGHTS = ["prepare_applications", "submit_applications", "view_applications", "view_audit"]


def _of_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    return {"organization": bound_last(scene)}


# --- access through ЕСИА


@act("входит через ЕСИА в кабинет организации", "finish_esia_sign_in")
def from_esia_for_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The persona has chosen their organization there, and chooses it here."""
    address = str(scene.known(persona, "address"))
    chosen = {"poligon_login": persona.person.snils, "poligon_role": persona.organization.ogrn}
    answer = requests.get(address, params=chosen, allow_redirects=False, timeout=_TIMEOUT_S)
    code = answer.headers["Location"].partition("code=")[2].partition("&")[0]
    return {"code": code, "state": scene.known(persona, "state"), "role": "organization"}


# --- the open API


@act("передаёт программе ключ API", "issue_api_key")
def issued_key(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For applications and the journal, for a year. It is the program that acts from now on."""
    return {**_of_organization(persona, scene), "title": "1С", "rights": [*_RIGHTS], "days": 365}


@act("отзывает ключ API", "revoke_api_key")
def revoked_key(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that the persona has issued last."""
    return {**_of_organization(persona, scene), "api_key": scene.known(persona, "api_key")}


view("ключи API", "api_keys")(_of_organization)


# --- webhooks


@act("подключает приёмник webhook", "add_webhook_receiver")
def receiver_added(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The program that the persona runs, for events of all kinds."""
    return {**_of_organization(persona, scene), "url": scene.programs[persona.name]}


def _of_receiver(persona: Persona, scene: Scene) -> dict[str, Any]:
    receiver = scene.known(persona, "receiver")
    return {**_of_organization(persona, scene), "receiver": receiver}


view("приёмники webhook", "webhook_receivers")(_of_organization)
view("доставки webhook", "webhook_deliveries")(_of_receiver)


@act("отправляет недоставленное снова", "repeat_webhook_delivery")
def repeated(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The first delivery that was given up."""
    query = {**_of_receiver(persona, scene), "state": "undelivered"}
    items = scene.driver.read(persona, "webhook_deliveries", query).data["items"]
    return {**_of_organization(persona, scene), "delivery": items[0]["delivery"]}


# --- agencies


@act("подключается к ЕАИС", "connect_agency")
def connected(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As a participant."""
    return {**_of_organization(persona, scene), "agency": "eais"}


@view("сведения ведомства", "agency_data")
def said(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Those of ФНС, unless a table names another."""
    return {**_of_organization(persona, scene), "agency": "fns"}
