"""Documents: files that independent readers open, of the exact size, the same bytes every time."""

import datetime as dt
import hashlib
import io
import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook import load
from world.documents import EICAR, MEGABYTE, TITLES, Document
from world.file_formats import FILE_FORMATS, FileFormat, file_content

LINES = ("Устав", 'ООО "ЁЛКА & Ко" № 5 <новая>', "Выдано 01.02.2026")
CHARTER = Document(
    kind="charter", holder='ООО "ЁЛКА"', issued=dt.date(2026, 2, 1), file_name="Устав.pdf"
)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def pdf_texts(content: bytes) -> list[str]:
    """Texts of the page, found as a reader finds them: from the end, through the table."""
    assert content.startswith(b"%PDF-1.4\n")
    ending = re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", content)
    assert ending is not None
    table = content[int(ending[1]) :]
    head = re.match(rb"xref\n0 (\d+)\n0000000000 65535 f \n", table)
    assert head is not None
    entries = table[head.end() : head.end() + 20 * (int(head[1]) - 1)]
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n \n", entries)]
    assert len(offsets) == int(head[1]) - 1
    for number, offset in enumerate(offsets, 1):
        assert content[offset:].startswith(b"%d 0 obj\n" % number)
    stream = re.search(rb"/Length (\d+) >>\nstream\n(?=BT )", content)
    assert stream is not None
    page = content[stream.end() : stream.end() + int(stream[1])]
    assert content[stream.end() + int(stream[1]) :].startswith(b"\nendstream")
    shown = re.findall(rb"<(\w+)> Tj", page)
    return [bytes.fromhex(text.decode()).decode("cp1251") for text in shown]


def package_texts(content: bytes, part: str, tag: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        root = ElementTree.fromstring(package.read(part))
    return [element.text or "" for element in root.iter(tag)]


def png_texts(content: bytes) -> list[str]:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, rest = {}, content[8:]
    while rest:
        length, name = struct.unpack(">I4s", rest[:8])
        body, checksum = rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert zlib.crc32(name + body) == int.from_bytes(checksum)
        chunks[name] = body
        rest = rest[12 + length :]
    names = list(chunks)
    assert (names[0], names[-1]) == (b"IHDR", b"IEND")
    assert zlib.decompress(chunks[b"IDAT"]) == b"\x00\xff"  # no filter, one white pixel
    return chunks[b"iTXt"].removeprefix(b"Title\x00\x00\x00\x00\x00").decode().split("\n")


def jpg_texts(content: bytes) -> list[str]:
    assert content[:2] == b"\xff\xd8"
    assert content[-2:] == b"\xff\xd9"
    comments, at = [], 2
    while content[at + 1] != 0xDA:  # up to the scan
        assert content[at] == 0xFF
        length = int.from_bytes(content[at + 2 : at + 4])
        if content[at + 1] == 0xFE:
            comments.append(content[at + 4 : at + 2 + length])
        at += 2 + length
    scan = content[at + 2 + int.from_bytes(content[at + 2 : at + 4]) : -2]
    assert scan.rstrip(b"\xff") == b"\x3f"  # two codes 0, then ones
    return comments[0].decode().split("\n")


def texts(file_format: FileFormat, content: bytes) -> list[str]:
    """What the file says; fails unless it is whole and of its format."""
    match file_format:
        case "pdf":
            return pdf_texts(content)
        case "docx":
            return package_texts(content, "word/document.xml", f"{WORD}t")
        case "xlsx":
            return package_texts(content, "xl/worksheets/sheet1.xml", f"{SHEET}t")
        case "png":
            return png_texts(content)
        case "jpg":
            return jpg_texts(content)
        case "xml":
            return [line.text or "" for line in ElementTree.fromstring(content)]


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_file_is_whole_and_says_its_lines(file_format: FileFormat) -> None:
    assert texts(file_format, file_content(file_format, LINES)) == list(LINES)


@pytest.mark.parametrize("file_format", FILE_FORMATS)
@settings(deadline=None)
@given(padding=st.integers(0, 70_000))
def test_file_of_a_given_size_has_exactly_that_size_and_still_opens(
    file_format: FileFormat, padding: int
) -> None:
    size = len(file_content(file_format, LINES)) + padding
    content = file_content(file_format, LINES, size=size)
    assert len(content) == size
    assert texts(file_format, content) == list(LINES)


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_size_that_the_format_cannot_have_is_refused(file_format: FileFormat) -> None:
    least = len(file_content(file_format, LINES))
    assert len(file_content(file_format, LINES, size=least)) == least
    with pytest.raises(ValueError, match=f"has {least} at least"):
        file_content(file_format, LINES, size=least - 1)


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_comment_is_in_the_bytes_and_on_no_page(file_format: FileFormat) -> None:
    content = file_content(file_format, LINES, comment=EICAR)
    assert content.count(EICAR) == 1
    assert texts(file_format, content) == list(LINES)


@pytest.mark.parametrize("comment", [b"a--b", b"two\nlines", b"\xff", b"x" * 65_534])
def test_comment_that_some_format_cannot_hold_is_refused(comment: bytes) -> None:
    with pytest.raises(ValueError, match="comment"):
        file_content("xml", LINES, comment=comment)


def test_longest_comment_is_accepted() -> None:
    assert b"x" * 65_533 in file_content("jpg", LINES, comment=b"x" * 65_533)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's tools are not installed")
def test_russian_text_of_a_pdf_can_be_copied(tmp_path: Path) -> None:
    file = tmp_path / "charter.pdf"
    file.write_bytes(file_content("pdf", LINES, size=5 * MEGABYTE + 1, comment=EICAR))
    copied = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True, text=True)
    assert copied.stdout.split("\n")[:3] == list(LINES)
    assert copied.stderr == ""


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler's tools are not installed")
def test_title_of_a_pdf_is_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "charter.pdf"
    file.write_bytes(CHARTER.content)
    told = subprocess.run(["pdfinfo", file], capture_output=True, check=True, text=True)
    assert re.findall(r"^(?:Title|Pages): +(.*)$", told.stdout, re.MULTILINE) == ["Устав", "1"]


