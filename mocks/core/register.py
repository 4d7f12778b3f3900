"""What clients open under request numbers of their own, so that they may repeat a request
safely (OPS-07)."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Annotated, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal

__all__ = ["Numbered", "Register", "RequestId", "digest_of", "new_id", "request_id_taken"]

T = TypeVar("T")


RequestId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]
"""A sender's own number of what it asks for: the same number is the same request."""


class Numbered(BaseModel):
    """A request with the client's own number: the same number is the same request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    request_id: RequestId


class Register(Generic[T]):
    """Things by their id in the order of their opening; the latest `most` are kept, `on_drop` is
    called with each that is not."""

    def __init__(self, most: int, on_drop: Callable[[T], None] | None = None) -> None:
        self._most = most
        self._on_drop = on_drop
        self._things: OrderedDict[str, tuple[T, str]] = OrderedDict()
        self._by_request: dict[str, tuple[str, str]] = {}

    def repeated(self, request: Numbered) -> T | None:
        """What this very request has opened; Refusal 409 if its number was given to another
        content."""
        digest, found = self._by_request.get(request.request_id, ("", ""))
        if not found:
            return None
        if digest != digest_of(request):
            raise request_id_taken(request.request_id)
        return self._things[found][0]

    def keep(self, thing_id: str, thing: T, request: Numbered) -> None:
        """Add what `request` has opened."""
        self._things[thing_id] = thing, request.request_id
        self._by_request[request.request_id] = digest_of(request), thing_id
        if len(self._things) > self._most:
            _, (dropped, request_id) = self._things.popitem(last=False)
            del self._by_request[request_id]
            if self._on_drop is not None:
                self._on_drop(dropped)

    def find(self, thing_id: str) -> T | None:
        """The thing of that id."""
        found = self._things.get(thing_id)
        return None if found is None else found[0]

    def __iter__(self) -> Iterator[T]:
        return (thing for thing, _ in self._things.values())

    def __len__(self) -> int:
        return len(self._things)


def new_id(key: DrawKey, purpose: str) -> str:
    """An identifier in the form of a UUID (RFC 9562, version 8: made by a rule of one's own)."""
    high, low = key.word(purpose), key.word(f"{purpose}/low")
    digits = f"{high:016x}{low:016x}"
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def digest_of(request: BaseModel) -> str:
    """What tells one request's content from another's."""
    return sha256(request.model_dump_json().encode()).hexdigest()


def request_id_taken(request_id: str) -> Refusal:
    """The refusal of a request whose number was given to another content."""
    message = f"Запрос {request_id} уже подан с другим содержанием"
    return Refusal(409, "request-id-taken", message, field="request_id")
