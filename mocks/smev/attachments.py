"""Files beside a message: headers, which are signed with it, and contents, which are not."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from mocks.core.tenant import Tenant
from mocks.smev.errors import SmevError, attachments_too_large, invalid_content
from mocks.smev.letters import Attachment
from mocks.smev.provided import Header
from mocks.smev.signing import check_attachment

__all__ = ["MOST_ATTACHED", "MOST_FILES", "Contents", "attached"]

Contents: TypeAlias = Sequence[tuple[str, bytes]]
"""Identifiers and contents of files."""

MOST_ATTACHED: Final = 5 * 2**20
"""Bytes of files that travel with a message; larger ones go through the file store in life. An
assumption after clients that send files of 5 MB."""

MOST_FILES: Final = 100
"""Files that travel with a message; an assumption."""


def attached(
    tenant: Tenant, headers: Sequence[Header], contents: Contents
) -> tuple[Attachment, ...]:
    """The files of a message, in the order of their headers.

    SmevError InvalidContent for too many files, AttachmentSizeLimitExceeded,
    AttachmentContentMiscoordination if headers and contents are not of the same files,
    SignatureVerificationFault for a wrong PKCS#7.
    """
    if len(headers) > MOST_FILES:
        raise invalid_content(f"Файлов больше {MOST_FILES}")
    total = sum(len(content) for _, content in contents)
    if total > MOST_ATTACHED:
        raise attachments_too_large(MOST_ATTACHED, total)
    by_id = dict(contents)
    named = [header.content_id for header in headers]
    if len(by_id) != len(contents) or sorted(named) != sorted(by_id):
        raise SmevError("AttachmentContentMiscoordination")
    files = tuple(
        Attachment(each.content_id, each.mime_type, by_id[each.content_id], each.signature)
        for each in headers
    )
    for file in files:
        if file.signature is not None:
            check_attachment(tenant, file.content, file.signature)
    return files
