"""Where a persona begins: with an account, a confirmed one, or inside it."""

from dataclasses import replace
from typing import Final

import requests
from pytest_bdd import given, parsers, then, when

from features.acts.act import ACTS, VIEWS
from features.acts.doing import done
from features.acts.registration import prepare
from features.personas import Persona
from features.scene import Scene, told

__all__ = ["cabinet_opened", "confirmed", "enters_again", "signed_in", "signed_in_by_bank"]

_NAME = r"«(?P<name>[^»]+)»"
_TIMEOUT_S = 60.0


@given(parsers.re(rf"{_NAME} с учётной записью"))
def _with_account(scene: Scene, name: str) -> None:
    """Signed up, activated by SMS; the identity is not confirmed."""
    _activated(scene, scene.cast[name])


@given(parsers.re(rf"{_NAME} с подтверждённой записью"))
def _with_confirmed_account(scene: Scene, name: str) -> None:
    """Confirmed by a visit to a service centre, which takes no time."""
    confirmed(scene, scene.cast[name])


@given(parsers.re(rf"{_NAME} внутри с неподтверждённой записью"))
def _inside_unconfirmed(scene: Scene, name: str) -> None:
    """Signed in by password and code; the identity is not confirmed."""
    persona = scene.cast[name]
    _activated(scene, persona)
    signed_in(scene, persona)


@given(parsers.re(rf"{_NAME} в личном кабинете"))
def _inside(scene: Scene, name: str) -> None:
    """Confirmed, signed in by password and code."""
    persona = scene.cast[name]
    confirmed(scene, persona)
    signed_in(scene, persona)


@given(parsers.re(rf"{_NAME} в личном кабинете по подписи"))
def _inside_by_signature(scene: Scene, name: str) -> None:
    """Confirmed, signed in by signature: on the high level (AUTH-16)."""
    persona = scene.cast[name]
    confirmed(scene, persona)
    _signed_in_by_signature(scene, persona)


@given(parsers.re(rf"{_NAME} в личном кабинете через банк"))
def _inside_by_bank(scene: Scene, name: str) -> None:
    """Confirmed, signed in through the bank of the organization they head: on the high level."""
    persona = scene.cast[name]
    confirmed(scene, persona)
    signed_in_by_bank(scene, persona)


@given(parsers.re(rf"{_NAME} ошибается в пароле (?P<times>\d+) раза?"))
@when(parsers.re(rf"{_NAME} ошибается в пароле (?P<times>\d+) раза?"))
def _fails(scene: Scene, name: str, times: str) -> None:
    persona = scene.cast[name]
    for _ in range(int(times)):
        scene.do(persona, ACTS["входит по паролю"], {"password": "Другой-пароль-1"})


@given(parsers.re(rf"кабинет организации {_NAME} открыт"))
def cabinet_opened(scene: Scene, name: str) -> None:
    """A sole proprietor's, which opens as soon as the organization is registered (REG-09)."""
    persona = scene.cast[name]
    confirmed(scene, persona)
    signed_in_by_bank(scene, persona)
    prepare(persona, scene)
    done(scene, persona, "подаёт заявку")


@given(parsers.re(r"открыты кабинеты организаций (?P<names>«[^»]+»(?:, «[^»]+»)+)"))
def _cabinets(scene: Scene, names: str) -> None:
    """Of several, one after another."""
    for name in names.strip("«»").split("», «"):
        cabinet_opened(scene, name)


@given(parsers.re(rf"{_NAME} ждёт код входа"))
def _waits_for_code(scene: Scene, name: str) -> None:
    """Has signed in before, has switched the second factor on, and is asked for the code."""
    persona = scene.cast[name]
    confirmed(scene, persona)
    signed_in(scene, persona)
    done(scene, persona, "включает второй фактор")
    done(scene, persona, "входит по паролю")


@given(parsers.re(rf"{_NAME} пользуется генератором кодов"))
def _with_generator(scene: Scene, name: str) -> None:
    """The code by which it was confirmed is some minutes old."""
    persona = scene.cast[name]
    done(scene, persona, "добавляет генератор кодов")
    done(scene, persona, "подтверждает генератор кодов")
    scene.driver.advance("2m")


@given(parsers.re(rf"{_NAME} ошибается в коде входа (?P<times>\d+) раза?"))
def _mistypes(scene: Scene, name: str, times: str) -> None:
    persona = scene.cast[name]
    for _ in range(int(times)):
        scene.do(persona, ACTS["вводит код входа"], {"code": "00000"})


