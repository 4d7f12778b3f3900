"""Documents that the portal issues, its own and those of agencies."""

import base64
import hashlib
from collections.abc import Sequence

from portal.documents.stored_document import DOCUMENT_TYPES, StoredContent, StoredDocument
from portal.use_case import Context
from world.file_formats import file_content

__all__ = ["keep_issued_document", "keep_made_document"]


def keep_made_document(
    context: Context, *, owner: str, organization: str, document_type: str, lines: Sequence[str]
) -> StoredDocument:
    """A PDF that shows `lines`, kept among the documents of an organization."""
    content = file_content("pdf", lines)
    return keep_issued_document(
        context,
        owner=owner,
        organization=organization,
        document_type=document_type,
        content=content,
    )


def keep_issued_document(
    context: Context, *, owner: str, organization: str, document_type: str, content: bytes
) -> StoredDocument:
    """A PDF that was issued to an organization, kept among its documents as it came."""
    document = context.unit.put(
        StoredDocument(
            id=context.portal.ports.entropy.token("document"),
            owner=owner,
            organization=organization,
            session="",
            context="library",
            document_type=document_type,
            file_name=f"{DOCUMENT_TYPES[document_type]}.pdf",
            file_format="pdf",
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            status="ready",
            uploaded_at=context.now,
        )
    )
    context.unit.put(StoredContent(id=document.id, content=base64.b64encode(content).decode()))
    return document
