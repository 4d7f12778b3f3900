"""What two systems say to СМЭВ, each operation of it, before anything is signed or changed."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from mocks.core.country import Country
from mocks.egrul.service import service as egrul
from mocks.mvd.service import service as mvd
from mocks.smev.service import service as smev
from signatures import cms
from tests.mocks.smev_client import (
    PERMIT,
    PERMIT_RESPONSE,
    System,
    identity_of,
    message_id,
    permit,
    register,
)
from tests.mocks.smev_envelopes import file

__all__ = ["CONSUMER", "PROVIDER", "SERVICES", "Said", "begin_exchange", "said"]

SERVICES: Final = (smev, egrul, mvd)
CONSUMER: Final = "POLIGON"
PROVIDER: Final = "PERMITS"

_EGRUL: Final = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"
_EXTRACT: Final = (
    f'<FNSVipULRequest xmlns="{_EGRUL}" ИдДок="1"><ЗапросЮЛ><ИННЮЛ>7715970401</ИННЮЛ></ЗапросЮЛ>'
    "</FNSVipULRequest>"
)
_TAKEN: Final = 1  # the request that the provider has in hand
_ANSWER: Final = permit("да", root=PERMIT_RESPONSE.root)


class Said(NamedTuple):
    """An operation, who asks for it, and its fields as JSON has them."""

    mnemonic: str
    operation: str
    fields: dict[str, Any]


def begin_exchange(country: Country) -> str:
    """Let a provider take part, and have a request in hand; what its answers are addressed to."""
    register(country, PROVIDER, PERMIT, response_root=PERMIT_RESPONSE.root)
    System(country, CONSUMER, "ecc").request(_TAKEN)
    message = System(country, PROVIDER, "ecc").get("GetRequest")
    assert message is not None
    return str(message["reply_to"])


def said(country: Country, reply_to: str) -> Sequence[Said]:
    """Every operation, those with much to say more than once."""
    kind = {"namespace": PERMIT.namespace, "root": PERMIT.root}
    files = {"attachments": [_signed_file(country), file("b", b"")]}
    requests: tuple[dict[str, Any], ...] = (
        {"content": permit()},
        {"content": permit(), **files},
        {"content": permit(), "eol": "2026-03-02T10:00:00+03:00", "transaction_code": "1"},
        {"content": _EXTRACT},
    )
    responses: tuple[dict[str, Any], ...] = (
        {"content": _ANSWER},
        {"content": _ANSWER, **files},
        {"rejections": [{"code": "NO_DATA", "description": "нет"}]},
        {"status": {"code": 1, "description": "ждём", "parameters": [{"key": "a", "value": "b"}]}},
    )
    return (
        *(
            Said(CONSUMER, "SendRequest", {"message_id": message_id(10 + n), **fields})
            for n, fields in enumerate(requests)
        ),
        *(
            Said(
                PROVIDER,
                "SendResponse",
                {"message_id": message_id(20 + n), "to": reply_to, **fields},
            )
            for n, fields in enumerate(responses)
        ),
        Said(PROVIDER, "GetRequest", kind),
        Said(PROVIDER, "GetRequest", {}),
        Said(CONSUMER, "GetResponse", kind),
        Said(CONSUMER, "GetStatus", {}),
        Said(PROVIDER, "Ack", {"message_id": message_id(_TAKEN), "accepted": True}),
    )


def _signed_file(country: Country) -> dict[str, Any]:
    identity = identity_of(country, CONSUMER, "ecc")
    at = country.tenant().clock.local()
    signature = cms.sign(b"file", identity.key, identity.certificate, at=at)
    return file("a", b"file", signature)
