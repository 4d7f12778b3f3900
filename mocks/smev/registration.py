"""How participants register, and how a tenant sets its СМЭВ: ours, no part of the exchange."""

import re
from collections import Counter
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call
from mocks.pki.authorities import available_algorithms
from mocks.smev.namespaces import MessageType
from mocks.smev.participants import MOST_PARTICIPANTS, Answered, Participant, Participants
from mocks.smev.registries import MNEMONICS, registry_of
from mocks.smev.settings import Settings
from signatures.certificates import Certificate, fingerprint, parsed
from signatures.gost import GostUnavailable
from signatures.refusals import SignatureRefused
from world.certificate_profiles import KeyAlgorithm

__all__ = ["change_settings", "register", "show", "show_settings"]

_MNEMONIC: Final = re.compile(r"[A-Za-z0-9_-]{1,50}")
_Consumer: TypeAlias = Annotated[str, Field(pattern=f"^{_MNEMONIC.pattern}$")]
_RESERVED: Final = MNEMONICS | {"smev", "SMEV"}
_NAME: Final = r"^[A-Za-z_А-Яа-яЁё][A-Za-z0-9_.А-Яа-яЁё-]{0,99}$"
_LONGEST_S: Final = 2_592_000  # 30 days


class AnsweredType(BaseModel):
    """A type of request that a participant answers; `consumers` are the mnemonics of who may ask,
    null is everybody."""

    model_config = ConfigDict(extra="forbid")

    namespace: Annotated[str, Field(min_length=1, max_length=300)]
    root: Annotated[str, Field(pattern=_NAME)]
    response_root: Annotated[str, Field(pattern=_NAME)] | None = None
    consumers: Annotated[list[_Consumer], Field(max_length=100)] | None = None


class Registration(BaseModel):
    """An information system; without a certificate (PEM) it signs with those of the tenant's
    authorities for its mnemonic."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    certificate: Annotated[str, Field(max_length=16_384)] | None = None
    types: Annotated[list[AnsweredType], Field(max_length=20)] = []


class NewSettings(BaseModel):
    """Times in seconds; `stale_s` null: identifiers do not grow stale."""

    model_config = ConfigDict(extra="forbid")

    visibility_s: Annotated[int, Field(ge=1, le=_LONGEST_S)]
    stale_s: Annotated[int, Field(ge=1, le=_LONGEST_S)] | None
    algorithm: KeyAlgorithm


def register(call: Call) -> Answer:
    """Enter a participant: 201, or 200 in place of what it was."""
    mnemonic = call.values["mnemonic"]
    if not _MNEMONIC.fullmatch(mnemonic):
        message = "Мнемоника — от 1 до 50 латинских букв, цифр, знаков _ и -"
        raise Refusal(422, "bad-mnemonic", message, field="mnemonic")
    asked = call.request.read(Registration)
    participants = call.tenant.state(Participants)
    before = participants.find(mnemonic)
    if mnemonic in _RESERVED:
        message = f"Мнемоника {mnemonic} занята системой страны"
        raise Refusal(409, "mnemonic-taken", message, field="mnemonic")
    if before is None and len(participants) >= MOST_PARTICIPANTS:
        raise Refusal(507, "too-many", "Реестр участников заполнен")
    participant = Participant(
        mnemonic,
        asked.name,
        _certificate(participants, mnemonic, asked.certificate),
        _answered(participants, mnemonic, asked.types),
    )
    participants.register(participant)
    return json_answer(_view(participant), 201 if before is None else 200)


def show(call: Call) -> Answer:
    """A participant; Refusal 404."""
    mnemonic = call.values["mnemonic"]
    participant = call.tenant.state(Participants).find(mnemonic)
    if participant is None:
        raise Refusal(404, "no-such-participant", f"Участника {mnemonic[:50]} нет")
    return json_answer(_view(participant))


def show_settings(call: Call) -> Answer:
    """The settings of the tenant."""
    settings = call.tenant.state(Settings)
    return json_answer(
        {
            "visibility_s": settings.visibility_s,
            "stale_s": settings.stale_s,
            "algorithm": settings.algorithm,
        }
    )


def change_settings(call: Call) -> Answer:
    """Set all of them anew."""
    asked = call.request.read(NewSettings)
    if asked.algorithm not in available_algorithms():
        message = "Алгоритмы ГОСТ здесь не работают"
        raise Refusal(422, "no-gost", message, field="algorithm")
    settings = call.tenant.state(Settings)
    settings.visibility_s = asked.visibility_s
    settings.stale_s = asked.stale_s
    settings.algorithm = asked.algorithm
    return show_settings(call)


def _certificate(participants: Participants, mnemonic: str, pem: str | None) -> Certificate | None:
    if pem is None:
        return None
    try:
        certificate = parsed(pem.encode())
        owner = participants.owner(certificate)
    except SignatureRefused as refusal:
        raise Refusal(422, "bad-certificate", refusal.message, field="certificate") from None
    except GostUnavailable:
        message = "Ключ сертификата — ГОСТ, а алгоритмы ГОСТ здесь не работают"
        raise Refusal(422, "bad-certificate", message, field="certificate") from None
    if owner is not None and owner.mnemonic != mnemonic:
        message = f"Это сертификат участника {owner.mnemonic}"
        raise Refusal(409, "certificate-taken", message, field="certificate")
    return certificate


def _answered(
    participants: Participants, mnemonic: str, asked: list[AnsweredType]
) -> tuple[Answered, ...]:
    answered = tuple(
        Answered(
            MessageType(each.namespace, each.root),
            each.response_root,
            None if each.consumers is None else frozenset(each.consumers),
        )
        for each in asked
    )
    for request, times in Counter(each.request for each in answered).items():
        provider = participants.provider(request)
        taken = provider is not None and provider[0] != mnemonic
        if taken or times > 1 or registry_of(request) is not None:
            message = f"Тип {request} уже зарегистрирован"
            raise Refusal(409, "type-taken", message, field="types")
    return answered


def _view(participant: Participant) -> dict[str, Any]:
    certificate = participant.certificate
    return {
        "mnemonic": participant.mnemonic,
        "name": participant.name,
        "certificate": None if certificate is None else fingerprint(certificate),
        "types": [
            {
                "namespace": each.request.namespace,
                "root": each.request.root,
                "response_root": each.response_root,
                "consumers": None if each.consumers is None else sorted(each.consumers),
            }
            for each in participant.answers
        ],
    }
