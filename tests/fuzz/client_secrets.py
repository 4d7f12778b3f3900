"""Requests to ЕСИА that a system signs: for codes and for markers, by both versions of its protocol
and in every algorithm."""

import base64
import json
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from mocks.core.http import Answer
from mocks.esia.service import service
from mocks.pki.authorities import available_algorithms
from tests.fuzz import der_trees, octets
from tests.fuzz.campaign import Asked, AskingCampaign
from tests.mocks.esia_system import CALLBACK, SCOPE, SEVERPROM_OID, System

__all__ = ["ClientSecrets"]

_PATHS: Final = {
    (1, "code"): "/esia/aas/oauth2/ac",
    (2, "code"): "/esia/aas/oauth2/v2/ac",
    (1, "marker"): "/esia/aas/oauth2/te",
    (2, "marker"): "/esia/aas/oauth2/v3/te",
}
_ORGANIZATION: Final = f"org_inn?org_oid={SEVERPROM_OID}"
_SIGNED: Final = {
    1: ("scope", "timestamp", "client_id", "state"),
    2: ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri"),
}
_VALUES: Final = (
    "", " ", "\0", "0", "openid", SCOPE, "я" * 3_000, "2026.02.30 10:00:00 +0300",
    "2026.02.02 10:00:00 +0300", "http://127.0.0.1/", "javascript:alert(1)", "authorization_code",
    "refresh_token", "S256", "a\r\nSet-Cookie: a=b",
)  # fmt: skip
_NAMES: Final = (
    "scope_org", "code", "code_challenge", "code_challenge_method", "code_verifier",
    "refresh_token", "poligon_login", "poligon_role", "nonce", "prompt", "a",
)  # fmt: skip


class _Seed(NamedTuple):
    version: int
    kind: str
    fields: dict[str, str]


class ClientSecrets(AskingCampaign):
    """What is let in was signed exactly so."""

    count = 2_500
    documented = frozenset(
        {"let in", "page 400", "007003", "007004", "007005", "007006", "007009", "007011",
         "007012", "007013", "007014", "007015", "007019", "007023", "007038", "007053"}
    )  # fmt: skip
    reached = frozenset(
        {"let in", "page 400", "007003", "007005", "007009", "007012", "007014", "007038",
         "007053"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(service)
        self._seeds = [
            seed
            for version in (1, 2)
            for algorithm in available_algorithms()
            for seed in self._seeds_of(System(self.country, version, algorithm=algorithm))
        ]
        self._truths = {
            (seed.version, _signed_text(seed.version, seed.fields)) for seed in self._seeds
        }
        self._secrets = [_octets(seed.fields["client_secret"]) for seed in self._seeds]
        self._messages = [secret for secret in self._secrets if secret[:1] == b"\x30"]

    def asked(self, chance: Random) -> Asked:
        version, kind, fields = chance.choice(self._seeds)
        fields = dict(fields)
        if chance.random() < 0.7:
            secret = self._secret(chance, _octets(fields["client_secret"]))
            fields["client_secret"] = _written(chance, secret)
        else:
            chance.choice(_CHANGES)(chance, fields, chance.choice(self._seeds).fields)
        path = _PATHS[version, kind]
        if kind == "code" and chance.random() < 0.5:
            return Asked("GET", f"{path}?{urlencode(fields)}")
        asked = Asked.form(path, fields)
        if chance.random() < 0.1:
            return asked._replace(body=octets.altered(chance, asked.body))
        return asked

    def judged(self, asked: Asked, answer: Answer) -> str:
        path, _, query = asked.path.partition("?")
        if answer.status == 302:
            location = str(answer.header("Location"))
            error = parse_qs(urlsplit(location).query).get("error_description")
            if error is not None:
                return _code(error[0])
            assert location.startswith(("/esia/login/", f"{CALLBACK}?code="))
        elif answer.status == 400 and answer.media_type.startswith("text/html"):
            return "page 400"
        elif answer.status == 400:
            return _code(json.loads(answer.body)["error_description"])
        else:
            assert answer.status == 200
        fields = dict(parse_qsl(query or asked.body.decode(), keep_blank_values=True))
        version = next(number for (number, _), each in _PATHS.items() if each == path)
        assert (version, _signed_text(version, fields)) in self._truths
        return "let in"

    def _seeds_of(self, system: System) -> Sequence[_Seed]:
        own = {"token_type": "Bearer", "grant_type": "client_credentials", "scope": _ORGANIZATION}
        common = {"client_id": system.mnemonic, "state": "s", "timestamp": system.timestamp()}
        return (
            _Seed(system.version, "code", system.request()),
            _Seed(system.version, "code", system.request(state="another", scope_org="org_inn")),
            _Seed(system.version, "marker", system.signed({**common, **own})),
        )

    def _secret(self, chance: Random, secret: bytes) -> bytes:
        if chance.random() < 0.1:
            return chance.choice(self._secrets)
        if secret in self._messages:
            return der_trees.altered(chance, secret, self._messages)
        return octets.noisy(chance, secret, self._secrets)


def _signed_text(version: int, fields: dict[str, str]) -> str:
    return "".join(fields.get(name, "") for name in _SIGNED[version])


def _code(description: str) -> str:
    return description.partition(":")[0].removeprefix("ESIA-")


# --- fields ---------------------------------------------------------------------------------------


def _octets(secret: str) -> bytes:
    return base64.urlsafe_b64decode(secret + "==")


def _written(chance: Random, secret: bytes) -> str:
    """In one of the ways of Base64, or with a mistake."""
    text = base64.urlsafe_b64encode(secret).decode()
    match chance.randrange(8):
        case 0:
            return text.rstrip("=")
        case 1:
            return base64.b64encode(secret).decode()
        case 2:
            return base64.encodebytes(secret).decode()
        case 3:
            return octets.altered(chance, text.encode()).decode("utf-8", "replace")
    return text


def _value_changed(chance: Random, fields: dict[str, str], _: dict[str, str]) -> None:
    fields[chance.choice([*fields, *_NAMES])] = chance.choice(_VALUES)


def _value_altered(chance: Random, fields: dict[str, str], _: dict[str, str]) -> None:
    name = chance.choice(list(fields))
    value = octets.altered(chance, fields[name].encode())
    fields[name] = value.decode("utf-8", "replace")


def _value_of_another(chance: Random, fields: dict[str, str], other: dict[str, str]) -> None:
    name = chance.choice(list(other))
    fields[name] = other[name]


def _value_deleted(chance: Random, fields: dict[str, str], _: dict[str, str]) -> None:
    del fields[chance.choice(list(fields))]


_CHANGES: Final = (_value_changed, _value_altered, _value_of_another, _value_deleted)
