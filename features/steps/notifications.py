"""What courts, lawmakers and agencies tell of an organization."""

import datetime as dt
from typing import Any, Final

import requests
from pytest_bdd import given, parsers, when

from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []

_TIMEOUT_S: Final = 60.0
_TOPICS: Final = {"суд": "court", "законодатель": "legislation"}
_TERMS: Final = {"отчётности": "report", "платежа": "payment"}

_TOLD: Final = parsers.re(
    rf"(?P<who>{'|'.join(_TOPICS)}) сообщает организации «(?P<name>[^»]+)» о «(?P<title>[^»]+)»"
)
_DUE: Final = parsers.re(
    rf"организации «(?P<name>[^»]+)» назначен срок (?P<kind>{'|'.join(_TERMS)}) через"
    r" (?P<days>\d+) дней"
)


@given(_TOLD)
@when(_TOLD)
def _told(scene: Scene, who: str, name: str, title: str) -> None:
    """At once; the portal learns of it within two hours."""
    _tell(scene, name, _TOPICS[who], title, {})


@given(_DUE)
@when(_DUE)
def _due(scene: Scene, name: str, kind: str, days: str) -> None:
    """The last day is so many days from today; the portal learns of it within two hours."""
    last = scene.driver.now().date() + dt.timedelta(days=int(days))
    details = {"code": "vat", "kind": _TERMS[kind], "title": "НДС", "due": last.isoformat()}
    _tell(scene, name, "deadline", "НДС", details)


def _tell(scene: Scene, name: str, topic: str, title: str, details: dict[str, Any]) -> None:
    body = {
        "request_id": f"{topic}-{scene.driver.now():%Y%m%d%H%M}",
        "topic": topic,
        "inn": scene.cast[name].organization.inn,
        "title": title,
        "details": details,
    }
    address = f"{scene.driver.outside('courts_law')}/v1/events"
    requests.post(address, json=body, timeout=_TIMEOUT_S).raise_for_status()
    scene.driver.advance("2h")


@given(parsers.re(r"«(?P<name>[^»]+)» с почтой для уведомлений"))
def _with_mail(scene: Scene, name: str) -> None:
    """Subscribed, with an address that was added and confirmed."""
    for phrase in (
        "подписывается на уведомления",
        "добавляет почту для уведомлений",
        "подтверждает почту для уведомлений",
    ):
        done(scene, scene.cast[name], phrase)


@given(parsers.re(r"уведомление «(?P<name>[^»]+)» о платеже не доставлено"))
def _undelivered(scene: Scene, name: str) -> None:
    """Subscribed by SMS alone, whose gateway takes nothing: the portal has given up."""
    persona = scene.cast[name]
    done(scene, persona, "подписывается на уведомления")
    fault = {"id": "silent-sms", "service": "sms_gateway", "kind": "error", "status": 503}
    scene.driver.plan_fault(fault)
    scene.faults["sms_gateway"] = "silent-sms"
    done(scene, persona, "оплачивает счёт")
    scene.driver.advance("30m")
