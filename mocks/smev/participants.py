"""Information systems that take part in the exchange, by their mnemonics: with which certificates
they sign, and which requests they answer."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from mocks.core.tenant import Tenant
from mocks.pki.authorities import Authorities
from mocks.smev.namespaces import MessageType
from signatures.certificates import Certificate, fingerprint, public_key, subject_of

__all__ = ["MOST_PARTICIPANTS", "PRESET", "Answered", "Participant", "Participants"]

MOST_PARTICIPANTS: Final = 1_000
"""Participants a tenant may have; a further one is refused."""

PRESET: Final = "POLIGON"
"""The participant that every tenant has from the beginning."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A type of request that a participant answers, and the root of its answers.

    Who may ask: `consumers` by mnemonic, None: everybody.
    """

    request: MessageType
    response_root: str | None
    consumers: frozenset[str] | None

    @property
    def types(self) -> frozenset[MessageType]:
        """By which types its answers are asked for."""
        if self.response_root is None:
            return frozenset({self.request})
        return frozenset({self.request, MessageType(self.request.namespace, self.response_root)})


@dataclass(frozen=True, slots=True)
class Participant:
    """An information system. Without a `certificate` of its own it signs with those that the
    tenant's authorities issue to its mnemonic."""

    mnemonic: str
    name: str
    certificate: Certificate | None
    answers: tuple[Answered, ...] = ()


class Participants:
    """The participants of `tenant`, who they are by their certificates, and who answers what."""

    def __init__(self, tenant: Tenant) -> None:
        self._authorities = tenant.state(Authorities)
        self._by_mnemonic: dict[str, Participant] = {}
        self._by_certificate: dict[str, str] = {}
        self._providers: dict[MessageType, tuple[str, Answered]] = {}
        self._response_types: Counter[MessageType] = Counter()
        self.register(Participant(PRESET, "ИС «Полигон»", None))

    def __len__(self) -> int:
        return len(self._by_mnemonic)

    def find(self, mnemonic: str) -> Participant | None:
        """The participant of that mnemonic."""
        return self._by_mnemonic.get(mnemonic)

    def register(self, participant: Participant) -> None:
        """Enter a participant in place of the one that had its mnemonic."""
        before = self._by_mnemonic.get(participant.mnemonic)
        if before is not None:
            for answered in before.answers:
                del self._providers[answered.request]
                self._response_types.subtract(answered.types)
            if before.certificate is not None:
                del self._by_certificate[fingerprint(before.certificate)]
        self._by_mnemonic[participant.mnemonic] = participant
        for answered in participant.answers:
            self._providers[answered.request] = participant.mnemonic, answered
            self._response_types.update(answered.types)
        if participant.certificate is not None:
            self._by_certificate[fingerprint(participant.certificate)] = participant.mnemonic

    def owner(self, certificate: Certificate) -> Participant | None:
        """Whose certificate it is, by registration or by issue; whether it is good is not asked.

        SignatureRefused `algorithm`, GostUnavailable.
        """
        mnemonic = self._by_certificate.get(fingerprint(certificate))
        if mnemonic is not None:
            return self._by_mnemonic[mnemonic]
        named = self._by_mnemonic.get(subject_of(certificate).common_name or "")
        if named is None or named.certificate is not None:
            return None
        key = public_key(certificate)
        system = self._authorities.identity(named.mnemonic, key.algorithm)
        return named if key.spki == system.key.spki else None

    def provider(self, request: MessageType) -> tuple[str, Answered] | None:
        """Who answers requests of that type, and how."""
        return self._providers.get(request)

    def is_response(self, kind: MessageType) -> bool:
        """Whether somebody's answers are asked for by that type."""
        return self._response_types[kind] > 0
