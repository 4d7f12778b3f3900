"""Registration of systems: what operators do by hand on the technological portal of ЕСИА."""

import re
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.esia.clients import ALL_SCOPES, Client, Clients, RegisteredCertificate, Written
from mocks.pki.authorities import available_algorithms
from signatures.certificates import parsed
from signatures.gost import GostUnavailable
from signatures.refusals import SignatureRefused
from world.certificate_profiles import KeyAlgorithm

__all__ = ["add_routes"]

_MNEMONIC: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")


def _redirect_uri(text: str) -> str:
    try:
        parts = urlsplit(text)
        absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        absolute = False
    if not absolute or "#" in text or not re.fullmatch(r"[!-~]+", text):
        raise ValueError("ожидается адрес http или https без фрагмента")
    return text


def _scope(text: str) -> str:
    if text not in ALL_SCOPES:
        raise ValueError("такой области доступа нет")
    return text


class Card(BaseModel):
    """What a system registers."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    certificates: Annotated[
        list[Annotated[str, Field(max_length=16_384)]], Field(min_length=1, max_length=16)
    ]
    redirect_uris: Annotated[
        list[Annotated[str, Field(max_length=2_048), AfterValidator(_redirect_uri)]],
        Field(max_length=32),
    ] = []
    loopback: bool = False
    scopes: list[Annotated[str, AfterValidator(_scope)]] | None = None
    algorithm: KeyAlgorithm = "rsa"
    expires_in: Written = "number"
    sub: Written = "number"


def add_routes(service: Service) -> None:
    """Let `service` keep the cards of systems."""
    service.route("PUT", "/v1/clients/{mnemonic}")(_register)
    service.get("/v1/clients/{mnemonic}")(_show)


def _register(call: Call) -> Answer:
    """Enter a system or replace its card: 201 or 200."""
    mnemonic = _mnemonic(call)
    card = call.request.read(Card)
    if card.algorithm not in available_algorithms():
        message = "Маркеры с подписью ГОСТ на этой машине недоступны"
        raise Refusal(422, "no-gost", message, field="algorithm")
    client = Client(
        mnemonic=mnemonic,
        name=card.name,
        certificates=tuple(_certificate(n, text) for n, text in enumerate(card.certificates)),
        redirect_uris=tuple(card.redirect_uris),
        loopback=card.loopback,
        scopes=ALL_SCOPES if card.scopes is None else frozenset(card.scopes),
        algorithm=card.algorithm,
        expires_in=card.expires_in,
        sub=card.sub,
    )
    is_new = call.tenant.state(Clients).register(client)
    return json_answer(client.view(), 201 if is_new else 200)


def _show(call: Call) -> Answer:
    """The card of a system."""
    mnemonic = _mnemonic(call)
    client = call.tenant.state(Clients).find(mnemonic)
    if client is None:
        raise Refusal(404, "no-such-client", f"Система {mnemonic} не зарегистрирована")
    shown: dict[str, Any] = client.view()
    return json_answer(shown)


def _mnemonic(call: Call) -> str:
    mnemonic = call.values["mnemonic"]
    if not _MNEMONIC.fullmatch(mnemonic):
        message = "Мнемоника: ожидается от 1 до 64 латинских букв, цифр, «_» и «-»"
        raise Refusal(422, "bad-mnemonic", message)
    return mnemonic


def _certificate(number: int, text: str) -> RegisteredCertificate:
    field = f"certificates.{number}"
    try:
        registered = RegisteredCertificate(parsed(text.encode()))
        _ = registered.hash
    except SignatureRefused as refused:
        raise Refusal(422, "bad-certificate", refused.message, field=field) from None
    except GostUnavailable:
        message = "Ключ сертификата — ГОСТ, а на этой машине ГОСТ недоступен"
        raise Refusal(422, "bad-certificate", message, field=field) from None
    return registered
