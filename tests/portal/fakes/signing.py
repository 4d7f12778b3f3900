"""Signatures and the authority that issues certificates."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from portal.ports.authority import (
    AuthorityOrder,
    NotIdentified,
    OrderDocument,
    OrderRefused,
    OrderState,
    OrderView,
)
from portal.ports.signatures import (
    CertificateFacts,
    CertificateStatus,
    SignatureFacts,
    WrongSignature,
)
from tests.portal.fakes.kernel import Failing, MovedClock


class SetSignatures(Failing):
    """Certificates that a test has issued and messages that it has signed with them."""

    system = "cert_status"

    def __init__(self) -> None:
        super().__init__()
        self._certificates: dict[bytes, CertificateFacts] = {}
        self._messages: dict[bytes, tuple[bytes, SignatureFacts]] = {}
        self._documents: dict[bytes, SignatureFacts] = {}
        self.statuses: dict[str, CertificateStatus] = {}

    def issue(self, clock: MovedClock, name: str = "Иван", **facts: Any) -> CertificateFacts:
        """A certificate of a year from now; its file is `facts.der`."""
        der = f"certificate {len(self._certificates)} of {name}".encode()
        made = CertificateFacts(
            fingerprint=hashlib.sha256(der).hexdigest(),
            serial=f"{len(self._certificates) + 1:032x}",
            der=der,
            **{
                "common_name": name,
                "inn": None,
                "legal_inn": None,
                "ogrn": None,
                "ogrnip": None,
                "snils": None,
                "issuer": "УЦ",
                "algorithm": "gost",
                "not_before": clock.now(),
                "not_after": clock.now() + dt.timedelta(days=365),
                **facts,
            },
        )
        self._certificates[der] = made
        return made

    def sign(
        self,
        content: bytes,
        certificate: CertificateFacts,
        at: dt.datetime | None = None,
        stamped: dt.datetime | None = None,
    ) -> bytes:
        """A signature over `content` that `verify` knows."""
        message = f"signature {len(self._messages)}".encode()
        facts = SignatureFacts(certificate=certificate, signing_time=at, stamped=stamped)
        self._messages[message] = (content, facts)
        return message

    def sign_xml(self, document: bytes, certificate: CertificateFacts) -> None:
        """Let `document` count as one with a good signature inside."""
        self._documents[document] = SignatureFacts(
            certificate=certificate, signing_time=None, stamped=None
        )

    def certificate(self, file: bytes) -> CertificateFacts:
        if file not in self._certificates:
            raise WrongSignature("malformed", "Подпись или сертификат не разбирается")
        return self._certificates[file]

    def verify(self, message: bytes, content: bytes) -> SignatureFacts:
        if message not in self._messages:
            raise WrongSignature("malformed", "Подпись или сертификат не разбирается")
        signed, facts = self._messages[message]
        if signed != content:
            raise WrongSignature("digest", "Подписанные данные изменены: хеш не совпадает")
        return facts

    def verify_xml(self, document: bytes) -> SignatureFacts:
        if document not in self._documents:
            raise WrongSignature("signature", "Подпись неверна")
        return self._documents[document]

    def status(self, certificate: CertificateFacts, at: dt.datetime) -> CertificateStatus:
        self._answering()
        set_by_test = self.statuses.get(certificate.fingerprint)
        if set_by_test is not None:
            return set_by_test
        if at < certificate.not_before:
            return "not_yet_valid"
        return "expired" if at > certificate.not_after else "good"


class SetAuthority(Failing):
    """An authority whose applications a test moves on; the passport of every representative is
    4510 123456. It takes one application for each request id, refuses the fields in `refusing` and
    issues the file `issued`."""

    system = "ca"

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, AuthorityOrder] = {}
        self.states: dict[str, OrderView] = {}
        self._number_of: dict[str, str] = {}
        self.refusing: list[str] = []
        self.issued = b""

    def submit(self, request_id: str, order: AuthorityOrder) -> OrderView:
        self._answering()
        if self.refusing:
            raise OrderRefused(self.refusing[0], "не принято")
        if request_id in self._number_of:
            return self.states[self._number_of[request_id]]
        number = self._number_of[request_id] = f"CERT-{len(self.orders) + 1}"
        self.orders[number] = order
        return self.move("checking", number)

    def view(self, number: str) -> OrderView:
        self._answering()
        return self.states[number]

    def supplement(
        self, number: str, request_id: str, documents: Sequence[OrderDocument]
    ) -> OrderView:
        self._answering()
        return self._after("documents", "checking", number)

    def pay(self, number: str, payment_id: str, kopecks: int) -> OrderView:
        self._answering()
        return self._after("payment", "identification", number)

    def identify(self, number: str, series: str, passport: str) -> OrderView:
        self._answering()
        if (series, passport) != ("4510", "123456"):
            raise NotIdentified("Паспорт не того, кто указан представителем")
        return self._after("identification", "issued", number)

    def receive(self, number: str) -> bytes:
        self._answering()
        return self.issued

    def move(self, state: OrderState, number: str = "", **more: Any) -> OrderView:
        """Let the latest application be there."""
        number = number or list(self.orders)[-1]
        moved = OrderView(number=number, state=state, price_kopecks=350_000, **more)
        self.states[number] = moved
        return moved

    def _after(self, before: OrderState, after: OrderState, number: str) -> OrderView:
        is_due = self.states[number].state == before
        return self.move(after, number) if is_due else self.states[number]
