"""Fakes of what the exchange of documents reaches: services that take them, the archive."""

import hashlib
import hmac

from portal.ports.archive import KEY_BYTES, DamagedCopy
from portal.ports.document_services import DocumentNotTaken, OfficialDocument, OfficialReceipt
from tests.portal.fakes import Failing

__all__ = ["KeptArchive", "SetDocumentServices"]


class SetDocumentServices(Failing):
    """Services that take every document, once under its id, unless a test says why not."""

    system = "procurement"

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[str, OfficialDocument] = {}
        self.refusing = ""

    def take(self, document: OfficialDocument) -> OfficialReceipt:
        self._answering()
        if self.refusing:
            raise DocumentNotTaken("signature", self.refusing)
        self.taken.setdefault(document.document_id, document)
        number = f"R-{list(self.taken).index(document.document_id) + 1}"
        return OfficialReceipt(number=number, received="2026-02-02T10:00:00+03:00")


class KeptArchive(Failing):
    """Copies that are only disguised, and a second place that a test may damage; down it neither
    takes nor gives, without GOST it seals nothing."""

    system = "archive"

    def __init__(self) -> None:
        super().__init__()
        self.second: dict[str, bytes] = {}

    def sealed(self, key: bytes, salt: bytes, content: bytes) -> bytes:
        body = salt + bytes(each ^ 0xFF for each in content)
        return body + hmac.digest(key, body, "sha256")

    def opened(self, key: bytes, copy: bytes) -> bytes:
        body, told = copy[:-KEY_BYTES], copy[-KEY_BYTES:]
        if hmac.digest(key, body, hashlib.sha256) != told:
            raise DamagedCopy("altered")
        return bytes(each ^ 0xFF for each in body[KEY_BYTES:])

    def back_up(self, name: str, copy: bytes) -> None:
        self._answering()
        self.second[name] = copy

    def backup_of(self, name: str) -> bytes | None:
        self._answering()
        return self.second.get(name)