def test_document_shows_its_kind_holder_and_dates() -> None:
    assert pdf_texts(CHARTER.content) == ["Устав", 'ООО "ЁЛКА"', "Выдано 01.02.2026"]
    power = replace(CHARTER, kind="power_of_attorney", valid_until=dt.date(2027, 2, 1))
    assert pdf_texts(power.content) == [
        "Доверенность",
        'ООО "ЁЛКА"',
        "Выдано 01.02.2026",
        "Действует по 01.02.2027 включительно",
    ]


def test_equal_documents_have_equal_bytes_known_for_ever() -> None:
    digests = {
        file_format: hashlib.sha256(file_content(file_format, LINES)).hexdigest()[:16]
        for file_format in FILE_FORMATS
    }
    assert digests == {
        "pdf": "10f60f0480940e23",
        "docx": "026f3b8b1233345d",
        "xlsx": "87f1d9f19cd8c074",
        "jpg": "70b4e533624d374c",
        "png": "94c465296e756c12",
        "xml": "f88319461c14ceb4",
    }


def test_renamed_file_keeps_its_content() -> None:
    renamed = replace(CHARTER, file_format="docx", file_name="Устав.pdf")
    assert texts("docx", renamed.content) == list(CHARTER.lines)


def test_test_virus_is_the_one_that_antiviruses_know() -> None:
    assert hashlib.md5(EICAR).hexdigest() == "44d88612fea8a8f36de82e1278abb02f"


def test_no_source_of_the_world_holds_the_test_virus_whole() -> None:
    sources = [*Path(__file__).parents[2].glob("world/**/*.py"), Path(__file__)]
    assert len(sources) > 10
    assert [path for path in sources if EICAR in path.read_bytes()] == []


def test_there_is_a_maker_for_every_format_that_a_rule_admits() -> None:
    book = load()
    admitted = {
        name
        for rule in book.chapters["DOC"].rules
        for key in rule.params
        if key.startswith("formats")
        for name in book.policy().texts(f"{rule.id}.{key}")
    }
    assert admitted == set(FILE_FORMATS)


def test_every_kind_of_document_has_a_title_of_its_own() -> None:
    assert len(set(TITLES.values())) == len(TITLES)
