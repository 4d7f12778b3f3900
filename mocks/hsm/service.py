"""Routes of the portal's key storage: sessions, the life of keys, their use, the log.

SEC-02 names the storage, rotation, and access by role. Forms of signatures and of wrapped keys are
those of their standards; paths, names, roles and terms are ours.
"""

from base64 import b64encode
from dataclasses import replace
from typing import Annotated, Any, Final

from asn1crypto import pem
from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.files import decoded_file
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call, Service
from mocks.hsm.module import SERVICE, HsmModule, KeyTimes
from mocks.hsm.operations import SEALED, SESSION_LOST, Who, guarded, logged
from mocks.hsm.roles import Role
from mocks.hsm.sessions import Session
from signatures.key_store import KeyEntry, StoreAlgorithm, StoreSignature, WrappedKey
from signatures.wrapping_keys import DATA_KEY_BYTES

__all__ = ["service"]

WRONG_SIGNATURE, STALE_VERSION = "wrong_signature", "stale_version"

service: Final = Service(
    SERVICE,
    own_faults={
        SEALED: "модуль опечатан: на всё отвечает 503 и ничего не пишет в свой журнал",
        SESSION_LOST: "действующий сеанс пропадает, нужно войти снова (OPS-07)",
        WRONG_SIGNATURE: "подпись испорчена и открытым ключом не проверяется",
        STALE_VERSION: "в сведениях о ключе ещё нет последней версии",
    },
)

_WORD_BYTES: Final = 8  # of a drawn number
_WORDS: Final = DATA_KEY_BYTES // _WORD_BYTES
_VERSION_DIGITS: Final = 9


class Login(BaseModel):
    """A role and its PIN."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    pin: Annotated[str, Field(max_length=64)]


class NewKey(BaseModel):
    """What key is wanted; an RSA key without `bits` is as long as it must be."""

    model_config = ConfigDict(extra="forbid")

    algorithm: StoreAlgorithm
    bits: int | None = None


class ToSign(BaseModel):
    """Data in Base64; `version` is the one that must be the latest, if that matters."""

    model_config = ConfigDict(extra="forbid")

    data: str
    version: int | None = None


class ToVerify(BaseModel):
    """Data and signature in Base64."""

    model_config = ConfigDict(extra="forbid")

    data: str
    signature: str
    version: int


class ToWrap(BaseModel):
    """A data key in Base64."""

    model_config = ConfigDict(extra="forbid")

    data_key: str


class ToUnwrap(BaseModel):
    """A wrapped data key in Base64."""

    model_config = ConfigDict(extra="forbid")

    wrapped: str
    version: int


# --- sessions


@service.post("/v1/sessions")
def log_in(call: Call) -> Answer:
    """A session of a role for its PIN."""

    def attempt(module: HsmModule, who: Who) -> Answer:
        asked = call.request.read(Login)
        who.role = asked.role
        session = module.sessions.open(asked.role, asked.pin, call.key, call.now_us)
        who.session = session.number
        shown = {
            "session": session.token,
            "role": session.role,
            "expires": moment(call.tenant, session.until_us),
        }
        return json_answer(shown, 201, {"Cache-Control": "no-store"})

    return logged(call, "log_in", attempt)


def _log_out(_: Call, module: HsmModule, session: Session) -> Answer:
    """End the session."""
    module.sessions.close(session)
    return Answer(204)


# --- the life of keys


def _create(call: Call, module: HsmModule, _: Session) -> Answer:
    """A new key of the name in the path."""
    asked = call.request.read(NewKey)
    entry = module.store.generate(call.values["name"], asked.algorithm, asked.bits)
    module.times[entry.name] = KeyTimes([call.now_us])
    return json_answer(_shown(call, module, entry), 201)


def _rotate(call: Call, module: HsmModule, _: Session) -> Answer:
    """A new version of a key."""
    entry = module.store.rotate(call.values["name"])
    module.times[entry.name].made_us.append(call.now_us)
    return json_answer(_shown(call, module, entry), 201)


def _destroy(call: Call, module: HsmModule, _: Session) -> Answer:
    """Destroy a key with all its versions."""
    entry = module.store.destroy(call.values["name"])
    module.times[entry.name].destroyed_us = call.now_us
    return json_answer(_shown(call, module, entry))


def _list(call: Call, module: HsmModule, _: Session) -> Answer:
    """Every key, destroyed ones too."""
    keys = [_shown(call, module, entry) for entry in module.store.entries()]
    return json_answer({"keys": keys})


def _show(call: Call, module: HsmModule, _: Session) -> Answer:
    """One key."""
    return json_answer(_shown(call, module, _seen(call, module)))


def _show_public_half(call: Call, module: HsmModule, _: Session) -> Answer:
    """The public half as PEM: of parameter `version`, or of the latest."""
    asked = call.request.parameter("version")
    version = _seen(call, module).version if asked is None else _number(asked)
    spki = module.store.public_half(call.values["name"], version)
    return Answer(200, pem.armor("PUBLIC KEY", spki), "application/x-pem-file")


def _number(text: str) -> int:
    """A version; 0, which there is of no key, for what is no number."""
    fits = text.isascii() and text.isdigit() and len(text) <= _VERSION_DIGITS
    return int(text) if fits else 0


def _seen(call: Call, module: HsmModule) -> KeyEntry:
    """What the module knows of the key in the path; perhaps not yet its last rotation."""
    entry = module.store.entry(call.values["name"])
    if entry.version > 1 and not entry.destroyed and call.hit(STALE_VERSION):
        return replace(entry, version=entry.version - 1)
    return entry


def _shown(call: Call, module: HsmModule, entry: KeyEntry) -> dict[str, Any]:
    times = module.times[entry.name]
    rotated_us = times.made_us[entry.version - 1] if entry.version > 1 else None
    return {
        "name": entry.name,
        "algorithm": entry.algorithm,
        "bits": entry.bits,
        "status": "destroyed" if entry.destroyed else "active",
        "version": entry.version,
        "created": moment(call.tenant, times.made_us[0]),
        "rotated": _moment(call, rotated_us),
        "destroyed": _moment(call, times.destroyed_us),
    }


def _moment(call: Call, us: int | None) -> str | None:
    return None if us is None else moment(call.tenant, us)


# --- their use


def _sign(call: Call, module: HsmModule, _: Session) -> Answer:
    """The latest version's signature over data."""
    asked = call.request.read(ToSign)
    data = decoded_file(asked.data, "data")
    made = module.store.sign(call.values["name"], data, asked.version)
    value = made.value
    if call.hit(WRONG_SIGNATURE):
        value = value[:-1] + bytes([value[-1] ^ 1])
    return json_answer({"version": made.version, "signature": _base64(value)})


