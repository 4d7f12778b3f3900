"""Files of the formats that portals exchange, the least that programs really open.

Equal arguments give equal bytes on every machine: nothing is compressed, dated or random.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias, get_args
from xml.sax.saxutils import escape

from world.pdf import text_pdf

__all__ = ["FILE_FORMATS", "FIRST_DAY_OF_ZIP", "FileFormat", "file_content"]

FileFormat: TypeAlias = Literal["pdf", "docx", "xlsx", "jpg", "png", "xml"]
"""File formats that the rules of chapter DOC name, by the extension of their files."""

FILE_FORMATS: Final[tuple[FileFormat, ...]] = get_args(FileFormat)

_COMMENT_LIMIT: Final = 0xFFFF - 2  # a JPEG segment counts its length in 16 bits, these included


def file_content(
    file_format: FileFormat, lines: Sequence[str], *, size: int | None = None, comment: bytes = b""
) -> bytes:
    """A valid file of `file_format` that shows `lines`, exactly `size` bytes long if given.

    The first line is its title; pictures only carry the text. `comment` is a line of ASCII
    without `--`, at most 65,533 bytes. ValueError when it isn't, or when `size` is too small for
    the format.
    """
    if len(comment) > _COMMENT_LIMIT or b"--" in comment or not comment.decode("latin-1").isascii():
        raise ValueError("a comment is ASCII without --, at most 65533 bytes")
    if b"\n" in comment or b"\r" in comment:
        raise ValueError("a comment is one line")
    make = _MAKERS[file_format]
    least = make(lines, comment, 0)
    if size is None:
        return least
    if size < len(least):
        raise ValueError(f"{size} bytes: such a {file_format} has {len(least)} at least")
    return make(lines, comment, size - len(least))


# Every maker takes the lines of text, a comment and how many bytes of padding to add where readers
# of the format skip them.


def _jpg(lines: Sequence[str], comment: bytes, padding: int) -> bytes:
    """One grey pixel: a quantization table of ones, two Huffman codes, both values zero."""

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    one_code = bytes([1, *[0] * 15, 0])
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
            segment(0xFE, "\n".join(lines).encode()),
            segment(0xFE, comment),
            segment(0xDB, b"\x00" + b"\x01" * 64),
            segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00"),
            segment(0xC4, b"\x00" + one_code),
            segment(0xC4, b"\x10" + one_code),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            b"\x3f",
            b"\xff" * padding,  # fill bytes before a marker (ITU-T T.81, B.1.1.2)
            b"\xff\xd9",
        )
    )


def _png(lines: Sequence[str], comment: bytes, padding: int) -> bytes:
    """One white pixel; its data are stored, not deflated, so that every zlib writes the same."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)

    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            chunk(b"iTXt", b"Title\x00\x00\x00\x00\x00" + "\n".join(lines).encode()),
            chunk(b"tEXt", b"Comment\x00" + comment),
            chunk(b"paDd", bytes(padding)),  # the letters' case says: ancillary, private
            chunk(b"IDAT", zlib.compress(b"\x00\xff", 0)),
            chunk(b"IEND", b""),
        )
    )


def _xml(lines: Sequence[str], comment: bytes, padding: int) -> bytes:
    text = "".join(f"<line>{escape(line)}</line>" for line in lines)
    return _xml_part(f"<document>{text}</document>", comment, padding)


def _xml_part(root: str, comment: bytes = b"", padding: int = 0) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{root}\n'
    return head.encode() + b"<!--" + comment + b"-->\n" + b" " * padding


def _docx(lines: Sequence[str], comment: bytes, padding: int) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    main = (
        f'<w:document xmlns:w="{_OFFICE_XML}/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>"
    )
    types = {"word/document.xml": "wordprocessingml.document.main"}
    return _package(
        {
            "[Content_Types].xml": _xml_part(_content_types(types)),
            "_rels/.rels": _xml_part(_relationship("officeDocument", "word/document.xml")),
            "word/document.xml": _xml_part(main, comment, padding),
        }
    )


def _xlsx(lines: Sequence[str], comment: bytes, padding: int) -> bytes:
    main = f"{_OFFICE_XML}/spreadsheetml/2006/main"
    workbook = (
        f'<workbook xmlns="{main}" xmlns:r="{_RELATIONSHIPS}">'
        '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{escape(line)}</t></is></c></row>'
        for row, line in enumerate(lines, 1)
    )
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    types = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
    }
    to_sheet = _relationship("worksheet", "worksheets/sheet1.xml")
    return _package(
        {
            "[Content_Types].xml": _xml_part(_content_types(types)),
            "_rels/.rels": _xml_part(_relationship("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": _xml_part(workbook),
            "xl/_rels/workbook.xml.rels": _xml_part(to_sheet),
            "xl/worksheets/sheet1.xml": _xml_part(sheet, comment, padding),
        }
    )


# Names of Office Open XML (ECMA-376).
_OFFICE_XML: Final = "http://schemas.openxmlformats.org"
_RELATIONSHIPS: Final = f"{_OFFICE_XML}/officeDocument/2006/relationships"
_OFFICE_TYPE: Final = "application/vnd.openxmlformats-officedocument"
_RELATIONSHIPS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
FIRST_DAY_OF_ZIP: Final = (1980, 1, 1, 0, 0, 0)
"""The day of files that say none: dates in a ZIP archive begin with it (APPNOTE, 4.4.6)."""


def _content_types(types: dict[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_OFFICE_TYPE}.{type_}+xml"/>'
        for name, type_ in types.items()
    )
    return (
        f'<Types xmlns="{_OFFICE_XML}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{_RELATIONSHIPS_TYPE}"/>{overrides}</Types>'
    )


def _relationship(name: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_OFFICE_XML}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONSHIPS}/{name}" Target="{target}"/></Relationships>'
    )


def _package(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
            entry.create_system = 0  # otherwise it would tell Windows from the rest
            package.writestr(entry, content)
    return file.getvalue()


_MAKERS: Final[dict[FileFormat, Callable[[Sequence[str], bytes, int], bytes]]] = {
    "pdf": text_pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "jpg": _jpg,
    "png": _png,
    "xml": _xml,
}
