"""Cabinets of organizations: their certificates, bound, ordered, replaced, coming to their end."""

import datetime as dt
from typing import Final

from pytest_bdd import given, parsers, then, when

from features.acts.act import ACTS
from features.acts.doing import done
from features.acts.registration import prepare
from features.personas import Persona
from features.scene import Scene, told
from features.signing import signer_of
from features.steps.accounts import signed_in_by_bank

__all__: list[str] = []

_CHECKED: Final = "3d"  # longer than an authority looks at an application
_MOMENT: Final = (
    r"(?P<edge>до конца|с начала) сертификата «(?P<name>[^»]+)» (?:остаётся|прошло)"
    r" (?P<days>\d+) дн\.(?: (?P<sign>плюс|минус) (?P<seconds>\d+) с)?"
)


@given(parsers.re(r"«(?P<name>[^»]+)» открыла? кабинет организации"))
def _opened(scene: Scene, name: str) -> None:
    """A sole proprietor's opens at once (REG-09); signed in to it."""
    persona = scene.cast[name]
    signed_in_by_bank(scene, persona)
    prepare(persona, scene)
    done(scene, persona, "подаёт заявку")
    _enter(scene, persona)


@given(parsers.re(r"«(?P<name>[^»]+)» с действующим сертификатом"))
def _with_certificate(scene: Scene, name: str) -> None:
    """Bound and tried."""
    persona = scene.cast[name]
    done(scene, persona, "привязывает сертификат")
    done(scene, persona, "делает пробную подпись")


@given(parsers.re(r"сертификат «(?P<name>[^»]+)» ещё не начался"))
def _not_begun(scene: Scene, name: str) -> None:
    """Issued for a later day."""
    scene.cast.await_certificate(name, scene.driver.now().date())


@given(parsers.re(_MOMENT))
@when(parsers.re(_MOMENT))
def _comes_to_it(
    scene: Scene, edge: str, name: str, days: str, sign: str | None, seconds: str | None
) -> None:
    """Time passes to that moment; whoever was signed in signs in again.

    Long waits go before the first sign-in: nothing is planned then.
    """
    persona = scene.cast[name]
    certificate = signer_of(persona, scene).certificate
    by = dt.timedelta(days=int(days))
    if seconds is not None:
        by += dt.timedelta(seconds=int(seconds)) * (1 if sign == "плюс" else -1)
    is_end = edge == "до конца"
    moment = certificate.not_valid_after - by if is_end else certificate.not_valid_before + by
    wait = moment - scene.driver.now()
    scene.driver.advance(f"{int(wait.total_seconds())}s")
    if any(deed.persona == name for deed in scene.deeds):
        _enter(scene, persona)


def _enter(scene: Scene, persona: Persona) -> None:
    """Into the cabinet of the organization, if there is one."""
    filed = any(
        deed.persona == persona.name and deed.act.phrase == "подаёт заявку" for deed in scene.deeds
    )
    way = "входит по паролю в кабинет организации" if filed else "входит по паролю"
    outcome = scene.do(persona, ACTS[way])
    if outcome.state == "code_needed":
        outcome = scene.do(persona, ACTS["вводит код входа"])
    assert outcome.accepted, f"«{persona.name}» не входит в кабинет: {told(outcome)}"


@given(parsers.re(r"«(?P<name>[^»]+)» привязывает сертификат, пока статус неизвестен"))
def _bound_unknown(scene: Scene, name: str) -> None:
    """The certificate is kept and its status asked for later (CERT-08)."""
    outcome = scene.do(scene.cast[name], ACTS["привязывает сертификат"])
    assert (outcome.state, outcome.refusal) == ("checking", "later"), told(outcome)


@given(parsers.re(r"«(?P<name>[^»]+)» ошибается в ПИН (?P<times>\d+) раза?"))
def _mistypes(scene: Scene, name: str, times: str) -> None:
    persona = scene.cast[name]
    for _ in range(int(times)):
        scene.do(persona, ACTS["делает пробную подпись"], {"key_report": "wrong_pin"})


@then(parsers.re(r"о конце срока написано «(?P<name>[^»]+)» (?P<times>\d+) раза?"))
def _warned(scene: Scene, name: str, times: str) -> None:
    """Letters of CERT-11 in their own mailbox."""
    letters = scene.driver.inbox(scene.cast[name].person.email)
    warnings = [each for each in letters if "Срок сертификата скоро закончится" in each.text]
    assert len(warnings) == int(times), [each.text for each in warnings]
    scene.asserted.accepted = True


@given(parsers.re(r"«(?P<name>[^»]+)» снова в кабинете организации"))
def _again(scene: Scene, name: str) -> None:
    """The session has been over meanwhile."""
    _enter(scene, scene.cast[name])


@given(
    parsers.re(r"«(?P<name>[^»]+)» оплатила? заказ сертификата(?: в центре (?P<authority>\w+))?")
)
def _paid(scene: Scene, name: str, authority: str | None) -> None:
    """Applied for, checked by the authority, paid."""
    persona = scene.cast[name]
    changes = {} if authority is None else {"authority": authority}
    outcome = scene.do(persona, ACTS["заказывает сертификат"], changes)
    assert outcome.accepted, told(outcome)
    scene.driver.advance(_CHECKED)
    _enter(scene, persona)
    done(scene, persona, "оплачивает сертификат")


@given(
    parsers.re(
        r"«(?P<name>[^»]+)» прош(?:ёл|ла) все шаги заказа сертификата"
        r"(?: в центре (?P<authority>\w+))?"
    )
)
def _ordered(scene: Scene, name: str, authority: str | None) -> None:
    """Identified too: the certificate is issued."""
    _paid(scene, name, authority)
    done(scene, scene.cast[name], "предъявляет паспорт центру")


@given(parsers.re(r"«(?P<name>[^»]+)» заменяет заказанный сертификат своим"))
def _replaces(scene: Scene, name: str) -> None:
    """A certificate that was ordered and bound is to be replaced by the persona's own; the code has
    been sent."""
    _ordered(scene, name, None)
    persona = scene.cast[name]
    for phrase in ("получает сертификат", "меняет сертификат", "просит код замены сертификата"):
        done(scene, persona, phrase)


@given(parsers.re(r"«(?P<name>[^»]+)» загрузила? в кабинет (?P<number>\d+) договора"))
def _with_contracts(scene: Scene, name: str, number: str) -> None:
    for _ in range(int(number)):
        done(scene, scene.cast[name], "загружает документ в кабинет")
