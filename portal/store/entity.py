"""What the portal keeps, as records, and their form in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeVar, cast

from pydantic import TypeAdapter

from portal.ports.store import Change, Document

__all__ = ["Entity", "Written", "change_of", "deletion_of", "restored"]

E = TypeVar("E", bound="Entity")

_RECORDS_KEPT: Final = 4096
_LARGEST_KEPT: Final = 4096  # bytes: not the contents of files


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A record with an `id`; `version` is that of the store, 0 before it was ever kept.

    A subclass names its KIND once and for all, and says by what it is found.
    """

    KIND: ClassVar[str]

    id: str
    version: int = 0

    def keys(self) -> Mapping[str, str]:
        """By what it is found; many may have the same."""
        return {}

    def unique(self) -> Mapping[str, str]:
        """By what it is found, and no other of its kind with it."""
        return {}


class Written:
    """A record as the body of a document: it becomes JSON when a store asks for its bytes."""

    __slots__ = ("_record",)

    def __init__(self, record: Entity) -> None:
        self._record = record

    def __bytes__(self) -> bytes:
        return _adapter(type(self._record)).dump_json(self._record, exclude={"version"})

    def record(self, version: int) -> Entity:
        """It, as of that version."""
        if self._record.version != version:  # `replace` would take the fields one by one
            record = object.__new__(type(self._record))
            record.__dict__.update(self._record.__dict__, version=version)
            self._record = record
        return self._record


def change_of(entity: Entity) -> Change:
    """The change that keeps `entity` as it is."""
    return Change(
        kind=entity.KIND,
        id=entity.id,
        version=entity.version,
        body=Written(entity),
        keys=entity.keys(),
        unique=entity.unique(),
    )


def deletion_of(entity: Entity) -> Change:
    """The change that deletes it."""
    return Change(
        kind=entity.KIND, id=entity.id, version=entity.version, body=None, keys={}, unique={}
    )


def restored(kind: type[E], document: Document) -> E:
    """The record of a document; of a small one that was read before, the same object."""
    if isinstance(document.body, Written):
        record = document.body.record(document.version)
        assert isinstance(record, kind)
        return record
    body, hashable = bytes(document.body), cast(Any, kind)
    read = _read if len(body) > _LARGEST_KEPT else _kept
    found: E = read(hashable, document.version, body)
    return found


def _read(kind: type[Any], version: int, body: bytes) -> Any:
    found = _adapter(kind).validate_json(body)
    object.__setattr__(found, "version", version)
    return found


# An act reads the same account and organization ten times; records never change in place.
_kept = lru_cache(_RECORDS_KEPT)(_read)


_adapters: Final[dict[type[Any], TypeAdapter[Any]]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    found = _adapters.get(kind)
    if found is None:
        found = _adapters[kind] = TypeAdapter(kind)
    return found
