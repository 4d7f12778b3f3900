"""Russian text as a PDF file that readers show and programs can read.

The font is not embedded: the reader's own Courier New or its substitute is used. Letters are
written in Windows-1251, with their names for showing (Differences) and their Unicode for reading
(ToUnicode).
"""

import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count
from typing import Final

__all__ = ["text_pdf"]

_WIDTH, _HEIGHT = 595, 842  # A4 in points
_MARGIN: Final = 50  # points
_FONT_SIZE: Final = 10  # points
_LEADING: Final = 14  # points
_LINES: Final = (_HEIGHT - 2 * _MARGIN) // _LEADING  # of a page
_LETTER_WIDTH: Final = 600  # thousandths of the font size: every letter of Courier New
_COLUMNS: Final = (_WIDTH - 2 * _MARGIN) * 1000 // (_FONT_SIZE * _LETTER_WIDTH)

_ENCODING: Final = "cp1251"
_FIRST_CODE: Final = 128  # up to it codes are ASCII
_INFO: Final = 7  # number of the object with the title
_FIRST_PAGE: Final = 8  # number of its object; every page has two


def text_pdf(lines: Sequence[str], comment: bytes = b"", padding: int = 0) -> bytes:
    """`lines` in order, wrapped and paged, the first one also as the title; characters that
    Windows-1251 lacks become «?».

    `comment` is a line that readers skip, `padding` so many bytes more that they skip.
    """
    wrapped = [part for line in lines for part in textwrap.wrap(line, _COLUMNS) or [""]]
    pages = [wrapped[at : at + _LINES] for at in range(0, max(len(wrapped), 1), _LINES)]
    return _file(list(_objects(next(iter(lines), ""), pages)), comment, padding)


def _objects(title: str, pages: Sequence[Sequence[str]]) -> Iterator[bytes]:
    """Objects 1 to n: catalog, page tree, font and its parts, title, then each page with its
    content."""
    kids = " ".join(f"{_FIRST_PAGE + 2 * place} 0 R" for place in range(len(pages)))
    yield b"<< /Type /Catalog /Pages 2 0 R >>"
    yield f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    yield from _font()
    yield b"<< /Title <%b> >>" % (b"\xfe\xff" + title.encode("utf-16-be")).hex().encode()
    for number, page in zip(count(_FIRST_PAGE, 2), pages, strict=False):
        yield (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>"
        ).encode()
        yield _stream(_content(page))


@cache
def _font() -> tuple[bytes, ...]:
    """Objects 3 to 6, the same in every file: the font, its descriptor, encoding and Unicode."""
    widths = " ".join([str(_LETTER_WIDTH)] * (256 - 32))
    names = " ".join(f"/uni{ord(letter):04X}" for _, letter in _letters())
    font = (
        "<< /Type /Font /Subtype /TrueType /BaseFont /CourierNew /FirstChar 32 /LastChar 255 "
        f"/Widths [{widths}] /FontDescriptor 4 0 R /Encoding 5 0 R /ToUnicode 6 0 R >>"
    ).encode()
    descriptor = (
        b"<< /Type /FontDescriptor /FontName /CourierNew /Flags 33 /FontBBox [-122 -680 623 1021] "
        b"/ItalicAngle 0 /Ascent 833 /Descent -300 /CapHeight 571 /StemV 41 >>"
    )
    encoding = (
        f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{_FIRST_CODE} {names}] >>"
    ).encode()
    return font, descriptor, encoding, _stream(_to_unicode())


def _letters() -> Iterator[tuple[int, str]]:
    for code in range(_FIRST_CODE, 256):
        yield code, bytes([code]).decode(_ENCODING, "replace")


def _to_unicode() -> bytes:
    ascii_range = "<20> <7E> <0020>"
    letters = [f"<{code:02X}> <{ord(letter):04X}>" for code, letter in _letters()]
    blocks = [letters[at : at + 100] for at in range(0, len(letters), 100)]  # 100 at most in one
    mapped = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CMapName /Windows-1251 def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"1 beginbfrange\n{ascii_range}\nendbfrange\n{mapped}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


def _content(lines: Sequence[str]) -> bytes:
    codes = (line.encode(_ENCODING, "replace").hex() for line in lines)
    shown = "\n".join(f"<{code}> Tj T*" for code in codes)
    top = _HEIGHT - _MARGIN - _FONT_SIZE
    return f"BT /F1 {_FONT_SIZE} Tf {_LEADING} TL {_MARGIN} {top} Td\n{shown}\nET".encode()


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes], comment: bytes, padding: int) -> bytes:
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")  # bytes above 127: the file is binary
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start, size = len(body), len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n%%%b\n" % (size, _INFO, comment)
    return bytes(body) + b" " * padding + b"startxref\n%d\n%%%%EOF\n" % start
