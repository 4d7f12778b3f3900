"""The country's registries as participants: СМЭВ asks each as any client does, so its stations,
faults and journal have their part in an exchange.

Which certificate a registry signs with, and its mnemonic, are assumptions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from lxml import etree

from mocks.case_work.verification_documents import REQUEST as VERIFICATION
from mocks.case_work.verification_documents import RESPONSE as VERIFIED
from mocks.case_work.verification_documents import Asked, namespace_of
from mocks.case_work.work import BEGIN_ANEW_US
from mocks.core.agenda import Appointment
from mocks.core.draw_keys import HEADER, DrawKey
from mocks.core.exchange import Exchange, Reply
from mocks.core.http import Answer, Refusal, Request
from mocks.core.service import Service
from mocks.core.tenant import Tenant
from mocks.core.xml import XML, parsed
from mocks.egrip.service import REGISTER as EGRIP
from mocks.egrip.service import service as egrip
from mocks.egrul.service import REGISTER as EGRUL
from mocks.egrul.service import service as egrul
from mocks.extracts.register import Register
from mocks.fns.service import service as fns
from mocks.mvd.service import service as mvd
from mocks.mvd.uprid import NAMESPACE as UPRID
from mocks.mvd.uprid import VerifyRequest
from mocks.pfr.service import service as pfr
from mocks.smev.namespaces import MessageType

__all__ = ["MNEMONICS", "Inquiry", "Registry", "is_response", "registry_of"]

_UPRID_REQUEST: Final = "ESIADataVerifyRequest"
_UPRID_RESPONSE: Final = "ESIADataVerifyResponse"
_SERVER_ERROR: Final = 500


@dataclass(frozen=True)
class Registry:
    """A registry behind СМЭВ: whom its answers come from, and where it is asked.

    `check` refuses content that the registered schema does not allow (Refusal).
    """

    mnemonic: str
    response_root: str
    service: Service
    path: str
    check: Callable[[bytes], object]

    def types(self, request: MessageType) -> frozenset[MessageType]:
        """By which types answers to requests of a type are asked for."""
        return frozenset({request, MessageType(request.namespace, self.response_root)})


def registry_of(request: MessageType) -> Registry | None:
    """The registry that answers requests of that type."""
    if request.root == _UPRID_REQUEST and UPRID.fullmatch(request.namespace):
        return _MVD
    return _BY_TYPE.get(request)


def is_response(kind: MessageType) -> bool:
    """Whether a registry answers with that type."""
    if kind.root == _UPRID_RESPONSE and UPRID.fullmatch(kind.namespace):
        return True
    return any(
        kind == MessageType(request.namespace, registry.response_root)
        for request, registry in _BY_TYPE.items()
    )


def _of_extracts(register: Register, service: Service) -> tuple[MessageType, Registry]:
    form = register.request

    def check(content: bytes) -> object:
        return form.read(parsed(content))

    kind = MessageType(form.namespace, form.root)
    return kind, Registry("FNS001", register.form.root, service, "/smev", check)


def _of_agency(mnemonic: str, service: Service) -> tuple[MessageType, Registry]:
    kind = MessageType(namespace_of(service.id), VERIFICATION)
    return kind, Registry(mnemonic, VERIFIED, service, "/smev", partial(Asked, service.id))


_BY_TYPE: Final[Mapping[MessageType, Registry]] = dict(
    (
        _of_extracts(EGRUL, egrul),
        _of_extracts(EGRIP, egrip),
        _of_agency("FNS001", fns),
        _of_agency("PFRF01", pfr),
    )
)
_MVD: Final = Registry("MVDR01", _UPRID_RESPONSE, mvd, "/v1/uprid", VerifyRequest)

MNEMONICS: Final = frozenset({"FNS001", "MVDR01", "PFRF01"})
"""Mnemonics of the registries."""


class Inquiry:
    """A question to `registry`, asked until it is answered; `on_answer` gets the answer.

    A registry that is silent, breaks off, refuses for a time or answers what is no XML is asked
    again after half an hour, so no request is lost by its faults (OPS-07).
    """

    def __init__(
        self,
        tenant: Tenant,
        registry: Registry,
        content: bytes,
        key: DrawKey,
        on_answer: Callable[[etree._Element], None],
    ) -> None:
        self._tenant = tenant
        self._registry = registry
        self._content = content
        self._key = key.about(registry.service.id)
        self._on_answer = on_answer
        self._exchange: Exchange | None = None
        self._next: Appointment | None = None
        self._attempts = 0

    def begin(self, _: int = 0) -> None:
        """Ask; the registry may have its answer at once."""
        key = self._key.about(f"attempt {self._attempts}") if self._attempts else self._key
        self._attempts += 1
        headers = {"content-type": XML, HEADER.lower(): str(key)}
        request = Request("POST", self._registry.path, "", headers, self._content)
        exchange = Exchange(self._tenant, self._registry.service, request)
        exchange.on_begin = partial(self._await_end, exchange)
        exchange.on_lost = partial(self._end_now, exchange)
        self._exchange = exchange
        reply = exchange.enter()
        if reply is not None:
            self._take(reply)

    def withdraw(self) -> None:
        """Nobody wants the answer any more."""
        if self._next is not None:
            self._next.cancel()
        if self._exchange is not None:
            self._exchange.abandon()
            self._tenant.slots(self._registry.service.id).leave(self._exchange)
            self._exchange = None

    def _await_end(self, exchange: Exchange) -> None:
        ready_us = self._tenant.now_us + exchange.planned_us
        self._next = self._tenant.agenda.at(ready_us, partial(self._end, exchange))

    def _end_now(self, exchange: Exchange) -> None:
        """An outage has begun: the end, which is a reset, is due at once."""
        if self._next is not None:
            self._next.cancel()
        self._next = self._tenant.agenda.at(self._tenant.now_us, partial(self._end, exchange))

    def _end(self, exchange: Exchange, _: int) -> None:
        self._take(exchange.end())

    def _take(self, reply: Reply) -> None:
        self._exchange = None
        document = _document(reply.answer) if reply.manner == "whole" else None
        if document is None:
            again_us = self._tenant.now_us + BEGIN_ANEW_US
            self._next = self._tenant.agenda.at(again_us, self.begin)
        else:
            self._on_answer(document)


def _document(answer: Answer) -> etree._Element | None:
    if answer.status >= _SERVER_ERROR:
        return None
    try:
        return parsed(answer.body)
    except Refusal:
        return None