@given(parsers.re(rf"{_NAME} входит в кабинет организации ещё (?P<times>\d+) раза?"))
def _enters_again(scene: Scene, name: str, times: str) -> None:
    persona = scene.cast[name]
    for _ in range(int(times)):
        done(scene, persona, "входит по паролю в кабинет организации")
        done(scene, persona, "вводит код входа")


@given(parsers.re(rf"в приложении банка {_NAME} (?P<answer>подтверждает|отказывается)"))
@when(parsers.re(rf"в приложении банка {_NAME} (?P<answer>подтверждает|отказывается)"))
def _answers_bank(scene: Scene, name: str, answer: str) -> None:
    """The person answers the bank's latest question, which the portal has asked."""
    application = f"{scene.driver.outside('bank')}/app"
    inn = scene.cast[name].organization.inn
    shown = requests.get(f"{application}/customers/{inn}/requests", timeout=_TIMEOUT_S).json()
    number = shown["requests"][-1]["auth_req_id"]
    verb = "confirm" if answer == "подтверждает" else "decline"
    address = f"{application}/requests/{number}/{verb}"
    requests.post(address, timeout=_TIMEOUT_S).raise_for_status()


@given(parsers.re(rf"документы {_NAME} у оператора"))
def _with_operator(scene: Scene, name: str) -> None:
    """The registers know another birth date than the account; documents were sent."""
    persona = scene.cast[name]
    scene.do(persona, ACTS["регистрируется"], {"birth_date": "01.01.1980"})
    _activated(scene, persona)
    signed_in(scene, persona)
    done(scene, persona, "подтверждает личность по паспорту")
    scene.driver.advance("5m")
    done(scene, persona, "присылает документы по запросу")


@then(parsers.re(rf"личность {_NAME} отклонена по правилу (?P<rule>[A-Z]+-\d\d)"))
def _identity_refused(scene: Scene, name: str, rule: str) -> None:
    """What the account shows of its last check."""
    outcome = scene.see(scene.cast[name], VIEWS["учётную запись"])
    got = {broken.rule for broken in outcome.violations}
    assert got == {rule}, f"ожидался отказ по {rule}; получено: {told(outcome)}"
    scene.asserted.refused.append(rule)


def _activated(scene: Scene, persona: Persona) -> None:
    """Signed up, unless that was done in another way before, and activated."""
    try:
        scene.known(persona, "account")
    except LookupError:
        done(scene, persona, "регистрируется")
    done(scene, persona, "вводит код активации")


def confirmed(scene: Scene, persona: Persona) -> None:
    """Give the persona an account whose identity a service centre has confirmed."""
    _activated(scene, persona)
    centre = replace(persona, name="центр обслуживания", kind="operator")
    outcome = scene.do(
        centre, ACTS["подтверждает личность посетителя"], {"inn": persona.person.inn}
    )
    assert outcome.accepted, f"центр обслуживания не подтвердил личность: {told(outcome)}"


def signed_in(scene: Scene, persona: Persona) -> None:
    """Sign the persona in by password, and by the code if one is asked for, for themselves."""
    outcome = done(scene, persona, "входит по паролю")
    if outcome.state == "code_needed":
        done(scene, persona, "вводит код входа")


def signed_in_by_bank(scene: Scene, persona: Persona, *, for_organization: bool = False) -> None:
    """Sign a head or sole proprietor in through the bank: on the high level (AUTH-16)."""
    done(scene, persona, "просит банк подтвердить себя")
    _answers_bank(scene, persona.name, "подтверждает")
    done(scene, persona, "входит через банк", {"for_organization": for_organization})


def _signed_in_by_signature(scene: Scene, persona: Persona) -> None:
    done(scene, persona, "просит запрос для подписи")
    done(scene, persona, "входит по подписи")


_AGAIN: Final = {
    "входит по паролю": signed_in,
    "входит через банк": signed_in_by_bank,
    "входит по подписи": _signed_in_by_signature,
}


def enters_again(scene: Scene, persona: Persona) -> None:
    """Sign the persona in as they came in last: the session has been over."""
    ways = (deed.act.phrase for deed in reversed(scene.deeds) if deed.persona == persona.name)
    last = next((way for way in ways if way in _AGAIN), "входит по паролю")
    _AGAIN[last](scene, persona)
