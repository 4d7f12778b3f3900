"""What a file is by its content (DOC-06)."""

import io
import struct
import zipfile
from typing import Final

import filetype
from lxml import etree

from world.file_formats import FileFormat

__all__ = ["kind_of"]

# The parts that make a package of Office Open XML (ECMA-376) a document and a workbook.
_OFFICE_PARTS: Final[dict[str, FileFormat]] = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
}
_PICTURES: Final[dict[str, FileFormat]] = {"jpg": "jpg", "png": "png"}
_PDF_HEADER: Final = b"%PDF-"
_ZIP: Final = b"PK\x03\x04"


def kind_of(content: bytes) -> FileFormat | None:
    """The format of a file of these bytes; None if it is none of those that the rules name.

    A ZIP file is looked into by the names of its parts, nothing is unpacked. XML is what a parser
    reads, without a document type: entities would let it grow and reach elsewhere.
    """
    if content.startswith(_PDF_HEADER):
        return "pdf"
    if content.startswith(_ZIP):
        return _office(content)
    guessed = filetype.guess_extension(content)
    if guessed is not None:
        return _PICTURES.get(guessed)
    return "xml" if _is_xml(content) else None


def _office(content: bytes) -> FileFormat | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        return None
    if "[Content_Types].xml" not in names:
        return None
    found = [kind for part, kind in _OFFICE_PARTS.items() if part in names]
    return found[0] if len(found) == 1 else None


def _is_xml(content: bytes) -> bool:
    if b"<" not in content[:1024]:
        return False
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return root.getroottree().docinfo.internalDTD is None
