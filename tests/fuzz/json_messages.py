"""Messages to СМЭВ in JSON, changed before they are signed or after; and changed signatures."""

import base64
import json
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from mocks.core.http import Answer
from mocks.pki.authorities import available_algorithms
from mocks.smev.errors import FAULTS
from mocks.smev.rest import PATHS, SIGNATURE_HEADER
from signatures import cms
from tests.fuzz import der_trees, octets, xml_trees
from tests.fuzz.campaign import Asked, AskingCampaign, in_header
from tests.fuzz.said_to_smev import SERVICES, Said, begin_exchange, said
from tests.mocks.smev_client import identity_of, message_id
from world.certificate_profiles import KeyAlgorithm

__all__ = ["JsonMessages"]

_BEFORE_SIGNATURE: Final = frozenset({"SignatureVerificationFault"})
_VALUES: Final[Sequence[Any]] = (
    None, True, 0, -1, 2**31, 2**64, 0.5, "", " ", "\0", "\u200b", "я" * 2_000, [], {}, [{}],
    "<a/>", "<a", "2026-02-31T00:00:00Z", "0001-01-01T00:00:00+14:00", "====", "AA==", "A",
)  # fmt: skip


class JsonMessages(AskingCampaign):
    """What is taken was signed byte by byte."""

    count = 1_000
    documented = frozenset({"200", "invalid", "bad-json", "bad-encoding", "too-deep", *FAULTS})
    reached = frozenset(
        {"200", "invalid", "bad-json", "bad-encoding", "SignatureVerificationFault",
         "InvalidContent", "MessageIsAlreadySent"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(*SERVICES)
        self._truths: set[bytes] = set()
        self._signed_before: frozenset[bytes] = frozenset()
        self._said = said(self.country, begin_exchange(self.country))
        self._contents = [
            each.fields["content"].encode() for each in self._said if "content" in each.fields
        ]
        self._messages = [
            self._signed(each, _encoded(each.fields), algorithm)
            for each in self._said
            for algorithm in available_algorithms()
        ]
        self._signatures = [signature for _, _, signature in self._messages]
        self._signed_before = frozenset(self._truths)

    def begin(self) -> None:
        """The exchange begins anew."""
        super().begin()
        self._truths = set(self._signed_before)
        begin_exchange(self.country)

    def asked(self, chance: Random) -> Asked:
        way = chance.random()
        if way < 0.6:
            path, body, signature = self._signed_when_changed(chance)
        else:
            path, body, signature = chance.choice(self._messages)
            if way < 0.7:
                body = octets.altered(chance, body)
            else:
                signature = der_trees.altered(chance, signature, self._signatures)
        header = base64.b64encode(signature)
        if chance.random() < 0.1:
            header = octets.altered(chance, header)
        shown = in_header(header.decode(errors="replace"))
        return Asked("POST", path, body, {SIGNATURE_HEADER: shown})

    def judged(self, asked: Asked, answer: Answer) -> str:
        told = json.loads(answer.body)
        name = "200" if answer.status == 200 else str(told["error"])
        if name in FAULTS:
            assert answer.status == FAULTS[name].status  # type: ignore[index]
        if name not in _BEFORE_SIGNATURE:
            assert asked.body in self._truths
        return name

    def _signed_when_changed(self, chance: Random) -> tuple[str, bytes, bytes]:
        each = chance.choice(self._said)
        fields = dict(each.fields)
        if each.operation.startswith("Send"):
            fields["message_id"] = message_id(chance.randrange(100, 2**32))
        return self._signed(each, self._changed(chance, fields), "ecc")

    def _changed(self, chance: Random, fields: dict[str, Any]) -> bytes:
        name = chance.choice([*fields, "content", "message_id", "eol", "test", "namespace"])
        match chance.randrange(5):
            case 0 if "content" in fields:
                content = xml_trees.altered(chance, fields["content"].encode(), self._contents)
                fields["content"] = content.decode("utf-8", "replace")
            case 1:
                fields.pop(name, None)
            case 2:
                return octets.altered(chance, _encoded(fields))
            case 3 if isinstance(fields.get(name), list | dict):
                fields[name] = _inside_changed(chance, fields[name])
            case _:
                fields[name] = chance.choice(_VALUES)
        return _encoded(fields)

    def _signed(self, each: Said, body: bytes, algorithm: KeyAlgorithm) -> tuple[str, bytes, bytes]:
        """The path of an operation, what is said there, and the signature of who says it."""
        identity = identity_of(self.country, each.mnemonic, algorithm)
        at = self.country.tenant().clock.local()
        self._truths.add(body)
        signature = cms.sign(body, identity.key, identity.certificate, at=at)
        return f"/smev{PATHS[each.operation]}", body, signature


def _inside_changed(chance: Random, value: Any) -> Any:
    """A list or an object with another value somewhere in it."""
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], _inside_changed(chance, value[at]), *value[at + 1 :]]
    if isinstance(value, dict) and value:
        name = chance.choice(list(value))
        return {**value, name: _inside_changed(chance, value[name])}
    return chance.choice(_VALUES)


def _encoded(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()
