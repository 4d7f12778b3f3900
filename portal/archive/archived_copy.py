"""What the archive keeps, and how it is put there and found again (EDI-04).

The first copy is a record of the portal's store, the second lies in another place; both are the
same sealed bytes. The key is a record of the store too, so the second place alone opens nothing.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.ports.archive import DamagedCopy
from portal.ports.unavailable import Unavailable
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["ArchivedCopy", "Part", "Restored", "archived", "keep_in_archive", "restored_from_any"]

Part: TypeAlias = Literal["document", "signature", "protocol", "confirmation"]
"""What a copy is of: the document itself, a signature of it, the protocol of a check, or a
confirmation of delivery or receipt."""

_KEY: Final = "archive"


@dataclass(frozen=True, kw_only=True)
class ArchiveKey(Entity):
    """The archive's key, in hexadecimal digits; there is one."""

    KIND: ClassVar[str] = "archive_key"

    key: str


@dataclass(frozen=True, kw_only=True)
class ArchivedCopy(Entity):
    """The first copy of a part of `document`, sealed (Base64); `digest` is the SHA-256 of what was
    sealed, `sealed_digest` that of the copy."""

    KIND: ClassVar[str] = "archived_copy"

    document: str
    organization: str
    part: Part
    title: str
    digest: str
    sealed: str
    sealed_digest: str
    archived_at: dt.datetime
    backed_up_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By the document and by whose it is."""
        return {"document": self.document, "organization": self.organization}

    def shown(self) -> dict[str, Any]:
        """As lists show it."""
        return {
            "copy": self.id,
            "document": self.document,
            "part": self.part,
            "title": self.title,
            "sha256": self.digest,
            "archived_at": self.archived_at.isoformat(),
            "backed_up_at": None if self.backed_up_at is None else self.backed_up_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a copy (None: none opens), and which copies were damaged and are healed."""

    content: bytes | None
    healed: tuple[Literal["first", "second"], ...] = ()


def archived(context: Context, document: str) -> list[ArchivedCopy]:
    """Everything that the archive has of a document, the earliest first."""
    found = context.unit.find(ArchivedCopy, "document", document)
    return sorted(found, key=lambda each: (each.archived_at, each.id))


def keep_in_archive(
    context: Context,
    *,
    document: str,
    organization: str,
    part: Part,
    name: str,
    title: str,
    content: bytes,
) -> None:
    """Seal a part of a document, once under its `name`; the second copy is made as planned work.
    Unavailable where there is no GOST."""
    copy_id = f"{document}/{name}"
    if context.unit.get(ArchivedCopy, copy_id) is not None:
        return
    salt = bytes.fromhex(_drawn(context, "archive salt"))
    sealed = context.portal.ports.archive.sealed(_key(context), salt, content)
    kept = context.unit.put(
        ArchivedCopy(
            id=copy_id,
            document=document,
            organization=organization,
            part=part,
            title=title,
            digest=hashlib.sha256(content).hexdigest(),
            sealed=base64.b64encode(sealed).decode(),
            sealed_digest=hashlib.sha256(sealed).hexdigest(),
            archived_at=context.now,
        )
    )
    schedule(context.unit, "back_up_copy", kept.id, context.now)
    context.note("archive", organization, "archived", document=document, copy=kept.id)


@task
def back_up_copy(context: Context, planned: Task) -> None:
    """The second copy goes to its place; Unavailable plans it again."""
    kept = context.unit.get(ArchivedCopy, planned.subject)
    if kept is None or kept.backed_up_at is not None:
        return
    sealed = base64.b64decode(kept.sealed)
    if hashlib.sha256(sealed).hexdigest() != kept.sealed_digest:  # damage is not to be spread
        context.note("archive", kept.organization, "damaged", copy=kept.id)
        return
    context.portal.ports.archive.back_up(kept.id, sealed)
    context.unit.put(replace(kept, backed_up_at=context.now))


def restored_from_any(context: Context, kept: ArchivedCopy) -> Restored:
    """What was archived, from whichever copy is whole; the other one is healed from it, and that is
    noted. Unavailable while the second place is needed and silent, or there is no GOST."""
    first = _decoded(kept.sealed)
    content = _content(context, kept, first)
    if content is not None:
        return Restored(content, _second_healed(context, kept, first))
    second = context.portal.ports.archive.backup_of(kept.id)
    content = _content(context, kept, second)
    if content is None or second is None:
        context.note("archive", kept.organization, "damaged", copy=kept.id)
        return Restored(None)
    context.unit.put(replace(kept, sealed=base64.b64encode(second).decode()))
    context.note("archive", kept.organization, "first copy healed", copy=kept.id)
    return Restored(content, ("first",))


# --- inside


def _second_healed(
    context: Context, kept: ArchivedCopy, first: bytes
) -> tuple[Literal["second"], ...]:
    """Put a whole first copy in the place of a second one that is damaged or gone; while that place
    is silent there is nothing to do."""
    archive = context.portal.ports.archive
    if kept.backed_up_at is None:
        return ()
    try:
        if archive.backup_of(kept.id) == first:
            return ()
        archive.back_up(kept.id, first)
    except Unavailable:
        return ()
    context.note("archive", kept.organization, "second copy healed", copy=kept.id)
    return ("second",)


def _content(context: Context, kept: ArchivedCopy, copy: bytes | None) -> bytes | None:
    """What a copy holds, if it is whole and of what was archived."""
    if copy is None:
        return None
    try:
        content = context.portal.ports.archive.opened(_key(context), copy)
    except DamagedCopy:
        return None
    return content if hashlib.sha256(content).hexdigest() == kept.digest else None


def _decoded(text: str) -> bytes:
    """The bytes of a copy; of what is no Base64 any more none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _key(context: Context) -> bytes:
    known = context.unit.get(ArchiveKey, _KEY)
    if known is None:
        known = context.unit.put(ArchiveKey(id=_KEY, key=_drawn(context, "archive key")))
    return bytes.fromhex(known.key)


def _drawn(context: Context, purpose: str) -> str:
    """256 bits, as 64 hexadecimal digits."""
    entropy = context.portal.ports.entropy
    return entropy.token(purpose) + entropy.token(purpose)
