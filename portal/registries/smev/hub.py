"""The operations of СМЭВ over HTTP, signed with the portal's system certificate."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from lxml import etree

from portal.ports.clock import Clock
from portal.ports.unavailable import NotBelieved, Unavailable
from portal.registries.http_client import HttpClient
from portal.registries.reading import reading
from portal.registries.smev import envelopes
from portal.registries.smev.envelopes import Kind, Received, SmevFault, SmevSystem
from signatures.certificates import Certificate, parsed, public_key
from signatures.keys import PrivateKey
from signatures.refusals import REFUSALS
from world.certificate_profiles import KeyAlgorithm

__all__ = ["SmevHub", "StandKeys"]

_PATH: Final = "/v1.2/ws"
_MEDIA_TYPE: Final = "text/xml; charset=utf-8"
_FAULT: Final = 500  # of SOAP 1.1 over HTTP
_SENT_BEFORE: Final = "MessageIsAlreadySent"
_NOT_TO_ACKNOWLEDGE: Final = "TargetMessageIsNotFound"
_NOT_BELIEVED: Final = "SignatureVerificationFault"


class StandKeys:
    """Keys of a test stand, where the authority gives them to anybody: the portal's own, and those
    by which СМЭВ is known. Fetched when needed, again after `forget`.

    Elliptic curves: a signature of theirs takes a tenth of the time of RSA's or GOST's.
    """

    MNEMONIC: Final = "POLIGON"
    ALGORITHM: Final[KeyAlgorithm] = "ecc"

    def __init__(self, ca: HttpClient) -> None:
        self._ca = ca
        self._lock = threading.Lock()
        self._own: SmevSystem | None = None
        self._known: dict[KeyAlgorithm, bytes] = {}

    def own(self) -> SmevSystem:
        """The portal as an information system. Unavailable."""
        with self._lock:
            if self._own is None:
                place = f"/v1/systems/{self.MNEMONIC}/{self.ALGORITHM}"
                with reading(self._ca.system):
                    self._own = SmevSystem(
                        mnemonic=self.MNEMONIC,
                        key=PrivateKey.from_pem(self._ca.bytes("GET", f"{place}/key.pem").content),
                        certificate=self._certificate(self.MNEMONIC, self.ALGORITHM),
                    )
            return self._own

    def is_smev(self, signer: Certificate) -> bool:
        """Whether a certificate is of СМЭВ's own key. Unavailable."""
        key = public_key(signer)
        with self._lock:
            if key.algorithm not in self._known:
                certificate = self._certificate("SMEV", key.algorithm)
                self._known[key.algorithm] = public_key(certificate).spki
            return self._known[key.algorithm] == key.spki

    def forget(self) -> None:
        """They may have been renewed."""
        with self._lock:
            self._own = None
            self._known.clear()

    def _certificate(self, mnemonic: str, algorithm: KeyAlgorithm) -> Certificate:
        path = f"/v1/systems/{mnemonic}/{algorithm}/certificate.pem"
        return parsed(self._ca.bytes("GET", path).content)


class SmevHub:
    """SendRequest, GetResponse, Ack. Thread-safe; whatever fails is Unavailable."""

    def __init__(self, client: HttpClient, keys: StandKeys, clock: Clock) -> None:
        self._client = client
        self._keys = keys
        self._clock = clock

    @property
    def system(self) -> str:
        """СМЭВ itself, as the rule book names it."""
        return self._client.system

    def send(self, message_id: str, content: etree._Element) -> None:
        """Put a request into the queue; one of the same identifier is there once."""
        self._tolerant("SendRequest", envelopes.request_data(message_id, content), _SENT_BEFORE)

    def next_response(self, kind: Kind) -> Received | None:
        """The next answer of a kind, None if there is none; one that СМЭВ has not signed, or that
        lacks what an answer has, has a `flaw`. It is handed out again unless it is acknowledged."""
        timestamp = self._clock.now().isoformat(timespec="milliseconds")
        answer = self._asked("GetResponse", envelopes.selector(kind, timestamp))
        with reading(self.system):
            message = envelopes.received(answer)
            if message is None or message.signer is None or self._is_smev(message.signer):
                return message
        return replace(message, flaw=REFUSALS["wrong-signer"])

    def acknowledge(self, message_id: str, *, accepted: bool) -> None:
        """Let a message not be handed out again, whether it was `accepted` or not."""
        said = envelopes.acknowledgement(message_id, accepted=accepted)
        self._tolerant("Ack", said, _NOT_TO_ACKNOWLEDGE)

    # --- inside

    def _is_smev(self, signer: Certificate) -> bool:
        """By the keys as they are now: they may have been renewed since they were fetched."""
        if self._keys.is_smev(signer):
            return True
        self._keys.forget()
        return self._keys.is_smev(signer)

    def _tolerant(self, operation: str, target: etree._Element, done_before: str) -> None:
        """What has been done before is done."""
        self._asked(operation, target, lambda fault: fault.name == done_before)

    def _asked(
        self,
        operation: str,
        target: etree._Element,
        is_done: Callable[[SmevFault], bool] = lambda fault: False,
    ) -> etree._Element:
        envelope = envelopes.enveloped(operation, target, self._keys.own())
        headers = {"Content-Type": _MEDIA_TYPE, "SOAPAction": f"urn:{operation}"}
        answer = self._client.bytes("POST", _PATH, body=envelope, headers=headers, known=(_FAULT,))
        try:
            with reading(self.system):
                return envelopes.opened(answer.content)
        except SmevFault as fault:
            if is_done(fault):
                return etree.Element("done")
            if fault.name == _NOT_BELIEVED:
                self._keys.forget()  # the certificate may have expired
                raise NotBelieved(self.system, str(fault)) from fault
            raise Unavailable(self.system, str(fault)) from fault
