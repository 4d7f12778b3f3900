"""Who answers what: the country's registries and the participants of a tenant."""

from dataclasses import dataclass

from mocks.core.tenant import Tenant
from mocks.smev.errors import SmevError, unsupported
from mocks.smev.namespaces import MessageType
from mocks.smev.participants import Participants
from mocks.smev.registries import Registry, is_response, registry_of

__all__ = ["Addressee", "Directory"]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who a request is for; `types` are those by which its responses are asked for. A `registry`
    answers by itself."""

    mnemonic: str
    types: frozenset[MessageType]
    registry: Registry | None = None


class Directory:
    """The types of messages that are known in `tenant`."""

    def __init__(self, tenant: Tenant) -> None:
        self._participants = tenant.state(Participants)

    def addressee(self, caller: str, request: MessageType) -> Addressee:
        """Who answers `caller`'s requests of a type. SmevError BusinessDataTypeIsNotSupported,
        AccessDenied."""
        registry = registry_of(request)
        if registry is not None:
            return Addressee(registry.mnemonic, registry.types(request), registry)
        provider = self._participants.provider(request)
        if provider is None:
            raise unsupported(request)
        mnemonic, answered = provider
        if answered.consumers is not None and caller not in answered.consumers:
            raise SmevError("AccessDenied")
        return Addressee(mnemonic, answered.types)

    def is_answered_by(self, mnemonic: str, request: MessageType) -> bool:
        """Whether a participant answers requests of that type."""
        provider = self._participants.provider(request)
        return provider is not None and provider[0] == mnemonic

    def is_request(self, kind: MessageType) -> bool:
        """Whether somebody answers that type."""
        return registry_of(kind) is not None or self._participants.provider(kind) is not None

    def is_known(self, kind: MessageType) -> bool:
        """Whether responses may be asked for by that type."""
        known = self.is_request(kind) or self._participants.is_response(kind)
        return known or is_response(kind)
