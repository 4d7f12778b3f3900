"""Ways into the portal, sessions and devices (chapter AUTH)."""

import base64
import re
from typing import Any, Final

import requests
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from features.acts.accounts import PASSWORD, code_of
from features.acts.act import act, view
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of

__all__ = ["credentials", "signed_challenge"]

_TEMPORARY: Final = re.compile(r"временный пароль: (\S+)\. ")


@act("входит по паролю", "sign_in")
def credentials(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Phone and password, for oneself."""
    return {"login": persona.person.phone, "password": PASSWORD}


@act("входит по паролю в кабинет организации", "sign_in")
def credentials_for_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Phone and password, into the cabinet of one's organization."""
    return {**credentials(persona, scene), "organization": persona.organization.ogrn}


@act("входит по временному паролю", "sign_in")
def temporary_credentials(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Phone, and the temporary password that came by mail last."""
    letters = [each.text for each in scene.driver.inbox(persona.person.email)]
    passwords = [found[1] for found in map(_TEMPORARY.search, letters) if found]
    return {"login": persona.person.phone, "password": passwords[-1] if passwords else ""}


@act("вводит код входа", "enter_sign_in_code")
def code_of_sign_in(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by SMS."""
    code = code_of(persona, scene)
    return {"sign_in": scene.known(persona, "sign_in"), "code": code}


@act("вводит код входа из письма", "enter_sign_in_code")
def code_of_sign_in_by_mail(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that came by mail."""
    code = code_of(persona, scene, "письма")
    return {"sign_in": scene.known(persona, "sign_in"), "code": code}


@act("просит код входа ещё раз", "resend_sign_in_code")
def another_code_of_sign_in(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Another code by SMS."""
    return {"sign_in": scene.known(persona, "sign_in"), "channel": "sms"}


@act("задаёт новый пароль и входит", "set_password_and_sign_in")
def new_password_of_sign_in(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A good password of one's own."""
    return {"sign_in": scene.known(persona, "sign_in"), "password": "Qm4#vTzLkw9!"}


@act("включает второй фактор", "choose_second_factor")
def second_factor(persona: Persona, scene: Scene) -> dict[str, Any]:
    """From now on every sign-in takes a code."""
    return {"on": True, "password": PASSWORD}


@act("добавляет генератор кодов", "add_code_generator")
def added_generator(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the password of the account."""
    return {"password": PASSWORD}


def _generated(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """What the generator shows, on a device whose clock is `clock_s` seconds ahead."""
    at = scene.driver.now().timestamp() + payload.pop("clock_s")
    seed = base64.b32decode(scene.known(persona, "secret"))
    payload["code"] = TOTP(seed, 6, SHA1(), 30).generate(int(at)).decode()


@act("подтверждает генератор кодов", "confirm_code_generator", _generated)
def first_generated_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that it shows now."""
    return {"clock_s": 0}


@act("вводит код генератора", "enter_sign_in_code", _generated)
def generated_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that it shows now."""
    return {"sign_in": scene.known(persona, "sign_in"), "clock_s": 0}


@act("удаляет генератор кодов", "remove_code_generator")
def removed_generator(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the password of the account."""
    return {"password": PASSWORD}


@act("просит запрос для подписи", "begin_signature_sign_in")
def challenge(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A challenge to sign, for oneself."""
    return {"organization": None}


@act("входит по подписи", "sign_in_by_signature")
def signed_challenge(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest challenge, signed by the persona."""
    text = scene.known(persona, "text")
    signature = signer_of(persona, scene).sign(text.encode(), scene)
    return {
        "challenge": scene.known(persona, "challenge"),
        "signature": base64.b64encode(signature).decode(),
    }


@act("поднимает уровень входа подписью", "raise_level")
def raised_level(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest challenge, signed by the persona."""
    return signed_challenge(persona, scene)


@act("подтверждает личность подписью", "confirm_identity_by_signature")
def identity_by_signature(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest challenge, signed by the persona."""
    return signed_challenge(persona, scene)


@act("открывает страницу входа с QR-кодом", "begin_qr_sign_in")
def qr(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A QR code, for oneself."""
    return {"organization": None}


@act("подтверждает QR-код в приложении", "confirm_qr")
def confirmed_qr(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest code that was shown to the persona."""
    return {"qr": scene.known(persona, "qr")}


@act("входит по QR-коду", "finish_qr_sign_in")
def finished_qr(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The latest code that was shown to the persona."""
    return {"qr": scene.known(persona, "qr")}


@act("просит банк подтвердить себя", "begin_bank_sign_in")
def bank(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The account of the persona's organization."""
    account = persona.organization.account
    return {"hint": f"account:{account.bik}:{account.number}:{persona.organization.inn}"}


@act("входит через банк", "finish_bank_sign_in")
def finished_bank(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The bank has been answered in its application meanwhile."""
    return {"attempt": scene.known(persona, "attempt"), "for_organization": False}


@act("подтверждает личность через банк", "confirm_identity_by_bank")
def identity_by_bank(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The bank has been answered in its application meanwhile."""
    return {"attempt": scene.known(persona, "attempt")}


@act("уходит на страницу ЕСИА", "begin_esia_sign_in")
def to_esia(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Nothing but the wish."""
    return {}


@act("входит через ЕСИА", "finish_esia_sign_in")
def from_esia(persona: Persona, scene: Scene) -> dict[str, Any]:
    """ЕСИА has let the persona in, for themselves."""
    return {
        "code": _code_of_esia(persona, scene),
        "state": scene.known(persona, "state"),
        "role": "person",
    }


@act("выходит", "sign_out")
def sign_out(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The end of the session."""
    return {}


@act("удаляет первое из своих устройств", "remove_device")
def removed_device(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The device that has been trusted longest."""
    devices = scene.driver.read(persona, "my_devices", {}).data["devices"]
    return {"device": devices[0]["device"]}


@view("свои сеансы", "my_sessions")
def my_sessions(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Open sessions."""
    return {}


@view("свои устройства", "my_devices")
def my_devices(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Trusted devices."""
    return {}


def _code_of_esia(persona: Persona, scene: Scene) -> str:
    """The code with which ЕСИА sends the browser back."""
    address = f"{scene.known(persona, 'address')}&poligon_login={persona.person.snils}"
    answer = requests.get(address, allow_redirects=False, timeout=60)
    return answer.headers["Location"].partition("code=")[2].partition("&")[0]