def _verify(call: Call, module: HsmModule, _: Session) -> Answer:
    """Whether a version of the key has signed the data so."""
    asked = call.request.read(ToVerify)
    data = decoded_file(asked.data, "data")
    signature = StoreSignature(asked.version, decoded_file(asked.signature, "signature"))
    return json_answer({"valid": module.store.verify(call.values["name"], data, signature)})


def _make_data_key(call: Call, module: HsmModule, _: Session) -> Answer:
    """A new data key, open and wrapped."""
    words = (call.key.word(f"data key {number}") for number in range(_WORDS))
    data_key = b"".join(word.to_bytes(_WORD_BYTES) for word in words)
    wrapped = module.store.wrap(call.values["name"], data_key)
    return json_answer({"data_key": _base64(data_key), **_shown_wrapped(wrapped)})


def _wrap(call: Call, module: HsmModule, _: Session) -> Answer:
    """A data key as only the key unwraps it."""
    data_key = decoded_file(call.request.read(ToWrap).data_key, "data_key")
    return json_answer(_shown_wrapped(module.store.wrap(call.values["name"], data_key)))


def _unwrap(call: Call, module: HsmModule, _: Session) -> Answer:
    """The data key again."""
    asked = call.request.read(ToUnwrap)
    wrapped = WrappedKey(asked.version, decoded_file(asked.wrapped, "wrapped"))
    return json_answer({"data_key": _base64(module.store.unwrap(call.values["name"], wrapped))})


def _shown_wrapped(wrapped: WrappedKey) -> dict[str, Any]:
    return {"version": wrapped.version, "wrapped": _base64(wrapped.value)}


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


# --- the log


def _read_log(call: Call, _: HsmModule, __: Session) -> Answer:
    """Who has done what, and how it ended."""
    return feed_page(call)


_KEY: Final = "/v1/keys/{name}"

service.route("DELETE", "/v1/session")(guarded("log_out", _log_out))
service.get("/v1/keys")(guarded("list", _list))
service.post(_KEY)(guarded("create", _create))
service.get(_KEY)(guarded("show", _show))
service.route("DELETE", _KEY)(guarded("destroy", _destroy))
service.get(f"{_KEY}/public.pem")(guarded("show", _show_public_half))
service.post(f"{_KEY}/rotate")(guarded("rotate", _rotate))
service.post(f"{_KEY}/sign")(guarded("sign", _sign))
service.post(f"{_KEY}/verify")(guarded("verify", _verify))
service.post(f"{_KEY}/data-key")(guarded("wrap", _make_data_key))
service.post(f"{_KEY}/wrap")(guarded("wrap", _wrap))
service.post(f"{_KEY}/unwrap")(guarded("unwrap", _unwrap))
service.get("/v1/log")(guarded("read_log", _read_log))
